"""*plays*: what people played in Plex and Stash counts, as plexsync.db has it. Names of users are the index's, where there is one."""

from collections.abc import Collection, Mapping
from typing import Any

from plexsync_plugin.answers.page.arguments import PlaysArguments
from plexsync_plugin.answers.page.form import BadArguments
from plexsync_plugin.answers.page.links import link
from plexsync_plugin.answers.page.play_shapes import PlayRow, PlaysFromPlex, PlayUser
from plexsync_plugin.answers.page.question import Question
from plexsync_plugin.base.errors import DatabaseError
from plexsync_plugin.jobs.facts import SERVER, Facts
from plexsync_plugin.jobs.play_list import AccountPlays, ListedPlay, PlayList, PlayPlace
from plexsync_plugin.jobs.problem_list import scene_names
from plexsync_plugin.jobs.stars import Stars
from plexsync_plugin.jobs.watched_sections import WatchedSections
from plexsync_plugin.plex.page_views import open_index

MOST = 50


def answer(question: Question, arguments: PlaysArguments) -> PlaysFromPlex:
    before = PlayPlace.read(arguments.before)
    if arguments.before and before is None:
        raise BadArguments("The argument before is to be what an answer gave as next.")
    limit = max(1, min(arguments.limit, MOST))
    with question.state() as state:
        if state is None:
            return PlaysFromPlex(rows=(), next=None, users=(), waiting=0, rated=0, counting=False)
        server = Facts(state).fact(SERVER)
        plays = PlayList(state, server)
        listed, accounts = plays.newest(limit + 1, before), plays.by_account()
        titles = scene_names(state, [each.scene_id for each in listed if each.scene_id])
        rated = Stars(state, server).count()
        counting = WatchedSections(state, server).count_plays()
    page = listed[:limit]
    items, names = _from_index(question, [each.place.rating_key for each in page])
    return PlaysFromPlex(
        rows=tuple(_row(each, server, titles, items, names) for each in page),
        next=str(page[-1].place) if len(listed) > limit else None,
        users=tuple(_user(each, names) for each in accounts),
        waiting=sum(each.waiting for each in accounts),
        rated=rated,
        counting=counting,
    )


def _from_index(
    question: Question, keys: Collection[int]
) -> tuple[Mapping[int, Mapping[str, Any]], Mapping[int, str]]:
    """Items by rating key, and names of users by account."""
    try:
        with open_index(question.folder.index) as index:
            return (index.items(keys), index.users()) if index else ({}, {})
    except DatabaseError:  # it is said by *library*; plays are worth having without names
        return {}, {}


def _row(
    each: ListedPlay,
    server: str,
    titles: Mapping[int, str],
    items: Mapping[int, Mapping[str, Any]],
    names: Mapping[int, str],
) -> PlayRow:
    place = each.place
    item_title = items.get(place.rating_key, {}).get("title") or ""
    return PlayRow(
        at=place.played_at,
        account=place.account,
        user=names.get(place.account, ""),
        scene_id=each.scene_id or None,
        title=titles.get(each.scene_id, ""),
        item=link(server, place.rating_key, item_title),
        state=each.state,  # type: ignore[arg-type] # PlayList names the same words
    )


def _user(each: AccountPlays, names: Mapping[int, str]) -> PlayUser:
    return PlayUser(
        account=each.account,
        user=names.get(each.account, ""),
        counted=each.counted,
        waiting=each.waiting,
        undone=each.undone,
        last_at=each.last_at,
    )
