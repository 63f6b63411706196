"""Full-text search finds what the tables hold, and nothing else, whatever wrote them."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.index_file import SEEN, empty_index, put, put_item, put_movie
from tests.index_runs import World, movie_section, start_plex

UPSERT = (
    "INSERT INTO movies (ratingKey, title, summary, actors, lastSeen) SELECT 1, ?, ?, ?, 'now' WHERE true "
    "ON CONFLICT (ratingKey) DO UPDATE SET title = excluded.title, summary = excluded.summary, actors = excluded.actors, "
    "lastSeen = excluded.lastSeen"
)


@pytest.fixture
def index() -> Iterator[sqlite3.Connection]:
    with contextlib.closing(empty_index()) as connection:
        yield connection


def found(index: sqlite3.Connection, words: str) -> list[int]:
    return [
        row[0]
        for row in index.execute("SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid", (words,))
    ]


def check(index: sqlite3.Connection) -> None:
    """Raises when the words and the texts disagree."""
    index.execute("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")


def test_check_when_words_and_texts_disagree_raises(index: sqlite3.Connection) -> None:
    put_amelie(index)
    index.execute("DROP TRIGGER movies_search_update")
    index.execute("UPDATE movies SET summary = 'A barista'")
    with pytest.raises(sqlite3.DatabaseError, match="malformed"):
        check(index)


def put_amelie(index: sqlite3.Connection) -> None:
    put_movie(
        index,
        1,
        "Amélie",
        originalTitle="Le fabuleux destin",
        summary="A waitress in Montmartre",
        actors="Audrey Tautou as Amélie Poulain",
        directors="Jean-Pierre Jeunet",
    )


@pytest.mark.parametrize(
    "words",
    ["amelie", "AMÉLIE", "fabuleux", "montm*", "tautou", "poulain", "jeunet", "title:amelie people:jeunet"],
)
def test_movie_when_inserted_is_found_by_all_its_texts(index: sqlite3.Connection, words: str) -> None:
    put_amelie(index)
    assert found(index, words) == [1]
    check(index)


def test_result_when_read_shows_the_texts(index: sqlite3.Connection) -> None:
    put_amelie(index)
    row = index.execute(
        "SELECT title, people, highlight(search, 2, '[', ']') FROM search WHERE search MATCH 'waitress'"
    )
    assert row.fetchone() == (
        "Amélie",
        "Audrey Tautou as Amélie Poulain, Jean-Pierre Jeunet",
        "A [waitress] in Montmartre",
    )


def test_movie_when_updated_is_found_by_the_new_words_alone(index: sqlite3.Connection) -> None:
    put_amelie(index)
    index.execute("UPDATE movies SET summary = 'A barista', actors = NULL WHERE ratingKey = 1")
    assert (found(index, "waitress"), found(index, "tautou"), found(index, "barista")) == ([], [], [1])
    index.execute("UPDATE movies SET available = 0, lastSeen = 'later', sizeBytes = 1")
    assert found(index, "barista") == [1]
    check(index)


def test_movie_when_upserted_is_found_by_the_new_words_alone(index: sqlite3.Connection) -> None:
    put_amelie(index)
    index.execute(UPSERT, ("Emily", "A waitress in Paris", None))
    assert (found(index, "montmartre"), found(index, "emily paris"), found(index, "fabuleux")) == (
        [],
        [1],
        [1],
    )
    index.execute(UPSERT, ("Emily", "A waitress in Paris", None))
    assert found(index, "emily") == [1]
    check(index)


@pytest.mark.parametrize("table", ["movies", "items", "sections"])
def test_movie_when_deleted_or_cascaded_is_not_found(index: sqlite3.Connection, table: str) -> None:
    put_amelie(index)
    index.execute(f"DELETE FROM {table}")
    assert found(index, "amelie") == []
    assert index.execute("SELECT count(*) FROM movies").fetchone() == (0,)
    check(index)


def test_show_when_deleted_takes_its_episodes_out_of_the_search(index: sqlite3.Connection) -> None:
    for key, kind in ((1, 2), (2, 3), (3, 4)):
        put_item(index, key, kind)
    put(index, "tv_shows", ratingKey=1, title="Zebra", lastSeen=SEEN)
    put(index, "seasons", seasonRatingKey=2, showRatingKey=1, title="Season of zebras", lastSeen=SEEN)
    put(
        index,
        "episodes",
        ratingKey=3,
        seasonRatingKey=2,
        showRatingKey=1,
        title="Zebra one",
        writers="Z",
        lastSeen=SEEN,
    )
    assert (found(index, "zebra"), found(index, "zebras"), found(index, "people:z")) == ([1, 3], [2], [3])
    index.execute("DELETE FROM tv_shows")
    assert found(index, "zebra OR zebras") == []
    check(index)


def test_music_when_inserted_is_found(index: sqlite3.Connection) -> None:
    for key, kind in ((1, 8), (2, 9), (3, 10)):
        put_item(index, key, kind)
    put(index, "artists", ratingKey=1, artistName="Björk", summary="From Iceland", lastSeen=SEEN)
    put(index, "albums", ratingKey=2, artistRatingKey=1, title="Debut", lastSeen=SEEN)
    put(
        index,
        "tracks",
        ratingKey=3,
        albumRatingKey=2,
        title="Human",
        originalTitle="Björk & Co",
        lastSeen=SEEN,
    )
    assert (found(index, "bjork"), found(index, "iceland"), found(index, "debut")) == ([1, 3], [1], [2])


TEXTS = st.one_of(st.none(), st.sampled_from(["ant", "bee ant", "cat", "", "bee, cat"]))
STEPS = st.lists(
    st.tuples(st.sampled_from(["upsert", "update", "delete", "movie goes", "fold", "unfold"]), TEXTS, TEXTS),
    max_size=12,
)
FOLD = (
    "INSERT INTO search_folded (ratingKey, text, parts) SELECT ratingKey, 'x', ? FROM items WHERE true "
    "ON CONFLICT (ratingKey) DO UPDATE SET parts = excluded.parts"
)
WRITTEN = {
    "delete": "DELETE FROM items",
    "movie goes": "DELETE FROM movies",
    "unfold": "DELETE FROM search_folded",
}


@given(STEPS)
def test_search_when_anything_was_written_agrees_with_the_tables(
    steps: list[tuple[str, str | None, str | None]],
) -> None:
    with contextlib.closing(empty_index()) as index:
        for step, summary, actors in steps:
            if step in WRITTEN:
                index.execute(WRITTEN[step])
            elif step == "fold":
                index.execute(FOLD, (summary,))
            elif step == "update":
                index.execute("UPDATE movies SET summary = ?, actors = ?", (summary, actors))
            else:
                if not index.execute("SELECT 1 FROM items").fetchone():
                    put_item(index, 1)
                index.execute(UPSERT, ("dog", summary, actors))
        check(index)
        texts = [
            " ".join(str(text) for text in row)
            for row in index.execute(
                "SELECT title, summary, actors, parts FROM movies LEFT JOIN search_folded USING (ratingKey)"
            )
        ]
        for word in ("ant", "bee", "cat", "dog"):
            assert bool(found(index, word)) == any(word in text for text in texts)


def test_search_when_runs_wrote_the_file_follows_each(world: World) -> None:
    search = "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid"
    world.index()
    assert world.rows(search, "koln") == [(101,)]
    assert world.rows(search, "downey") == [(101,)]
    world.plex.control(
        "edit_item", {"ratingKey": 101, "fields": {"title": "Another", "summary": "New words"}}
    )
    world.plex.control("remove_item", {"ratingKey": 102})
    world.index()
    assert (world.rows(search, "koln"), world.rows(search, "another new")) == ([], [(101,)])
    # What Plex no longer lists keeps its row until a rebuild.
    assert world.rows(search, "versions") == [(102,)]
    world.index(rebuild=True)
    assert (world.rows(search, "versions"), world.rows(search, "another new")) == ([], [(101,)])
    with contextlib.closing(sqlite3.connect(world.db)) as connection:
        check(connection)


CHANGED = {"title": "Zebra", "summary": "Quagga"}


def hits(world: World, word: str) -> set[int]:
    return {key for (key,) in world.rows("SELECT rowid FROM search WHERE search MATCH ?", word)}


def test_search_when_items_change_forgets_the_old_words_of_every_kind(tmp_path: Path) -> None:
    with start_plex(tmp_path) as plex:
        world = World(plex, tmp_path)
        world.index()
        keys = [key for (key,) in world.rows("SELECT ratingKey FROM items ORDER BY 1")]
        was = {key: world.value("SELECT title FROM items WHERE ratingKey = ?", key) for key in keys}
        assert all(key in hits(world, f'"{was[key]}"') for key in keys)
        for key in keys:
            plex.control("edit_item", {"ratingKey": key, "fields": CHANGED})
        world.index()
        assert hits(world, "zebra") == hits(world, "quagga") == set(keys)
        for key in keys:
            assert hits(world, f'title : "{was[key]}"') == set()
        world.rows("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")


def test_people_when_they_change_are_found_by_their_new_names_alone(tmp_path: Path) -> None:
    film = {
        "ratingKey": 1,
        "title": "Film",
        "Role": ["Anna Old"],
        "Director": ["Dora Old"],
        "Writer": ["Wim Old"],
    }
    with start_plex(tmp_path, [movie_section(1, "Films", [film])]) as plex:
        world = World(plex, tmp_path)
        world.index()
        assert hits(world, "people : old") == {1}
        fields = {"Role": ["Anna New"], "Director": ["Dora New"], "Writer": ["Wim New"]}
        plex.control("edit_item", {"ratingKey": 1, "fields": fields})
        world.index()
        assert (hits(world, "people : old"), hits(world, "people : new AND wim")) == (set(), {1})


@pytest.mark.parametrize(
    "words",
    ['"千尋"', "神隠し", '"神隠し"', "title : 千と千尋の神隠し", "尋", '"宮崎"', "千尋 AND 宮崎", "神隠*"],
)
def test_part_of_a_title_or_name_without_spaces_is_a_word(tmp_path: Path, words: str) -> None:
    film = {"ratingKey": 1, "title": "千と千尋の神隠し", "Director": ["宮崎駿"]}
    with start_plex(
        tmp_path, [movie_section(1, "Films", [film, {"ratingKey": 2, "title": "A film"}])]
    ) as plex:
        world = World(plex, tmp_path)
        world.index()
        assert hits(world, words) == {1}
        plex.control("edit_item", {"ratingKey": 1, "fields": {"title": "Zebra", "Director": ["Anna New"]}})
        world.index()
        assert hits(world, words) == set()
        world.rows("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")
