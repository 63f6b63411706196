"""docs/questions.md: every question is answered, and by an index wherever one can serve."""

import contextlib
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.file.store import Store, query
from plexsync_plugin.base.clock import Clock
from tests.generated_index import generate
from tests.questions import questions

QUESTIONS = questions()
LARGE = {
    "items",
    "movies",
    "episodes",
    "tracks",
    "files",
    "versions",
    "streams",
    "plays",
    "watch_states",
    "item_people",
    "guids",
}
READS_ALL = "*(reads all)*"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = str(tmp_path_factory.mktemp("questions") / "index.db")
    with contextlib.closing(generate(path, 6000)) as connection:
        Store(connection, path, Clock(), lambda: None).analyze()
        yield connection


def test_questions_when_counted_are_thirty_at_least() -> None:
    assert len(QUESTIONS) >= 30


@pytest.mark.parametrize("title", QUESTIONS)
def test_question_when_asked_is_answered(index: sqlite3.Connection, title: str) -> None:
    assert index.execute(QUESTIONS[title]).description


@pytest.mark.parametrize("title", [title for title in QUESTIONS if READS_ALL not in title])
def test_question_when_planned_reads_no_large_table_from_end_to_end(
    index: sqlite3.Connection, title: str
) -> None:
    plan = [row[3] for row in index.execute(f"EXPLAIN QUERY PLAN {QUESTIONS[title]}")]
    scanned = [re.match(r"SCAN (\w+)(?! USING)$", step) for step in plan]
    assert not {found[1] for found in scanned if found} & LARGE, plan
    assert not any("AUTOMATIC" in step for step in plan), plan


@pytest.mark.parametrize(
    ("name", "parents"), [("totals_show", "season|show"), ("totals_artist", "album|artist")]
)
def test_totals_when_there_are_no_statistics_yet_go_by_the_parent(
    tmp_path: Path, name: str, parents: str
) -> None:
    """As at the first publication of a library. By what is available, each show would look at all episodes."""
    with contextlib.closing(generate(str(tmp_path / "index.db"), 12)) as fresh:
        plan = [
            row[3]
            for statement in query(name)
            for row in fresh.execute(f"EXPLAIN QUERY PLAN {statement}", {"section": 2})
        ]
    children = [
        step for step in plan if re.match(r"(?:SEARCH|SCAN) (?:seasons|episodes|albums|tracks)\b", step)
    ]
    assert children
    assert all(re.search(rf"PRIMARY KEY|_(?:{parents}) \(", step) for step in children), children


def test_statistics_when_made_are_of_every_large_table(index: sqlite3.Connection) -> None:
    known = {name for (name,) in index.execute("SELECT DISTINCT tbl FROM sqlite_stat1")}
    assert known >= LARGE
