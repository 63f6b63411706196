"""*problems*: scenes, orders and entries of the inbox that a person must look at, with what may be done about each."""

import sqlite3

from plexsync_plugin.answers.advice import advice
from plexsync_plugin.answers.page.arguments import ProblemsArguments
from plexsync_plugin.answers.page.candidates import candidates, said
from plexsync_plugin.answers.page.chosen import chosen
from plexsync_plugin.answers.page.question import Question
from plexsync_plugin.answers.page.shapes import (
    ChosenItem,
    ItemCandidate,
    KindCount,
    ProblemRow,
    Problems,
    ProblemState,
    ReasonCount,
)
from plexsync_plugin.base.errors import ItemMissing
from plexsync_plugin.core.pathmap import file_name
from plexsync_plugin.jobs.problem_list import ListedProblem, ProblemList, scene_names
from plexsync_plugin.jobs.reasons import ABSENT, LOOKED_FOR
from plexsync_plugin.jobs.scene_files import KeptScene, SceneFiles
from plexsync_plugin.plex.page_views import open_index

MOST = 100
_STATES: dict[str, ProblemState] = {"dead": "failed", "waiting": "waiting", "done": "absent"}


def answer(question: Question, arguments: ProblemsArguments) -> Problems:
    limit = max(1, min(arguments.limit, MOST))
    with question.state() as state:
        if state is None:
            return Problems(kinds=(), reasons=(), rows=(), next=None)
        problems = ProblemList(state)
        found = problems.page(arguments.kind, arguments.reason, arguments.after, limit + 1)
        shown = found[:limit]
        rows = _rows(question, state, shown)
        return Problems(
            kinds=tuple(
                KindCount(kind=kind, count=number)  # type: ignore[arg-type] # the kinds are the same words
                for kind, number in problems.counts().items()
            ),
            reasons=tuple(
                ReasonCount(reason=reason, count=number, advice=advice_for(reason))
                for reason, number in problems.reasons(arguments.kind)
            ),
            rows=rows,
            next=shown[-1].id if len(found) > limit else None,
        )


def advice_for(reason: str) -> str:
    """What is missing is so for one cause, whether it is looked for still, was given up, or is known to be absent."""
    return advice(ItemMissing.reason if reason in (*LOOKED_FOR, ABSENT) else reason, on_page=True)


def _rows(
    question: Question, state: sqlite3.Connection, shown: list[ListedProblem]
) -> tuple[ProblemRow, ...]:
    numbers = [each.scene_id for each in shown if each.scene_id is not None]
    scenes, names = SceneFiles(state).of_scenes(numbers), scene_names(state, numbers)
    with open_index(question.folder.index) as index:
        near = dict.fromkeys(numbers, ()) | candidates(index, scenes)
        choices = chosen(state, index, near)
    return tuple(_row(each, title_of(each, scenes, names), near, choices) for each in shown)


def _row(
    each: ListedProblem,
    title: str,
    near: dict[int, tuple[ItemCandidate, ...]],
    choices: dict[int, tuple[ChosenItem, ...]],
) -> ProblemRow:
    number = each.scene_id or 0
    return ProblemRow(
        id=each.id,
        scene_id=each.scene_id,
        order_id=each.order_id,
        state=_STATES[each.state],
        title=title,
        reason=each.reason,
        message=each.message,
        advice=advice_for(each.reason),
        attempts=each.attempts,
        first_at=each.first_at,
        last_at=each.last_at,
        due_at=each.due_at,
        candidates=near.get(number) or said(each.candidates),
        choices=choices.get(number, ()),
    )


def title_of(each: ListedProblem, scenes: dict[int, KeptScene], names: dict[int, str]) -> str:
    """Of a scene without a title, as Stash shows it: the name of its file."""
    number = each.scene_id or 0
    scene = scenes.get(number)
    of_file = file_name(scene.files[0].path) if scene and scene.files else ""
    return each.order or names.get(number) or of_file
