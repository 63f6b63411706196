"""`make torture`: hours of faults from one seed, and a table of what came of them. `--seed N` does the same again."""

import argparse
import logging
import os
import random
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from tests.torture.faults import FAULTS, Fault

# Done by the tests that `make check` has too, as they are; the first in its long form.
SUITES = {
    "any sequence of edits, moves, trash, outages, kills, settings, clocks, two servers": "tests/fire/test_state_machine.py",
    "histories between Stash and Plex": "tests/property/test_sync_converges.py",
    "damage of every kind to our files": "tests/fire/test_damaged_state.py",
    "a live worker: damage, swapped files, locks, a full disk": "tests/fire/test_damaged_files_live.py",
    "odd and endless answers, strangers, hostile titles": "tests/fire",
    "index runs, publishing and tasks are killed": "tests/crash",
    "packages are installed from nothing, and fail to": "tests/integration/test_packages_install.py",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    name: str
    held: bool
    said: str
    seconds: float


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--share", type=float, default=1.0, help="of the rounds of the long form")
    parser.add_argument("--only", default="", help="faults whose name holds this")
    options = parser.parse_args(arguments)
    logging.disable(logging.CRITICAL)
    _tell(f"seed {options.seed}")
    outcomes = []
    for fault in FAULTS:
        if options.only in fault.name:
            rounds = max(fault.short, int(fault.long * options.share), 1)
            outcomes.append(_tried(fault.name, lambda: _drawn(fault, options.seed, rounds)))  # noqa: B023 - called at once
    for name, path in SUITES.items():
        if options.only in name:
            outcomes.append(_tried(name, lambda: _suite(path, options.seed, options.share)))  # noqa: B023 - called at once
    _tell(f"\nseed {options.seed}\n\n{table(outcomes)}")
    return 0 if all(outcome.held for outcome in outcomes) else 1


def _drawn(fault: Fault, seed: int, rounds: int) -> str:
    return fault.run(random.Random(f"{seed} {fault.name}"), rounds)


def _suite(path: str, seed: int, share: float) -> str:
    """Hypothesis draws anew from the seed."""
    environment = os.environ | {
        "HYPOTHESIS_PROFILE": "explore" if "property" in path else "check",
        "PLEXSYNC_MACHINE_EXAMPLES": str(max(3, int(500 * share))),
        "PLEXSYNC_MACHINE_SEED": str(seed),
        "PLEXSYNC_EXPLORE": str(max(25, int(2_000 * share))),
    }
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-n",
        "0",
        "-q",
        "--show-capture=no",
        "-p",
        "no:cacheprovider",
        path,
    ]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    lines = done.stdout.strip().splitlines() or [done.stderr[-300:]]
    assert done.returncode == 0, "\n".join(lines[-40:])
    return lines[-1].strip("= ")


def _tried(name: str, run: Callable[[], str]) -> Outcome:
    began = time.monotonic()
    try:
        said, held = run(), True
    except Exception as error:  # noqa: BLE001 - one fault hides no other
        traceback.print_exc()
        said, held = f"{type(error).__name__}: {error}", False
    seconds = time.monotonic() - began
    _tell(f"{'held' if held else 'BROKE':<6}{seconds:>7.0f} s  {name}: {said[:300]}")
    return Outcome(name=name, held=held, said=said, seconds=seconds)


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def table(outcomes: list[Outcome]) -> str:
    rows = [
        f"| {outcome.name} | {'held' if outcome.held else 'BROKE'} | {' '.join(outcome.said.split())[:240]} | {outcome.seconds:.0f} s |"
        for outcome in outcomes
    ]
    return "\n".join(["| fault | result | what was done | time |", "|---|---|---|---|", *rows])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
