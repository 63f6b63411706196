"""Where the time goes: samples of hooks, of a worker amid many edits, of an index run and of its pictures, kept as text in `bench/profiles/`.

py-spy takes the samples from outside, of all threads, and counts those that run. What it writes is added up by function: in how
many of the samples it was anywhere on the stack, and in how many it was what ran.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

from bench.libraries import plex_library, stash_library
from bench.lines import pictures
from bench.lines.hook import HookRuns
from bench.lines.index import environment_of, index, library
from bench.lines.many_edits import PLEX_SECONDS, Rounds
from bench.replay import Replay
from tests.hook_runs import START, silent_stash
from tests.sim.process import ROOT
from tests.stage import Stage

FOLDER = Path(__file__).with_name("profiles")
SHOWN = 60  # functions
LEAST = 0.5  # percent
HOOKS = 60
SCENES = 1_000
MOVIES = 20_000
POSTERS = 1_000


def write() -> None:
    """All of them; each takes a minute or two."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _keep("hook", f"{HOOKS} hooks while a worker is there, whole processes", _hooks(folder))
        _keep(
            "batch",
            f"A worker that carries {SCENES} changed scenes to a Plex that answers after 5 ms",
            _batch(folder),
        )
        _keep(
            "index", f"{MOVIES} movies into the index, from a Plex that answers from memory", _index(folder)
        )
        _keep("pictures", f"{POSTERS} posters beside an index that is unchanged", _pictures(folder))


def summary(samples: Iterable[str]) -> str:
    """A table of functions; `samples` are lines such as "main (a.py:3);read (b.py:7) 12", the caller before the called."""
    below: Counter[str] = Counter()
    here: Counter[str] = Counter()
    for line in samples:
        stack, _, count = line.rstrip().rpartition(" ")
        functions = [_function(frame) for frame in stack.split(";")]
        here[functions[-1]] += int(count)
        for function in dict.fromkeys(functions):
            below[function] += int(count)
    total = here.total()
    told = [f"{total} samples. Of them in the function itself; in it and what it calls:", ""]
    for function, number in below.most_common(SHOWN):
        if number * 100 >= LEAST * total:
            told.append(f"{here[function] / total:6.1%} {number / total:6.1%}  {function}")
    told += ["", "In the function itself:", ""]
    for function, number in here.most_common(SHOWN):
        if number * 100 >= LEAST * total:
            told.append(f"{number / total:6.1%}  {function}")
    return "\n".join(told) + "\n"


def _function(frame: str) -> str:
    """Without the number of the line."""
    name, colon, _ = frame.rpartition(":")
    return f"{name})" if colon else frame


def _keep(name: str, title: str, samples: Iterable[str]) -> None:
    taken = list(samples)
    if not taken:
        raise SystemExit(
            f"py-spy took no samples of {name}: it may not look into other processes on this system."
        )
    (FOLDER / f"{name}.txt").write_text(f"{title}\n\n{summary(taken)}", encoding="utf-8")
    print(f"{name}.txt", file=sys.stderr)


def _hooks(folder: Path) -> list[str]:
    samples: list[str] = []
    with silent_stash() as port:
        hooks = HookRuns(folder / "hooks", port)
        with hooks.worker():
            for _ in range(HOOKS):
                samples += _of_process(folder, [str(START)], {}, given=hooks.document, rate=1_000)
    return samples


def _batch(folder: Path) -> list[str]:
    with Stage(plex=plex_library(SCENES), stash=stash_library(SCENES)) as stage:
        stage.run_task("Index Plex Library")
        rounds = Rounds(stage, SCENES)
        rounds.synced()
        stage.plex.fault("slow", seconds=PLEX_SECONDS, match="", times=None)
        written = folder / "samples"
        command = [*_spy(written, 500), "--pid", str(stage.workers()[0])]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as spy:
            rounds.synced()
            spy.send_signal(signal.SIGINT)
    return written.read_text("utf-8").splitlines()


def _index(folder: Path) -> list[str]:
    with library(f"movies={MOVIES}") as plex, Replay(plex.url) as replay:
        path = folder / "plex_collection.db"
        index(replay.url, path)  # fills the replay's memory
        path.unlink()
        arguments = [str(ROOT / "plex_sync.py"), "--no-images"]
        return _of_process(folder, arguments, environment_of(replay.url, path), rate=500)


def _pictures(folder: Path) -> list[str]:
    return pictures.profiled(folder, POSTERS, partial(_of_process, folder, rate=200))


def _spy(written: Path, rate: int) -> list[str]:
    """`rate` in samples a second."""
    program = str(Path(sys.executable).with_name("py-spy"))
    return [program, "record", "--format", "raw", "--rate", str(rate), "--output", str(written)]


def _of_process(
    folder: Path, arguments: list[str], environment: Mapping[str, str], *, given: bytes = b"", rate: int
) -> list[str]:
    written = folder / "samples"
    written.unlink(missing_ok=True)
    # A hook may be over before py-spy has found its way in; then there is one hook less.
    subprocess.run(
        [*_spy(written, rate), "--", sys.executable, *arguments],
        input=given,
        env={**os.environ, **environment},
        cwd=ROOT,
        check=False,
        capture_output=True,
    )
    if not written.exists():
        return []
    return written.read_text("utf-8").splitlines()
