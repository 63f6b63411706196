"""The product broken in one place on purpose, and whether the state machine notices: python -m tests.torture.breaks

Each break is put into a copy of the repository in which the machine then runs its theme in the long form, from a seed, until it finds
something. What it does not find, although a person would see it, is a gap in the machine. Breaks that nobody can see in what Plex shows
stand here too, with the reason and with the test that knows them.
"""

import argparse
import dataclasses
import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from plexsync_plugin.base.clock import Clock
from tools.mutations import Copy

MACHINE = "tests/fire/test_state_machine.py::test_whatever_happens_everybody_keeps_what_is_theirs"
CLOCK = Clock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """In the module at `path` the text `old`, which stands there once, is replaced by `new`. `seen` is what a person would see of
    it; `theme` the machine's that is to find it."""

    name: str
    seen: str
    theme: str
    path: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """A break that changes nothing of what Plex shows, when, and what a person is told: why, and which test notices it."""

    name: str
    why: str
    test: str


BREAKS = (
    Break(
        name="an inbox row is acknowledged before it is applied",
        seen="an edit is lost when the worker is killed between the two",
        theme="saves",
        path="plexsync_plugin/jobs/drain.py",
        old="""\
            self._apply(f"{row['pqid']}@{row['timestamp']}", row["data"], row["pqid"])
            with of_inbox():
                self._queue.ack(id=row["pqid"])
""",
        new="""\
            with of_inbox():
                self._queue.ack(id=row["pqid"])
            self._apply(f"{row['pqid']}@{row['timestamp']}", row["data"], row["pqid"])
""",
    ),
    Break(
        name="the best place does not take over",
        seen="edits go on to an item that was found by name alone, though the index shows the one at the file's place",
        theme="places",
        path="plexsync_plugin/worker/finding/finder.py",
        old="found = [*self._index.at(wanted.places), *self._told_of(wanted)]",
        new="found: list[Candidate] = []",
    ),
    Break(
        name="the ledger is emptied before Undo writes",
        seen="an Undo that is cut short leaves Stash's values in Plex for ever",
        theme="a person in Plex",
        path="plexsync_plugin/worker/orders/undo.py",
        old="    ledger = side.records.ledger_of(item)\n",
        new="""\
    ledger = side.records.ledger_of(item)
    context.records.empty_ledger(side.machine_id, item.rating_key, context.clock.now())
""",
    ),
    Break(
        name="a job that begins is not compared with the newest edit",
        seen="a value that was replaced before its turn is written all the same, and shows until the newer one is",
        theme="trouble",
        path="plexsync_plugin/jobs/store.py",
        old="generation = ? AND state = 'waiting'",
        new="? IS NOT NULL AND state = 'waiting'",
    ),
    Break(
        name="what was synced is remembered without preserve_plex_edits",
        seen="switched off, the setting changes nothing: a person's value stays, whatever is saved in Stash",
        theme="a person in Plex",
        path="plexsync_plugin/core/scene.py",
        old='"preserve": preserve,',
        new='"preserve": False,',
    ),
    Break(
        name="the machine identifier is not compared",
        seen="another Plex at the same address is given what the first one had before us",
        theme="servers",
        path="plexsync_plugin/worker/scenes/plex_side.py",
        old="            server = self.gateway.server()\n",
        new="""\
            server = self.gateway.server()
            server = type(server)(machine_id="same", name=server.name, version=server.version)
""",
    ),
    Break(
        name="the value before ours is not saved",
        seen="Undo gives back nothing",
        theme="a person in Plex",
        path="plexsync_plugin/core/plan.py",
        old="record=Record(wrote=(wanted,), saved=saved)\n    )",
        new="record=Record(wrote=(wanted,))\n    )",
    ),
    Break(
        name="Plex's trash is not told from what is there",
        seen="edits go to an item whose file is gone, and not to the one that has it now",
        theme="places",
        path="plexsync_plugin/plex/elements.py",
        old="trashed=trashed)",
        new="trashed=False)",
    ),
    Break(
        name="an item that was read long ago is written all the same",
        seen="what a person sets in Plex is overwritten while another write takes long, and Undo knows nothing of it",
        theme="a person in Plex",
        path="plexsync_plugin/worker/scenes/scene_sync.py",
        old="FRESH = 10.0",
        new="FRESH = 1e9",
    ),
    Break(
        name="a scene's own earlier write counts as another's success",
        seen="an outage of Plex uses up a scene's attempts, and the scene lands on the list of failed ones",
        theme="trouble",
        path="plexsync_plugin/worker/failures.py",
        old="job.last_tried_at is not None and scene_id != job.scene_id and when",
        new="job.last_tried_at is not None and when",
    ),
    Break(
        name="scenes that wait for their file count as others to be written",
        seen="a scene at which Plex always fails is never listed while another one is missing",
        theme="trouble",
        path="plexsync_plugin/jobs/store.py",
        old="reason NOT IN ({_LOOKED_FOR}) LIMIT 1",
        new="reason NOT IN ('') LIMIT 1",
    ),
    Break(
        name="an order about the queue does not end a batch",
        seen="after Clear Queue the scenes of the batch in hand are written all the same",
        theme="trouble",
        path="plexsync_plugin/worker/interruptions.py",
        old="return (priority > PERSON and self.person_waits()) or self._orders.queue_order_waits()",
        new="return priority > PERSON and self.person_waits()",
    ),
    Break(
        name="the time that Plex asks for is not waited",
        seen="a Plex that asked to be left alone for a minute is sent on",
        theme="trouble",
        path="plexsync_plugin/worker/pauses.py",
        old="            self._plex_until = max(self._plex_until, self._clock.monotonic() + seconds)",
        new="            pass",
    ),
    Break(
        name="jobs that met a proxy's page are not woken when Plex is back",
        seen="after such an outage edits arrive up to ten minutes late",
        theme="trouble",
        path="plexsync_plugin/jobs/reasons.py",
        old="""\
    PlexCertificate.reason,
    NotPlex.reason,
)""",
        new=")",
    ),
    Break(
        name="the scenes are not compared after a damaged inbox",
        seen="edits that were in it are lost",
        theme="files",
        path="plexsync_plugin/jobs/drain.py",
        old='            self._apply_order(f"inbox:{now:.0f}", Row(kind="command", name="reconcile", ids=[], args={}))\n',
        new="",
    ),
    Break(
        name="the scenes are not compared after a damaged plexsync.db",
        seen="edits whose jobs were on the broken page are lost",
        theme="files",
        path="plexsync_plugin/jobs/salvage.py",
        old="""\
            OrderStore(target).add(
                f"damaged:{aside}", kind="command", name="reconcile", ids=(), args={}, now=now
            )
""",
        new="",
    ),
    Break(
        name="a lost ledger is not told",
        seen="Undo leaves Stash's values in Plex, though the sentence says that nothing of it was lost",
        theme="files",
        path="plexsync_plugin/jobs/salvage.py",
        old='    "ledger": "For some items nobody knows any more what was in Plex before PlexSync: Undo cannot give that back.",\n',
        new="",
    ),
    Break(
        name="the scenes are not compared after a disk that took nothing",
        seen="edits of that time are lost",
        theme="files",
        path="plexsync_plugin/worker/by_itself/unstored_edits.py",
        old='        self._orders.give("reconcile", {}, ticket=f"unstored:{mark}")\n',
        new="",
    ),
    Break(
        name="an item in the trash that the index still shows is not looked for anew",
        seen="edits go to an item whose file is gone until the library is indexed again",
        theme="places",
        path="plexsync_plugin/worker/finding/scene_items.py",
        old="        work.refuted.update(trashed - work.in_trash)\n",
        new="",
    ),
)
UNSEEN = (
    Unseen(
        name="a job that ends is not compared with the newest edit",
        why="the worker takes nothing out of the inbox between the last request of a job and its end: the two never differ there",
        test="tests/property/test_jobs_store.py",
    ),
    Unseen(
        name="is_alone counts searches that were put off",
        why="a search is put off only after fifty look-ups in ten minutes; the machine has four scenes. Its sibling above is found",
        test="tests/unit/test_jobs_store.py",
    ),
    Unseen(
        name="all new covers are held in memory",
        why="it costs memory alone",
        test="tests/integration/test_sync_images.py",
    ),
    Unseen(
        name="children that are left behind keep their parent in the index",
        why="sync reads files of the index alone",
        test="tests/integration/test_index_changes.py",
    ),
    Unseen(
        name="pages of the index's listing have no seam",
        why="the machine's libraries are one page long",
        test="tests/integration/test_index_hostile.py",
    ),
    Unseen(
        name="a failed scheduled index is tried each minute",
        why="the index changes nothing that Plex shows, and the machine orders it itself",
        test="tests/integration/test_sync_index_schedule.py",
    ),
    Unseen(
        name="ended orders are never purged",
        why="it costs room on the disk alone",
        test="tests/integration/test_sync_orders.py",
    ),
    Unseen(
        name="the record of covers survives a destroyed scene, or is missing from the census",
        why="Stash gives no number twice, so nobody asks for that record again",
        test="tests/unit/test_jobs_scene_tables.py",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`found` is the assertion that failed, or "" where nothing did in that many examples; `lasted` in seconds."""

    broken: Break
    examples: int
    found: str
    lasted: float


def tried(broken: Break, copied: Copy, report: Path, *, seed: int, examples: int, seconds: float) -> Verdict:
    """In the copy, which is whole again afterwards."""
    target = copied.root / broken.path
    source = target.read_text(encoding="utf-8")
    assert source.count(broken.old) == 1, f"{broken.name}: {broken.path} has changed; adapt this break"
    report.unlink(missing_ok=True)
    began = CLOCK.monotonic()
    target.write_text(source.replace(broken.old, broken.new), encoding="utf-8")
    try:
        copied.passes(
            [f"{MACHINE}[{broken.theme}]", "--show-capture=no"],
            seconds,
            PLEXSYNC_MACHINE_EXAMPLES=str(examples),
            PLEXSYNC_MACHINE_SEED=str(seed),
            PLEXSYNC_MACHINE_REPORT=str(report),
        )
    finally:
        target.write_text(source, encoding="utf-8")
    verdict = Verdict(broken=broken, examples=0, found="", lasted=CLOCK.monotonic() - began)
    if not report.exists():
        return verdict
    told = json.loads(report.read_text(encoding="utf-8").splitlines()[-1])
    return dataclasses.replace(verdict, examples=told["examples"], found=told["found"])


def table(verdicts: list[Verdict]) -> str:
    rows = [
        f"| {each.broken.name} | {each.broken.seen} | {each.broken.theme} | {each.examples if each.found else f'not in {each.examples}'} | "
        f"{each.found[:160].replace('|', '/')} |"
        for each in verdicts
    ]
    unseen = [f"| {each.name} | nothing: {each.why} | - | - | {each.test} |" for each in UNSEEN]
    head = [
        "| break | what a person would see | theme | found after examples | by |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*head, *rows, *unseen])


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture.breaks", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--examples", type=int, default=300, help="of a theme, for each break")
    parser.add_argument("--minutes", type=float, default=15.0, help="for each break at the most")
    parser.add_argument("--only", default="", help="breaks whose name holds this")
    options = parser.parse_args(arguments)
    verdicts = []
    with tempfile.TemporaryDirectory(prefix="breaks-") as folder:
        copied, report = Copy(Path(folder)), Path(folder) / "report.json"
        for broken in BREAKS:
            if options.only in broken.name:
                verdict = tried(
                    broken,
                    copied,
                    report,
                    seed=options.seed,
                    examples=options.examples,
                    seconds=60 * options.minutes,
                )
                verdicts.append(verdict)
                sys.stdout.write(
                    f"{verdict.lasted:>6.0f} s  {broken.name}: {verdict.examples}, {verdict.found or 'NOT FOUND'}\n"
                )
                sys.stdout.flush()
    sys.stdout.write(f"\nseed {options.seed}\n\n{table(verdicts)}\n")
    return 0 if all(verdict.found for verdict in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
