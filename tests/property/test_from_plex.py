"""Whatever is played, marked, rated and edited on both sides, and wherever PlexSync is killed or kept out: Stash's plays are Plex's
chosen history since the beginning, once each, both sides' ratings agree when all is quiet, and nothing echoes."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from plexsync_plugin.core.stars import STAR, is_equal, star_text
from tests.property.sync_clock import START
from tests.property.sync_world import SyncWorld, opened
from tests.sim.plex.control import CONTROLS

EXAMPLES = settings().max_examples // 4  # each is a long history
SCENES = (1, 2, 3)
STARS = st.sampled_from([None, 2, 4, 6.5, 8, 8.3, 10])
RATINGS = st.sampled_from([None, 20, 40, 65, 80, 83])
OWNER, ANN, GUEST = 1, 7, 9
CHOSEN = (OWNER, ANN)
AGO = 3_000  # seconds; a player that was offline tells no later
SETTINGS = {"plex_library": "Scenes", "watch_back": True, "watch_users": "owner, Ann", "ratings_back": True}


@pytest.fixture(scope="module")
def sync_world() -> Iterator[SyncWorld]:
    with opened() as world:
        world.listens = (
            False  # everything is found by the worker's own schedule, so that a history can be repeated
        )
        yield world


def file_of(scene: int) -> dict[str, Any]:
    return {"path": f"/data/{scene}.mp4", "size": 1_000 + scene}


class History:
    def __init__(self, world: SyncWorld, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self.world, self._draw = world, draw
        self.told: list[str] = []
        self.writes: list[str] = []
        self.own: Counter[tuple[int, int]] = Counter()  # plays that Stash has by itself, by scene and second
        self.played: set[tuple[int, int, int]] = set()  # scene, account and second of plays that count
        items = [
            {"ratingKey": 100 + n, "title": f"a {n}", "file": f"/media/{n}.mp4", "size": 1_000 + n}
            for n in SCENES
        ]
        section = {"key": 1, "type": "movie", "title": "Scenes", "locations": ["/media"], "items": items}
        # The third scene gets its file later.
        files = {n: [file_of(n)] if n < 3 else [{"path": "/data/none.mp4", "size": 5}] for n in SCENES}
        stash = {"scenes": [{"id": n, "title": f"s {n}", "files": files[n]} for n in SCENES]}
        world.begin({"sections": [section]}, stash, SETTINGS)
        world.world.plays.clear()
        world.world.personal.clear()
        world.world.settings.change(
            {
                "rating_locks": draw(st.booleans()),
                "upload_locks": False,
                "page_cap": draw(st.sampled_from([None, 2])),
            }
        )
        world.world.accounts |= {ANN: "Ann", GUEST: "Guest"}
        if draw(st.booleans()):
            world.configure({"preserve_plex_edits": True})
        world.plex.before = lambda request: self.writes.append(f"{request.method} {request.target}")
        world.plex.after = lambda _request, _response: None
        for ago in draw(st.lists(st.integers(1, 9_000), max_size=3)):
            self._note_play(self._scene(), self._account(), int(START) - ago)
        self.look()
        self.actions = sorted(name for name in dir(self) if name.startswith("do_"))

    # --- what happens ------------------------------------------------------------------------------------------------

    def happen(self) -> None:
        name = self._draw(st.sampled_from(self.actions))
        self.told.append(name)
        getattr(self, name)()

    def do_play(self) -> None:
        scene, account = self._scene(), self._account()
        at = max(int(self.world.clock.peek()) - self._draw(st.sampled_from([0, 1, 60, AGO])), int(START) + 1)
        self._note_play(scene, account, at)
        self.told[-1] += f" {scene} {account} {at}"
        if account in CHOSEN:
            self.played.add((scene, account, at))

    do_play_again = do_play_more = do_play

    def do_mark(self) -> None:
        """By hand, which is no play."""
        item = self.world.world.library.items[100 + self._scene()]
        item.fields["viewCount"] = 1 + int(item.fields.get("viewCount", 0))

    def do_star(self) -> None:
        scene, rating = self._scene(), self._draw(STARS)
        self.told[-1] += f" {scene} {rating}"
        CONTROLS["rate"](self.world.world, {"ratingKey": 100 + scene, "rating": rating})

    def do_rate(self) -> None:
        scene, rating = self._scene(), self._draw(RATINGS)
        self.told[-1] += f" {scene} {rating}"
        self._update(scene, {"rating100": rating})

    do_star_again, do_rate_again = do_star, do_rate

    def do_edit(self) -> None:
        self._update(self._scene(), {"title": self._draw(st.sampled_from(["s one", "s two"]))})

    def do_edit_in_plex(self) -> None:
        fields = {"title": self._draw(st.sampled_from(["p one", "p two"]))}
        CONTROLS["edit_item"](self.world.world, {"ratingKey": 100 + self._scene(), "fields": fields})

    def do_play_in_stash(self) -> None:
        scene, at = self._scene(), int(START) - 50_000 - len(self.told)
        moment = datetime.fromtimestamp(at).astimezone().isoformat()
        self.world.gql(
            "mutation($i:ID!,$t:[Timestamp!]){sceneAddPlay(id:$i,times:$t){count}}", i=str(scene), t=[moment]
        )
        self.own[scene, at] += 1

    def do_appear(self) -> None:
        """The file of the third scene is found."""
        self.world.stash_control(
            "change", {"kind": "scene", "id": 3, "fields": {"files": [file_of(3)]}, "touch": True}
        )
        self._update(3, {"title": "s three"})

    def do_renumber(self) -> None:
        """Plex's database is made anew, or an older one comes back: the numbers of its history are others."""
        CONTROLS["renumber_plays"](self.world.world, {"from": self._draw(st.sampled_from([1, 500]))})

    def do_look(self) -> None:
        self.look()

    def do_work(self) -> None:
        self.world.turns(self._draw(st.integers(1, 12)))

    def do_be_killed(self) -> None:
        self.world.clock.sleep(self._draw(st.sampled_from([0, 301])))
        if self.world.turns(20, fuse=self._draw(st.integers(0, self._draw(st.sampled_from([10, 60, 250]))))):
            self.told[-1] += " killed"

    do_be_killed_again = do_be_killed_more = do_be_killed

    def do_meet_trouble(self) -> None:
        server = self._draw(st.sampled_from([self.world.plex_server, self.world.stash_server]))
        match = "" if server is self.world.plex_server else "POST /graphql"
        fault: dict[str, Any] = {
            "match": match,
            "skip": self._draw(st.integers(0, 4)),
            "times": self._draw(st.integers(1, 3)),
        }
        if self._draw(st.booleans()):
            fault |= {"kind": "reset", "when": self._draw(st.sampled_from(["before", "after"]))}
        else:
            fault |= {"kind": "status", "status": 500}
        server.faults.add(fault)
        self.world.clock.sleep(301)
        self.world.turns(8)
        self.world.stash_server.faults.clear()

    # --- the end -----------------------------------------------------------------------------------------------------

    def look(self) -> None:
        self.world.plex_server.faults.clear()
        self.world.settle()
        self.world.clock.sleep(301)
        self.world.settle()

    def quiet(self) -> None:
        for _ in range(3):
            self.look()
        self.world.order("reconcile")
        self.look()

    def plays(self) -> Counter[tuple[int, int]]:
        rows = self.world.stash.library.rows("scene")
        return Counter(
            (row["id"], int(datetime.fromisoformat(each).timestamp()))
            for row in rows
            for each in row["play_history"]
        )

    def expected(self) -> Counter[tuple[int, int]]:
        matched = {row["scene_id"] for row in self.world.rows("SELECT scene_id FROM matches")}
        assert {1, 2} <= matched or not self.played
        return self.own + Counter((scene, at) for scene, _, at in self.played if scene in matched)

    def ratings(self) -> list[tuple[str, str]]:
        """Of the scenes that have an item: the star that Plex shows, and Stash's rating."""
        found = []
        for row in self.world.rows("SELECT scene_id, rating_key FROM matches ORDER BY scene_id"):
            star = self.world.world.library.items[row["rating_key"]].fields.get(STAR)
            record = self.world.stash.library.get("scene", row["scene_id"])
            assert record is not None
            found.append(("" if star is None else f"{star:g}", star_text(record["rating100"])))
        return found

    def check(self) -> None:
        assert self.plays() == self.expected()
        assert [pair for pair in self.ratings() if not is_equal(*pair)] == []

    # --- how it is drawn ---------------------------------------------------------------------------------------------

    def _scene(self) -> int:
        return int(self._draw(st.sampled_from(SCENES)))

    def _account(self) -> int:
        return int(self._draw(st.sampled_from([OWNER, ANN, GUEST])))

    def _note_play(self, scene: int, account: int, at: int) -> None:
        CONTROLS["play"](self.world.world, {"ratingKey": 100 + scene, "viewedAt": at, "account": account})

    def _update(self, scene: int, values: dict[str, Any]) -> None:
        self.world.gql(
            "mutation($i:SceneUpdateInput!){sceneUpdate(input:$i){id}}", i={"id": str(scene), **values}
        )


@given(st.data())
@settings(
    max_examples=EXAMPLES,
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
    phases=[phase for phase in Phase if phase is not Phase.explain],
)
def test_in_the_end_plays_and_ratings_are_the_same_on_both_sides(
    sync_world: SyncWorld, data: st.DataObject
) -> None:
    history = History(sync_world, data.draw)
    try:
        for scene in (1, 2):
            history._update(scene, {"code": "s code"})
        for _ in range(data.draw(st.integers(1, 15))):
            history.happen()
        history.quiet()
        history.check()
        before = (history.plays(), history.ratings())
        history.writes.clear()
        history.look()
        assert (history.plays(), history.ratings(), history.writes) == (*before, [])
        sync_world.order("undo")
        history.look()
        assert history.plays() == history.own
    finally:
        note("\n".join(history.told))
