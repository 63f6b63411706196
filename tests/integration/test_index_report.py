"""`--report`: one page that holds all it needs, and no title of a film can break out of its data."""

import json
import re
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from indexer.answers.report import page, write_report
from plexsync_plugin.base.errors import SettingsError
from tests.index_runs import FILMS, SECTIONS, World, movie_section, start_plex
from tests.integration.test_index_command_line import CommandLine

HOSTILE = "</script><script>document.title='owned'</script>&amp;<!--{{library}}"
COPIES: list[dict[str, Any]] = [
    {"ratingKey": 150 + n, "title": "Twice", "year": 1999, "size": 1500, "file": f"/media/films/{n}.mkv"}
    for n in range(2)
]


@pytest.fixture
def sections() -> list[dict[str, Any]]:
    films = [*FILMS, {"ratingKey": 104, "title": HOSTILE, "duration": 9_000_000}, *COPIES]
    return [movie_section(1, HOSTILE, films), *SECTIONS[1:]]


def written(world: World, folder: Path) -> str:
    target = folder / "pages" / "report.html"
    write_report(str(world.db), str(target), "2026-01-02T03:04:05Z")
    return target.read_text("utf-8")


def data(text: str) -> dict[str, Any]:
    (found,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    numbers: dict[str, Any] = json.loads(found)
    return numbers


def test_numbers_when_reported_are_those_of_the_index(indexed: World, tmp_path: Path) -> None:
    numbers = data(written(indexed, tmp_path))
    tiles = dict(numbers["tiles"])
    assert tiles["Movies"] == "6"
    assert (tiles["Shows"], tiles["Episodes"], tiles["Tracks"]) == ("1", "3", "3")
    assert numbers["server"] == "Den"
    sizes = {name: (items, size) for name, items, size in numbers["shares"]["Libraries"]}
    assert sizes["Serien"] == (3, 600)
    assert sizes["Musik"] == (3, 70)
    assert sum(row[1] for row in numbers["growth"]) == 12
    total = indexed.value(
        "SELECT sum(sizeBytes) FROM (SELECT sizeBytes FROM movies UNION ALL SELECT sizeBytes FROM episodes "
        "UNION ALL SELECT sizeBytes FROM tracks)"
    )
    assert sum(row[2] for row in numbers["growth"]) == total


def test_lists_when_reported_name_longest_largest_and_duplicates(indexed: World, tmp_path: Path) -> None:
    lists = data(written(indexed, tmp_path))["lists"]
    assert lists["Longest"]["rows"][0] == [HOSTILE, "movie", "2 h 30 min"]
    assert lists["Largest"]["rows"][0] == ["Amélie à Köln: „Ende“ 映画 (2001)", "movie", "4.3 GB"]
    assert ["Twice", "movie", "2, same content"] in lists["Duplicates"]["rows"]
    assert lists["Newest"]["columns"] == ["Title", "Kind", "Added"]


def test_sums_when_files_are_shown_twice_count_them_once(indexed: World, tmp_path: Path) -> None:
    before = data(written(indexed, tmp_path))
    (films,) = [row for row in before["shares"]["Libraries"] if row[0] == HOSTILE]
    with sqlite3.connect(indexed.db) as connection:
        connection.execute("UPDATE files SET leftOut = 'same path' WHERE ratingKey = 151")
        connection.execute("UPDATE files SET leftOut = 'trash' WHERE ratingKey = 101")
    connection.close()
    numbers = data(written(indexed, tmp_path))
    assert [HOSTILE, films[1] - 2, films[2] - 4_300_001_500] in numbers["shares"]["Libraries"]
    assert sum(row[2] for row in numbers["growth"]) == indexed.value("SELECT sum(sizeBytes) FROM storage")
    assert numbers["lists"]["Duplicates"]["rows"] == [["Two Versions", "movie", "2, several versions"]]
    assert numbers["lists"]["Largest"]["rows"][0][0] == "Two Versions"


def test_tile_when_it_counts_items_without_a_file_agrees_with_the_view(
    indexed: World, tmp_path: Path
) -> None:
    with sqlite3.connect(indexed.db) as connection:
        connection.execute("UPDATE files SET leftOut = 'trash' WHERE ratingKey = 101")
    connection.close()
    tiles = dict(data(written(indexed, tmp_path))["tiles"])
    assert tiles["Without a file"] == str(indexed.value("SELECT count(*) FROM without_file")) == "3"


def test_labels_when_values_are_plexs_are_a_persons(indexed: World, tmp_path: Path) -> None:
    with sqlite3.connect(indexed.db) as connection:
        connection.execute("UPDATE movies SET title = ' ', year = NULL WHERE ratingKey = 101")
        for key, resolution in ((101, None), (102, "4k"), (150, "1080")):
            connection.execute("UPDATE files SET videoResolution = ? WHERE ratingKey = ?", (resolution, key))
    connection.close()
    numbers = data(written(indexed, tmp_path))
    assert {"unknown", "4K", "1080p"} <= {row[0] for row in numbers["shares"]["Resolution"]}
    assert numbers["lists"]["Largest"]["rows"][0][0] == "(no title)"
    assert set(numbers["forms"]) <= set(numbers["shares"])


@pytest.mark.parametrize(
    ("milliseconds", "text"), [(0, "0 s"), (1_000_000, "17 min"), (40_000_000, "11 h"), (10**11, "27,778 h")]
)
def test_playing_time_when_short_is_not_rounded_to_nothing(
    indexed: World, tmp_path: Path, milliseconds: int, text: str
) -> None:
    with sqlite3.connect(indexed.db) as connection:
        for table in ("movies", "episodes", "tracks"):
            connection.execute(f"UPDATE {table} SET duration = 0")
        connection.execute("UPDATE movies SET duration = ? WHERE ratingKey = 101", (milliseconds,))
    connection.close()
    tiles = dict(data(written(indexed, tmp_path))["tiles"])
    assert tiles["Playing time"] == text


def test_page_when_the_reader_prefers_dark_has_colours_for_it(indexed: World, tmp_path: Path) -> None:
    text = written(indexed, tmp_path)
    assert "@media (prefers-color-scheme: dark)" in text
    script = text.rpartition("<script>")[2]
    assert not re.findall(r"#[0-9a-f]{6}", script.partition("COLOURS = [")[2].partition("]")[2])


def test_plays_when_there_are_some_are_shown_by_month_and_user(world: World, tmp_path: Path) -> None:
    world.plex.control("accounts", {"7": "Ann", "8": " "})
    for day, account in (("2024-11-05", 7), ("2025-01-05", 7), ("2025-01-06", 8), ("2025-01-07", 9)):
        at = int(datetime.fromisoformat(f"{day}T12:00:00+00:00").timestamp())
        world.plex.control("play", {"ratingKey": 101, "viewedAt": at, "account": account})
    world.index(history=True)
    numbers = data(written(world, tmp_path))
    # Those without a name are one.
    assert numbers["plays"] == {
        "users": ["(no name)", "Ann"],
        "months": [["2024-11", 0, 1], ["2024-12", 0, 0], ["2025-01", 2, 1]],
    }
    assert numbers["lists"]["Users"] == {
        "columns": ["User", "Plays", "Items", "Last played"],
        "rows": [["(no name)", "2", "2", "2025-01-07"], ["Ann", "2", "1", "2025-01-05"]],
    }


def test_plays_when_many_users_are_there_names_the_most_active(world: World, tmp_path: Path) -> None:
    world.plex.control("accounts", {str(number): f"User {number}" for number in range(10, 20)})
    for number in range(10, 20):
        for play in range(number - 9):
            at = 1_700_000_000 + play
            world.plex.control("play", {"ratingKey": 101, "viewedAt": at, "account": number})
    world.index(history=True)
    plays = data(written(world, tmp_path))["plays"]
    assert plays["users"] == [*(f"User {number}" for number in range(19, 12, -1)), "others"]
    assert plays["months"] == [["2023-11", 10, 9, 8, 7, 6, 5, 4, 6]]


def test_collections_and_playlists_when_reported_are_lists(world: World, tmp_path: Path) -> None:
    world.plex.control("collection", {"section": 1, "title": HOSTILE, "members": [101]})
    world.plex.control("playlist", {"title": "", "members": [101, 102]})
    world.index(lists=True)
    lists = data(written(world, tmp_path))["lists"]
    assert lists["Collections"] == {"columns": ["Title", "Kind", "Items"], "rows": [[HOSTILE, "movie", "1"]]}
    assert lists["Playlists"]["rows"] == [["(no title)", "video", "2"]]


def test_growth_when_months_are_empty_has_them(indexed: World, tmp_path: Path) -> None:
    with sqlite3.connect(indexed.db) as connection:
        connection.execute("UPDATE items SET addedAt = '2024-11-05T00:00:00Z'")
        connection.execute("UPDATE items SET addedAt = '2025-02-05T00:00:00Z' WHERE ratingKey = 101")
    connection.close()
    growth = data(written(indexed, tmp_path))["growth"]
    assert [row[:2] for row in growth] == [["2024-11", 11], ["2024-12", 0], ["2025-01", 0], ["2025-02", 1]]


def test_title_when_hostile_stays_data(indexed: World, tmp_path: Path) -> None:
    text = written(indexed, tmp_path)
    assert HOSTILE not in text
    assert text.count("<script") == 3 + _inside_library("<script")
    assert text.count("</script") == 3 + _inside_library("</script")
    assert HOSTILE in json.dumps(data(text), ensure_ascii=False)


def _inside_library(word: str) -> int:
    library = Path(__file__).resolve().parents[2] / "indexer" / "answers" / "vendor" / "chart.umd.js"
    return library.read_text("utf-8").count(word)


def test_page_when_opened_needs_no_network(indexed: World, tmp_path: Path) -> None:
    text = written(indexed, tmp_path)
    assert "default-src 'none'" in text
    assert not re.findall(r"<(?:link|img|iframe)|\ssrc=|@import|url\(", text.replace(_chart_library(), ""))
    assert "Chart.js" in text
    assert "MIT License" in text


def _chart_library() -> str:
    return (
        Path(__file__).resolve().parents[2] / "indexer" / "answers" / "vendor" / "chart.umd.js"
    ).read_text("utf-8")


def test_page_when_the_index_is_empty_is_made(tmp_path: Path) -> None:
    with start_plex(tmp_path, []) as plex:
        world = World(plex, tmp_path)
        world.index()
        numbers = data(written(world, tmp_path))
    assert dict(numbers["tiles"])["Space"] == "0 B"
    assert numbers["growth"] == []


def test_report_when_there_is_no_index_says_so(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="There is no index"):
        write_report(str(tmp_path / "none.db"), str(tmp_path / "a.html"), "now")
    assert not (tmp_path / "a.html").exists()


def test_placeholders_when_in_the_data_are_left_as_they_are() -> None:
    assert "{{library}}" in json.dumps(data(page({"server": "{{library}}"})))


def test_command_when_a_report_is_asked_for_writes_it_without_plex(indexed: World, tmp_path: Path) -> None:
    command = CommandLine(tmp_path / "a folder", World(indexed.plex, tmp_path))
    indexed.plex.down()
    done = command("--db-path", str(tmp_path / "index" / "plex.db"), "--report", "out/library.html")
    assert (done.returncode, done.stderr) == (0, "")
    assert (command.stands / "out" / "library.html").is_file()
    assert str(command.stands / "out" / "library.html") in done.stdout
