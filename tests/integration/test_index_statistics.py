"""The numbers that a page shows of the whole index are made when a run has changed something, and stored."""

import sqlite3
from typing import Any

import pytest

from tests.integration.orders import NO_PICTURES
from tests.libraries import library
from tests.stage import Stage


def item(key: int, size: int, **more: Any) -> dict[str, Any]:
    return {"ratingKey": key, "title": f"item {key}", "file": f"/media/{key}.mp4", "size": size, **more}


def statistics(stage: Stage) -> dict[str, list[tuple[str, int, int]]]:
    found: dict[str, list[tuple[str, int, int]]] = {}
    connection = sqlite3.connect(stage.data / "plex_collection.db")
    for topic, label, items, size in connection.execute(
        "SELECT topic, label, items, bytes FROM statistics ORDER BY topic, place"
    ):
        found.setdefault(topic, []).append((label, items, size))
    connection.close()
    return found


@pytest.mark.parametrize("second", [False, True])
def test_numbers_are_those_of_the_library_after_each_run(second: bool) -> None:
    plex = library(item(1, 10), item(2, 30), item(3, 5))
    with Stage(plex=plex, settings=NO_PICTURES) as stage:
        stage.run_task("Index Without Images")
        if second:
            stage.plex.control("remove_item", {"ratingKey": 3})
            stage.run_task("Index Without Images")
        found = statistics(stage)
        number, size = (2, 40) if second else (3, 45)
        tiles = {label: (items, total) for label, items, total in found["tile"]}
        assert tiles["movies"][0] == number
        assert tiles["items"] == (number, 0)
        assert tiles["files"] == (number, size)
        assert found["library"] == [("Scenes", number, size)]
        assert sum(items for _, items, _ in found["growth"]) == number
