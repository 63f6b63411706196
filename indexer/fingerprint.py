"""Fingerprints of what Plex says: of a listing element, to see any edit, and of a medium, as promised outside. Pure."""

import hashlib
from xml.etree.ElementTree import Element

# What watching changes; an item that was only watched is not a changed item.
_VOLATILE = frozenset(
    {"viewCount", "lastViewedAt", "viewOffset", "viewedLeafCount", "skipCount", "lastRatedAt"}
)
_SIZE = 16  # bytes


def element_hash(element: Element) -> str:
    """Of an item in a listing, with all it holds; the order of its attributes does not matter."""
    digest = hashlib.blake2b(digest_size=_SIZE)
    digest.update("\x1d".join(_words(element)).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _words(element: Element) -> list[str]:
    words: list[str] = []
    for node in element.iter():
        words.append(f"\x1e{node.tag}\x1f{len(node)}")
        words.extend(f"{name}\x1f{value}" for name, value in sorted(node.items()) if name not in _VOLATILE)
    return words


def media_hash(*values: object) -> str:
    """Of size, duration, codecs, resolution, container, title and year, in this order (facts: docs/schema.md)."""
    words = ("" if value is None else str(value) for value in values)
    return hashlib.sha256("\x1f".join(words).encode("utf-8", "surrogatepass")).hexdigest()
