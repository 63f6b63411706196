"""What a person types finds what they mean, whatever its script and signs, and nothing else."""

import contextlib
import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.answers.search import RANKED, quoted, read_typed, search
from indexer.rows.folding import folded, search_text, unspaced_parts
from plexsync_plugin.base.errors import SettingsError
from tests.contract.index_file import empty_index, put_item, put_movie

FILMS: dict[int, dict[str, str | None]] = {
    1: {
        "title": "千と千尋の神隠し",
        "originalTitle": None,
        "summary": "十歳の少女が迷い込む。",
        "actors": "宮崎駿",
    },
    2: {"title": "卧虎藏龙", "originalTitle": "Crouching Tiger"},
    3: {
        "title": "Amélie",
        "summary": "A waitress in Montmartre",
        "actors": "Audrey Tautou as Amélie Poulain",
    },
    4: {"title": "C++ in a Day", "summary": "A vitamin"},
    5: {"title": "Vitamin C", "summary": "Nothing about programs"},
    6: {"title": "AC/DC: Let There Be Rock"},
    7: {"title": "Conan O’Brien Can't Stop", "summary": "He cannot"},
    8: {"title": "Rock and Roll"},
    9: {"title": "School of Rock"},
    10: {"title": "Interstellar", "summary": "Stars"},
    11: {"title": "[REC]"},
    12: {"title": "Straße nach Süden", "actors": "Søren Łęcki"},
    13: {"title": "기생충", "summary": "가족이야기"},
    14: {"title": "Up"},
    15: {"title": "ガラスの仮面"},
    16: {"title": 'The "Great" %_Film'},
    17: {"title": "Tom and Jerry"},
    18: {"title": "ฉลาดเกมส์โกง"},
    19: {"title": "What Ever Happened"},
}


def put_film(index: sqlite3.Connection, key: int, **texts: str | None) -> None:
    title = str(texts.pop("title"))
    put_movie(index, key, title, **texts)
    index.execute("UPDATE items SET title = ? WHERE ratingKey = ?", (title, key))
    original, people = texts.get("originalTitle"), texts.get("actors")
    text = search_text(title, original, people, texts.get("summary"))
    parts = unspaced_parts(title, original, people)
    index.execute("INSERT INTO search_folded (ratingKey, text, parts) VALUES (?, ?, ?)", (key, text, parts))


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    with contextlib.closing(empty_index()) as connection:
        for key, film in FILMS.items():
            put_film(connection, key, **film)
        yield connection


def found(index: sqlite3.Connection, typed: str, *kinds: str, limit: int = 50) -> list[int]:
    return [row[0] for row in search(index, read_typed(typed), kinds, limit)]


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("神隠し", [1]),
        ("千尋", [1]),
        ("尋", [1]),
        ("少女", [1]),
        ("駿", [1]),
        ("藏龙", [2]),
        ("crouching", [2]),
        ("amelie", [3]),
        ("AMÉLIE", [3]),
        ("amelie poulain", [3]),
        ("montmartre", [3]),
        ("waitr", [3]),
        ("C++", [4]),
        ("c++ day", [4]),
        ("c--", [5, 4]),
        ("waitr?", []),
        ("AC/DC", [6]),
        ("ac/dc rock", [6]),
        ("ac dc", [6]),
        ("O'Brien", [7]),
        ("o’brien", [7]),
        ("obrien", []),
        ("can't", [7]),
        ("rock -roll", [9, 6]),
        ("rock", [8, 9, 6]),
        ('"rock and"', [8]),
        ('"rock and', [8]),
        ("stellar", [10]),
        ("[REC]", [11]),
        ("[rec", [11]),
        ("strasse süden", [12]),
        ("soren lecki", [12]),
        ("기생", [13]),
        ("이야기", [13]),
        ("up", [14]),
        ("がらす", []),
        ("ガラス", [15]),
        ("カラス", []),
        ("ｶﾞﾗｽ", [15]),
        ('"Great"', [16]),
        ("%_", [16]),
        ("tom & jerry", [17]),
        ("เกมส์", [18]),
        ("what?", [19]),
        ("NOT", [5]),
        ("title:amelie", []),
        ("rock OR amelie", []),
        ("amelie*", [3]),
        ("(amelie)", [3]),
    ],
)
def test_items_when_typed_for_are_found(index: sqlite3.Connection, typed: str, keys: list[int]) -> None:
    assert found(index, typed) == keys


@pytest.mark.parametrize("word", ["夜", "夜神", "søren", "밤"])
def test_items_when_their_titles_hold_the_words_stand_before_those_of_people_and_summaries(
    word: str,
) -> None:
    """What a word index misses of the other texts stands with the titles in what parts of words are looked for in."""
    films = {
        1: {"title": "A", "actors": f"{word}"},
        2: {"title": "B", "actors": f"{word}月 as {word}"},
        3: {"title": "C", "summary": f"{word}. {word}です。{word}", "actors": word},
        4: {"title": f"銀河鉄道の{word}のとても長い物語"},
        5: {"title": "D", "originalTitle": f"千{word}"},
        6: {"title": word},
        7: {"title": f"{word}は短し歩けよ乙女", "actors": word},
    }
    with contextlib.closing(empty_index()) as index:
        for key, film in films.items():
            put_film(index, key, **film)
        keys = found(index, word)
        assert keys[:2] == [6, 7]
        assert set(keys[2:4]) == {4, 5}
        assert set(keys[4:]) >= {1, 2}


