"""Limits on the time that a whole answer takes, and on its length. Standard library alone.

http.client, urllib3 and requests have none: their read timeout starts anew with each byte, and they read to the end
whatever comes. The time is kept where bytes leave the socket, below everything that takes an answer apart, so it holds
alike for status line, headers, body and chunks, with TLS and without, and costs no thread. Looking up the host's name is
the one wait that stays outside.
"""

import http.client
import io
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from plexsync_plugin.base.clock import Clock

PIECE = 65_536  # bytes, of what is sent or received at once
LONGEST = 32_000_000  # bytes; ten times what the longest answer in use comes to


class AnswerOverdue(Exception):
    """The answer was not whole when its time was up. `seconds` is the time it had."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"no whole answer within {seconds:g} s")
        self.seconds = seconds


class AnswerTooLong(Exception):
    """The answer did not end within `length` bytes, counted after decompression; the rest was not read."""

    def __init__(self, length: int) -> None:
        super().__init__(f"an answer of more than {length} bytes")
        self.length = length


class ClosedUnanswered(http.client.RemoteDisconnected):
    """A connection that was just made was closed again without a byte of an answer."""


class Limits(NamedTuple):
    """Of one request. Seconds, but `length` in bytes after decompression.

    `silence`: without a byte of the answer, or for the next `PIECE` to be sent. `whole`: from the last byte of the
    request to the last of the answer; None for an answer that is not meant to end, whose length is not limited either.
    """

    connect: float
    silence: float
    whole: float | None
    length: int = LONGEST


@dataclass(slots=True)
class Current:
    """Of the request that is under way on a connection; this is how its limits get to where bytes leave the socket."""

    clock: Clock
    limits: Limits
    sock: socket.socket | None = None  # of the connection that was made last
    meanwhile: Callable[[], None] | None = None  # to be done once, while an answer is waited for


class LimitedResponse(http.client.HTTPResponse):
    """Made when its request has been sent, and never twice: its time begins here."""

    def __init__(self, sock: socket.socket, *args: Any, current: Current, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self._endless = current.limits.whole is None
        if current.limits.whole is not None:
            end = current.clock.monotonic() + current.limits.whole
            self.fp = io.BufferedReader(
                _Source(self.fp.detach(), sock, current.clock, current.limits, end), PIECE
            )

    def read(self, amt: int | None = None) -> bytes:
        """Of an answer that is not meant to end, what has come so far: its next byte may be a day away."""
        if amt and self._endless and self.length is None:
            return self.read1(amt)
        return super().read(amt)

    def read_whole(self, length: int) -> bytes:
        """The body. Raises AnswerTooLong, and http.client.IncompleteRead when it breaks off."""
        body = bytearray()
        while piece := self.read(PIECE):
            body += piece
            if len(body) > length:
                raise AnswerTooLong(length)
        if self.length:  # what was announced and did not come
            raise http.client.IncompleteRead(bytes(body), self.length)
        return bytes(body)


class _Source(io.RawIOBase):
    """The bytes of one answer, until `end` of the clock's monotonic time. Raises AnswerOverdue."""

    def __init__(self, raw: Any, sock: socket.socket, clock: Clock, limits: Limits, end: float) -> None:
        self._raw = raw
        self._sock = sock
        self._monotonic = clock.monotonic
        self._silence = limits.silence
        self._whole = limits.whole or 0.0
        self._end = end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._end - self._monotonic()
        if left <= 0:
            raise AnswerOverdue(self._whole)
        self._sock.settimeout(min(left, self._silence))
        try:
            found: int | None = self._raw.readinto(buffer)
        except TimeoutError:
            if left > self._silence:
                raise
            raise AnswerOverdue(self._whole) from None
        return found

    def close(self) -> None:
        self._raw.close()
        super().close()
