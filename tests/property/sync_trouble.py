"""Trouble at one certain moment: a kill between two steps of the worker, an edit or a person in Plex while a request is on its way,
a Plex that is away, busy, or fails at one item. What must hold then is looked at at once, before anything else can hide it.

Beyond `sync_changes`, for the state machine of tests/fire.
"""

from collections.abc import Callable, Collection
from typing import Any

from hypothesis import strategies as st

from tests.property.sync_changes import Changes
from tests.property.sync_clock import CallFuse
from tests.property.sync_plex_changes import P_VALUES, PERSONS
from tests.property.sync_stash_changes import S_VALUES
from tests.sim.faults import Fault
from tests.sim.message import Request

TAKING = "plexsync_plugin/jobs/drain.py"
UNDOING = (
    "plexsync_plugin/worker/orders/undo.py",
    "plexsync_plugin/plex/gateway.py",
    "plexsync_plugin/jobs/",
)
WRITING = ("plexsync_plugin/worker/scenes/", "plexsync_plugin/plex/gateway.py", "plexsync_plugin/jobs/")
WRITES = "PUT|POST|DELETE"
OUTAGES: dict[str, dict[str, Any]] = {
    "away": {"kind": "reset"},
    "in trouble": {"kind": "status", "status": 500},
    "in maintenance": {"kind": "status", "status": 503},
    "behind a proxy's page": {
        "kind": "status",
        "status": 200,
        "body": "<html><body>Bad gateway</body></html>",
    },
}
# Seconds until all goes on after an outage: a Plex that answered nothing is asked for every minute, and one that failed at writes alone
# is tried again every ten minutes.
BACK_WITHIN = {"": 100.0, WRITES: 640.0}
DAY = 24  # hours after which a scene that fails alone is listed
QUIET = ("GET /identity", "GET /:/")  # what a Plex that asked to be left alone may be sent
OF_PLEX = "SELECT scene_id, reason FROM dead_letters WHERE scene_id IS NOT NULL AND reason LIKE 'Plex%'"


