"""Any sequence of edits in Stash and in Plex, outages, kills, settings, moves, trash and two servers, against a model of who owns what
(`sync_watch`, which sees every write and asks the plugin nothing).

After each step: no value of a person or an agent was lost, and what was given back is what was taken. At the end: Plex shows what
Stash says, nothing is left to do, and *Undo* leaves on both servers what others left there.
"""

import json
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
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
BEGUN = [0]  # examples
FOUND: list[tuple[int, str]] = []

STASH = (
    "stash_edit", "stash_edit_meanwhile", "stash_cover", "stash_bulk_edit", "stash_bulk_tags", "stash_rename_entity",
    "stash_destroy_entity", "stash_merge_tags", "stash_second_file", "stash_silent_edit", "stash_new_scene",
    "stash_merge_scenes", "stash_destroy_scene", "stash_edit_overtaken", "stash_edit_in_hand",
)  # fmt: skip
PLEX = (
    "plex_edit_text", "plex_edit_text", "plex_add_tag", "plex_remove_tag", "plex_unlock", "plex_refresh",
    "plex_choose_picture", "plex_choose_picture_meanwhile", "plex_remove", "plex_rekey", "plex_add", "plex_duplicate", "plex_other_file", "plex_edit_meanwhile",
)  # fmt: skip


TROUBLE = (
    "sync_works", "sync_settles", "sync_is_killed", "sync_is_killed_writing", "sync_meets_trouble", "sync_finds_another_plex",
    "sync_order", "sync_undo", "sync_prefers_the_other", "plex_to_trash", "plex_moves_file", "plex_gets_a_copy", "sync_indexes",
    "sync_is_killed_taking", "sync_is_killed_anywhere", "sync_undo_cut_short", "sync_clears_queue_meanwhile", "sync_meets_an_outage",
    "sync_meets_a_busy_plex", "sync_meets_a_bad_item", "sync_loses_page", "sync_loses_inbox", "sync_loses_index", "sync_loses_days",
    "sync_loses_room", "sync_indexes_before_edit", "sync_prefers_stash_again",
)  # fmt: skip
EVERY = tuple(dict.fromkeys((*STASH, *PLEX, *TROUBLE)))
# A theme leaves steps out, so that the others meet each other often. Nothing but saves and trouble: then no order is needed either.
THEMES = {
    "anything": ("stash_", "plex_", "sync_"),
    "saves": (*(name for name in TOLD if name not in ("sync_meets", "sync_loses")), "sync_meets_trouble", "sync_meets_no"),
    "files": ("stash_edit", "stash_cover", "stash_bulk", "plex_edit_text", "plex_add_tag", "sync_loses", "sync_is", "sync_settles", "sync_works"),
    "places": (
        "stash_edit", "plex_to_trash", "plex_moves", "plex_gets", "plex_empties", "sync_works", "sync_settles", "sync_order",
        "sync_indexes",
    ),
    "servers": ("stash_edit", "plex_edit", "sync_finds_another", "sync_settles", "sync_works", "sync_undo", "sync_prefers"),
    "pictures": ("stash_bulk_edit", "stash_cover", "plex_choose", "sync_works", "sync_settles", "sync_order", "sync_undo", "sync_prefers", "sync_is"),
    "a person in Plex": ("stash_edit", "stash_cover", "plex_edit", "plex_add_tag", "sync_settles", "sync_undo", "sync_prefers", "sync_is"),
    "trouble": ("stash_edit", "sync_meets", "sync_clears", "sync_settles"),
}  # fmt: skip


@contextmanager
def told() -> Iterator[None]:
    """Which example found what first is told to whoever asks for it."""
    try:
        yield
    except Exception as error:
        FOUND.append((BEGUN[0], f"{type(error).__name__}: {error}".split("\n")[0][:300]))
        raise


