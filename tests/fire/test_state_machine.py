"""Any sequence of edits in Stash and in Plex, outages, kills, settings, moves, trash and two servers, against a model of who owns what
(`sync_watch`, which sees every write and asks the plugin nothing).

After each step: no value of a person or an agent was lost, and what was given back is what was taken. At the end: Plex shows what
Stash says, nothing is left to do, and *Undo* leaves on both servers what others left there.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, note, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.property.sync_changes import TOLD
from tests.property.sync_history import History
from tests.property.sync_servers import ServerChanges
from tests.property.sync_world import SyncWorld, opened

EXAMPLES = int(os.environ.get("PLEXSYNC_MACHINE_EXAMPLES", "3"))  # of each theme
STEPS = 14
# hypothesis makes the machines, so they find here what they run in
WORLD: list[SyncWorld] = []
THEME: list[str] = []

STASH = (
    "stash_edit", "stash_edit_meanwhile", "stash_cover", "stash_bulk_edit", "stash_bulk_tags", "stash_rename_entity",
    "stash_destroy_entity", "stash_merge_tags", "stash_second_file", "stash_silent_edit", "stash_new_scene",
    "stash_merge_scenes", "stash_destroy_scene",
)  # fmt: skip
PLEX = (
    "plex_edit_text", "plex_edit_text", "plex_add_tag", "plex_remove_tag", "plex_unlock", "plex_refresh",
    "plex_choose_picture", "plex_remove", "plex_rekey", "plex_add", "plex_duplicate", "plex_other_file",
)  # fmt: skip


TROUBLE = (
    "sync_works", "sync_settles", "sync_is_killed", "sync_is_killed_writing", "sync_meets_trouble", "sync_finds_another_plex",
    "sync_order", "sync_undo", "sync_prefers_the_other", "plex_to_trash", "plex_moves_file", "plex_gets_a_copy",
)  # fmt: skip
EVERY = tuple(dict.fromkeys((*STASH, *PLEX, *TROUBLE)))
# A theme leaves steps out, so that the others meet each other often. Nothing but saves and trouble: then no order is needed either.
THEMES = {
    "anything": ("stash_", "plex_", "sync_"),
    "saves": TOLD,
    "places": (
        "stash_edit", "plex_to_trash", "plex_moves", "plex_gets", "plex_empties", "sync_works", "sync_settles", "sync_order",
    ),
    "servers": ("stash_edit", "plex_edit", "sync_finds_another", "sync_settles", "sync_works", "sync_undo", "sync_prefers"),
    "a person in Plex": ("stash_edit", "stash_cover", "plex_edit", "plex_add_tag", "sync_settles", "sync_undo", "sync_prefers", "sync_is"),
}  # fmt: skip


class Machine(RuleBasedStateMachine):
    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        self.world = WORLD[0]
        theme = THEME[0]
        self.steps = THEMES[theme]
        self.every = tuple(name for name in EVERY if name.startswith(self.steps))
        given = {"path_map": "/data => /media/scenes"} if theme == "places" else {}
        self.history = History(self.world, data.draw, ServerChanges, **given)
        changes = self.history.changes
        assert isinstance(changes, ServerChanges)
        self.changes = changes

    def _do(self, data: st.DataObject, *names: str) -> None:
        self.changes._draw = data.draw
        names = tuple(name for name in names if name.startswith(self.steps)) or self.every
        name = data.draw(st.sampled_from(names)) if len(names) > 1 else names[0]
        self.changes.told.append(name)
        getattr(self.changes, name)()
        self.history.watch = self.changes._watch

    @rule(data=st.data())
    def person_in_stash(self, data: st.DataObject) -> None:
        self._do(data, *STASH)

    @rule(data=st.data())
    def person_saves(self, data: st.DataObject) -> None:
        self._do(data, "stash_edit")

    @rule(data=st.data())
    def somebody_in_plex(self, data: st.DataObject) -> None:
        self._do(data, *PLEX)

    @rule(data=st.data())
    def files_move(self, data: st.DataObject) -> None:
        self._do(data, "plex_to_trash", "plex_moves_file", "plex_gets_a_copy", "plex_empties_trash")

    @rule(data=st.data())
    def another_plex(self, data: st.DataObject) -> None:
        self._do(data, "sync_finds_another_plex")

    @rule(data=st.data())
    def trouble(self, data: st.DataObject) -> None:
        self._do(data, "sync_meets_trouble", "sync_meets_trouble_at_stash", "sync_meets_no_plex")

    @rule(data=st.data())
    def worker_works(self, data: st.DataObject) -> None:
        self._do(data, "sync_works", "sync_settles", "sync_sleeps", "sync_starts_anew", "sync_sees_clock_set")

    @rule(data=st.data())
    def worker_settles(self, data: st.DataObject) -> None:
        self._do(data, "sync_settles")

    @rule(data=st.data())
    def worker_is_killed(self, data: st.DataObject) -> None:
        self._do(data, "sync_is_killed", "sync_is_killed_writing")

    @rule(data=st.data())
    def settings_change(self, data: st.DataObject) -> None:
        self._do(data, "sync_settings", "sync_settings_again", "sync_prefers_the_other")

    @rule(data=st.data())
    def order(self, data: st.DataObject) -> None:
        self._do(data, "sync_order", "sync_order_again", "sync_undo")

    @invariant()
    def nobody_lost_anything(self) -> None:
        if hasattr(self, "changes"):
            problems = self.changes.problems()
            assert problems == [], problems

    def teardown(self) -> None:
        if not hasattr(self, "changes"):
            return
        note("\n".join(self.changes.told))
        self.history.quiet()
        if self.changes.all_told:
            self.history.check_shown(only=self.changes.saved)
        self.world.order("retry_failed")
        self.history.settle()
        for number in self.changes.servers():
            self.history.watch = self.changes.show_server(number)
            self.world.start()
            self.history.touch_all()  # so that this server is met, too
            self.history.settle()
            self.history.check_shown()
            self.history.no_writes("reconcile")
            self.history.no_writes("sync_all")
            self._undo()
        self.nobody_lost_anything()

    def _undo(self) -> None:
        self.history.watch.undoing = True
        self.world.order("undo")
        self.history.settle()
        self.history.watch.check_undone()
        self.history.watch.undoing = False
        self.history.check()


@pytest.fixture
def world() -> Iterator[SyncWorld]:
    with ExitStack() as opening:
        folder = opening.enter_context(TemporaryDirectory())
        WORLD[:] = [opening.enter_context(opened(Path(folder)))]
        yield WORLD[0]
        WORLD.clear()


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_whatever_happens_everybody_keeps_what_is_theirs(world: SyncWorld, theme: str) -> None:
    assert world is WORLD[0]
    THEME[:] = [theme]
    options: Any = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        phases=[phase for phase in settings().phases if phase is not Phase.explain],
    )
    machine: Any = Machine
    if "PLEXSYNC_MACHINE_SEED" in os.environ:
        machine = seed(int(os.environ["PLEXSYNC_MACHINE_SEED"]))(Machine)
        options = settings(options, derandomize=False)
    run_state_machine_as_test(machine, settings=options)
