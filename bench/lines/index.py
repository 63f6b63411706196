"""A whole library into the index, against the same pages read and dropped; then the same library again."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bench.measuring import RUNS, Line, in_turns
from bench.processes import Took, limit, run
from bench.replay import Replay
from tests.sim.process import ROOT, SimProcess

TOKEN = "bench-token"
CHANGED = 100  # one item in so many
LATENCIES = (0, 20)  # milliseconds
PACE = 1_000_000  # bytes a second, of one answer of a Plex that needs time for it
MOST_MEMORY = 150  # MB

Pages = list[tuple[str, dict[str, str]]]


def measure(movies: int = 20_000, turns: int = RUNS) -> list[Line]:
    with tempfile.TemporaryDirectory() as folder, library(f"movies={movies}") as plex:
        with Replay(plex.url) as replay:
            lines = _first_and_again(f"Index of {movies} movies", replay, Path(folder), turns)
        with Replay(plex.url, pace=PACE) as replay:
            lines.append(_paced(f"Index of {movies} movies", replay, Path(folder), turns))
        for key in _keys(plex)[::CHANGED]:
            plex.control("edit_item", {"ratingKey": key, "fields": {"summary": "Another summary."}})
        with Replay(plex.url) as replay:
            lines += _changed(f"Index of {movies} movies", replay, Path(folder), turns)
    return lines


def measure_long_casts(movies: int) -> list[Line]:
    """Long casts, several versions, shows and music; from a server at once, and from one behind 20 ms."""
    rich = f"movies={movies},shows={movies // 133},seasons=2,episodes=10,artists={movies // 67},cast=60,versions=3"
    lines = []
    for latency in LATENCIES:
        with tempfile.TemporaryDirectory() as folder, library(rich) as plex:
            plex.control("set", {"latency_ms": latency})
            took = index(plex.url, Path(folder, "plex_collection.db"))
        group = f"Index of {movies} movies with long casts and several versions"
        lines += _memory(group, f"memory, Plex {latency} ms away", [took])
    return lines


def library(numbers: str) -> SimProcess:
    """A Plex with a generated library; `numbers` as tests.sim.plex takes them."""
    return SimProcess("tests.sim.plex", "--token", TOKEN, "--generate", numbers)


def index(url: str, path: Path, *options: str) -> Took:
    """One whole run of the command line."""
    arguments = [str(ROOT / "plex_sync.py"), *(options or ("--no-images",))]
    return run(arguments, environment=environment_of(url, path))


def environment_of(url: str, path: Path) -> dict[str, str]:
    return {"PLEX_URL": url, "PLEX_TOKEN": TOKEN, "PLEX_LIBRARY_NAMES": "", "DB_PATH": str(path)}


def read(url: str, pages: Pages, *options: str) -> float:
    """The whole process that reads these pages and drops them."""
    given = json.dumps([url, TOKEN, pages])
    return limit("read_pages", *options, given=given.encode()).seconds


def _first_and_again(group: str, replay: Replay, folder: Path, turns: int) -> list[Line]:
    path = folder / "plex_collection.db"
    index(replay.url, path)  # fills the replay's memory
    pages = replay.asked()
    finished = folder / "finished.db"
    shutil.copy(path, finished)
    took: list[Took] = []

    def first() -> float:
        path.unlink()
        took.append(index(replay.url, path))
        return took[-1].seconds

    def insert() -> float:
        with _fresh(folder / "rows.db") as rows:
            return float(limit("insert_rows", str(finished), str(rows)).output)

    parse = partial(read, replay.url, pages, "parse")
    times = in_turns(
        {"read": partial(read, replay.url, pages), "parse": parse, "insert": insert, "ours": first}, turns
    )
    replay.asked()
    again = in_turns({"ours": lambda: index(replay.url, path).seconds}, turns)
    asked = len(replay.asked()) / turns
    return [
        Line(group=group, name="all of it, from a Plex that answers from memory", unit="s", ours=times["ours"],
             limit="the same pages read and parsed", limits=times["parse"]),
        Line(group=group, name="the same, against pages that are not parsed", unit="s", ours=times["ours"],
             limit="the same pages read", limits=times["read"]),
        Line(group=group, name="the same, against inserting its rows", unit="s", ours=times["ours"],
             limit="plain inserts of the same rows", limits=times["insert"]),
        Line(group=group, name="requests", unit="requests", ours=(float(len(pages)),), goal=130),
        Line(group=group, name="again, nothing changed", unit="s", ours=again["ours"]),
        Line(group=group, name="requests, nothing changed", unit="requests", ours=(asked,), goal=3),
        Line(group=group, name="size of the file", unit="MB", ours=(finished.stat().st_size / 1e6,)),
        *_memory(group, "memory", took),
    ]  # fmt: skip


def _paced(group: str, replay: Replay, folder: Path, turns: int) -> Line:
    path = folder / "paced.db"

    def ours() -> float:
        path.unlink(missing_ok=True)
        return index(replay.url, path).seconds

    ours()
    pages = replay.asked()
    times = in_turns({"parse": partial(read, replay.url, pages, "parse"), "ours": ours}, turns)
    return Line(group=group, name="all of it, from a Plex that answers with 1 MB a second", unit="s", ours=times["ours"],
                limit="the same pages read and parsed", limits=times["parse"], goal=1.2)  # fmt: skip


def _changed(group: str, replay: Replay, folder: Path, turns: int) -> list[Line]:
    """From the same finished index each time; the first run fills the replay's memory."""
    path, finished = folder / "plex_collection.db", folder / "finished.db"

    def changed() -> float:
        shutil.copy(finished, path)
        return index(replay.url, path).seconds

    changed()
    pages = replay.asked()
    times = in_turns({"parse": partial(read, replay.url, pages, "parse"), "ours": changed}, turns)
    return [
        Line(group=group, name=f"again, one in {CHANGED} changed", unit="s", ours=times["ours"],
             limit="the same pages read and parsed", limits=times["parse"]),
    ]  # fmt: skip


def _memory(group: str, name: str, took: list[Took]) -> list[Line]:
    held = tuple(each.memory for each in took if each.memory is not None)
    return [Line(group=group, name=name, unit="MB", ours=held, goal=MOST_MEMORY)] if held else []


@contextmanager
def _fresh(path: Path) -> Iterator[Path]:
    path.unlink(missing_ok=True)
    yield path
    path.unlink(missing_ok=True)


def _keys(plex: SimProcess) -> list[int]:
    """Rating keys of all that details were asked of."""
    paths = [entry["path"] for entry in plex.log("GET /library/metadata/")]
    return sorted({int(key) for path in paths for key in path.rpartition("/")[2].split(",")})
