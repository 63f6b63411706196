"""A whole library into the index, against the same addresses read by plexapi alone and dropped."""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.measuring import Line, ratio
from indexer.reading.fetch import PAGE_SIZE
from tests.sim.process import ROOT, SimProcess

TOKEN = "bench-token"
CHANGED = 100  # one item in so many
LATENCIES = (0, 20)  # milliseconds

# In a process of its own, as ours is: what plexapi needs to read, and nothing else.
_BARE = """
import json, sys, time
from plexapi.server import PlexServer
plex = PlexServer(sys.argv[1], sys.argv[2])
requests = json.loads(sys.stdin.read())
began = time.perf_counter()
for target, headers in requests:
    plex.query(target, headers=headers)
print(time.perf_counter() - began)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """`memory` is the peak in MB; None where the system does not tell it."""

    seconds: float
    memory: int | None
    requests: int
    megabytes: int  # of the index file


def measure_memory(movies: int) -> list[Line]:
    """Long casts, several versions, shows and music; from a server at once, and from one behind 20 ms."""
    rich = f"movies={movies},shows={movies // 133},seasons=2,episodes=10,artists={movies // 67},cast=60,versions=3"
    lines = []
    for latency in LATENCIES:
        with tempfile.TemporaryDirectory() as folder, _plex(rich) as plex:
            plex.control("set", {"latency_ms": latency})
            run = _index(plex, Path(folder, "plex_collection.db"))
        lines.append(_line(f"long casts, {latency} ms away", run, "", "<= 150 MB"))
    return lines


def _plex(numbers: str) -> SimProcess:
    return SimProcess("tests.sim.plex", "--token", TOKEN, "--generate", numbers)


def measure(movies: int) -> list[Line]:
    with tempfile.TemporaryDirectory() as folder, _plex(f"movies={movies}") as plex:
        index = Path(folder, "plex_collection.db")
        first = _index(plex, index)
        targets = [entry["target"] for entry in plex.log()]
        bare = _read_bare(plex, targets)
        unchanged = _index(plex, index)
        for key in _keys(targets)[::CHANGED]:
            plex.control("edit_item", {"ratingKey": key, "fields": {"summary": "Another summary."}})
        changed = _index(plex, index)
    return [
        Line(
            what=f"the same {first.requests} addresses, read and dropped",
            value=f"{bare:.1f} s",
            compared="1",
        ),
        _line(f"{movies} movies, whole process", first, ratio(first.seconds, bare), "<= 1.5 x"),
        _line("again, nothing changed", unchanged, ratio(unchanged.seconds, bare), "<= 2 requests"),
        _line(f"again, one in {CHANGED} changed", changed, ratio(changed.seconds, bare), ""),
    ]


def _line(what: str, run: _Run, compared: str, goal: str) -> Line:
    memory = "" if run.memory is None else f", {run.memory} MB"
    told = f"{what}: {run.requests} requests{memory}, file {run.megabytes} MB"
    return Line(what=told, value=f"{run.seconds:.1f} s", compared=compared, goal=goal)


def _index(plex: SimProcess, index: Path) -> _Run:
    plex.clear_log()
    environment = os.environ | {"PLEX_URL": plex.url, "PLEX_TOKEN": TOKEN, "PLEX_LIBRARY_NAMES": ""}
    command = [sys.executable, str(ROOT / "plex_sync.py"), "--no-images"]
    began = time.perf_counter()
    with subprocess.Popen(
        command,
        env=environment | {"DB_PATH": str(index)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as child:
        memory = _wait(child)
    seconds = time.perf_counter() - began
    assert child.returncode == 0
    return _Run(
        seconds=seconds,
        memory=memory,
        requests=len(plex.log()),
        megabytes=round(index.stat().st_size / 1e6),
    )


def _wait(child: subprocess.Popen[bytes]) -> int | None:
    if sys.platform == "win32":
        child.wait()
        return None
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return round(used.ru_maxrss / (1024 if sys.platform == "linux" else 1024**2))


def _read_bare(plex: SimProcess, targets: list[str]) -> float:
    starts: dict[str, int] = {}
    requests: list[tuple[str, dict[str, Any]]] = []
    for target in targets:
        start = starts.get(target, 0) if "/all?" in target else 0
        starts[target] = start + PAGE_SIZE
        size = PAGE_SIZE if "/all?" in target else target.count(",") + 1
        requests.append((target, {"X-Plex-Container-Start": str(start), "X-Plex-Container-Size": str(size)}))
    done = subprocess.run(
        [sys.executable, "-c", _BARE, plex.url, TOKEN],
        input=json.dumps(requests),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return float(done.stdout)


def _keys(targets: list[str]) -> list[int]:
    """Rating keys of all that details were asked of."""
    paths = [target.partition("?")[0] for target in targets if target.startswith("/library/metadata/")]
    return sorted({int(key) for path in paths for key in path.rpartition("/")[2].split(",")})
