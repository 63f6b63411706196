"""Recorded answers of Plex servers as the elements that the indexer is given: the excerpts, and the complete recordings where
they lie beside the repository.

JSON answers become Plex's XML form (tests/unit/index_items.py), because that is what the gateway reads.
"""

import functools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring, tostring

import yaml

from plexsync_plugin.core.model import Kind
from tests.unit.index_items import DATA, element

EXCERPTS = DATA / "recorded"
COMPLETE = Path(__file__).resolve().parents[3] / "shared" / "recordings" / "plex"
KINDS = {kind.name.lower(): kind for kind in Kind}

_ITEM_TAGS = frozenset({"Metadata", "Video", "Directory", "Track"})
_XML_TAGS = dict.fromkeys(("show", "season", "artist", "album"), "Directory") | {"track": "Track"}
_FAILED = re.compile(r"(?:^|-|_)([45]\d\d)(?:$|_)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A MediaContainer, and the file that it was recorded in."""

    source: str
    root: Element


@dataclass(frozen=True, slots=True, order=True)
class Failure:
    status: int
    body: str


def items(root: Element) -> list[Element]:
    """Movies, shows and so on, also of kinds that the index does not have; not what lies within them."""
    found = []
    for child in root:
        if child.tag in _ITEM_TAGS and child.get("ratingKey"):
            found.append(child)
        else:
            found.extend(items(child))
    return found


def libraries(root: Element) -> list[Element]:
    return [child for child in root.iterfind("Directory") if child.get("agent")]


@functools.cache
def excerpts() -> tuple[Answer, ...]:
    given: list[dict[str, Any]] = json.loads((EXCERPTS / "answers.json").read_text("utf-8"))
    return tuple(
        Answer(source=each["source"], root=root) for each in given for root in _roots(each["answer"])
    )


@functools.cache
def failures() -> tuple[Failure, ...]:
    given = json.loads((EXCERPTS / "errors.json").read_text("utf-8"))
    return tuple(Failure(each["status"], each["body"]) for each in given)


def complete_answers() -> Iterator[Answer]:
    """All that hold items or libraries, each once: the description repeats its examples."""
    known = set()
    for path in sorted(COMPLETE.rglob("*")):
        for body in _bodies(path):
            for root in _roots(body):
                text = tostring(root)
                if text not in known and (items(root) or libraries(root)):
                    known.add(text)
                    yield Answer(source=str(path.relative_to(COMPLETE)), root=root)


def complete_failures() -> set[Failure]:
    description = json.loads((COMPLETE / "openapi-1.2.0.json").read_text("utf-8"))
    found = set(_described(description))
    for path in (COMPLETE / "plexinc_openapi-1.2.0").glob("*.html"):
        status = _FAILED.search(path.stem)
        if status:
            found.add(Failure(int(status[1]), path.read_text("utf-8")))
    return found


def _bodies(path: Path) -> Iterator[Any]:
    if path.suffix == ".json":
        yield json.loads(path.read_text("utf-8"))
    elif path.suffix == ".yaml":
        for each in yaml.safe_load(path.read_text("utf-8"))["interactions"]:
            body = each["response"]["body"]["string"]
            yield json.loads(body) if body.startswith("{") else body


def _roots(body: Any) -> Iterator[Element]:
    if not isinstance(body, str):
        yield from _containers(body)
    elif body:
        yield fromstring(body)


def _containers(given: Any) -> Iterator[Element]:
    """Every MediaContainer, at any depth, but for those in which a schema describes it."""
    if isinstance(given, list):
        for each in given:
            yield from _containers(each)
    elif isinstance(given, dict):
        for name, value in given.items():
            if name == "MediaContainer" and not {"properties", "allOf"} & set(value):
                yield _translated(value)
            else:
                yield from _containers(value)


def _translated(container: dict[str, Any]) -> Element:
    root = element("MediaContainer", container)
    for node in root.iter("Metadata"):
        node.tag = _XML_TAGS.get(node.get("type", ""), "Video")
    return root


def _described(given: Any, status: int = 0) -> Iterator[Failure]:
    """The examples of an answer that is none: those below a key that ends in its status."""
    if isinstance(given, dict):
        for name, value in given.items():
            found = _FAILED.search(name)
            if status and name == "value" and isinstance(value, str):
                yield Failure(status, value)
            yield from _described(value, int(found[1]) if found else status)
    elif isinstance(given, list):
        for each in given:
            yield from _described(each, status)
