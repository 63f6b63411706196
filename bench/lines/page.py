"""What the page inside Stash asks, on an index of 200 000 items: whole processes, against a bare interpreter."""

import contextlib
import json
from collections.abc import Callable
from functools import partial
from typing import Any

from bench.measuring import RUNS, Line, in_turns
from bench.processes import limit, run
from tests.generated_index import generate
from tests.hook_runs import START
from tests.stage import Stage

ASKED: dict[str, dict[str, Any]] = {
    "overview": {},
    "activity": {},
    "problems": {},
    "scene": {"id": 1},
    "library": {},
    "search": {"q": "film 12"},
}
MOST = 1_000  # milliseconds


def measure(items: int = 200_000, turns: int = RUNS) -> list[Line]:
    group = f"The page inside Stash, {items} items in the index"
    with Stage() as stage:
        stage.edit(1, title="A title")
        stage.wait_title(1, "A title")
        _lay_index(stage, items)
        programs: dict[str, Callable[[], float]] = {"limit": lambda: limit("bare_python").seconds * 1000}
        for operation, arguments in ASKED.items():
            programs[operation] = partial(_asked, _document(stage, operation, arguments))
        times = in_turns(programs, turns)
    compared = "python -c 'import json, sqlite3'"
    return [
        Line(group=group, name=name, unit="ms", ours=times[name], limit=compared, limits=times["limit"])
        for name in ASKED
    ]


def _asked(document: bytes) -> float:
    """Milliseconds of the whole process."""
    took = run([str(START)], given=document)
    assert "data" in json.loads(took.output)["output"], took.output
    return took.seconds * 1000


def _document(stage: Stage, operation: str, arguments: dict[str, Any]) -> bytes:
    connection = {"Scheme": "http", "Host": "127.0.0.1", "Port": stage.stash.port, "Dir": str(stage.config)}
    args = {"operation": operation, **arguments}
    return json.dumps({"server_connection": connection, "args": args}).encode()


def _lay_index(stage: Stage, items: int) -> None:
    """In the place of the stage's own, as if it were of the same server."""
    path = stage.data / "plex_collection.db"
    path.unlink(missing_ok=True)
    (server,) = stage.rows("SELECT DISTINCT server FROM ledger")
    with contextlib.closing(generate(str(path), items)) as connection:
        connection.execute(
            "INSERT OR REPLACE INTO meta (name, value) VALUES ('machineId', ?)", (server["server"],)
        )
        connection.execute("ANALYZE")
