"""What a person types -> the items it means, the best first. Reads a finished index.

A word is looked for as a word (or its begin) in titles, people and summaries, and as a part of a title; in scripts without
spaces between words it is part of any text. "-word" leaves out, and quotation marks keep words together. No other sign means
anything, so that C++, AC/DC and O'Brien are found as they stand.
"""

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TextIO

from indexer.answers.list_search import LIST_KINDS, find_lists
from indexer.answers.query import check_schema, plain, reading, write_answer
from indexer.rows.folding import folded, is_unspaced
from plexsync_plugin.base.errors import SettingsError
from plexsync_plugin.core.model import Kind

ITEM_KINDS = tuple(kind.name.lower() for kind in Kind)
KINDS = (*ITEM_KINDS, *LIST_KINDS)
ROWS = 50  # unless told otherwise
RANKED = 5_000  # items; of more, none is weighed
MOST_WORDS = (
    100  # of each sort; SQLite joins no more than 500 questions, and who pastes a page means its beginning
)
SHORTEST_PART = 3  # characters that the index of parts can look up
SHORTEST_BEGIN = 2  # characters that a word may begin with; one letter is a word of its own

COLUMNS = ["ratingKey", "kind", "library", "title", "year", "partOf"]
NOTHING = "Nothing found."

_TYPED = re.compile(r'(?P<out>-?)"(?P<phrase>[^"]+)"?|(?P<word>\S+)')
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# Weights of the columns of `search`: title, original title, summary, people, parts of titles and names.
_RANK = "bm25(search, 10.0, 8.0, 1.0, 4.0, 4.0)"
# What people look for most stands first among equals.
_PREFERRED = (Kind.MOVIE, Kind.SHOW, Kind.ARTIST, Kind.ALBUM, Kind.EPISODE, Kind.TRACK, Kind.SEASON)
_PLACE = " ".join(f"WHEN {int(kind)} THEN {place}" for place, kind in enumerate(_PREFERRED))
# Titles come first, and end where `folding.TITLES_END` stands: what stands there at all stands there first.
_IN_TITLES = "BETWEEN 1 AND instr(text || char(10, 10), char(10, 10)) - 1"
_KIND = " ".join(f"WHEN {int(kind)} THEN '{kind.name.lower()}'" for kind in Kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """`wanted` words (or phrases) must all be there, of `unwanted` none; of more than `MOST_WORDS` the first."""

    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]

    @property
    def whole(self) -> str:
        return " ".join(folded(" ".join(self.wanted)).split())


