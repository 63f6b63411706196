"""A finished index as one HTML page that needs no network: what is there, where the space goes, how it grew.

Numbers are read here; how they look is in `report_page/`, drawn by the library in `vendor/`.
"""

import json
import os
import re
import sqlite3
from pathlib import Path
from typing import Any

from indexer.answers.export import replacing
from indexer.answers.query import check_schema, reading
from indexer.answers.report_plays import every_month, plays_by_month, users
from indexer.file.numbers import GROWTH, SHARES, TILES, UNKNOWN
from indexer.rows.values import duration_text, size_text
from plexsync_plugin.base.errors import DatabaseError

ROWS = 25  # of each list
_FOLDER = Path(__file__).parent


def _named(title: str) -> str:
    """SQL for a title that may be empty or missing."""
    return f"coalesce(nullif(trim({title}), ''), '(no title)')"


# Movies, episodes and tracks; `size` is NULL of those whose files are all counted elsewhere or nowhere (files.leftOut), as of
# those without any, and `counted` is 0 of the former.
_MEDIA = f"""
WITH held AS (
    SELECT ratingKey, sum(size) FILTER (WHERE leftOut IS NULL) AS size, max(leftOut IS NULL) AS counted
    FROM files GROUP BY ratingKey
), titled AS (
    SELECT 1 AS kind, ratingKey, {_named("title")} || coalesce(' (' || year || ')', '') AS label, year, duration
    FROM movies WHERE available
    UNION ALL
    SELECT 4, episodes.ratingKey, coalesce(tv_shows.title || ': ', '') || {_named("episodes.title")}, episodes.year,
           episodes.duration
    FROM episodes LEFT JOIN tv_shows ON tv_shows.ratingKey = showRatingKey WHERE episodes.available
    UNION ALL
    SELECT 10, tracks.ratingKey, coalesce(artistName || ': ', '') || {_named("tracks.title")}, NULL, tracks.duration
    FROM tracks LEFT JOIN artists ON artists.ratingKey = artistRatingKey WHERE tracks.available
), media AS (
    SELECT titled.*, held.size, ifnull(held.counted, 1) AS counted FROM titled LEFT JOIN held USING (ratingKey)
)
"""

# Name on the page -> name of the number.
_TILES = {
    "Movies": "movies",
    "Shows": "shows",
    "Episodes": "episodes",
    "Artists": "artists",
    "Albums": "albums",
    "Tracks": "tracks",
    "Without a file": "withoutFile",
    "Without a poster": "withoutPoster",
    "No longer in Plex": "noLongerInPlex",
}

# Title of the chart -> label, items and bytes.
_SHARES = {
    "Libraries": SHARES["library"],
    "Resolution": SHARES["resolution"],
    "Video codec": SHARES["videoCodec"],
    "Audio codec": SHARES["audioCodec"],
    "Container": SHARES["container"],
    "Decade": f"{_MEDIA} SELECT (year / 10 * 10) || 's', count(*), sum(size) FROM media "
    "WHERE year IS NOT NULL AND counted GROUP BY 1",
}

# How a share is drawn; the others are slices of a ring.
_FORMS = {"Libraries": "rows", "Decade": "columns"}

# Title of the list -> its columns, and the query that gives label, kind, then one value to show.
_LISTS = {
    "Newest": (
        "Added",
        f"{_MEDIA} SELECT label, media.kind, substr(addedAt, 1, 10) FROM media JOIN items USING (ratingKey) "
        f"WHERE addedAt IS NOT NULL ORDER BY addedAt DESC, ratingKey DESC LIMIT {ROWS}",
    ),
    "Longest": (
        "Length",
        f"{_MEDIA} SELECT label, kind, duration FROM media WHERE duration IS NOT NULL AND counted "
        f"ORDER BY duration DESC, ratingKey LIMIT {ROWS}",
    ),
    "Largest": (
        "Size",
        f"{_MEDIA} SELECT label, kind, size FROM media WHERE size IS NOT NULL "
        f"ORDER BY size DESC, ratingKey LIMIT {ROWS}",
    ),
    "Most watched": (
        "Plays",
        f"SELECT coalesce(partOf || ': ', '') || {_named('title')}, kind, plays FROM most_watched LIMIT {ROWS}",
    ),
    "Collections": (
        "Items",
        f"SELECT {_named('title')}, memberKind, members FROM library_collections ORDER BY members DESC, title LIMIT {ROWS}",
    ),
    "Playlists": (
        "Items",
        f"SELECT {_named('title')}, memberKind, members FROM playlists ORDER BY members DESC, title LIMIT {ROWS}",
    ),
    "Duplicates": (
        "Copies",
        f"SELECT coalesce(partOf || ': ', '') || {_named('title')}, kind, copies || ', ' || reason FROM duplicates "
        f"ORDER BY copies DESC, sizeBytes DESC, 1 LIMIT {ROWS}",
    ),
}
_KINDS = {1: "movie", 4: "episode", 10: "track"}
_SHOWN = {"Length": duration_text, "Size": size_text}