def test_items_when_found_stand_by_how_well_they_fit() -> None:
    films = {
        1: {"title": "Heartless"},
        2: {"title": "Another", "summary": "About art"},
        3: {"title": "State of the Art"},
        4: {"title": "Art School"},
        5: {"title": "Art"},
        6: {"title": "Else", "actors": "Art Garfunkel"},
    }
    with contextlib.closing(empty_index()) as index:
        for key, film in films.items():
            put_film(index, key, **film)
        assert found(index, "art") == [5, 4, 3, 1, 6, 2]
        assert found(index, "art", limit=2) == [5, 4]
        index.execute("UPDATE items SET available = 0 WHERE ratingKey = 5")
        assert found(index, "art", "movie", "show", limit=1) == [4]
        assert found(index, "art", "show") == []


def test_episode_when_found_tells_its_show_and_number() -> None:
    with contextlib.closing(empty_index()) as index:
        put_item(index, 1, 2, title="A Show")
        put_item(index, 2, 3, title="Season 1", parentKey=1)
        put_item(index, 3, 4, title="Pilot", parentKey=2, grandparentKey=1)
        index.execute(
            "INSERT INTO episodes (ratingKey, title, year, seasonNumber, episodeNumber, lastSeen) "
            "VALUES (3, 'Pilot', 1999, 1, 2, '')"
        )
        index.execute("INSERT INTO search_folded (ratingKey, text) VALUES (3, 'pilot')")
        cursor = search(index, read_typed("pilot"), (), 5)
        assert [column[0] for column in cursor.description] == [
            "ratingKey", "kind", "library", "title", "year", "partOf"
        ]  # fmt: skip
        assert cursor.fetchall() == [(3, "episode", "Films", "Pilot", 1999, "A Show, S01E02")]


@pytest.mark.parametrize("typed", ["", "   "])
def test_nothing_when_typed_is_refused(typed: str) -> None:
    with pytest.raises(SettingsError, match="nothing to look for"):
        read_typed(typed)


# What a process may be given, or a form of a page.
TYPED = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=12)


@given(TYPED)
def test_text_when_typed_in_any_way_never_fails_and_finds_its_title(typed: str) -> None:
    if not typed.split():
        return
    with contextlib.closing(empty_index()) as index:
        put_film(index, 1, title=typed)
        put_film(index, 2, title="zz")
        asked = read_typed(typed)
        keys = [row[0] for row in search(index, asked, (), 5)]
        exact = not asked.unwanted and "\0" not in typed and all(folded(word) for word in asked.wanted)
        assert not exact or '"' in typed or 1 in keys


@pytest.mark.parametrize(
    "text", ["%神隠し%", "%千尋%", "%ac/dc%", "%amelie%", "%amélie%", "%c++%", "%AC/DC%"]
)
def test_view_when_asked_by_a_tool_takes_the_text_as_it_stands(index: sqlite3.Connection, text: str) -> None:
    rows = index.execute("SELECT ratingKey, kind, library FROM search_typed WHERE text LIKE ?", (text,))
    assert [tuple(row)[1:] for row in rows] == [("movie", "Films")]


def test_parts_when_matched_take_any_text_in_quotes(index: sqlite3.Connection) -> None:
    for text, keys in (("神隠し", [1]), ("c++", [4]), ('"great"', [16]), ("ac/dc", [6])):
        rows = index.execute("SELECT rowid FROM search_parts WHERE search_parts MATCH ?", (quoted(text),))
        assert [row[0] for row in rows] == keys


def test_parts_when_texts_change_and_go_agree_with_them() -> None:
    with contextlib.closing(empty_index()) as index:
        put_film(index, 1, title="One")
        put_film(index, 2, title="Another")
        index.execute("UPDATE search_folded SET text = 'elsewhere' WHERE ratingKey = 1")
        assert (found(index, "sewhe"), found(index, "noth")) == ([1], [2])
        index.execute("DELETE FROM items WHERE ratingKey = 2")
        assert found(index, "noth") == []
        index.execute("INSERT INTO search_parts (search_parts, rank) VALUES ('integrity-check', 1)")


def test_word_when_thousands_hold_it_brings_titles_that_are_it_then_that_begin_so_the_shortest_first() -> (
    None
):
    with contextlib.closing(empty_index()) as index:
        for key in range(1, RANKED + 1):
            put_film(index, key, title=f"A film of number {key}")
        put_film(index, RANKED + 1, title="Film")
        put_film(index, RANKED + 2, title="Film noir in the rain")
        put_film(index, RANKED + 3, title="Film noir")
        put_film(index, RANKED + 4, title="Untitled", summary="A film about nobody")
        assert found(index, "film", limit=5) == [RANKED + 1, RANKED + 3, RANKED + 2, 1, 2]
        assert found(index, "film", limit=RANKED + 100)[-1] == RANKED + 4
        assert len(found(index, "film", limit=RANKED + 100)) == RANKED + 4
        assert found(index, "film -number", limit=5) == [RANKED + 1, RANKED + 3, RANKED + 2, RANKED + 4]
        assert found(index, f"film {RANKED}") == [RANKED]
        assert found(index, "film", "show") == []


def test_word_is_weighed_while_no_more_items_hold_it_than_are_ranked() -> None:
    """Weighed, a title with the word itself stands before the shorter ones that hold it as a part."""
    with contextlib.closing(empty_index()) as index:
        for key in range(1, RANKED):
            put_film(index, key, title="A microfilm")
        put_film(index, RANKED, title="The only film of them all")
        assert found(index, "film", limit=1) == [RANKED]
        put_film(index, RANKED + 1, title="A microfilm")
        assert found(index, "film", limit=1) == [1]
        index.execute("UPDATE items SET available = 0 WHERE ratingKey = 2")
        assert found(index, "film", limit=1) == [RANKED]
