"""A limit on the time that a whole answer takes. requests and urllib3 have none: their read timeout starts anew with each byte.

It is kept where bytes leave the socket, below everything that takes an answer apart, so it holds alike for status line,
headers, body, chunks and gzip, with TLS and without, and costs no thread. Looking up the host's name is the one wait that
stays outside. An answer that was cut takes its connection with it. Knows nothing of Plex.
"""

import functools
import http.client
import io
import socket
from dataclasses import dataclass
from typing import Any, NamedTuple

import requests
import requests.adapters
import urllib3
import urllib3.connection

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.plex.size_limit import MOST, LimitedBody

PIECE = 65_536  # bytes, of what is sent or received at once


class AnswerOverdue(Exception):
    """The answer was not whole when its time was up. `seconds` is the time it had."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"no whole answer within {seconds:g} s")
        self.seconds = seconds


class Timeouts(NamedTuple):
    """Seconds; what a request through a `DeadlineAdapter` has for its `timeout`.

    `silence`: without a byte of the answer, or for the next `PIECE` to be sent. `whole`: from the last byte of the
    request to the last of the answer; None for an answer that is not meant to end. `most`: bytes of one that is.
    """

    connect: float
    silence: float
    whole: float | None
    most: int = MOST


@dataclass(slots=True)
class _Current:
    """Of the request that is under way. The pools make connections and keep them; this is how its timeouts get there."""

    clock: Clock
    timeouts: Timeouts


class DeadlineAdapter(requests.adapters.HTTPAdapter):
    """For the session of one thread."""

    def __init__(self, clock: Clock) -> None:
        self._current = _Current(clock, Timeouts(0.0, 0.0, None))
        self._body: LimitedBody | None = None
        super().__init__()

    @property
    def received(self) -> int:
        """Bytes, after decompression, that have come of the last answer."""
        return 0 if self._body is None else self._body.received

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        pools = {"http": _HttpPool, "https": _HttpsPool}
        self.poolmanager.pool_classes_by_scheme = {
            scheme: functools.partial(pool, current=self._current) for scheme, pool in pools.items()
        }

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        timeouts = self._current.timeouts = Timeouts(*kwargs["timeout"])
        kwargs["timeout"] = (timeouts.connect, timeouts.silence)
        response = super().send(request, *args, **kwargs)
        if timeouts.whole is not None:
            response.raw = self._body = LimitedBody(response.raw, timeouts.most)
        return response


class _Connection(http.client.HTTPConnection):
    """Comes before urllib3's own class: both schemes' connections are made of the two."""

    def __init__(self, *args: Any, current: _Current, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._current = current
        self.response_class = functools.partial(_Response, current=current)  # type: ignore[assignment]

    def send(self, data: Any) -> None:
        """In pieces: a socket's timeout is for all that one call sends, and urllib3 gives a picture of 10 MB the time
        for a connection."""
        if self.sock is None:
            self.connect()
        self.sock.settimeout(self._current.timeouts.silence)
        if not isinstance(data, bytes) or len(data) <= PIECE:
            super().send(data)
            return
        for place in range(0, len(data), PIECE):
            super().send(data[place : place + PIECE])


class _HttpConnection(_Connection, urllib3.connection.HTTPConnection):
    pass


class _HttpsConnection(_Connection, urllib3.connection.HTTPSConnection):
    pass


class _HttpPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _HttpConnection


class _HttpsPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _HttpsConnection


class _Response(http.client.HTTPResponse):
    """Made when its request has been sent, and never twice: its time begins here."""

    def __init__(self, sock: socket.socket, *args: Any, current: _Current, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        if current.timeouts.whole is not None:
            end = current.clock.monotonic() + current.timeouts.whole
            self.fp = io.BufferedReader(
                _Source(self.fp.detach(), sock, current.clock, current.timeouts, end), PIECE
            )


class _Source(io.RawIOBase):
    """The bytes of one answer, until `end` of the clock's monotonic time. Raises AnswerOverdue."""

    def __init__(self, raw: Any, sock: socket.socket, clock: Clock, timeouts: Timeouts, end: float) -> None:
        self._raw = raw
        self._sock = sock
        self._monotonic = clock.monotonic
        self._silence = timeouts.silence
        self._whole = timeouts.whole or 0.0
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
