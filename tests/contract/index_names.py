"""Which attributes of recorded answers change what is stored: found out by changing each of them."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from indexer.rows.extract import extract
from indexer.rows.parts import watch_state
from plexsync_plugin.plex import elements
from tests.contract.index_recordings import KINDS, Answer, items, libraries
from tools.left_out import LEFT_OUT

Made = Callable[[Element], Any]


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """An attribute: of an item, library or listing itself where `path` is empty, else of the element at the end of it.

    `scope` is movie, show and so on, library or listing; item for what lies within an item, which is read alike in all kinds.
    An element without any attribute has the one "".
    """

    scope: str
    path: tuple[str, ...]
    attribute: str

    def __str__(self) -> str:
        return "/".join((self.scope, *self.path)) + f".{self.attribute}"

    @property
    def entries(self) -> set[str]:
        """How `LEFT_OUT` can name it."""
        if self.scope not in (*KINDS, "item", "library"):
            return {f"{self.scope}.*"}
        if self.path:
            return {f"{self.path[-1]}.{self.attribute}", f"*.{self.attribute}"} | {
                f"{tag}.*" for tag in self.path
            }
        own = {f"{self.scope}.{self.attribute}"}
        return own | {f"item.{self.attribute}"} if self.scope in KINDS else own


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """`unread` maps each name that changes nothing to a file that has it."""

    read: set[Name]
    unread: dict[Name, str]

    def forgotten(self) -> list[str]:
        return sorted(
            f"{name} in {source}" for name, source in self.unread.items() if not name.entries & set(LEFT_OUT)
        )


def survey(answers: Iterable[Answer]) -> Survey:
    read: set[Name] = set()
    seen: dict[Name, str] = {}
    for answer in answers:
        for scope, element, made in _subjects(answer.root):
            names = _nodes(element, scope)
            seen |= dict.fromkeys((name for name, _ in names), answer.source)
            read |= _read(element, [(name, node) for name, node in names if name not in read], made)
    return Survey(read=read, unread={name: source for name, source in seen.items() if name not in read})


def _subjects(root: Element) -> Iterator[tuple[str, Element, Made]]:
    """What is read for itself: scope, element, and what is made of it."""
    frame = Element(root.tag, root.attrib)
    found = [*items(root), *libraries(root)]
    frame.extend(child for child in root if child not in found and not items(child))
    yield "listing", frame, lambda _: None
    for each in libraries(root):
        yield "library", each, elements.section
    for each in items(root):
        # Pictures to choose from are the only ones without a type.
        scope = each.get("type", "picture")
        yield scope, each, _stored(scope) if scope in KINDS else lambda _: None


def _stored(scope: str) -> Made:
    def rows(element: Element) -> list[Any]:
        return [*extract(element, KINDS[scope], 1), watch_state(element, 1)]

    return rows


def _nodes(element: Element, scope: str, path: tuple[str, ...] = ()) -> list[tuple[Name, Element]]:
    found = [(Name(scope, path, attribute), element) for attribute in element.attrib]
    if not found and not len(element):
        found = [(Name(scope, path, ""), element)]
    for child in element:
        found.extend(_nodes(child, "item" if scope in KINDS else scope, (*path, child.tag)))
    return found


def _read(element: Element, names: list[tuple[Name, Element]], made: Made) -> set[Name]:
    """Those whose change changes what is made: as recorded, or with no more than the element's own attributes (the length of
    an item without files is its own, for one)."""
    bare = Element(element.tag, element.attrib)
    recorded, alone = made(element), made(bare)
    found: set[Name] = set()
    for name, node in names:
        if name not in found and (
            _differs(element, node, name.attribute, made, recorded)
            or (not name.path and _differs(bare, bare, name.attribute, made, alone))
        ):
            found.add(name)
    return found


def _differs(element: Element, node: Element, attribute: str, made: Made, before: Any) -> bool:
    value = node.attrib.get(attribute)
    if value is None:
        return False
    try:
        for other in (_another(value), f"{value}x"):
            node.set(attribute, other)
            if made(element) != before:
                return True
        del node.attrib[attribute]
        return bool(made(element) != before)
    finally:
        node.set(attribute, value)


def _another(value: str) -> str:
    if value in ("0", "1"):
        return "1" if value == "0" else "0"
    if re.fullmatch(r"-?\d+", value):
        return str(int(value) + 1)
    return f"{float(value) + 1}" if re.fullmatch(r"-?\d+\.\d+", value) else f"another {value}"
