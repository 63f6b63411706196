"""While Plex works on one scene, the next ones are made ready and the one before is stored: what is seen of that, and what takes it
back."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.orders import NO_PICTURES, give
from tests.rig import Rig
from tests.stage import item_key

SCENES = (1, 2, 3)
PERSONS = 9  # the scene that a person edits while others are worked on
STORED = ("ledger", "synced")


class _KilledError(BaseException):
    """The end of the process: no code of it runs any more."""


@pytest.fixture
def synced(open_rig: Callable[..., Rig]) -> Callable[..., Rig]:
    """All scenes in sync, with a title, and nothing in the log."""

    def make(**settings: Any) -> Rig:
        rig = open_rig(settings={**NO_PICTURES, **settings})
        for scene in (*SCENES, PERSONS):
            rig.stage.edit(scene, title=f"Title {scene}")
        rig.settle()
        rig.stage.plex.clear_log()
        return rig

    return make


def stored(rig: Rig, scene: int) -> dict[str, list[dict[str, Any]]]:
    return {table: rig.stage.rows(f"SELECT * FROM {table} WHERE scene_id = ?", scene) for table in STORED}


def noted(rig: Rig, scene: int, text: str) -> bool:
    """Whether the text is what we may have written to the scene's item."""
    (row,) = rig.stage.rows("SELECT fields FROM ledger WHERE scene_id = ?", scene)
    return text in row["fields"]


def during_put(rig: Rig, number: int, action: Callable[[], object]) -> None:
    """What happens when Plex has answered the write of this number from now on, before anybody else goes on."""
    assert rig.worker.plex is not None
    gateway: Any = rig.worker.plex.gateway
    put, left = gateway.put, [number]

    def counted(target: str) -> None:
        put(target)
        left[0] -= 1
        if not left[0]:
            action()

    gateway.put = counted


def written(rig: Rig) -> list[int]:
    """Scenes, in the order of their writes."""
    return [int(put.partition("&id=")[2].partition("&")[0]) - item_key(0) for put in rig.stage.puts()]


def test_next_scene_is_noted_while_plex_works_and_the_last_one_stored(synced: Callable[..., Rig]) -> None:
    rig = synced()
    seen: list[tuple[bool, bool, str]] = []
    during_put(
        rig,
        2,
        lambda: seen.append((noted(rig, 3, "Bulk"), not stored(rig, 3)["synced"], rig.job(1)["state"])),
    )
    rig.stage.bulk_edit(list(SCENES), details="Bulk")
    rig.settle()
    assert seen == [(True, True, "done")]
    assert written(rig) == [1, 2, 3]
    assert len(rig.stage.plex_paths()) == 4  # one reading of details, and the three writes
    assert [rig.stage.item(item_key(scene))["summary"] for scene in SCENES] == ["Bulk"] * 3
    assert [len(stored(rig, scene)["synced"]) for scene in SCENES] == [1, 1, 1]


def test_note_is_taken_back_when_a_persons_edit_comes_first(synced: Callable[..., Rig]) -> None:
    rig = synced()
    before = [stored(rig, scene) for scene in (2, 3)]
    seen: list[Any] = []

    def edit_and_look() -> None:
        seen.append([noted(rig, scene, "Bulk") for scene in (2, 3)])
        rig.stage.edit(PERSONS, title="Mine")
        during_put(rig, 1, lambda: seen.append([stored(rig, scene) for scene in (2, 3)]))

    during_put(rig, 1, edit_and_look)
    rig.stage.bulk_edit(list(SCENES), details="Bulk")
    rig.settle()
    assert seen == [[True, True], before]
    assert written(rig) == [1, PERSONS, 2, 3]


def test_note_is_taken_back_when_plex_fails_at_the_scene_before(synced: Callable[..., Rig]) -> None:
    rig = synced()
    before = stored(rig, 2)
    rig.stage.plex.fault("status", status=503, match="PUT /library/", times=1)
    rig.stage.bulk_edit(list(SCENES), details="Bulk")
    rig.run_until(lambda: len(rig.stage.puts()) == 1, "the first write")
    assert stored(rig, 2) == before
    rig.run_for(120)
    assert [rig.stage.item(item_key(scene))["summary"] for scene in SCENES] == ["Bulk"] * 3


