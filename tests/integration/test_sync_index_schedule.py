"""The index that the worker starts by itself."""

from collections.abc import Callable

from tests.rig import Rig


def days(rig: Rig, number: float) -> None:
    rig.clock.sleep(number * 86_400)
    rig.settle()


def test_index_runs_by_itself_once_a_day_beside_the_worker(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings={"index_interval": 0})
    rig.settle()
    assert not (rig.stage.data / "plex_collection.db").exists()
    days(rig, 1.01)
    rig.stage.wait(lambda: (rig.stage.data / "plex_collection.db").exists(), "the index")
    rig.stage.edit(1, title="Goes on meanwhile")
    rig.settle()
    assert rig.stage.item(101)["title"] == "Goes on meanwhile"


def test_index_never_runs_by_itself_when_the_interval_is_minus_one(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings={"index_interval": -1})
    for _ in range(3):
        days(rig, 2)
    assert not (rig.stage.data / "plex_collection.db").exists()
