"""What editing titles of music does beyond renaming: merges, and tracks that change their album.

The facts: docs/facts/plex.md section 2.2.
"""

from tests.sim.plex.library import Library, now
from tests.sim.plex.model import Item, nocase


def rename_or_merge(library: Library, items: list[Item], title: str) -> list[Item]:
    """A single artist or album is renamed, unless one of that name exists: then they are merged. Several always are.

    Returns the items that are left to be edited.
    """
    target = _namesake(library, items[0], title)
    if target is None and len(items) == 1:
        return items
    target = target or items[0]
    for item in items:
        if item is not target:
            for child in library.children(item.key):
                library.move(child, parent=target.key)
            library.remove_item(item.key)
    return [target]


def _namesake(library: Library, item: Item, title: str) -> Item | None:
    """Another one of that name: artists in the section, albums of the same artist."""
    wanted = nocase(title)
    for key in library.of_kind(item.section, item.kind):
        other = library.items[key]
        if other is not item and other.parent == item.parent and nocase(other.fields["title"]) == wanted:
            return other
    return None


def move_tracks(library: Library, tracks: list[Item], parents: dict[tuple[str, str], str]) -> None:
    """artist.title.value and album.title.value: the tracks go to that album of that artist, made if there is none."""
    if ("artist", "title") not in parents or ("album", "title") not in parents:
        return
    section = tracks[0].section
    artist = _find_or_make(library, section, "artist", None, parents["artist", "title"])
    album = _find_or_make(library, section, "album", artist.key, parents["album", "title"])
    for track in tracks:
        library.move(track, parent=album.key)


def _find_or_make(library: Library, section: int, kind: str, parent: int | None, title: str) -> Item:
    for key in library.of_kind(section, kind):
        item = library.items[key]
        if item.parent == parent and nocase(item.fields["title"]) == nocase(title):
            return item
    key, stamp = library.take_id("item"), now()
    fields = {"guid": f"local://{key}", "title": title, "summary": "", "index": 1}
    made = Item(key, kind, section, parent, {**fields, "addedAt": stamp, "updatedAt": stamp})
    library.add_item(made)
    return made
