"""*library*: numbers of the whole index, as its last run left them."""

from datetime import datetime

from plexsync_plugin.answers.page.arguments import NoArguments
from plexsync_plugin.answers.page.library_shapes import Library, Tile
from plexsync_plugin.answers.page.question import Question
from plexsync_plugin.plex.page_views import open_index


def answer(question: Question, _: NoArguments) -> Library:
    with open_index(question.folder.index) as index:
        if index is None:
            return Library(at=None, tiles=(), shares={}, growth=())
        rows, at = index.statistics(), index.server()[1]
    shares: dict[str, list[tuple[str, int, int]]] = {}
    for topic, label, items, size in rows:
        if topic not in ("tile", "growth"):
            shares.setdefault(topic, []).append((label, items, size))
    return Library(
        at=datetime.fromisoformat(at).timestamp() if at else None,
        tiles=tuple(_tiles(rows)),
        shares={topic: tuple(found) for topic, found in shares.items()},
        growth=tuple((label, items, size) for topic, label, items, size in rows if topic == "growth"),
    )


def _tiles(rows: list[tuple[str, str, int, int]]) -> list[Tile]:
    tiles = []
    for topic, label, items, size in rows:
        if topic == "tile":
            tiles.append(Tile(name=label, value=items, unit="number"))
            if label == "files":
                tiles.append(Tile(name="bytes", value=size, unit="bytes"))
    return tiles
