"""Which items of the index may be what a scene could not be matched with: files of the same name, and how they compare."""

from collections.abc import Iterable, Mapping

from plexsync_plugin.answers.grounds import GROUNDS
from plexsync_plugin.answers.page.links import address
from plexsync_plugin.answers.page.shapes import ItemCandidate
from plexsync_plugin.core.match import BY_NAME, BY_SIZE
from plexsync_plugin.core.model import File
from plexsync_plugin.core.pathmap import common_suffix, file_name, levelled, spellings
from plexsync_plugin.jobs.scene_files import KeptScene
from plexsync_plugin.plex.page_views import PageIndex

SHOWN = 8  # of one scene
MOST = 2_000  # files of the names of one page


def candidates(
    index: PageIndex | None, scenes: Mapping[int, KeptScene]
) -> dict[int, tuple[ItemCandidate, ...]]:
    """By scene; of those without any, nothing."""
    if index is None or not scenes:
        return {}
    names = {
        name for scene in scenes.values() for file in scene.files for name in spellings(file_name(file.path))
    }
    rows = index.files_named(sorted(names), MOST)
    by_name: dict[str, list[Mapping[str, object]]] = {}
    for row in rows:
        by_name.setdefault(levelled(str(row["name"])), []).append(row)
    server, _ = index.server()
    items = index.items({int(row["rating_key"]) for row in rows})
    found = {}
    for number, scene in scenes.items():
        near = [
            _candidate(file, row, items.get(int(str(row["rating_key"])), {}), server)
            for file in scene.files
            for row in by_name.get(levelled(file_name(file.path)), ())
        ]
        near.sort(key=lambda each: -common_suffix(each.path, each.stash_path))
        if near:
            found[number] = tuple(near[:SHOWN])
    return found


def said(sentences: Iterable[str]) -> tuple[ItemCandidate, ...]:
    """What the failure named, where the index knows none."""
    return tuple(
        ItemCandidate(key=0, title=text, section="", path="", size=None, why="", stash_path="", url="")
        for text in sentences
    )[:SHOWN]


def _candidate(
    file: File, row: Mapping[str, object], item: Mapping[str, object], server: str
) -> ItemCandidate:
    key, size = int(str(row["rating_key"])), row["size"]
    return ItemCandidate(
        key=key,
        title=str(item.get("title") or ""),
        section=str(item.get("section") or ""),
        path=str(row["path"]),
        size=int(str(size)) if size is not None else None,
        why=_why(file.size, int(str(size)) if size is not None else 0),
        stash_path=file.path,
        url=address(server, key),
    )


def _why(here: int, there: int) -> str:
    if not here or not there:
        return GROUNDS[BY_NAME]
    if here == there:
        return GROUNDS[BY_SIZE]
    return f"the same name, another size ({there} bytes in Plex, {here} in Stash)"