class Machine(RuleBasedStateMachine):
    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        theme = THEME[0]
        report(theme)
        BEGUN[0] += 1
        self.world = WORLD[0]
        self.steps = THEMES[theme]
        self.every = tuple(name for name in EVERY if name.startswith(self.steps))
        given = {"path_map": "/data => /media/scenes"} if theme == "places" else {}
        self.history = History(self.world, data.draw, ServerChanges, **given)
        changes = self.history.changes
        assert isinstance(changes, ServerChanges)
        self.changes = changes
        changes.shown = lambda scenes: self._look(scenes, soon=False)
        changes.arrived = lambda scenes: self._look(scenes, soon=True)

    def _look(self, scenes: Collection[int], *, soon: bool) -> None:
        self.history.check()
        self.history.check_shown(only=scenes, soon=soon)

    def _do(self, data: st.DataObject, *names: str) -> None:
        self.changes._draw = data.draw
        names = tuple(name for name in names if name.startswith(self.steps)) or self.every
        name = data.draw(st.sampled_from(names)) if len(names) > 1 else names[0]
        self.changes.told.append(name)
        with told():
            getattr(self.changes, name)()
            if name.startswith("sync_settles") and self.changes.all_told:
                self.history.check_shown(only=self.changes.saved)
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
    def trouble_at_one_moment(self, data: st.DataObject) -> None:
        self._do(
            data, "sync_meets_an_outage", "sync_meets_a_busy_plex", "sync_meets_a_bad_item", "sync_clears_queue_meanwhile",
            "stash_edit_overtaken", "stash_edit_in_hand", "plex_edit_meanwhile", "sync_indexes", "sync_indexes_before_edit",
        )  # fmt: skip

    @rule(data=st.data())
    def files_are_lost(self, data: st.DataObject) -> None:
        self._do(
            data,
            "sync_loses_page",
            "sync_loses_inbox",
            "sync_loses_index",
            "sync_loses_days",
            "sync_loses_room",
        )

    @rule(data=st.data())
    def worker_works(self, data: st.DataObject) -> None:
        self._do(data, "sync_works", "sync_settles", "sync_sleeps", "sync_starts_anew", "sync_sees_clock_set")

    @rule(data=st.data())
    def worker_settles(self, data: st.DataObject) -> None:
        self._do(data, "sync_settles")

    @rule(data=st.data())
    def worker_is_killed(self, data: st.DataObject) -> None:
        self._do(data, "sync_is_killed", "sync_is_killed_writing", "sync_is_killed_anywhere")

    @rule(data=st.data())
    def worker_is_killed_taking(self, data: st.DataObject) -> None:
        self._do(data, "sync_is_killed_taking")

    @rule(data=st.data())
    def settings_change(self, data: st.DataObject) -> None:
        self._do(
            data, "sync_settings", "sync_settings_again", "sync_prefers_the_other", "sync_prefers_stash_again"
        )

    @rule(data=st.data())
    def order(self, data: st.DataObject) -> None:
        self._do(data, "sync_order", "sync_order_again", "sync_undo", "sync_undo_cut_short")

    @invariant()
    def nobody_lost_anything(self) -> None:
        if hasattr(self, "changes"):
            problems = self.changes.problems()
            with told():
                assert problems == [], problems

    def teardown(self) -> None:
        if not hasattr(self, "changes"):
            return
        note("\n".join(self.changes.told))
        with told():
            self._end()

    def _end(self) -> None:
        self.history.quiet()
        if self.changes.all_told:
            self.history.check_shown(only=self.changes.saved)
        self.world.order("retry_failed")
        self.history.settle()
        for number in self.changes.servers():
            self.history.watch = self.changes.show_server(number)
            self.world.start()
            self.history.touch_all()  # so that this server is met, too
            if self.changes.raced:
                self.world.order("reconcile")
            self.history.settle()
            self.history.check_shown()
            self.history.reconcile()
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
    with opened() as world:
        WORLD[:] = [world]
        yield world
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
    BEGUN[0] = 0
    FOUND.clear()
    try:
        run_state_machine_as_test(machine, settings=options)
    finally:
        report(theme)


def report(theme: str) -> None:
    """One more line of JSON where it is asked for: the theme, how many examples were tried by now, and what the first of them found that
    found anything."""
    path = os.environ.get("PLEXSYNC_MACHINE_REPORT")
    if path is None:
        return
    examples, found = FOUND[0] if FOUND else (BEGUN[0], "")
    with Path(path).open("a", encoding="utf-8") as file:
        file.write(json.dumps({"theme": theme, "examples": examples, "found": found}) + "\n")
