"""*libraries*: which libraries of Plex may be synced, as Plex told last when it was asked for them, else as the index has them."""

from plexsync_plugin.answers.page.arguments import NoArguments
from plexsync_plugin.answers.page.library_shapes import Libraries
from plexsync_plugin.answers.page.question import Question
from plexsync_plugin.jobs.facts import SERVER, Facts
from plexsync_plugin.plex.page_views import open_index


def answer(question: Question, _: NoArguments) -> Libraries:
    with question.state() as state:
        told = None
        if state is not None:
            facts = Facts(state)
            told = facts.libraries(facts.fact(SERVER))
    if told is not None:
        return Libraries(titles=tuple(told[0]), at=told[1])
    with open_index(question.folder.index) as index:
        return Libraries(titles=tuple(index.video_libraries()) if index else (), at=None)
