"""*ticket*: how an order stands that the page has given."""

import os

from plexsync_plugin.answers.page.arguments import TicketArguments
from plexsync_plugin.answers.page.order_shapes import LineLevel, ReportLine, Ticket
from plexsync_plugin.answers.page.question import Question
from plexsync_plugin.answers.page.shapes import TicketState
from plexsync_plugin.jobs.inbox_state import inbox_rows
from plexsync_plugin.jobs.progress import Progress, read_progress

_LEVELS: dict[str, LineLevel] = {"Good": "good", "Problem": "problem"}


def answer(question: Question, arguments: TicketArguments) -> Ticket:
    waiting = os.path.isdir(question.folder.spool) and inbox_rows(question.folder) > 0
    with question.state():  # an older file is told of
        progress = read_progress(question.folder, arguments.ticket, question.clock.now())
    state = _state(progress, waiting=waiting)
    text = progress.refused or progress.put_off or progress.message
    if state in ("waiting", "running"):
        text = text or progress.blocked
    first, _, rest = text.partition("\n")
    return Ticket(
        state=state,
        done=progress.total - progress.open,
        total=progress.total,
        text=first,
        lines=tuple(_line(line) for line in rest.splitlines()),
    )


def _state(progress: Progress, *, waiting: bool) -> TicketState:
    if not progress.known:
        return "waiting" if waiting else "unknown"
    if progress.refused:
        return "failed"
    if not progress.taken:
        return "running" if progress.total else "waiting"
    return "running" if progress.open else "done"


def _line(text: str) -> ReportLine:
    """Of *Check Setup*, whose lines begin with what they are."""
    return ReportLine(level=_LEVELS.get(text.partition(":")[0], "note"), text=text)
