"""`plex_sync.py search WORDS`: what a person types, found; for a program as CSV or JSON."""

import io
import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from indexer.answers.search import run_search
from tests.index_runs import ARTIST, SHOW, World, movie_section, start_plex
from tests.integration.test_index_command_line import CommandLine
from tests.integration.test_index_query import Terminal

FILMS: list[dict[str, Any]] = [
    {"ratingKey": 1, "title": "千と千尋の神隠し", "year": 2001, "file": "/m/1.mkv", "size": 1},
    {"ratingKey": 2, "title": "Rock and Roll", "year": 1990, "file": "/m/2.mkv", "size": 1},
    {"ratingKey": 3, "title": "School of Rock", "Role": ["Jack O'Brien"], "file": "/m/3.mkv", "size": 1},
]
SECTIONS: list[dict[str, Any]] = [
    movie_section(1, "Films", FILMS),
    {"key": 2, "type": "show", "title": "Serien", "items": [SHOW]},
    {"key": 3, "type": "artist", "title": "Musik", "items": [ARTIST]},
]


@pytest.fixture
def command(tmp_path: Path) -> Iterator[CommandLine]:
    with start_plex(tmp_path, SECTIONS) as plex:
        found = CommandLine(tmp_path / "a folder", World(plex, tmp_path))
        found.settings()
        assert found("--no-images").returncode == 0
        plex.down()
        yield found


def titles(command: CommandLine, *words: str) -> list[str]:
    done = command("search", *words, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return [row["title"] for row in json.loads(done.stdout)]


def test_words_when_typed_as_a_person_does_are_found(command: CommandLine) -> None:
    assert titles(command, "神隠し") == ["千と千尋の神隠し"]
    assert titles(command, "rock", "-roll") == ["School of Rock"]
    assert titles(command, "rock -roll") == ["School of Rock"]
    assert titles(command, "O'Brien") == ["School of Rock"]
    assert titles(command, "rock", "-h") == ["Rock and Roll", "School of Rock"]
    assert titles(command, "C++") == []


@pytest.mark.parametrize("other", ["", "-"], ids=["wanted", "left out"])
def test_words_when_a_whole_page_of_them_is_pasted_are_an_answer(command: CommandLine, other: str) -> None:
    """As many as SQLite would not take in one statement, and twice as many."""
    many = " ".join(f"{other}x{number}" for number in range(1_000))
    assert titles(command, f"rock {many}") == ([] if not other else ["Rock and Roll", "School of Rock"])
    assert titles(command, " ".join(["rock"] * 1_000)) == ["Rock and Roll", "School of Rock"]


def test_collections_and_playlists_when_named_stand_behind_items_but_for_an_exact_name(
    command: CommandLine,
) -> None:
    plex = command.world.plex
    plex.up()
    plex.control("collection", {"section": 1, "title": "Amélie & Rock", "members": [2]})
    plex.control("playlist", {"title": "Rock", "members": [3, 2]})
    assert command("--no-images").returncode == 0
    assert titles(command, "rock") == ["Rock", "Rock and Roll", "School of Rock", "Amélie & Rock"]
    assert titles(command, "rock", "--kind", "movie") == ["Rock and Roll", "School of Rock"]
    assert titles(command, "rock", "-amelie", "--kind", "playlist", "--kind", "collection") == ["Rock"]
    assert titles(command, "AMELIE") == ["Amélie & Rock"]
    done = command("search", "amelie")
    assert re.search(r"^\d+,collection,Films,Amélie & Rock,,$", done.stdout, re.MULTILINE)


def test_answer_when_piped_is_csv_and_bounded(command: CommandLine) -> None:
    done = command("search", "e1")
    assert done.stdout == (
        'ratingKey,kind,library,title,year,partOf\n211,episode,Serien,E1,2014,"A Show, S01E01"\n'
    )
    assert len(command("search", "rock", "--limit", "1").stdout.splitlines()) == 2
    assert len(command("search", "a", "--kind", "show", "--kind", "artist").stdout.splitlines()) == 2
    assert len(command("search", "an", "--kind", "artist").stdout.splitlines()) == 2


def test_answer_when_on_a_terminal_is_a_table_or_a_sentence(command: CommandLine) -> None:
    out = Terminal()
    run_search(str(command.world.db), "神隠し", out)
    assert "千と千尋の神隠し" in out.getvalue()
    out = Terminal()
    run_search(str(command.world.db), "nothing like it", out)
    assert out.getvalue() == "Nothing found.\n"


@pytest.mark.parametrize(
    "options",
    [(), ("rock", "--limit", "0"), ("rock", "--kind", "film"), ("rock", "--jsn"), ("rock", "--no-images")],
)
def test_options_when_they_make_no_sense_end_with_the_usage(
    command: CommandLine, options: tuple[str, ...]
) -> None:
    done = command("search", *options)
    assert done.returncode == 2
    assert "usage: plex_sync.py" in done.stderr


def test_words_when_empty_are_said(command: CommandLine) -> None:
    done = command("search", " ")
    assert done.returncode == 2
    assert "There is nothing to look for" in done.stderr


def test_search_when_runs_wrote_the_file_follows_each(command: CommandLine) -> None:
    world = command.world
    world.plex.up()
    world.plex.control("edit_item", {"ratingKey": 1, "fields": {"title": "Chihiro 千尋"}})
    world.plex.control("remove_item", {"ratingKey": 2})
    world.index()
    out = io.StringIO()
    run_search(str(world.db), "rock", out, as_json=True)
    assert [row["ratingKey"] for row in json.loads(out.getvalue())] == [3]
    assert titles(command, "神隠し") == []
    assert titles(command, "hihir") == ["Chihiro 千尋"]


def test_index_when_its_search_texts_are_of_another_form_fills_them_anew(command: CommandLine) -> None:
    world = command.world
    world.plex.up()
    kept = world.rows("SELECT * FROM search_folded ORDER BY 1")
    with sqlite3.connect(world.db) as connection:
        connection.execute("UPDATE meta SET value = 'another' WHERE name = 'searchForm'")
        connection.execute("UPDATE search_folded SET text = 'x'")
    connection.close()
    world.index()
    assert world.rows("SELECT * FROM search_folded ORDER BY 1") == kept
    assert titles(command, "千尋") == ["千と千尋の神隠し"]