def read_typed(text: str) -> Typed:
    """Raises SettingsError when nothing is left to look for."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for found in _TYPED.finditer(_CONTROL.sub(" ", text)):
        word, out = found["phrase"] or found["word"], bool(found["out"])
        if found["word"] and word[0] == "-" and word[1:2].isalnum():
            word, out = word[1:], True
        (unwanted if out else wanted).append(word.strip().strip('"') or word)
    if not wanted:  # nothing to leave it out of: then it is looked for as it stands
        wanted, unwanted = [f"-{word}" for word in unwanted], []
    # "Tom & Jerry" may be "Tom and Jerry".
    spoken = [word for word in wanted if _has_letters(word)]
    if not wanted:
        raise SettingsError("search", "There is nothing to look for. Name a word, like search amelie")
    return Typed(
        wanted=tuple(spoken or wanted)[:MOST_WORDS],
        unwanted=tuple(word for word in unwanted if _has_letters(word))[:MOST_WORDS],
    )


def _has_letters(word: str) -> bool:
    return any(sign.isalnum() for sign in word)


@dataclass(slots=True)
class _Statement:
    """Parts of SQL, and the values that stand in them by number."""

    values: list[str | int] = field(default_factory=list)

    def value(self, given: str | int) -> str:
        self.values.append(given)
        return f"?{len(self.values)}"


def run_search(
    path: str, words: str, out: TextIO, *, kinds: Sequence[str] = (), limit: int = ROWS, as_json: bool = False
) -> None:
    """`kinds` of `KINDS`, none for all. Raises SettingsError, DatabaseError."""
    typed = read_typed(words)
    with reading(path) as connection:
        check_schema(connection, path)
        rows = _found(connection, typed, kinds or KINDS, limit)
    if as_json:
        found = [dict(zip(COLUMNS, map(plain, row), strict=True)) for row in rows]
        out.write(f"{json.dumps(found, ensure_ascii=False, indent=2)}\n")
    elif not rows and out.isatty():
        out.write(f"{NOTHING}\n")
    else:
        write_answer(COLUMNS, rows, out)


def _found(
    connection: sqlite3.Connection, typed: Typed, kinds: Sequence[str], limit: int
) -> list[tuple[Any, ...]]:
    """Items, and collections and playlists behind them; before them where one has exactly the name that was typed."""
    items = [kind for kind in kinds if kind in ITEM_KINDS]
    exact, others = find_lists(connection, typed.wanted, typed.unwanted, kinds)
    rows = search(connection, typed, items, limit).fetchall() if items else []
    return [*exact, *rows, *others][:limit]


def search(connection: sqlite3.Connection, typed: Typed, kinds: Sequence[str], limit: int) -> sqlite3.Cursor:
    """`COLUMNS` of the items that are found, the best first. More than `RANKED` are in the order of `_nearest` alone."""
    keys = _nearest(connection, typed, kinds, max(limit, RANKED) + 1)
    statement = _Statement()
    if len(keys) > RANKED:
        found, ranked, order = json.dumps(keys[:limit]), "SELECT NULL, NULL", "found.place"
    else:
        found, ranked = json.dumps(keys), _ranked(statement, typed)
        order = (
            f"{_level(statement, typed, _as_words(statement, typed))}, ranked.rank IS NULL, ranked.rank, "
            f"CASE items.kind {_PLACE} END, year DESC, ifnull(items.titleSort, items.title), items.ratingKey"
        )
    sql = (
        f"WITH found (place, ratingKey) AS (SELECT key, value FROM json_each({statement.value(found)})), "
        f"ranked (ratingKey, rank) AS ({ranked}) "
        f"SELECT items.ratingKey, CASE items.kind {_KIND} END AS kind, sections.title AS library, items.title, "
        "coalesce(movies.year, tv_shows.year, episodes.year, albums.year) AS year, "
        "coalesce(above.title || CASE items.kind WHEN 4 THEN printf(', S%02dE%02d', episodes.seasonNumber, "
        "episodes.episodeNumber) WHEN 10 THEN ', ' || parent.title ELSE '' END, above.title) AS partOf "
        "FROM found CROSS JOIN items USING (ratingKey) JOIN sections ON sections.key = items.sectionKey "
        "LEFT JOIN search_folded USING (ratingKey) LEFT JOIN ranked USING (ratingKey) "
        "LEFT JOIN items AS parent ON parent.ratingKey = items.parentKey "
        "LEFT JOIN items AS above ON above.ratingKey = ifnull(items.grandparentKey, items.parentKey) "
        "LEFT JOIN movies USING (ratingKey) LEFT JOIN tv_shows USING (ratingKey) LEFT JOIN episodes USING (ratingKey) "
        f"LEFT JOIN albums USING (ratingKey) ORDER BY {order} LIMIT {statement.value(limit)}"
    )
    return connection.execute(sql, statement.values)


def _nearest(connection: sqlite3.Connection, typed: Typed, kinds: Sequence[str], most: int) -> list[int]:
    """Rating keys of what is found, by what costs little to tell: titles that are it, begin so, hold it; the shortest first.

    How often and where a word stands tells little of a word that thousands of items hold, and costs most to find out.
    """
    statement = _Statement()
    found = " INTERSECT ".join(_holding(connection, statement, word) for word in typed.wanted)
    for word in typed.unwanted:
        found += f" EXCEPT {_holding(connection, statement, word)}"
    numbers = ", ".join(str(int(Kind[kind.upper()])) for kind in kinds)
    of_kinds = f"AND items.kind IN ({numbers})" if kinds else ""
    rows = connection.execute(
        f"SELECT items.ratingKey FROM ({found}) AS found CROSS JOIN items USING (ratingKey) "
        f"LEFT JOIN search_folded USING (ratingKey) WHERE items.available = 1 {of_kinds} "
        f"ORDER BY {_level(statement, typed, '0')}, length(text), CASE items.kind {_PLACE} END, items.ratingKey "
        f"LIMIT {statement.value(most)}",
        statement.values,
    )
    return [row[0] for row in rows]


def _holding(connection: sqlite3.Connection, statement: _Statement, word: str) -> str:
    """A query for the rating keys of all items that hold a word."""
    sources = list(_sources(connection, statement, word))
    return f"SELECT ratingKey FROM ({' UNION '.join(sources)})"


def _sources(connection: sqlite3.Connection, statement: _Statement, word: str) -> Iterator[str]:
    text = folded(word)
    signed = not (text[:1].isalnum() and text[-1:].isalnum())
    part = _part(statement, text) if signed or is_unspaced(text) or len(text) >= SHORTEST_PART else ""
    if part:
        yield part
    # "C++" as it stands; where nothing holds it so, "What?" is what.
    if not _has_letters(word) or (signed and part and _finds(connection, text)):
        return
    yield f"SELECT rowid AS ratingKey FROM search WHERE search MATCH {statement.value(_phrase(word))}"


def _part(statement: _Statement, text: str) -> str:
    if len(text) >= SHORTEST_PART:
        return f"SELECT rowid AS ratingKey FROM search_parts WHERE search_parts MATCH {statement.value(quoted(text))}"
    return f"SELECT ratingKey FROM search_folded WHERE instr(text, {statement.value(text)})"


def _finds(connection: sqlite3.Connection, text: str) -> bool:
    statement = _Statement()
    return connection.execute(f"{_part(statement, text)} LIMIT 1", statement.values).fetchone() is not None


def quoted(text: str) -> str:
    """As a string of FTS5's language, in which no sign has a meaning but the quotation mark, which is doubled."""
    return '"{}"'.format(text.replace('"', '""'))