def test_note_that_is_taken_back_makes_no_value_of_a_person_ours(synced: Callable[..., Rig]) -> None:
    """Stash's value was noted and not sent; a person then types the very same in Plex, and it stays."""
    rig = synced(preserve_plex_edits=True)

    def stop_and_type() -> None:
        rig.stage.configure(
            {**rig.stage.settings, **NO_PICTURES, "preserve_plex_edits": True, "enabled": False}
        )
        rig.stage.edit(PERSONS, title="Looks at Stash")

    during_put(rig, 1, stop_and_type)
    rig.stage.bulk_edit(list(SCENES), details="Bulk")
    rig.run_for(40)
    assert written(rig)[0] == 1
    left = [scene for scene in SCENES if scene not in written(rig)]
    assert left, "the batch was over before the setting was seen"
    key = item_key(left[0])
    rig.stage.plex.control("edit_item", {"ratingKey": key, "fields": {"summary": "Bulk"}, "lock": True})
    rig.stage.configure(
        {**rig.stage.settings, **NO_PICTURES, "preserve_plex_edits": True, "index_interval": -1}
    )
    rig.run_for(40)
    rig.stage.edit(left[0], details="Another of Stash")
    rig.run_for(40)
    assert rig.stage.item(key)["summary"] == "Bulk"


@pytest.mark.parametrize("preserve", [False, True])
def test_kill_between_note_and_request_leaves_what_was_there_to_be_found(
    synced: Callable[..., Rig], preserve: bool
) -> None:
    rig = synced(preserve_plex_edits=preserve)

    def die() -> None:
        raise _KilledError

    during_put(rig, 1, die)
    rig.stage.bulk_edit(list(SCENES), details="Bulk")
    with pytest.raises(_KilledError):
        rig.settle()
    assert noted(rig, 2, "Bulk")
    assert rig.job(2)["attempts"] == 0  # it was not tried
    rig.start_worker()
    rig.settle()
    assert [rig.stage.item(item_key(scene))["summary"] for scene in SCENES] == ["Bulk"] * 3
    assert written(rig) == [1, 2, 3]
    give(rig, "undo")
    shown = [rig.stage.item(item_key(scene)) for scene in SCENES]
    assert [(each["title"], each["summary"]) for each in shown] == [
        (f"scene {scene}", "What the agent found.") for scene in SCENES
    ]


def test_scenes_are_made_ready_in_short_runs(synced: Callable[..., Rig]) -> None:
    """Seven more: when the first is answered four of them are noted, and the others when the last of those four is under way."""
    rig = synced()
    scenes = list(range(10, 18))
    rig.stage.bulk_edit(scenes, details="First")
    rig.settle()
    seen: list[list[int]] = []

    def look(more: int) -> None:
        seen.append([scene for scene in scenes if noted(rig, scene, "Second")])
        if more:
            during_put(rig, 1, lambda: look(more - 1))

    during_put(rig, 1, lambda: look(5))
    rig.stage.bulk_edit(scenes, details="Second")
    rig.settle()
    assert [len(each) for each in seen] == [5, 5, 5, 5, 8, 8]
    assert [rig.stage.item(item_key(scene))["summary"] for scene in scenes] == ["Second"] * 8


def test_scene_destroyed_after_its_note_leaves_nothing_behind(synced: Callable[..., Rig]) -> None:
    rig = synced()
    during_put(rig, 1, lambda: rig.stage.gql('mutation{sceneDestroy(input:{id:"2"})}'))
    rig.stage.bulk_edit(list(SCENES), details="Bulk")
    rig.settle()
    assert written(rig) == [1, 3]
    assert stored(rig, 2)["synced"] == []
    assert not noted(rig, 2, "Bulk")


