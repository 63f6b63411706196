"""A limit on the bytes of one answer, counted after decompression: a megabyte on the wire can be a thousand in memory.

Kept where requests takes the body from urllib3, so it holds for whole answers and for those that are read piece by piece.
Knows nothing of Plex.
"""

from collections.abc import Iterator
from typing import Any

import urllib3

MOST = 16_000_000  # bytes; the longest answers of a Plex, pages and batches, have a few million


class AnswerTooLong(Exception):
    """The answer had more bytes than it may have. `most` is how many that is."""

    def __init__(self, most: int) -> None:
        super().__init__(f"more than {most} bytes")
        self.most = most


class LimitedBody:
    """Stands in the place of urllib3's response; `received` is what has come of the body. Raises AnswerTooLong."""

    def __init__(self, raw: urllib3.BaseHTTPResponse, most: int) -> None:
        self._raw = raw
        self._most = most
        self.received = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)

    def stream(self, amt: int | None = 65_536, decode_content: bool | None = None) -> Iterator[bytes]:
        for piece in self._raw.stream(amt, decode_content):
            self.received += len(piece)
            if self.received > self._most:
                self._raw.close()  # what is left of it must not be taken for the next answer
                raise AnswerTooLong(self._most)
            yield piece
