"""*Status*: how things stand, as a document and as lines for a person. Reads files, asks nobody, needs no packages."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from plexsync_plugin.answers.advice import advice
from plexsync_plugin.base.clock import utc_text
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.words import count, span
from plexsync_plugin.jobs.inbox_state import read_inbox
from plexsync_plugin.jobs.outages import Outage
from plexsync_plugin.jobs.report import Report, read_report
from plexsync_plugin.plex.index_state import read_index_state

TOLD = ("reconciled_at", "reconcile_result")  # the other facts are notes of the worker to itself
SHOWN = 3  # failed scenes named under each reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """`inbox` counts rows that no worker has taken; `indexed_at` is ISO 8601, "" while there is no index."""

    report: Report
    inbox: int
    indexed_at: str
    index_problem: str = ""
    inbox_problem: str = ""

    @property
    def problems(self) -> list[str]:
        """Files that could not be read, a sentence each."""
        found = (self.report.problem, self.inbox_problem, self.index_problem)
        return [problem for problem in found if problem]

    def document(self) -> dict[str, Any]:
        return {
            **self.report.document(),
            "reasons": [
                {"reason": reason, "count": number, "advice": advice(reason)}
                for reason, number in self.report.reasons
            ],
            "facts": {name: value for name, value in self.report.facts if name in TOLD},
            "outages": [asdict(outage) for outage in self.report.outages],
            "inbox": self.inbox,
            "indexed_at": self.indexed_at,
            "problems": self.problems,
        }


def read_status(folder: DataFolder, *, letters: int = 100) -> Status:
    index, inbox = read_index_state(folder.index), read_inbox(folder)
    return Status(
        report=read_report(folder.state, letters=letters),
        inbox=inbox.rows,
        inbox_problem=inbox.problem,
        indexed_at=index.last_run,
        index_problem=index.problem,
    )


def status_lines(status: Status, now: float) -> list[str]:
    """One fact a line; the first is the summary. `now` in epoch seconds."""
    return [
        *_queue_lines(status, now),
        *status.problems,
        *_plex_lines(status.report, now),
        *(notice.text for notice in status.report.notices if not notice.blocking or not _away(status.report)),
        *_failed_lines(status.report),
        *(
            f"Learned: {rule['stash']} => {rule['plex']} ({count(rule['hits'], 'file')})"
            for rule in status.report.learned_paths
        ),
        *_last_lines(status, now),
    ]


def _queue_lines(status: Status, now: float) -> list[str]:
    report = status.report
    missing = f" ({report.missing} of them for Plex to show their file)" if report.missing else ""
    found = [
        f"In sync: {count(report.synced, 'scene')}. Waiting: {report.waiting}{missing}. In hand: {report.running}. "
        f"Failed: {report.dead}."
    ]
    if report.waiting and report.next_due is not None:
        late = report.next_due <= now
        found.append("The next is due now." if late else f"The next is due in {span(report.next_due - now)}.")
    if report.absent:
        found.append(
            f"Not in Plex, and not looked for until a listing shows their file: {count(report.absent, 'scene')}."
        )
    if report.discarded:
        found.append(
            f"Taken off the list of failed scenes, and left alone until they are edited or everything is synced: {count(report.discarded, 'scene')}."
        )
    if report.orders:
        found.append(f"To be carried out: {_each_once(report.orders)}.")
    found += [
        f"Tried again in {span(max(due_at - now, 0.0))}: {name}. {message}"
        for name, message, due_at in report.put_off
    ]
    if status.inbox:
        found.append(f"Not yet taken by a worker: {count(status.inbox, 'event')}.")
    if report.undone:
        found.append(
            f"Undone, and left alone until they are edited or everything is synced: {count(report.undone, 'scene')}."
        )
    return found


def _each_once(orders: Sequence[str]) -> str:
    """A button of the page may have been pressed many times."""
    numbers = Counter(orders)
    return ", ".join(f"{name} ({number} times)" if number > 1 else name for name, number in numbers.items())


def _away(report: Report) -> bool:
    return report.breaker == "open"


def _plex_lines(report: Report, now: float) -> list[str]:
    found = [_outage_line(outage, now) for outage in report.outages]
    if _away(report):
        found.insert(0, "Plex is away; PlexSync looks for it every minute and goes on by itself.")
    return found


def _outage_line(outage: Outage, now: float) -> str:
    began = utc_text(outage.started_at)
    waiting = f"{count(outage.jobs_waiting, 'scene')} waited at its beginning"
    if outage.ended_at is None:
        return f"Outage since {began} ({span(now - outage.started_at)}), {waiting}: {outage.cause}"
    return f"Outage of {span(outage.ended_at - outage.started_at)} from {began}, {waiting}: {outage.cause}"


def _failed_lines(report: Report) -> list[str]:
    found = []
    for reason, number in report.reasons:
        found.append(
            f"Failed, {reason}: {count(number, 'entry') if number == 1 else f'{number} entries'}. {advice(reason)}"
        )
        letters = [letter for letter in report.dead_letters if letter["reason"] == reason]
        found += [f"  {letter_line(letter)}" for letter in letters[:SHOWN]]
    return found


def letter_line(letter: dict[str, Any]) -> str:
    who = f"Scene {letter['scene_id']}" if letter["scene_id"] else "A row of the queue's file"
    if letter.get("order"):
        who = f"The order {letter['order']}"
    meant = f" Could be: {'; '.join(letter['candidates'])}." if letter["candidates"] else ""
    return f"{who}: {letter['message']}{meant}"


def _last_lines(status: Status, now: float) -> list[str]:
    facts = dict(status.report.facts)
    found = [] if status.index_problem else [f"Last index: {_age(status.indexed_at, now)}."]
    at, result = facts.get("reconciled_at", ""), facts.get("reconcile_result", "")
    if at and result:  # without a result the time is only where the first interval began
        found.append(f"Last reconcile: {span(now - float(at))} ago. {result}")
    return found


def _age(indexed_at: str, now: float) -> str:
    if not indexed_at:
        return "none yet; run Index Plex Library"
    return f"{span(now - datetime.fromisoformat(indexed_at).timestamp())} ago ({indexed_at})"
