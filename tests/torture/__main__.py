"""`make torture`: hours of faults from one seed, and a table of what came of them. `--seed N` does the same again."""

import argparse
import json
import logging
import os
import random
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.torture.faults import FAULTS, Fault

MACHINE = "tests/fire/test_state_machine.py"
DAMAGE = "tests/fire/test_damaged_state.py"
LIVE_DAMAGE = tuple(
    f"tests/fire/test_{name}.py"
    for name in ("damaged_files_live", "full_disk", "taken_rights", "told_damage")
)
INSTALLATION = "installation_that_is_killed"
# Done by the tests that `make check` has too, each in its long form (tests/long_form.py): what pytest is given.
SUITES: dict[str, tuple[str, ...]] = {
    "any sequence of edits, moves, trash, trouble, kills, settings, clocks, lost files, two servers": (
        MACHINE,
    ),
    "histories between Stash and Plex": ("tests/property/test_sync_converges.py",),
    "damage of every kind to our files": (DAMAGE,),
    "a live worker: damage, swapped files, locks, rights, a full disk": LIVE_DAMAGE,
    "odd and endless answers, strangers, hostile titles": (
        "tests/fire",
        *(f"--ignore={path}" for path in (MACHINE, DAMAGE, *LIVE_DAMAGE, "tests/fire/test_torture.py")),
    ),
    "hooks, workers, index runs and publishing are killed": ("tests/crash",),
    "the installation of packages is killed": (
        "tests/integration/test_packages_install.py",
        "-k",
        INSTALLATION,
    ),
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
    for name, given in SUITES.items():
        if options.only in name:
            outcomes.append(_tried(name, lambda: _suite(given, options.seed, options.share)))  # noqa: B023 - called at once
    _tell(f"\nseed {options.seed}\n\n{table(outcomes)}")
    return 0 if all(outcome.held for outcome in outcomes) else 1


def _drawn(fault: Fault, seed: int, rounds: int) -> str:
    return fault.run(random.Random(f"{seed} {fault.name}"), rounds)


def _suite(given: tuple[str, ...], seed: int, share: float) -> str:
    """Raises AssertionError with the end of what pytest said where a test failed."""
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report"
        environment = os.environ | {
            "HYPOTHESIS_PROFILE": "explore",
            "PLEXSYNC_MACHINE_EXAMPLES": str(max(3, int(500 * share))),
            "PLEXSYNC_MACHINE_SEED": str(seed),
            "PLEXSYNC_MACHINE_REPORT": str(report),
            "PLEXSYNC_EXPLORE": str(max(100, int(2_000 * share))),
            "PLEXSYNC_SEED": str(seed),
            "PLEXSYNC_SHARE": str(share),
        }
        options = (
            "-n",
            "0",
            "--show-capture=no",
            "-p",
            "no:cacheprovider",
            f"--hypothesis-seed={seed}",
        )
        command = [sys.executable, "-m", "pytest", *options, *given]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        lines = done.stdout.strip().splitlines() or [done.stderr[-300:]]
        themes = _themes(report)
        assert done.returncode == 0, "\n".join([themes, *lines[-40:]])
        return f"{lines[-1].strip('= ')}{themes}"


def _themes(report: Path) -> str:
    """Of the state machine: how many examples each theme had, and which found what."""
    if not report.exists():
        return ""
    lines = map(json.loads, report.read_text(encoding="utf-8").splitlines())
    told = {line["theme"]: line for line in lines}.values()  # the last of each
    return "; " + ", ".join(
        f"{each['theme']} {each['examples']}" + (f" FOUND {each['found']}" if each["found"] else "")
        for each in told
    )


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
