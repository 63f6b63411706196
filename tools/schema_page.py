"""`python -m tools.schema_page` writes docs/schema.md: the index as its migrations make it, a sentence per column.

The sentences are the comments in `schema/*.sql`; a column without one is an error.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from indexer.file.store import migrations
from tools.left_out import LEFT_OUT

PAGE = Path(__file__).resolve().parents[1] / "docs" / "schema.md"

_TABLE = re.compile(
    r"^(?:-- (?P<about>[^\n]+)\n)CREATE TABLE (?P<name>\w+) \(\n(?P<body>.*?)\n\) STRICT;", re.M | re.S
)
_VIEW = re.compile(
    r"^-- (?P<about>[^\n]+)\nCREATE (?:VIEW (?P<name>\w+) \(|VIRTUAL TABLE (?P<search>\w+) USING fts5 \()\n"
    r"(?P<columns>(?:    \w+,? -- [^\n]+\n)+)",
    re.M,
)
_ADDED = re.compile(
    r"^ALTER TABLE (?P<table>\w+) ADD COLUMN (?P<column>[^;\n]+); -- (?P<about>[^\n]+)$", re.M
)
_VIEW_COLUMN = re.compile(r"^    (?P<name>\w+),? -- (?P<about>.+)$", re.M)
_COLUMN = re.compile(
    r"^    (?P<name>[a-z]\w*) (?P<type>INTEGER|REAL|TEXT|BLOB)(?P<rest>.*?)(?: -- (?P<about>.+))?$"
)
_PARENT = re.compile(r"REFERENCES (\w+) \((\w+)\)")

_HEAD = """\
# The index, table by table

Written by `python -m tools.schema_page` from `indexer/file/schema/*.sql`. The names of the seven library tables (`movies`, `tv_shows`,
`seasons`, `episodes`, `artists`, `albums`, `tracks`) and their columns are promised: more may come, none is renamed or dropped.

- Sums of bytes, views and the report count each path once, and leave out what Plex keeps in its trash and what it made itself
  (optimized versions): `files.leftOut` says of each file why. `sizeBytes` of a movie, episode or track is all its files together.
- Sizes are bytes, lengths milliseconds, times ISO 8601 in UTC, dates as Plex gives them. What Plex does not give is NULL.
- A list in one column is joined by ", " in Plex's order; `credits` and `tags` (views over `people` and `tag_names`) hold the same
  without ambiguity.
- A row that Plex no longer lists keeps its values, with `available` 0 and `lastSeen` at the last time it was listed.
- Deleting a row deletes what belongs to it. The indexer itself deletes nothing but in a rebuild.
- `mediaHash` is the SHA-256 of size, duration, video codec, audio codec, resolution, container, title and year, joined by the
  character 0x1F. `elementHash` covers everything in Plex's listing but what watching changes, so that any edit is seen.
- Listings of Plex hold at most two genres, directors and writers and three actors of an item, and no labels, locks or
  producers: all rows are made from the full details.
- Searching: `plex_sync.py search` takes what a person types, and `search_typed` takes it as `text LIKE '%...%'`, in lower case and with
  or without accents. Who writes `MATCH` puts each word between double quotes and doubles those within: `"C++"`, `"AC/DC"`,
  `"O'Brien"`, `"7"" single"` (and doubles `'` where the statement is text). Without quotes FTS5 reads `+ - * : ( ) ^` and AND, OR, NOT
  as signs of its own. `search` looks for words (`"wait"*` for their begin). Japanese, Chinese, Korean and Thai put no space between words: of their
  titles and names it finds each part of up to eight characters, too. `search_parts` looks for three characters or more within any
  word, also of their summaries.
- Each column holds values of one type, or NULL. pandas reads every table and view by `read_sql`, polars by
  `read_database(query, connection, infer_schema_length=None)`: it guesses types from the first 100 rows unless told otherwise, and
  fails where those are NULL.
- Tools: open the file read-only; it is never in WAL mode. `PRAGMA user_version` is the number of the schema.
"""


_LEFT_OUT_HEAD = """\
# Left out on purpose

What recorded answers of Plex servers hold and the index does not. `movie.x` is the attribute x of a movie's own element, `item.x`
that of an item of any kind, `Part.x` of an element Part within an item, `*.x` of any element within one, `library.x` of a library
in the list of libraries, `listing.x` of the element around a listing. `Extras.*` is all that is not stored of an element, and all
within it; `photo.*` an item of a kind that the index does not have.
"""


def render() -> str:
    script = "\n".join(migrations())
    added: dict[str, list[str]] = {}
    for found in _ADDED.finditer(script):
        added.setdefault(found["table"], []).append(f"    {found['column']} -- {found['about']}")
    tables = [_table(found, added.get(found["name"], ())) for found in _TABLE.finditer(script)]
    # A later migration may make a view anew: its last form stands where the first one stood.
    views = {found["name"] or found["search"]: _view(found) for found in _VIEW.finditer(script)}
    return "\n".join([_HEAD, "# Tables\n", *tables, "# Views and search\n", *views.values(), left_out_text()])


def left_out_text() -> str:
    """The section on what Plex gives and the index does not hold."""
    names: dict[str, list[str]] = {}
    for name, reason in LEFT_OUT.items():
        names.setdefault(reason, []).append(f"`{name}`")
    lines = [_LEFT_OUT_HEAD, "| element, attribute | why |", "|---|---|"]
    lines.extend(f"| {', '.join(found)} | {reason} |" for reason, found in names.items())
    return "\n".join(lines) + "\n"


def _table(found: re.Match[str], added: Sequence[str] = ()) -> str:
    """`added` are lines of columns that later migrations add."""
    lines = [f"## {found['name']}\n", f"{found['about']}\n", "| column | type | meaning |", "|---|---|---|"]
    lines.extend(_columns(found["name"], "\n".join((found["body"], *added))))
    return "\n".join(lines) + "\n"


def _columns(table: str, body: str) -> Iterator[str]:
    for line in body.splitlines():
        if line.lstrip().startswith(("PRIMARY KEY", "UNIQUE")):
            continue
        column = _COLUMN.match(line)
        if column is None or not column["about"]:
            raise ValueError(f"table {table}: no sentence for {line.strip()!r}")
        yield f"| `{column['name']}` | {_type(column)} | {column['about']} |"


def _type(column: re.Match[str]) -> str:
    words = [column["type"].lower()]
    if "PRIMARY KEY" in column["rest"]:
        words.append("primary key")
    parent = _PARENT.search(column["rest"])
    if parent:
        words.append(f"to `{parent[1]}.{parent[2]}`")
    return ", ".join(words)


def _view(found: re.Match[str]) -> str:
    lines = [
        f"## {found['name'] or found['search']}\n",
        f"{found['about']}\n",
        "| column | meaning |",
        "|---|---|",
        *(
            f"| `{column['name']}` | {column['about']} |"
            for column in _VIEW_COLUMN.finditer(found["columns"])
        ),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(render(), "utf-8", newline="\n")
