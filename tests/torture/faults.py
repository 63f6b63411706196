"""Everything that is done to PlexSync by `make torture`: one fault each, drawn from a seed, with what it must survive.

A fault raises AssertionError where a promise broke, and says in a few words what it did. `make check` does each in its short form
(tests/fire/test_torture.py).
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.torture import fuzzing, growth, killing, killing_index, killing_installs


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`short` and `long` are numbers of rounds; `run` gets the generator to draw from and the number."""

    name: str
    promise: str
    short: int
    long: int
    run: Callable[[random.Random, int], str]


FAULTS = (
    Fault(
        name="hooks are killed",
        promise="an event that Stash was told is queued is on the disk, once",
        short=6, long=400, run=killing.hooks,
    ),
    Fault(
        name="plexsync.db is killed while it is made or migrated",
        promise="the old schema or the new one, and every row",
        short=4, long=300, run=killing.migrations,
    ),
    Fault(
        name="workers are killed in an evening of edits",
        promise="Plex shows the newest of every scene, nothing is done twice",
        short=0, long=60, run=killing.workers,
    ),
    Fault(
        name="tasks are killed, and workers with them",
        promise="all is in sync in the end, and Undo gives back what was there before",
        short=2, long=120, run=killing.tasks,
    ),
    Fault(
        name="runs of the index are killed, in their publishing too",
        promise="readers see a whole library, and the next run ends like a fresh one",
        short=1, long=150, run=killing_index.runs,
    ),
    Fault(
        name="the index is killed while it is migrated",
        promise="the old schema or the new one, and every row",
        short=2, long=150, run=killing_index.migrations,
    ),
    Fault(
        name="installations of packages are killed",
        promise="packages that can be imported, or none",
        short=0, long=25, run=killing_installs.installs,
    ),
    Fault(
        name="documents on a hook's standard input are anything",
        promise="exit code 0 and one JSON object",
        short=6, long=1_500, run=fuzzing.documents,
    ),
    Fault(
        name="settings are anything",
        promise="the worker stays, says one sentence, and goes on when they make sense",
        short=10, long=1_500, run=fuzzing.settings,
    ),
    Fault(
        name="Plex's answers are anything",
        promise="the worker stays, no write counts that was not taken, all is right afterwards",
        short=10, long=1_500, run=fuzzing.plex_answers,
    ),
    Fault(
        name="Stash's answers are anything",
        promise="the worker stays, and all is right afterwards",
        short=10, long=1_500, run=fuzzing.stash_answers,
    ),
    Fault(
        name="the inbox grows",
        promise="a job costs the same among many as among few, memory is flat",
        short=0, long=100_000, run=growth.many_jobs,
    ),
    Fault(
        name="weeks go by",
        promise="files and memory do not grow with time, a day costs the same in the end as at the start",
        short=0, long=14, run=growth.days,
    ),
)  # fmt: skip
