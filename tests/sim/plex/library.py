"""The simulated library: items by rating key, their order and children, the tag table, counters and stamps.

Owns every change to these collections. Knows nothing of requests, answers or the language of edits.
"""

import time
from collections.abc import Iterable, Iterator

from tests.sim.plex.model import ANCESTRY, Item, Link, Section, Tag, nocase


class Library:
    """Not thread safe: the application holds one lock around each request."""

    def __init__(self) -> None:
        self.sections: dict[int, Section] = {}
        self.items: dict[int, Item] = {}
        self.tags: dict[int, Tag] = {}
        self.version = 0
        self._tags_by_name: dict[tuple[str, str], Tag] = {}
        self._by_kind: dict[tuple[int, str], dict[int, None]] = {}
        self._children: dict[int, dict[int, None]] = {}
        self.next_ids: dict[str, int] = {}
        self.touched: dict[int, Item] = {}  # changed since the last events

    def take_id(self, table: str) -> int:
        """The next free id of a table (item, tag, media, part, location)."""
        number = self.next_ids.get(table, 1)
        self.next_ids[table] = number + 1
        return number

    def reserve_id(self, table: str, number: int) -> int:
        self.next_ids[table] = max(self.next_ids.get(table, 1), number + 1)
        return number

    def add_section(self, section: Section) -> None:
        self.sections[section.key] = section

    def add_item(self, item: Item) -> None:
        if item.key in self.items:
            raise ValueError(f"rating key {item.key} exists already")
        self.reserve_id("item", item.key)
        self.items[item.key] = item
        self._by_kind.setdefault((item.section, item.kind), {})[item.key] = None
        if item.parent is not None:
            self._children.setdefault(item.parent, {})[item.key] = None

    def remove_item(self, key: int) -> list[int]:
        """Removes the item and everything below it; returns their keys."""
        removed = [key, *(child for each in self.children(key) for child in self.remove_item(each.key))]
        item = self.items.pop(key)
        del self._by_kind[item.section, item.kind][key]
        self._children.pop(key, None)
        if item.parent is not None:
            self._children.get(item.parent, {}).pop(key, None)
        return removed

    def move(self, item: Item, *, key: int | None = None, parent: int | None = None) -> None:
        """Gives the item another rating key or another parent; everything below it follows."""
        below, old = list(self._below(item.key)), item.key
        self.remove_item(old)
        item.key = old if key is None else key
        item.parent = item.parent if parent is None else parent
        for each in (item, *below):
            each.parent = item.key if each.parent == old else each.parent
            self.add_item(each)

    def _below(self, key: int) -> Iterator[Item]:
        for child in self.children(key):
            yield child
            yield from self._below(child.key)

    def of_kind(self, section: int, kind: str) -> Iterable[int]:
        return self._by_kind.get((section, kind), {})

    def children(self, key: int) -> list[Item]:
        return [self.items[child] for child in self._children.get(key, ())]

    def leaves(self, key: int) -> Iterator[Item]:
        return (item for item in self._below(key) if item.kind in {"episode", "track"})

    def ancestors(self, item: Item) -> list[Item]:
        """Parent, grandparent."""
        found = []
        while item.parent is not None and item.parent in self.items:
            item = self.items[item.parent]
            found.append(item)
        return found

    def ancestor(self, item: Item, kind: str) -> Item | None:
        if kind not in ANCESTRY.get(item.kind, ()):
            return None
        return next((each for each in self.ancestors(item) if each.kind == kind), None)

    def tag(self, kind: str, name: str, number: int | None = None) -> Tag:
        """The tag of that name, made if there is none; names compare as NOCASE; labels begin with a capital (Kometa#201)."""
        known = self._tags_by_name.get((kind, nocase(name)))
        if known is not None:
            return known
        name = name[:1].upper() + name[1:] if kind == "label" else name
        number = self.take_id("tag") if number is None else self.reserve_id("tag", number)
        tag = Tag(number, kind, name)
        self.add_tag(tag)
        return tag

    def add_tag(self, tag: Tag) -> None:
        self.reserve_id("tag", tag.id)
        self.tags[tag.id] = tag
        self._tags_by_name[tag.kind, nocase(tag.name)] = tag

    def links(self, item: Item, kind: str) -> list[Link]:
        return item.tags.get(kind, [])

    def changed(self, item: Item, *, stamp: bool) -> None:
        """Notes a change of the item: the section's counter always, updatedAt and image addresses only with `stamp`."""
        section = self.sections[item.section]
        section.attributes["contentChangedAt"] = int(section.attributes.get("contentChangedAt") or 0) + 1
        self.version += 1
        self.touched[item.key] = item
        if not stamp:
            return
        item.fields["updatedAt"] = now()
        for element in ("thumb", "art", "clearLogo", "squareArt", "theme"):
            if item.fields.get(element) is not None:
                item.fields[element] = item.fields["updatedAt"]


class _Passed:
    seconds = 0  # that a test let pass, beside those of the clock


def now() -> int:
    """Whole seconds, as Plex stores them."""
    return time.time_ns() // 1_000_000_000 + _Passed.seconds


def let_pass(seconds: int) -> int:
    """What is stamped from now on is so much later; the sum of all calls."""
    _Passed.seconds += seconds
    return _Passed.seconds
