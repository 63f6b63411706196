"""Pictures out of a long document, before it is read: a save in Stash waits for that, and nothing here looks at them.

A new cover travels in a hook's `input`, as base64 under `cover_image` (of other things: `image`, `front_image`, `back_image`).
Standard library alone.
"""

import zlib

_KEY = b'image":'  # in a text of the document the quotation mark would stand behind a backslash


def without_pictures(document: bytes) -> bytes:
    """Each picture by its checksum, so that two events that differ in one still differ."""
    pieces, place = [], 0
    while (found := document.find(_KEY, place)) >= 0:
        begin = found + len(_KEY)
        begin += document[begin : begin + 1] == b" "
        end = document.find(b'"', begin + 1)
        pieces.append(document[place:begin])
        if document[begin : begin + 1] != b'"' or end < 0:  # null, or half a document
            place = begin
            continue
        value = document[begin + 1 : end]
        pieces.append(b'"' + value if b"\\" in value else b'"%08x' % zlib.crc32(value))
        place = end
    pieces.append(document[place:])
    return b"".join(pieces)
