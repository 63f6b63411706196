"""docs/dashboards: every question is answered by a real index, every name in the files is one of its tables or columns.

What Datasette and Grafana do with the files is held here without them: Datasette's search by `fts_table` and `fts_pk`, the
plugin's `timeColumns` and series (numbers of seconds or RFC 3339; times in order, one column of names).
"""

import itertools
import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.index_runs import SECTIONS, World, movie_section, start_plex
from tests.sim.process import ROOT

FOLDER = ROOT / "docs" / "dashboards"
YAML: dict[str, Any] = yaml.safe_load((FOLDER / "datasette.yaml").read_text("utf-8"))
TABLES: dict[str, dict[str, Any]] = YAML["databases"]["plex_collection"]["tables"]
QUERIES: dict[str, dict[str, Any]] = YAML["databases"]["plex_collection"]["queries"]
SEARCHED = [name for name, wishes in TABLES.items() if "fts_table" in wishes]
GIVEN = {"name": "Ann", "words": "first summ", "language": "eng"}

BOARD: dict[str, Any] = json.loads((FOLDER / "grafana.json").read_text("utf-8"))
PANELS: list[dict[str, Any]] = BOARD["panels"]
SOURCE = {"type": "frser-sqlite-datasource", "uid": "${DS_PLEX}"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
each_panel = pytest.mark.parametrize("panel", PANELS, ids=[panel["title"] for panel in PANELS])

AUDIO = {"id": 1, "streamType": 2, "codec": "aac", "language": "Deutsch", "languageCode": "deu"}
FILE = {"id": 9001, "file": "/media/4/german.mkv", "size": 700, "Stream": [AUDIO]}
MORE = movie_section(
    4,
    "Director's films",
    [
        {
            "title": "Twice",
            "year": 1999,
            "guid": "plex://movie/twice",
            "file": "/media/4/a.mkv",
            "size": 5000,
        },
        {
            "title": "Twice",
            "year": 1999,
            "guid": "plex://movie/twice",
            "file": "/media/4/b.mkv",
            "size": 6000,
        },
        {"title": "Bare", "file": "/media/4/c.mkv", "thumb": None, "art": None, "viewCount": 1},
        {"title": "German", "Media": [{"id": 9000, "videoResolution": "1080", "Part": [FILE]}]},
        {"ratingKey": 900, "title": "Gone", "file": "/media/4/d.mkv"},
    ],
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    folder: Path = tmp_path_factory.mktemp("dashboards")
    with start_plex(folder, [*SECTIONS, MORE]) as plex:
        world = World(plex, folder)
        plex.control("play", {"ratingKey": 101, "viewedAt": 1_700_000_000})
        world.index(history=True)
        plex.control("remove_item", {"ratingKey": 900})
        world.index()
    connection = sqlite3.connect(f"{world.db.as_uri()}?mode=ro", uri=True)
    yield connection
    connection.close()


def columns_of(index: sqlite3.Connection, table: str) -> set[str]:
    return {row[1] for row in index.execute(f"PRAGMA table_info({table})")}


@pytest.mark.parametrize("name", QUERIES)
def test_question_of_datasette_is_answered(index: sqlite3.Connection, name: str) -> None:
    assert index.execute(QUERIES[name]["sql"], GIVEN).fetchall()


@pytest.mark.parametrize("value", ["", " ", '"', "' OR 1", "%", "a  b", "NOT", "*"])
@pytest.mark.parametrize("name", [name for name in QUERIES if ":" in QUERIES[name]["sql"]])
def test_question_of_datasette_takes_any_words(index: sqlite3.Connection, name: str, value: str) -> None:
    """Datasette opens the page of a question with empty parameters, before anybody has filled them in."""
    cursor = index.execute(QUERIES[name]["sql"], dict.fromkeys(GIVEN, value))
    assert cursor.description
    assert isinstance(cursor.fetchall(), list)


def test_question_of_datasette_has_a_title_and_no_name_of_a_table(index: sqlite3.Connection) -> None:
    taken = {name for (name,) in index.execute("SELECT name FROM sqlite_schema")}
    assert not taken & set(QUERIES)
    assert all(query["title"] for query in QUERIES.values())


def test_search_everything_finds_beginnings_and_leaves_out_what_is_gone(index: sqlite3.Connection) -> None:
    def found(words: str) -> list[str]:
        return [row[1] for row in index.execute(QUERIES["search_everything"]["sql"], {"words": words})]

    assert found("amelie") == ["Amélie à Köln: „Ende“ 映画"]
    assert found("koln AME") == ["Amélie à Köln: „Ende“ 映画"]
    assert sorted(found("Twi")) == ["Twice", "Twice"]
    assert found("Gone") == []


def test_without_language_names_what_has_others_only(index: sqlite3.Connection) -> None:
    def found(language: str) -> set[str]:
        return {row[1] for row in index.execute(QUERIES["without_language"]["sql"], {"language": language})}

    assert "German" in found("eng")
    assert "German" not in found("DEU")
    assert "German" not in found("deutsch")


@pytest.mark.parametrize("table", TABLES)
def test_table_of_datasette_has_every_column_that_is_named(index: sqlite3.Connection, table: str) -> None:
    wishes, columns = TABLES[table], columns_of(index, table)
    single = {wishes[wish] for wish in ("sort", "sort_desc", "label_column", "fts_pk") if wish in wishes}
    assert columns
    assert {
        *wishes.get("facets", ()),
        *single,
        *wishes.get("units", ()),
        *wishes.get("columns", ()),
    } <= columns


@pytest.mark.parametrize("table", [name for name, wishes in TABLES.items() if "facets" in wishes])
def test_facet_of_datasette_gathers_rows(index: sqlite3.Connection, table: str) -> None:
    """A facet that is different in each row only pushes the rows down."""
    (rows,) = index.execute(f"SELECT count(*) FROM {table}").fetchone()
    for facet in TABLES[table]["facets"]:
        (values,) = index.execute(f"SELECT count(DISTINCT {facet}) FROM {table}").fetchone()
        assert values < rows or rows < 5, facet


@pytest.mark.parametrize("table", SEARCHED)
def test_search_of_datasette_finds_rows_of_the_table(index: sqlite3.Connection, table: str) -> None:
    wishes = TABLES[table]
    title = next(name for name in ("title", "artistName") if name in columns_of(index, table))
    rows = index.execute(f"SELECT {wishes['fts_pk']}, {title} FROM {table}").fetchall()
    key, text = max(rows, key=lambda row: str(row[1]))
    hits = index.execute(
        f"SELECT {wishes['fts_pk']} FROM {table} WHERE {wishes['fts_pk']} IN "
        f"(SELECT rowid FROM {wishes['fts_table']} WHERE {wishes['fts_table']} MATCH ?)",
        (" ".join(f'"{word}"' for word in str(text).split()),),
    ).fetchall()
    assert (key,) in hits


def test_search_of_datasette_is_in_every_library_table() -> None:
    promised = {"items", "movies", "tv_shows", "seasons", "episodes", "artists", "albums", "tracks"}
    assert promised <= set(SEARCHED)
    assert all(TABLES[table].get("label_column") for table in promised)


def test_limits_of_datasette_are_the_ones_of_the_command() -> None:
    page = (FOLDER / "README.md").read_text("utf-8")
    assert dict(re.findall(r"--setting (\w+) (\d+)", page)) == {
        name: str(value) for name, value in YAML["settings"].items()
    }


def answer(index: sqlite3.Connection, panel: dict[str, Any], *libraries: str) -> tuple[list[str], list[Any]]:
    """What the plugin gets after Grafana has put the chosen libraries in, quoted as its format `sqlstring` does."""
    titles = libraries or tuple(title for (title,) in index.execute(library_variable()["query"]))
    chosen = ",".join("'" + title.replace("'", "''") + "'" for title in titles)
    (target,) = panel["targets"]
    cursor = index.execute(target["rawQueryText"].replace("${library:sqlstring}", chosen))
    return [column[0] for column in cursor.description], cursor.fetchall()


def panel_of(title: str) -> dict[str, Any]:
    (panel,) = [panel for panel in PANELS if panel["title"] == title]
    return panel


def library_variable() -> dict[str, Any]:
    (variable,) = BOARD["templating"]["list"]
    assert isinstance(variable, dict)
    return variable


@each_panel
def test_panel_of_grafana_is_answered(index: sqlite3.Connection, panel: dict[str, Any]) -> None:
    columns, rows = answer(index, panel)
    assert rows
    for column in panel["targets"][0]["timeColumns"]:
        times = [row[columns.index(column)] for row in rows]
        assert all(time is None or is_time(time) for time in times)


def is_time(value: object) -> bool:
    """As the plugin understands it: whole seconds (not milliseconds), or RFC 3339."""
    return 10**9 < value < 10**10 if isinstance(value, int) else TIME.fullmatch(str(value)) is not None


@each_panel
def test_panel_of_grafana_has_one_type_in_each_column(
    index: sqlite3.Connection, panel: dict[str, Any]
) -> None:
    """The plugin takes the type of a column from its first value, and turns the others into it."""
    columns, rows = answer(index, panel)
    for place, column in enumerate(columns):
        assert len({type(row[place]) for row in rows if row[place] is not None}) <= 1, column


@each_panel
def test_panel_of_grafana_has_the_columns_that_it_draws(
    index: sqlite3.Connection, panel: dict[str, Any]
) -> None:
    columns, rows = answer(index, panel)
    (target,) = panel["targets"]
    texts = sum(isinstance(value, str) for value in rows[0])
    if panel["type"] == "stat":
        assert (len(rows), len(columns), texts) == (1, 1, 0)
    elif panel["type"] == "piechart":
        assert (len(columns), texts) == (2, 1)
        # A unit for all columns would show the name 1080 as 1.1 kB.
        assert "unit" not in panel["fieldConfig"]["defaults"]
    elif panel["type"] == "timeseries":
        assert target["queryType"] == "time series"
        assert target["timeColumns"] == [columns[0]]
        assert (len(columns), texts) == (3, 1)
        times = [row[0] for row in rows]
        assert times == sorted(times)
        assert f"${{__field.labels.{columns[1]}}}" in json.dumps(panel["fieldConfig"]["overrides"])
    else:
        assert panel["type"] == "table"
        assert target["queryType"] == "table"


@each_panel
def test_override_of_grafana_names_a_column(index: sqlite3.Connection, panel: dict[str, Any]) -> None:
    columns, _rows = answer(index, panel)
    for override in panel["fieldConfig"]["overrides"]:
        matcher = override["matcher"]
        assert matcher["options"] in ({"byName": columns, "byType": ["number"]}[matcher["id"]])


def test_library_of_grafana_narrows_what_is_shown(index: sqlite3.Connection) -> None:
    shown = {
        panel["title"]: [answer(index, panel, library)[1] for library in ("Musik", "Director's films")]
        for panel in PANELS
    }
    assert shown["Movies"] == [[(0,)], [(4,)]]
    assert shown["Tracks"] == [[(3,)], [(0,)]]
    assert shown["Space"][0] == [(70,)]
    assert [len(rows) for rows in shown["Duplicates"]] == [0, 1]
    assert [len(rows) for rows in shown["Largest movies"]] == [0, 4]
    assert [len(rows) for rows in shown["Unwatched, the largest first"]] == [0, 3]
    assert {row[1] for row in shown["Space over time"][0]} == {"Musik"}


def test_library_that_holds_nothing_is_shown_as_nothing(index: sqlite3.Connection) -> None:
    """A sum of no rows is NULL, and Grafana leaves the number away."""
    for panel in PANELS:
        _columns, rows = answer(index, panel, "no such library")
        if panel["type"] == "stat":
            assert rows == [(0,)], panel["title"]
        else:
            assert not rows or panel["title"] == "Runs of the indexer"


def test_series_of_grafana_are_named_by_what_is_computed() -> None:
    """Where no row comes, the plugin still knows the type of a column of a table, and cannot make series of no texts."""
    assert "library || '' AS library" in panel_of("Space over time")["targets"][0]["rawQueryText"]


def test_space_over_time_is_a_line_from_the_first_month_on(index: sqlite3.Connection) -> None:
    """A library of this month alone would be one point, and Grafana draws no line to it."""
    _columns, rows = answer(index, panel_of("Space over time"))
    for _library, points in itertools.groupby(
        sorted(rows, key=lambda row: (row[1], row[0])), lambda row: row[1]
    ):
        times, sizes = zip(*[(time, size) for time, _name, size in points], strict=True)
        assert times[0] < times[-1]
        assert sizes[0] == 0 < sizes[-1]


def test_bar_of_grafana_is_as_wide_as_a_month(index: sqlite3.Connection) -> None:
    """Grafana takes the width from the smallest gap between two times: months without anything have to be there too."""
    _columns, rows = answer(index, panel_of("Added by month"))
    times = sorted({time for time, _kind, _added in rows})
    assert len(times) > 1
    assert all(28 <= (later - time) / 86400 <= 31 for time, later in itertools.pairwise(times))
    assert len(rows) == len(times) * len({kind for _time, kind, _added in rows})
    assert sum(added for _time, _kind, added in rows) > 0
    assert panel_of("Added by month")["fieldConfig"]["defaults"]["min"] == 0


def test_time_of_grafana_has_a_unit() -> None:
    """Without one Grafana adds milliseconds where the first and last time are less than a minute apart."""
    for panel in PANELS:
        if panel["type"] == "table":
            units = {
                override["matcher"]["options"]: entry["value"]
                for override in panel["fieldConfig"]["overrides"]
                for entry in override["properties"]
                if entry["id"] == "unit"
            }
            for column in panel["targets"][0]["timeColumns"]:
                assert units[column] == "dateTimeAsIso"


def test_libraries_of_grafana_are_those_of_the_index(index: sqlite3.Connection) -> None:
    variable = library_variable()
    assert (variable["name"], variable["datasource"]) == ("library", SOURCE)
    titles = [title for (title,) in index.execute(variable["query"])]
    assert titles == ["Director's films", "Fílme, alt & neu", "Musik", "Serien"]
    assert variable["current"]["value"] == ["$__all"]


def test_source_of_grafana_is_asked_for_on_import() -> None:
    (wanted,) = BOARD["__inputs"]
    assert (wanted["name"], wanted["type"], wanted["pluginId"]) == ("DS_PLEX", "datasource", SOURCE["type"])
    for panel in PANELS:
        assert panel["datasource"] == SOURCE
        assert [target["datasource"] for target in panel["targets"]] == [SOURCE]
    required = {(each["type"], each["id"]) for each in BOARD["__requires"]}
    assert {("panel", panel["type"]) for panel in PANELS} | {("datasource", SOURCE["type"])} <= required


def test_questions_of_grafana_use_no_variable_that_is_not_there() -> None:
    """`queryText` is what is asked where no browser fills variables in; the plugin makes it of `rawQueryText` else."""
    for panel in PANELS:
        (target,) = panel["targets"]
        assert target["queryText"] == target["rawQueryText"]
        assert set(re.findall(r"\$\S+?[)}]|\$\w+", target["rawQueryText"])) <= {"${library:sqlstring}"}


def test_panels_of_grafana_lie_side_by_side() -> None:
    assert len({panel["id"] for panel in PANELS}) == len({panel["title"] for panel in PANELS}) == len(PANELS)
    places = [panel["gridPos"] for panel in PANELS]
    assert all(place["x"] + place["w"] <= 24 for place in places)
    squares = [
        (x, y)
        for place in places
        for x, y in itertools.product(
            range(place["x"], place["x"] + place["w"]), range(place["y"], place["y"] + place["h"])
        )
    ]
    # As many as an area without gaps holds: no panel over another, none that Grafana would move up.
    assert len(set(squares)) == len(squares) == 24 * max(place["y"] + place["h"] for place in places)
