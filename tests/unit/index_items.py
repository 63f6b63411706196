"""Recorded items as the elements that the indexer reads."""

import json
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

DATA = Path(__file__).resolve().parents[1] / "data" / "index"

_TAGS = {
    "show": "Directory",
    "season": "Directory",
    "artist": "Directory",
    "album": "Directory",
    "track": "Track",
}


def recorded(name: str) -> Element:
    """The item of that name in items.json, in Plex's XML form."""
    given: dict[str, Any] = json.loads((DATA / "items.json").read_text("utf-8"))[name]
    return element(_TAGS.get(given["type"], "Video"), given)


def recorded_listing() -> Element:
    return fromstring((DATA / "listing.xml").read_text("utf-8"))


def element(tag: str, given: dict[str, Any]) -> Element:
    made = Element(tag)
    for name, value in given.items():
        if isinstance(value, list):
            made.extend(element(name, child) for child in value)
        elif isinstance(value, dict):
            made.append(element(name, value))
        else:
            made.set(name, str(int(value)) if isinstance(value, bool) else str(value))
    return made
