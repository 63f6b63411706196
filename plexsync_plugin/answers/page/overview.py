"""*overview*: how things stand. The page asks for it every few seconds."""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import datetime

from plexsync_plugin.answers.page.alive import index_is_running, worker_is_alive
from plexsync_plugin.answers.page.arguments import NoArguments
from plexsync_plugin.answers.page.question import Question
from plexsync_plugin.answers.page.shapes import (
    Action,
    Counts,
    Hour,
    Index,
    Notice,
    OrderRow,
    Overview,
    Plex,
    PlexState,
    SetUp,
    TicketState,
    Worker,
)
from plexsync_plugin.base.errors import DatabaseError, PlexUnauthorized
from plexsync_plugin.core.breaker import Breaker
from plexsync_plugin.jobs.breaker import BreakerStore
from plexsync_plugin.jobs.dead_letters import DeadLetters
from plexsync_plugin.jobs.facts import (
    SERVER,
    SERVER_NAME,
    SERVER_SINCE,
    SERVER_VERSION,
    WORKER_SINCE,
    WORKER_VERSION,
    Facts,
)
from plexsync_plugin.jobs.hourly import Hourly
from plexsync_plugin.jobs.inbox_state import inbox_rows
from plexsync_plugin.jobs.job_reports import JobReports
from plexsync_plugin.jobs.learned import known_pairs
from plexsync_plugin.jobs.notices import DEAD, NoticeStore
from plexsync_plugin.jobs.order_list import ListedOrder, orders_under_way
from plexsync_plugin.jobs.outages import OutageStore
from plexsync_plugin.jobs.problem_list import ProblemList
from plexsync_plugin.jobs.reasons import ABSENT, DISCARDED, LOOKED_FOR
from plexsync_plugin.jobs.synced import SyncedScenes
from plexsync_plugin.jobs.undone import UndoneScenes
from plexsync_plugin.plex.page_views import open_index

HOURS = 24
ORDERS = 20
SETTING = "setting:"  # how causes of notices about settings begin
_STATES: Mapping[str, PlexState] = {"closed": "reachable", "half_open": "doubtful", "open": "away"}
_NONE = Counts(synced=0, waiting=0, running=0, failed=0, missing=0, absent=0, undone=0, discarded=0)


def answer(question: Question, _: NoArguments) -> Overview:
    now = question.clock.now()
    inbox = inbox_rows(question.folder) if os.path.isdir(question.folder.spool) else 0
    alive = worker_is_alive(question.folder, question.stash)
    index = _index(question)
    with question.state() as state:
        if state is None:
            return Overview(
                worker=Worker(alive=alive, since=None, version=""),
                plex=Plex(state="unknown", since=None, server="", version="", next_probe=None),
                set_up="unknown",
                counts=_NONE,
                inbox=inbox,
                orders=(),
                hours=(),
                notices=(),
                index=index,
            )
        facts = dict(Facts(state).all_facts())
        notices = tuple(_notices(state))
        return Overview(
            worker=Worker(
                alive=alive, since=_time(facts.get(WORKER_SINCE)), version=facts.get(WORKER_VERSION, "")
            ),
            plex=_plex(state, facts),
            set_up=_set_up(notices, facts),
            counts=_counts(state),
            inbox=inbox,
            orders=tuple(_order(each) for each in orders_under_way(state, now, ORDERS)),
            hours=tuple(Hour(t=t, ok=ok, failed=failed) for t, ok, failed in Hourly(state).last(HOURS, now)),
            notices=notices,
            index=index,
        )


def _time(text: str | None) -> float | None:
    return float(text) if text else None


def _plex(state: sqlite3.Connection, facts: Mapping[str, str]) -> Plex:
    breaker: Breaker = BreakerStore(state).load()
    outage = next(iter(OutageStore(state).newest(1)), None)
    met = bool(facts.get(SERVER))
    name = _STATES[breaker.state] if met or breaker.state != "closed" else "unknown"
    since = _time(facts.get(SERVER_SINCE))
    if outage is not None:
        since = outage.started_at if outage.ended_at is None else outage.ended_at
    return Plex(
        state=name,
        since=since,
        server=facts.get(SERVER_NAME, ""),
        version=facts.get(SERVER_VERSION, ""),
        next_probe=breaker.probe_at if name == "away" else None,
    )


def _set_up(notices: tuple[Notice, ...], facts: Mapping[str, str]) -> SetUp:
    needed = (f"{SETTING}plex_url", f"{SETTING}plex_token")
    if any(notice.key in needed for notice in notices):
        return "missing"
    return "ready" if facts.get(SERVER) else "unknown"


def _counts(state: sqlite3.Connection) -> Counts:
    jobs = JobReports(state)
    states = jobs.numbers_by_state()
    return Counts(
        synced=SyncedScenes(state).count_synced(),
        waiting=states.get("waiting", 0),
        running=states.get("running", 0),
        failed=DeadLetters(state).count(),
        missing=jobs.count("waiting", LOOKED_FOR),
        absent=jobs.count("done", [ABSENT]),
        undone=UndoneScenes(state).count(),
        discarded=jobs.count("done", [DISCARDED]),
    )


def _order(each: ListedOrder) -> OrderRow:
    begun = each.cursor > 0 or each.total > 0 or each.state == "done"
    state: TicketState = "running" if begun else "waiting"
    return OrderRow(
        ticket=each.ticket,
        name=each.name,
        state=state,
        done=max(0, each.total - each.open),
        total=each.total,
        text=each.message if each.due_at else "",
    )


def _notices(state: sqlite3.Connection) -> Iterator[Notice]:
    for cause, notice in NoticeStore(state).by_cause().items():
        yield Notice(key=cause, text=notice.text, blocking=notice.blocking, action=_action(cause))
    problems = ProblemList(state)
    for pair in known_pairs(state):
        below = pair["stash"].rstrip("/\\")
        lacking = len({scene for scene, _ in problems.files_below(f"{below}/", f"{below}0")})
        if lacking:
            yield Notice(
                key=f"learned:{pair['stash']}",
                text=f"The folder {pair['stash']} seems to be {pair['plex']} in Plex ({pair['hits']} files agree), and {lacking} "
                "scenes below it have no item yet. As a rule it also finds files whose size differs.",
                blocking=False,
                action=Action(name="rule", stash=pair["stash"], plex=pair["plex"]),
            )


def _action(cause: str) -> Action:
    """What the page can offer against it."""
    if cause.startswith(SETTING) or cause == PlexUnauthorized.reason:
        return Action(name="settings")
    if cause.startswith(DEAD):
        return Action(name="retry")
    if cause == "index":
        return Action(name="index", task="Index Plex Library")
    return Action()


def _index(question: Question) -> Index:
    running = index_is_running(question.folder)
    try:
        with open_index(question.folder.index) as index:
            if index is None:
                return Index(at=None, items=0, running=running)
            at = index.server()[1]
            items = sum(n for topic, label, n, _ in index.statistics() if (topic, label) == ("tile", "items"))
    except DatabaseError:  # it is said by *library*; the rest of the overview is worth having
        return Index(at=None, items=0, running=running)
    return Index(at=datetime.fromisoformat(at).timestamp() if at else None, items=items, running=running)
