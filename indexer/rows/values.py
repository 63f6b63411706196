"""Attributes of a Plex element -> values of a column, and values -> text for people. Pure.

What is missing, empty or unreadable is None: columns hold NULL, never "" or 0 in its place. A 0 that Plex gives stays 0.
"""

import re
from xml.etree.ElementTree import Element

from plexsync_plugin.base.clock import utc_text

_SEPARATOR = re.compile(r"[/\\]")
_LARGEST = 2**53  # beyond any size or length, and sums of many of them still are SQLite integers
_DIGITS = len(str(-_LARGEST))
_LATEST = 253402300799  # the last second of the year 9999


def text(element: Element, name: str) -> str | None:
    return element.get(name) or None


def whole(element: Element, name: str) -> int | None:
    given = element.get(name)
    if not given:
        return None  # at once: most columns of most rows
    if len(given) < _DIGITS - 1 and given.isdecimal() and given.isascii():
        return int(given)  # nearly all others; as many digits are below the largest
    return _long_or_negative(given)


def _long_or_negative(given: str) -> int | None:
    if len(given) > _DIGITS or not given.isascii() or not given.removeprefix("-").isdecimal():
        return None
    number = int(given)
    return number if abs(number) <= _LARGEST else None


def first_known(*values: int | None) -> int | None:
    """A 0 that Plex gives is known."""
    return next((value for value in values if value is not None), None)


def flag(element: Element, name: str) -> int:
    """1 or 0; Plex leaves out what is false."""
    return int(element.get(name) in ("1", "true"))


def real(element: Element, name: str) -> float | None:
    given = element.get(name)
    if not given:
        return None
    try:
        number = float(given)
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None


def moment(element: Element, name: str) -> str | None:
    """Epoch seconds -> ISO 8601 in UTC."""
    return moment_text(whole(element, name))


def moment_text(seconds: int | None) -> str | None:
    return utc_text(seconds) if seconds is not None and 0 <= seconds <= _LATEST else None


def joined(names: list[str]) -> str | None:
    return ", ".join(names) or None


def file_name(path: str) -> str:
    """The last part of a path; a Plex server on Windows writes backslashes."""
    return _SEPARATOR.split(path)[-1]


def duration_text(milliseconds: int) -> str:
    """A length for people, such as "42 s", "3 min 25 s" (below ten minutes), "42 min", "1 h 42 min"."""
    seconds = round(milliseconds / 1000)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 600:
        return f"{seconds // 60} min" + (f" {seconds % 60} s" if seconds % 60 else "")
    hours, minutes = divmod(round(seconds / 60), 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def size_text(size: int) -> str:
    """A size for people, in decimal units with one place, such as "870 B", "4.3 GB"."""
    if size < 1000:
        return f"{size} B"
    amount = float(size)
    for unit in ("kB", "MB", "GB", "TB"):
        amount /= 1000
        if amount < 999.95:
            return f"{amount:.1f} {unit}"
    return f"{amount / 1000:.1f} PB"
