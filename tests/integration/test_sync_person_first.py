"""A person's edit goes before everything that is done for others: after the request in hand it is the next to be written."""

from collections.abc import Callable
from typing import Any

import pytest

from plexsync_plugin.jobs import inbox
from tests.image_runs import set_cover
from tests.integration.orders import NO_PICTURES
from tests.libraries import plex_library, stash_library
from tests.pictures import noise
from tests.rig import Rig

SCENES = 12
PERSONS = SCENES  # the scene that a person edits while others are worked on


@pytest.fixture
def make_rig(open_rig: Callable[..., Rig]) -> Callable[..., Rig]:
    """Twelve scenes; with `synced` all are in sync, without only the person's."""

    def make(*, synced: bool, pictures: bool = False) -> Rig:
        rig = open_rig(
            plex=plex_library(SCENES), stash=stash_library(SCENES), settings={} if pictures else NO_PICTURES
        )
        if pictures:
            for scene in range(1, SCENES + 1):
                set_cover(rig, noise(60 + scene, 40), scene=scene)
        if synced:
            order(rig, "sync_all")
        else:
            rig.stage.edit(PERSONS, title="Known")
        rig.settle()
        return rig

    return make


def order(rig: Rig, name: str) -> None:
    row = {
        "v": 1,
        "kind": "command",
        "name": name,
        "ids": [],
        "args": {"ticket": f"{name} {rig.clock.now()}"},
    }
    inbox.put(rig.folder, row, rig.clock)


class EditDuring:
    """The person saves the scene while Plex answers the request of this number, counted from now on."""

    def __init__(self, rig: Rig, number: int, *, method: str = "", path: str = "") -> None:
        self._rig = rig
        self._left = number
        self._kind = (method, path)
        self.log_before = -1
        assert rig.worker.plex is not None
        gateway: Any = rig.worker.plex.gateway
        query = gateway._query

        def counted(target: str, **more: Any) -> Any:
            answer = query(target, **more)
            self._count(more.get("method", "GET"), target)
            return answer

        gateway._query = counted

    def _count(self, method: str, target: str) -> None:
        if not method.startswith(self._kind[0]) or self._kind[1] not in target:
            return
        self._left -= 1
        if self._left == 0:
            self._rig.stage.edit(PERSONS, title="URGENT")
            self.log_before = len(self._rig.stage.plex_requests())

    def requests_before_the_write(self) -> list[str]:
        """What Plex was asked between the save and its write, without queries."""
        written = lambda: any("URGENT" in request for request in self._rig.stage.puts())  # noqa: E731
        self._rig.run_until(written, "the person's edit in Plex")
        assert self.log_before >= 0, "the edit came after the work"
        later = self._rig.stage.plex_requests()[self.log_before :]
        place = next(number for number, request in enumerate(later) if "URGENT" in request)
        return [request.partition("?")[0] for request in later[:place]]


READ = [f"GET /library/metadata/{1_000 + PERSONS}"]