class TroubleChanges(Changes):
    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.shown: Callable[[Collection[int]], None] = lambda _scenes: None
        self.arrived: Callable[[Collection[int]], None] = lambda _scenes: None
        # A person's edit within seconds of our own write may pass for ours: then Reconcile finds it (worker/live/own_writes.py).
        self.raced = False

    def _rests(self) -> bool:
        """False where the settings stop all work."""
        self._clear_faults()
        if not self._world.settings.enabled:
            return False
        self._world.settle()
        return True

    def _show(self, *scenes: int) -> None:
        """What a person has just saved arrives by itself, whatever has happened meanwhile."""
        if self._rests():
            self.shown([scene for scene in scenes if scene in self._ids("scene")])

    def _save_title(self, scene: int) -> str:
        title = self._fresh("title")
        self._update(scene, {"title": title})
        return title

    def _keys_of(self, scene: int) -> list[int]:
        """Items that hold a file of the scene's name."""
        rows = self._world.stash.library.tables["scene"][scene]["files"]
        names = {file["basename"] for file in rows}
        items = self._world.world.library.items
        return [key for key in self._keys() if names & set(_names(items[key]))]

    # --- kills --------------------------------------------------------------------------------------------------------

    def sync_is_killed_taking(self) -> None:
        """While an edit is on its way out of the inbox."""
        self._killed_after_edit(TAKING, self._number(0, 20))

    def sync_is_killed_anywhere(self) -> None:
        self._killed_after_edit(self._pick(WRITING), self._number(0, self._pick([10, 40, 200])))

    def _killed_after_edit(self, room: str, calls: int) -> None:
        scene = self._scene()
        if scene is None:
            return
        values = {name: self._draw(S_VALUES[name]) for name in ("title", "details", "rating100")}
        self._tell(values)
        self._update(scene, values)
        if self._world.turns(6, at=CallFuse(room, calls)):
            self._tell("killed")
        self._show(scene)

    def sync_undo_cut_short(self) -> None:
        """By a kill, or by a Plex that breaks the connection; then it goes on, or is run again, and everything is as others left it."""
        if not self._rests():
            return
        self._watch.undoing = True
        self._world.order("undo")
        if self._pick(["killed", "troubled"]) == "killed":
            self._world.turns(8, at=CallFuse(self._pick(UNDOING), self._number(0, self._pick([12, 60]))))
        else:
            match, when = (
                self._pick(["PUT", "PUT", WRITES, "GET /library/metadata"]),
                self._pick(["before", "after"]),
            )
            self._fault(
                kind="reset", when=when, match=match, skip=self._number(0, 2), times=self._number(1, 2)
            )
        self._world.settle()
        self._clear_faults()
        if self._draw(st.booleans()):
            self._world.order("undo")
        self._world.settle()
        self._watch.check_undone()
        self._watch.undoing = False

    # --- while a request is on its way --------------------------------------------------------------------------------

    def _save_all(self) -> dict[int, str]:
        return {scene: self._save_title(scene) for scene in self._ids("scene")}

    def stash_edit_overtaken(self) -> None:
        """Of a scene that waits its turn, while another one is being written: what it replaces is not written any more."""
        if not self._rests():
            return
        old, new = self._save_all(), self._fresh("newer")
        edited: list[int] = []

        def edit(request: Request) -> None:
            others = [scene for scene in old if _id_of(request) not in self._keys_of(scene)]
            if others:
                edited.append(others[-1])
                self._watch.outdated.add(old[others[-1]])
                self._edit_if_there(others[-1], {"title": new})

        self._watch.meanwhile.append(edit)
        self._world.turns(6)
        self._watch.meanwhile.clear()
        self._show(*old)
        self._watch.outdated.clear()

    def stash_edit_in_hand(self) -> None:
        """Of the very scene that is being written."""
        scene = self._scene()
        if scene is None or not self._rests():
            return
        self._save_title(scene)
        newer = {"title": self._fresh("newer")}
        self._watch.meanwhile.append(lambda _: self._edit_if_there(scene, newer))
        self._world.turns(self._number(1, 6))
        self._watch.meanwhile.clear()
        self._show(scene)

    def plex_edit_meanwhile(self) -> None:
        """By a person, while Plex takes longer over another item than what was read of this one counts as fresh."""
        keys = self._keys()
        if len(keys) < 2 or not self._rests():
            return
        name = self._pick(sorted(P_VALUES))
        self.raced = True
        value, seconds = self._draw(P_VALUES[name]), self._number(11, 25)
        self._tell(value)
        self._save_all()

        chosen = PERSONS[self._number(0, 2)] if self._draw(st.booleans()) else None

        def edit(request: Request) -> None:
            others = [key for key in self._keys() if key != _id_of(request)]
            if others:
                self._plex("edit_item", others[-1], fields={name: value})
            if chosen is not None and request.path.startswith("/library/sections"):
                self.chosen_meanwhile = True
                self._choose(_id_of(request), "thumb", chosen)
            self._world.clock.sleep(seconds)

        for _ in range(self._number(0, 2)):
            self._watch.meanwhile.append(lambda _: None)
        self._watch.meanwhile.append(edit)
        self._world.turns(8)
        self._watch.meanwhile.clear()

    def sync_prefers_stash_again(self) -> None:
        """A person's value that was kept gives way once preserve_plex_edits is off: with the next save of its scene, whatever was saved,
        or with a Reconcile."""
        scene = self._scene()
        keys = self._keys_of(scene) if scene is not None else []
        if scene is None or not keys or not self._rests():
            return
        if not self._world.settings.preserve_plex_edits:
            self.sync_prefers_the_other()
        self._save_title(scene)
        self._world.settle()
        self._world.clock.sleep(30.0)  # now no event passes for one of our own writes
        self._plex("edit_item", self._pick(keys), fields={self._pick(["title", "summary"]): "p one"})
        self._world.settle()
        self.sync_prefers_the_other()
        if self._pick(["saved", "reconciled"]) == "saved":
            self._update(scene, {"organized": True})  # which Plex shows nothing of
        else:
            self._world.order("reconcile")
        self._show(scene)

    def sync_clears_queue_meanwhile(self) -> None:
        """Clear Queue in the middle of a batch: after the scene in hand nothing is written any more."""
        if not self._rests():
            return
        scenes = self._save_all()

        def clear(request: Request) -> None:
            self._world.order("clear_queue")
            mine = [scene for scene in scenes if _id_of(request) in self._keys_of(scene)]
            self._watch.only = {_id_of(request), *(key for scene in mine for key in self._keys_of(scene))}

        self._watch.meanwhile.append(clear)
        self._world.turns(8)
        self._watch.meanwhile.clear()
        self._watch.only = None

    # --- Plex ---------------------------------------------------------------------------------------------------------

    def sync_meets_an_outage(self) -> None:
        """Of any kind, for minutes or hours: it costs no attempt, and a moment after its end all goes on."""
        scene = self._scene()
        if scene is None or not self._rests() or self._world.rows(OF_PLEX):
            return
        retries = self._world.settings.max_retries
        self._set("max_retries", self._pick([1, 1, retries]))
        self._save_title(scene)
        self._world.settle()
        outage = OUTAGES[self._pick(["in trouble", *sorted(OUTAGES)])]
        matches = self._pick([("",), (WRITES,), (WRITES, ""), (WRITES, "")])
        self._fault(**outage, match=matches[0])
        self._save_title(scene)
        for _ in range(self._number(1, 15)):
            self._world.turns(5)
            self._world.clock.sleep(self._pick([20.0, 600.0]))
        if len(matches) > 1:  # it gets worse, until a person is told, and ends at once
            self._pass_time(7_200.0, rounds=12)
            self._clear_faults()
            self._fault(**outage, match=matches[1])
            self._wait_until_told("Plex is away")
        self._clear_faults()
        self._pass_time(BACK_WITHIN[matches[-1]], rounds=32)
        self.arrived([scene])
        letters = self._world.rows(OF_PLEX)
        assert not letters, f"an outage has used up attempts: {letters}"
        self._set("max_retries", retries)

    def _pass_time(self, seconds: float, *, rounds: int) -> None:
        for _ in range(rounds):
            self._world.turns(3)
            self._world.clock.sleep(seconds / rounds)

    def _wait_until_told(self, words: str) -> None:
        said = len(self._world.said)
        for _ in range(45):
            self._pass_time(20.0, rounds=1)
            if any(words in sentence for sentence in self._world.said[said:]):
                return

    def sync_meets_a_busy_plex(self) -> None:
        """That says how long it wants to be left alone."""
        if not self._rests():
            return
        pause, until = self._pick([60.0, 120.0]), 0.0
        fault = {
            "kind": "status",
            "status": self._pick([503, 429]),
            "headers": {"Retry-After": f"{pause:.0f}"},
        }

        def told(line: str, fault: Fault | None) -> None:
            nonlocal until
            now = self._world.clock.peek()
            if fault is not None:
                until = now + pause - 1.0
            elif now < until and not line.startswith(QUIET):
                self._watch.say(f"{line[:80]} was sent {until + 1.0 - now:.0f} s too early")

        self._fault(match=WRITES, skip=self._number(0, 2), times=1, **fault)
        self._world.faults.told = told
        scenes = self._save_all()
        self._world.settle()
        self._world.faults.told = lambda *_: None
        self._show(*scenes)

    def sync_meets_a_bad_item(self) -> None:
        """Plex fails at every write of one item: the others are written meanwhile, and after a day it is listed, also while another
        scene waits for its file. A person tries it again when it is mended."""
        ids = self._ids("scene")
        if len(ids) < 2 or not self._rests() or self._world.rows(OF_PLEX):
            return
        scene = self._pick(ids)
        other = self._pick([each for each in ids if each != scene])
        keys = self._keys_of(scene)
        if len(keys) != 1 or keys == self._keys_of(other):
            return
        third = [each for each in ids if each not in (scene, other) and keys != self._keys_of(each)]
        if third and self._draw(st.booleans()):
            self._tell("one is removed")
            for key in self._keys_of(third[0]):
                self._plex("remove_item", key)
                self._watch.forget(key)
            self._update(third[0], {"title": self._fresh("removed")})
        self._fault(
            kind="status", status=500, match=rf"PUT /library/sections/\d+/all\?(.*&)?id={keys[0]}(&|$)"
        )
        self._save_title(scene)
        self._save_title(other)
        for _ in range(12):
            self._world.turns(3)
            self._world.clock.sleep(6.0)
        self.arrived([other])
        for _ in range(DAY // 2 + 2):
            self._world.turns(4)
            self._world.clock.sleep(2 * 3_600.0)
        self._world.turns(8)
        listed = {row["scene_id"] for row in self._world.rows("SELECT scene_id FROM dead_letters")}
        assert scene in listed, f"scene {scene} has failed for more than a day, and nobody is told"
        self._clear_faults()
        self._world.order("retry_failed")
        self._show(scene, other)


def _names(item: Any) -> list[str]:
    return [part.file.rpartition("/")[2] for medium in item.media for part in medium.parts]


def _id_of(request: Request) -> int:
    """The rating key of the item that a request writes to."""
    given = dict(request.query).get("id", "")
    return (
        int(given)
        if given.isdigit()
        else next((int(piece) for piece in request.path.split("/") if piece.isdigit()), 0)
    )
