"""Carries edits, ratings and refreshes out on the library: values, tags, locks, the agent's values behind them."""

from typing import Any

from tests.sim.plex.collections import keep_collections
from tests.sim.plex.edits import Edit, TagEdit
from tests.sim.plex.library import Library, now
from tests.sim.plex.loading import snapshot_agent
from tests.sim.plex.model import Item, Link, nocase
from tests.sim.plex.settings import Settings

# Cleared, these stay as empty text; other cleared fields are gone.
_KEPT_EMPTY = frozenset({"title", "summary"})
_PERSONAL = frozenset({"userRating"})


def apply_edit(library: Library, settings: Settings, items: list[Item], edit: Edit) -> None:
    """Carries the edit out on every item; a changed field is locked unless the edit says otherwise (setting edit_locks)."""
    if not any((edit.values, edit.locks, edit.tags, edit.parents)):
        return
    collections = edit.tags.get("collection")
    if collections is not None:
        keep_collections(library, items, [parts.get("tag", "") for parts in collections.added.values()])
    for item in items:
        snapshot_agent(item)
        for name, value in edit.values.items():
            _set_value(item, name, value)
        if "title" in edit.values and "titleSort" not in edit.values and "titleSort" not in item.locks:
            item.fields.pop("titleSort", None)
        for kind, change in edit.tags.items():
            item.tags[kind] = change_links(library, settings, item.tags.get(kind, []), kind, change)
        _set_locks(item, edit, by_itself=settings.edit_locks)
        # Collection membership does not mark an item changed (docs/facts/plex.md section 3.8).
        membership_only = (
            not edit.values and set(edit.tags) <= {"collection"} and set(edit.locks) <= {"collection"}
        )
        note_change(library, settings, item, stamp=not membership_only)


def note_change(library: Library, settings: Settings, item: Item, *, stamp: bool) -> None:
    section = library.sections[item.section]
    before = section.attributes.get("contentChangedAt")
    library.changed(item, stamp=stamp)
    if not settings.edits_change_content:
        section.attributes["contentChangedAt"] = before


def _set_value(item: Item, name: str, value: Any) -> None:
    if value is not None:
        item.fields[name] = value
    elif name in _KEPT_EMPTY:
        item.fields[name] = ""
    else:
        item.fields.pop(name, None)


def _set_locks(item: Item, edit: Edit, *, by_itself: bool) -> None:
    changed = [*edit.values, *edit.tags] if by_itself else []
    wanted = dict.fromkeys(changed, True) | edit.locks
    for name, locked in wanted.items():
        set_lock(item, name, locked=locked)


def set_lock(item: Item, name: str, *, locked: bool) -> None:
    if locked and name not in item.locks:
        item.locks.append(name)
    elif not locked and name in item.locks:
        item.locks.remove(name)


def change_links(
    library: Library, settings: Settings, links: list[Link], kind: str, change: TagEdit
) -> list[Link]:
    """Removals first; then the given tags in the order of their indexes, before those that stay.

    A tag that is there already keeps its text unless a new one is given. An index without tag.tag does nothing.
    """
    gone = {nocase(name) for name in change.removed}
    kept = [] if change.cleared else [link for link in links if nocase(link[0].name) not in gone]
    given: list[Link] = []
    for _, parts in sorted(change.added.items()):
        if not parts.get("tag"):
            continue
        tag = library.tag(kind, parts["tag"])
        tag.thumb = parts.get("thumb", tag.thumb) or None
        tag.key = parts.get("tagKey", tag.key) or None
        text = parts.get("text") or next((old for known, old in kept if known is tag), None)
        if all(known is not tag for known, _ in given):
            given.append((tag, text))
    if settings.tag_mode == "replace" and given:
        return given
    named = {tag.id for tag, _ in given}
    return given + [link for link in kept if link[0].id not in named]


def rate(library: Library, settings: Settings, item: Item, rating: float) -> None:
    """The owner's star; -1 clears. Whether it locks is a setting."""
    if rating < 0:
        item.fields.pop("userRating", None)
        item.fields.pop("lastRatedAt", None)
    else:
        item.fields["userRating"] = int(rating) if rating.is_integer() else rating
        item.fields["lastRatedAt"] = now()
    if settings.rating_locks:
        set_lock(item, "userRating", locked=rating >= 0)
    note_change(library, settings, item, stamp=False)


def refresh(library: Library, settings: Settings, item: Item) -> None:
    """The agent writes its values again into what is not locked."""
    if item.agent is None:
        return
    before = (dict(item.fields), {kind: list(links) for kind, links in item.tags.items()})
    for name in _agent_fields(item):
        if name not in item.locks:
            _set_value(item, name, item.agent.get(name))
    for kind in {*item.tags, *(name[5:] for name in item.agent if name.startswith("tags:"))}:
        if kind not in item.locks and kind != "collection":
            item.tags[kind] = list(item.agent.get(f"tags:{kind}", []))
    if before != (item.fields, item.tags):
        note_change(library, settings, item, stamp=True)


def _agent_fields(item: Item) -> set[str]:
    server = {"addedAt", "updatedAt", "viewCount", "lastViewedAt", "viewOffset", "skipCount", "lastRatedAt"}
    images = {"thumb", "art", "clearLogo", "squareArt", "theme"}
    names = {*item.fields, *(name for name in item.agent or {} if not name.startswith("tags:"))}
    return names - server - images - _PERSONAL