def test_person_is_served_between_two_look_ups_of_a_bulk_edit(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig(synced=False)
    rig.stage.bulk_edit(list(range(1, PERSONS)), details="bulk")
    edit = EditDuring(rig, 3, path="/all?")
    assert edit.requests_before_the_write() == READ


def test_person_is_served_between_two_writes_of_a_bulk_edit(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig(synced=True)
    rig.stage.bulk_edit(list(range(1, PERSONS)), details="bulk")
    edit = EditDuring(rig, 4, method="PUT")
    assert edit.requests_before_the_write() == READ
    rig.settle()
    assert [rig.stage.item(1_000 + scene)["summary"] for scene in range(1, PERSONS)] == ["bulk"] * (
        PERSONS - 1
    )


def test_person_is_served_between_two_requests_of_one_scenes_pictures(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig(synced=False, pictures=True)
    rig.stage.bulk_edit(list(range(1, PERSONS)), details="bulk")
    edit = EditDuring(rig, 1, path="/posters")
    assert edit.requests_before_the_write()[:1] == READ
    rig.settle()
    posters = [rig.stage.item(1_000 + scene)["thumb"] for scene in range(1, PERSONS)]
    assert len(set(posters)) == PERSONS - 1


@pytest.mark.parametrize("number", [1, 2, 5])
def test_person_is_served_between_two_items_of_an_undo(make_rig: Callable[..., Rig], number: int) -> None:
    rig = make_rig(synced=True)
    order(rig, "undo")
    edit = EditDuring(rig, number, method="PUT")
    assert edit.requests_before_the_write() in (READ, [*READ, *READ])
    rig.settle()
    titles = [rig.stage.item(1_000 + scene)["title"] for scene in range(1, PERSONS)]
    assert [title for title in titles if title.startswith("Scene")] == [], "the undo has gone on to its end"
    assert rig.stage.item(1_000 + PERSONS)["title"] == "URGENT"


def test_person_is_served_between_two_pages_of_a_reconcile(
    make_rig: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plexsync_plugin.worker.orders.plex_differences.PAGE", 3)
    rig = make_rig(synced=True)
    order(rig, "reconcile")
    edit = EditDuring(rig, 2, path="/all?")
    assert edit.requests_before_the_write() == READ
    rig.settle()
    (row,) = rig.stage.rows("SELECT state, message FROM orders WHERE name = 'reconcile'")
    assert row["state"] == "done"
    assert f"{SCENES} Plex items compared" in row["message"]


def test_listing_of_the_libraries_is_put_aside_for_a_person_and_goes_on_where_it_was(
    make_rig: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plexsync_plugin.worker.finding.file_listing.PAGE", 3)
    monkeypatch.setattr("plexsync_plugin.worker.finding.scene_items.MANY", 5)
    monkeypatch.setattr("plexsync_plugin.worker.finding.finder.MANY", 5)
    rig = make_rig(synced=False)
    rig.stage.plex.clear_log()
    rig.stage.bulk_edit(list(range(1, PERSONS)), details="bulk")
    edit = EditDuring(rig, 2, path="/all?")
    assert edit.requests_before_the_write() == READ
    rig.settle()
    assert [rig.stage.item(1_000 + scene)["summary"] for scene in range(1, PERSONS)] == ["bulk"] * (
        PERSONS - 1
    )
    pages = [
        request for request in rig.stage.plex_requests() if "/all?" in request and "excludeFields" in request
    ]
    assert len(pages) == SCENES // 3, "no page was read twice"


def test_bulk_work_gets_done_although_a_person_edits_at_every_sixth_of_its_requests(
    make_rig: Callable[..., Rig],
) -> None:
    rig = make_rig(synced=False)
    rig.stage.bulk_edit(list(range(1, PERSONS)), details="bulk")
    assert rig.worker.plex is not None
    gateway: Any = rig.worker.plex.gateway
    query, asked = gateway._query, iter(range(100_000))

    def interrupted(target: str, **more: Any) -> Any:
        number = next(asked)
        if number % 6 == 5:
            rig.stage.edit(PERSONS, title=f"Edit {number}")
        return query(target, **more)

    gateway._query = interrupted
    rig.run_until(
        lambda: all(rig.stage.item(1_000 + scene)["summary"] == "bulk" for scene in range(1, PERSONS)),
        "the bulk edit in Plex",
    )


def test_what_identify_changes_goes_behind_a_persons_edit(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig(synced=True)
    found = [{"id": scene, "title": f"Identified {scene}"} for scene in range(1, PERSONS)]
    rig.stage.stash.control("identify", {"scenes": found})
    edit = EditDuring(rig, 3, method="PUT")
    assert edit.requests_before_the_write() == READ
    rig.settle()
    titles = [rig.stage.item(1_000 + scene)["title"] for scene in range(1, PERSONS)]
    assert titles == [each["title"] for each in found]


def test_bulk_work_goes_before_the_pages_of_a_reconcile(
    make_rig: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plexsync_plugin.worker.orders.plex_differences.PAGE", 3)
    rig = make_rig(synced=True)
    rig.stage.plex.clear_log()
    order(rig, "reconcile")
    rig.stage.bulk_edit([1, 2], details="bulk")
    rig.settle()
    asked = [request.partition("?")[0] for request in rig.stage.plex_requests()]
    writes = [number for number, request in enumerate(asked) if request.startswith("PUT")]
    pages = [
        number
        for number, request in enumerate(asked)
        if request.endswith("/all") and request.startswith("GET")
    ]
    assert len(writes) == 2
    assert max(writes) < min(pages)
