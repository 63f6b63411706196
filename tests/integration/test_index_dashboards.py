"""docs/dashboards: every question is answered by a real index, every facet is a column."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.index_runs import World, start_plex
from tests.sim.process import ROOT

FOLDER = ROOT / "docs" / "dashboards"
DATASETTE: dict[str, Any] = yaml.safe_load((FOLDER / "datasette.yaml").read_text("utf-8"))["databases"][
    "plex_collection"
]
PANELS: list[dict[str, Any]] = json.loads((FOLDER / "grafana.json").read_text("utf-8"))["panels"]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    folder: Path = tmp_path_factory.mktemp("dashboards")
    with start_plex(folder) as plex:
        world = World(plex, folder)
        world.index()
    connection = sqlite3.connect(world.db)
    yield connection
    connection.close()


@pytest.mark.parametrize("name", DATASETTE["queries"])
def test_question_of_datasette_is_answered(index: sqlite3.Connection, name: str) -> None:
    cursor = index.execute(DATASETTE["queries"][name]["sql"], {"name": "Ann"})
    rows = cursor.fetchall()
    assert rows or name in ("duplicate_movies", "gone_from_plex", "without_poster")
    assert cursor.description


def test_facets_of_datasette_are_columns(index: sqlite3.Connection) -> None:
    for table, wishes in DATASETTE["tables"].items():
        columns = {row[1] for row in index.execute(f"PRAGMA table_info({table})")}
        named = {
            *wishes.get("facets", ()),
            *(wishes[w] for w in ("sort", "sort_desc", "label_column") if w in wishes),
        }
        assert columns, table
        assert named <= columns, table


@pytest.mark.parametrize("panel", PANELS, ids=[panel["title"] for panel in PANELS])
def test_panel_of_grafana_is_answered(index: sqlite3.Connection, panel: dict[str, Any]) -> None:
    (target,) = panel["targets"]
    cursor = index.execute(target["rawQueryText"])
    row = cursor.fetchone()
    assert row is not None
    for column in target["timeColumns"]:
        time = row[[each[0] for each in cursor.description].index(column)]
        assert isinstance(time, int)
        assert time > 1_000_000_000