def write_report(path: str, target: str, made_at: str) -> None:
    """`made_at` is shown. Raises SettingsError when there is no index, DatabaseError."""
    with reading(path) as connection:
        connection.execute("BEGIN")
        check_schema(connection, path)
        numbers = gather(connection, made_at)
    try:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with replacing(target) as file:
            file.write(page(numbers))
    except OSError as error:
        raise DatabaseError(f"{target} cannot be written: {error.strerror}.") from error


def gather(connection: sqlite3.Connection, made_at: str) -> dict[str, Any]:
    """What the page shows, as plain values."""
    size, duration = connection.execute(
        f"{_MEDIA} SELECT sum(size), sum(duration) FROM media WHERE counted"
    ).fetchone()
    facts = dict(connection.execute("SELECT name, value FROM meta").fetchall())
    tiles = [
        [name, f"{connection.execute(TILES[number]).fetchone()[0]:,}"] for name, number in _TILES.items()
    ]
    return {
        "server": facts.get("serverName", ""),
        "madeAt": made_at,
        "indexedAt": facts.get("lastCompleteRun", ""),
        "tiles": [
            ["Space", size_text(size or 0)],
            ["Playing time", _playing_time(duration or 0)],
            *tiles,
        ],
        "forms": _FORMS,
        "shares": {name: _share(connection, name, sql) for name, sql in _SHARES.items()},
        "growth": _every_month(connection.execute(GROWTH).fetchall()),
        "plays": plays_by_month(connection),
        "lists": {name: _list(connection, *parts) for name, parts in _LISTS.items()}
        | {"Users": users(connection, ROWS)},
    }


def _playing_time(milliseconds: int) -> str:
    hours = milliseconds / 3_600_000
    return f"{hours:,.0f} h" if hours >= 10 else duration_text(milliseconds)


def _share(connection: sqlite3.Connection, name: str, sql: str) -> list[list[Any]]:
    """Label, items, bytes; in order of time where the label is one, else the most space first."""
    named = _resolution if name == "Resolution" else str
    rows = [[named(label), items, size or 0] for label, items, size in connection.execute(sql)]
    return sorted(rows, key=(lambda row: row[0]) if name == "Decade" else (lambda row: (-row[2], -row[1])))


def _resolution(given: str) -> str:
    """Plex stores 1080, 4k, sd; people say 1080p, 4K, SD."""
    if given == UNKNOWN:
        return given
    return f"{given}p" if given.isdecimal() else given.upper()


def _every_month(rows: list[tuple[str, int, int]]) -> list[list[Any]]:
    """Month, items, bytes; months in which nothing came are there too."""
    known = {month: [month, items, size] for month, items, size in rows}
    return [known.get(month, [month, 0, 0]) for month in every_month(known)]


def _list(connection: sqlite3.Connection, heading: str, sql: str) -> dict[str, Any]:
    show = _SHOWN.get(heading, str)
    rows = [[label, _KINDS.get(kind, kind), show(value)] for label, kind, value in connection.execute(sql)]
    return {"columns": ["Title", "Kind", heading], "rows": rows}


def page(numbers: dict[str, Any]) -> str:
    """One self-contained page. Values are put in as JSON in which nothing can end the script or open another."""
    data = json.dumps(numbers).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    parts = {
        "style": _text("report_page", "page.css"),
        "library": _text("vendor", "chart.umd.js"),
        "script": _text("report_page", "page.js"),
        "data": data,
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], _text("report_page", "page.html"))


def _text(*names: str) -> str:
    return _FOLDER.joinpath(*names).read_text("utf-8")