def test_scene_that_changed_after_its_note_is_written_as_it_is_now(synced: Callable[..., Rig]) -> None:
    rig = synced()
    during_put(rig, 1, lambda: rig.stage.bulk_edit([2], details="Newer"))
    rig.stage.bulk_edit(list(SCENES), details="Bulk")
    rig.settle()
    assert sorted(written(rig)) == [1, 2, 3]
    assert [rig.stage.item(item_key(scene))["summary"] for scene in SCENES] == ["Bulk", "Newer", "Bulk"]


def test_refusal_of_a_long_text_holds_for_the_scene_that_is_ready_too(synced: Callable[..., Rig]) -> None:
    rig = synced()
    rig.stage.plex.control("set", {"url_limit": 8_192})
    rig.stage.bulk_edit(list(SCENES), details="word " * 2_000)
    rig.settle()
    assert [rig.job(scene)["state"] for scene in SCENES] == ["done"] * 3
    assert [entry["status"] for entry in rig.stage.plex.log("PUT")].count(400) == 1


def test_bug_met_while_the_next_scene_is_made_ready_is_that_scenes_alone(
    synced: Callable[..., Rig],
) -> None:
    rig = synced()
    assert rig.worker.plex is not None
    writer: Any = rig.worker.plex.current().scenes._writer
    lay_out = writer.lay_out

    def broken(work: Any, *more: Any) -> Any:
        if work.scene.id == 2:
            raise KeyError("a bug")
        return lay_out(work, *more)

    writer.lay_out = broken
    rig.stage.bulk_edit(list(SCENES), details="Bulk")
    rig.settle()
    assert written(rig) == [1, 3]
    assert [rig.job(scene)["state"] for scene in SCENES] == ["done", "waiting", "done"]
    assert "met a bug of its own" in rig.job(2)["message"]


def test_batch_that_is_over_has_stored_everything(synced: Callable[..., Rig]) -> None:
    rig = synced()
    rig.stage.bulk_edit(list(SCENES), details="Bulk")
    rig.run_until(lambda: bool(rig.stage.puts()), "the turn that writes the batch")
    assert [rig.job(scene)["state"] for scene in SCENES] == ["done"] * 3
    assert [len(stored(rig, scene)["synced"]) for scene in SCENES] == [1, 1, 1]


@pytest.mark.parametrize("second", [2, 3], ids=["next to each other", "another between them"])
def test_item_of_two_scenes_is_written_for_the_second_as_the_first_left_it(
    open_rig: Callable[..., Rig], second: int
) -> None:
    """Of two scenes with one file the later one is what Plex shows. Made ready while the first is written, it would be compared with what
    the item showed before: the first one's title would stay, and Undo would take it for a person's."""
    numbers = {scene: 1 if scene == second else scene for scene in (*SCENES, 4)}
    rig = open_rig(
        plex=library_of(sorted(set(numbers.values()))),
        stash={"scenes": [scene_of(scene, number) for scene, number in numbers.items()]},
        settings=NO_PICTURES,
    )
    for scene in numbers:
        rig.stage.edit(scene, title=f"Title {scene}")
        rig.settle()
    rig.stage.plex.clear_log()
    rig.stage.bulk_edit(list(numbers), details="Bulk")
    rig.settle()
    shared = item_key(1)
    assert rig.stage.item(shared)["title"] == f"Title {second}"
    assert written(rig) == list(numbers.values())
    assert (
        len(rig.stage.plex_paths()) == 4 + 2
    )  # details for all, and once more for the item that was written meanwhile
    give(rig, "undo")
    assert (rig.stage.item(shared)["title"], rig.stage.item(shared)["locked"]) == ("item 1", [])


def scene_of(scene: int, number: int) -> dict[str, Any]:
    file = {"id": 1_000 + number, "path": f"/videos/{number}.mp4", "size": 1_000 * number}
    return {"id": scene, "title": f"scene {scene}", "details": "", "files": [file]}


def library_of(numbers: list[int]) -> dict[str, Any]:
    items = [
        {
            "ratingKey": item_key(number),
            "title": f"item {number}",
            "file": f"/videos/{number}.mp4",
            "size": 1_000 * number,
        }
        for number in numbers
    ]
    return {
        "sections": [{"key": 1, "type": "movie", "title": "Scenes", "locations": ["/videos"], "items": items}]
    }
