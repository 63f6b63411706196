"""Fingerprints of what Plex says: of a listing element, to see any edit, and of a medium, as promised outside. Pure."""

import hashlib
from xml.etree.ElementTree import Element

# What watching changes; an item that was only watched is not a changed item.
_VOLATILE = frozenset(
    {"viewCount", "lastViewedAt", "viewOffset", "viewedLeafCount", "skipCount", "lastRatedAt"}
)
_SIZE = 16  # bytes


def element_hash(element: Element) -> str:
    """Fingerprint of an item's element in a listing with all it holds; the order of attributes does not matter."""
    text = "\x1f".join(_words(element))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_SIZE).hexdigest()


def _words(element: Element) -> list[str]:
    words: list[str] = []
    for node in element.iter():
        words += ("\x1e", node.tag, str(len(node)))
        for attribute in sorted(node.items()):
            if attribute[0] not in _VOLATILE:
                words += attribute
    return words


def media_hash(*values: object) -> str:
    """Fingerprint of size, duration, codecs, resolution, container, title and year, in this order (docs/schema.md)."""
    words = ("" if value is None else str(value) for value in values)
    return hashlib.sha256("\x1f".join(words).encode("utf-8", "surrogatepass")).hexdigest()