def _phrase(word: str) -> str:
    """A word of several parts (AC/DC) is a phrase of the word index; its last part may go on, unless a sign ends it."""
    goes_on = len(word) >= SHORTEST_BEGIN and word[-1].isalnum()
    return f"{quoted(word)}*" if goes_on else quoted(word)


def _ranked(statement: _Statement, typed: Typed) -> str:
    words = " ".join(_phrase(word) for word in typed.wanted if _has_letters(word))
    if not words:
        return "SELECT NULL, NULL"
    return f"SELECT rowid, {_RANK} FROM search WHERE search MATCH {statement.value(words)}"


def _as_words(statement: _Statement, typed: Typed) -> str:
    """Whether all words are words of the title."""
    words = " ".join(
        f"{{title originalTitle}} : {quoted(word)}" for word in typed.wanted if _has_letters(word)
    )
    if not words:
        return "0"
    return f"items.ratingKey IN (SELECT rowid FROM search WHERE search MATCH {statement.value(words)})"


def _level(statement: _Statement, typed: Typed, as_words: str) -> str:
    """0: it is the title; 1: the title begins so; 2: all are words of the title; 3: parts of it; 4: they stand elsewhere."""
    whole = statement.value(typed.whole)
    as_parts = " AND ".join(
        f"instr(text, {statement.value(folded(word))}) {_IN_TITLES}" for word in typed.wanted
    )
    return (
        f"CASE WHEN instr(char(10) || text || char(10), char(10) || {whole} || char(10)) {_IN_TITLES} THEN 0 "
        f"WHEN instr(char(10) || text, char(10) || {whole}) {_IN_TITLES} THEN 1 "
        f"WHEN {as_words} THEN 2 WHEN {as_parts} THEN 3 ELSE 4 END"
    )
