"""Who runs SQL: plexsync.db is `jobs/`'s alone, each of its tables is written by one module, the index by its own modules."""

import ast
import re
from pathlib import Path

from plexsync_plugin.jobs.scene_tables import OUTLIVES_SCENES, SCENE_TABLES
from tests.architecture.sources import PROGRAM, is_within, module_name, python_files
from tests.sim.process import ROOT

RUNS_SQL = {"execute", "executemany", "executescript"}
JOBS = "plexsync_plugin.jobs"
# Who runs SQL, and on which file.
OWNERS = {
    JOBS: "plexsync.db, the inbox that it is filled from, and preview.db",
    "plexsync_plugin.base.sqlite": "any file: connections, transactions, migrations",
    "plexsync_plugin.base.levelling": "any file: carries one of an earlier form of a schema over",
    "plexsync_plugin.plex.index_state": "the index, read through its views",
    "plexsync_plugin.plex.views": "the index, read through its views",
    "plexsync_plugin.plex.page_views": "the index, read through its views, for the page inside Stash",
    "plexsync_plugin.worker.finding.file_listing": "a throw-away file with what Plex has just listed",
    "indexer.file": "the index and its staging",
    "indexer.answers": "the index, for reports and queries",
    "indexer.pictures.keeper": "the index, for its pictures",
}
WRITES = re.compile(r"\b(?:INSERT(?: OR REPLACE)? INTO|UPDATE|DELETE FROM) (?!SET\b)(\w+)")
# Named by their own table elsewhere; `scene_tables` writes to every table of its list, by name.
WRITERS = {"jobs": "store", "learned_paths": "learned"}
INBOX = {"inbox", "drain"}  # the modules that run SQL on persist-queue's file
TABLE = re.compile(r"^CREATE TABLE (\w+) \((.*?)^\) STRICT", re.MULTILINE | re.DOTALL)


def runs_sql(path: Path) -> bool:
    tree = ast.parse((ROOT / path).read_bytes())
    return any(isinstance(node, ast.Attribute) and node.attr in RUNS_SQL for node in ast.walk(tree))


def asks(function: ast.FunctionDef) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr in RUNS_SQL for node in ast.walk(function))


def texts(path: Path) -> str:
    """All literal text of a module but for docstrings, f-strings with a mark where a value stands."""
    tree = ast.parse((ROOT / path).read_bytes())
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare
    ]
    return "\n".join(found)


def schema() -> dict[str, str]:
    """The columns of each table of plexsync.db, as they are written."""
    scripts = sorted((ROOT / "plexsync_plugin" / "jobs" / "schema").glob("*.sql"))
    return dict(TABLE.findall("\n".join(script.read_text(encoding="utf-8") for script in scripts)))


def test_sql_is_run_by_its_owners_alone() -> None:
    users = {module_name(path) for path in python_files(*PROGRAM) if runs_sql(path)}
    assert [user for user in users if not any(is_within(user, owner) for owner in OWNERS)] == []
    assert [owner for owner in OWNERS if not any(is_within(user, owner) for user in users)] == []


def test_each_table_of_plexsync_db_is_written_by_the_module_of_its_name() -> None:
    tables = schema()
    writers: dict[str, set[str]] = {table: set() for table in tables}
    for path in python_files("plexsync_plugin"):
        for table in WRITES.findall(texts(path)):
            if table in writers:
                writers[table].add(module_name(path))
    assert writers == {table: {f"{JOBS}.{WRITERS.get(table, table)}"} for table in tables}


def test_every_table_with_scenes_is_in_the_list_or_an_exception_with_its_reason() -> None:
    with_scenes = {table for table, columns in schema().items() if re.search(r"^\s+scene_id ", columns, re.M)}
    listed = [table.name for table in SCENE_TABLES]
    assert sorted([*listed, *OUTLIVES_SCENES]) == sorted(with_scenes)
    assert all(OUTLIVES_SCENES.values())


def test_tables_that_say_a_scene_is_in_sync_tell_for_which_server() -> None:
    by_server = {table for table, columns in schema().items() if re.search(r"^\s+server ", columns, re.M)}
    in_sync = {table.name for table in SCENE_TABLES if table.says_in_sync}
    assert in_sync == {"synced"}
    assert in_sync <= by_server


def test_every_query_on_plexsync_db_has_a_name_and_a_sentence() -> None:
    wrong = [
        f"{path}:{function.lineno} {function.name}"
        for path in python_files("plexsync_plugin")
        if path.parent.name == "jobs" and path.stem not in INBOX
        for function in ast.walk(ast.parse((ROOT / path).read_bytes()))
        if isinstance(function, ast.FunctionDef) and asks(function) and not ast.get_docstring(function)
    ]
    assert wrong == []
