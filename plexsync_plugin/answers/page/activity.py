"""*activity*: what was done in Plex, the newest first."""

from plexsync_plugin.answers.page.arguments import ActivityArguments
from plexsync_plugin.answers.page.links import link
from plexsync_plugin.answers.page.question import Question
from plexsync_plugin.answers.page.shapes import Activity, ActivityRow, Change
from plexsync_plugin.jobs.activity import ActivityStore, KeptActivity
from plexsync_plugin.jobs.problem_list import scene_names

MOST = 50


def answer(question: Question, arguments: ActivityArguments) -> Activity:
    limit = max(1, min(arguments.limit, MOST))
    with question.state() as state:
        if state is None:
            return Activity(rows=(), next=None)
        kept = ActivityStore(state).newest(limit + 1, arguments.before)
        names = scene_names(state, [each.activity.scene_id for each in kept if not each.activity.title])
    rows = tuple(_row(each, names) for each in kept[:limit])
    return Activity(rows=rows, next=rows[-1].id if len(kept) > limit else None)


def _row(kept: KeptActivity, names: dict[int, str]) -> ActivityRow:
    each = kept.activity
    return ActivityRow(
        id=kept.id,
        at=kept.at,
        scene_id=each.scene_id,
        title=each.title or names.get(each.scene_id, ""),
        outcome=each.outcome,  # type: ignore[arg-type] # the table's CHECK names the words
        text=each.text,
        changes=tuple(Change(field=name, before=before, after=after) for name, before, after in each.changes),
        item=link(each.server, each.item, each.item_title),
        ms=each.ms,
        requests=each.requests,
    )
