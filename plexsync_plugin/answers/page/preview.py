"""*preview*: what the last *Preview Changes* found, page by page."""

from plexsync_plugin.answers.page.arguments import PreviewArguments
from plexsync_plugin.answers.page.links import link
from plexsync_plugin.answers.page.question import Question
from plexsync_plugin.answers.page.shapes import Change, Preview, PreviewRow
from plexsync_plugin.jobs.previews import PreviewedItem, open_preview

MOST = 200


def answer(question: Question, arguments: PreviewArguments) -> Preview:
    limit = max(1, min(arguments.limit, MOST))
    with open_preview(question.folder.path("preview.db")) as preview:
        if preview is None:
            return Preview(made_at=None, total=0, sentence="", by_field={}, rows=(), next=None)
        summary = preview.summary()
        found = preview.page(arguments.after or 0, arguments.field, limit + 1)
    return Preview(
        made_at=summary.made_at,
        total=summary.total,
        sentence=summary.sentence,
        by_field=summary.by_field,
        rows=tuple(_row(each, summary.server) for _, each in found[:limit]),
        next=found[limit - 1][0] if len(found) > limit else None,
    )


def _row(each: PreviewedItem, server: str) -> PreviewRow:
    return PreviewRow(
        scene_id=each.scene_id,
        title=each.title,
        item=link(server, each.item, each.item_title),
        problem=each.problem,
        changes=tuple(Change(field=name, before=now, after=then) for name, now, then in each.changes),
    )
