"""*search*: items of the index by what a person types, as `plex_sync.py search` finds them, or all of a kind in an order."""

import os

from plexsync_plugin.answers.page.arguments import SearchArguments
from plexsync_plugin.answers.page.library_shapes import ItemKind, Search, SearchRow
from plexsync_plugin.answers.page.links import address
from plexsync_plugin.answers.page.question import NoAnswer, Question
from plexsync_plugin.answers.page.shapes import Action
from plexsync_plugin.base.errors import SettingsError
from plexsync_plugin.core.model import Kind
from plexsync_plugin.jobs.matches import Matches
from plexsync_plugin.plex.page_views import PageIndex, open_index

MOST = 1_000  # rows over all pages
PAGE = 200
_WORDS: dict[int, ItemKind] = {
    Kind.MOVIE: "movie", Kind.SHOW: "show", Kind.SEASON: "season", Kind.EPISODE: "episode", Kind.ARTIST: "artist",
    Kind.ALBUM: "album", Kind.TRACK: "track",
}  # fmt: skip


def answer(question: Question, arguments: SearchArguments) -> Search:
    with open_index(question.folder.index) as index:
        if index is None:
            raise NoAnswer(
                "There is no index of the Plex libraries yet, or it is of an earlier version. Run Index Plex Library.",
                Action(name="index", task="Index Plex Library"),
            )
        keys = _found(question.folder.index, index, arguments)
        after = int(arguments.after) if arguments.after.isdecimal() and len(arguments.after) < 8 else 0
        limit = max(1, min(arguments.limit, PAGE))
        page = keys[after : after + limit]
        server, rows = index.server()[0], index.items(page)
        pictures = index.pictures(page)
    scenes: dict[int, int] = {}
    with question.state() as state:
        if state is not None:
            scenes = Matches(state).scenes_of_items(server, page)
    ended = after + limit >= len(keys)
    return Search(
        rows=tuple(
            SearchRow(
                key=key,
                kind=_WORDS[rows[key]["kind"]],
                title=rows[key]["title"],
                part_of=rows[key]["part_of"] or "",
                section=rows[key]["section"] or "",
                year=rows[key]["year"],
                size=rows[key]["size"],
                resolution=rows[key]["resolution"] or "",
                codec=rows[key]["codec"] or "",
                url=address(server, key),
                poster=key in pictures
                and os.path.exists(os.path.join(question.folder.images, pictures[key])),
                scene_id=scenes.get(key),
            )
            for key in page
            if key in rows
        ),
        next=None if ended else str(after + limit),
    )


def _found(path: str, index: PageIndex, arguments: SearchArguments) -> list[int]:
    """Rating keys, at most `MOST`, in the order that is asked for. The best of what was typed are sorted, not all of it."""
    kind = None if arguments.kind is None else int(Kind[arguments.kind.upper()])
    order = arguments.sort
    if not arguments.q.strip():
        return index.listed(kind, "title" if order == "best" else order, MOST)
    found = _typed(path, arguments)
    if order == "best":
        return found
    rows = index.items(found)
    there = [key for key in found if key in rows]
    if order == "size":
        return sorted(there, key=lambda key: -(rows[key]["size"] or 0))
    if order == "added":
        return sorted(there, key=lambda key: rows[key]["added"] or "", reverse=True)
    return sorted(there, key=lambda key: rows[key]["sort_title"].casefold())


def _typed(path: str, arguments: SearchArguments) -> list[int]:
    # Only this operation needs them, and none but the page asks for it.
    from indexer.answers.query import check_schema, reading  # noqa: PLC0415
    from indexer.answers.search import read_typed, search  # noqa: PLC0415

    try:
        typed = read_typed(arguments.q)
    except SettingsError:
        return []
    with reading(path) as connection:
        check_schema(connection, path)
        kinds = [] if arguments.kind is None else [arguments.kind]
        return [row[0] for row in search(connection, typed, kinds, MOST)]
