"""Limits the time that a whole answer takes. requests and urllib3 cannot: their read timeout starts anew with each byte.

The time is checked where bytes are read from the socket, below all code that takes an answer apart. So the limit holds for
status line, headers, body, chunks and gzip alike, with TLS and without, and needs no thread. It does not cover looking up
the host's name. The connection of an answer that was cut off is closed. Knows nothing of Plex.
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

PIECE = 65_536  # bytes, of what is sent or received at once


class AnswerOverdue(Exception):
    """The answer was not whole when its time was up. `seconds` is the time it had."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"no whole answer within {seconds:g} s")
        self.seconds = seconds


class Timeouts(NamedTuple):
    """The `timeout` of a request through a `DeadlineAdapter`, in seconds."""

    connect: float
    silence: float  # without a byte of the answer, or for the next `PIECE` of the request to be sent
    whole: (
        float | None
    )  # from the last byte of the request to the last of the answer; None: the answer never ends


@dataclass(slots=True)
class _Current:
    """The timeouts of the request under way. Connections are made by pools and outlive a request, so they look here."""

    clock: Clock
    timeouts: Timeouts


class DeadlineAdapter(requests.adapters.HTTPAdapter):
    """Carries the requests of one session, which one thread uses."""

    def __init__(self, clock: Clock) -> None:
        self._current = _Current(clock, Timeouts(0.0, 0.0, None))
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        pools = {"http": _HttpPool, "https": _HttpsPool}
        self.poolmanager.pool_classes_by_scheme = {
            scheme: functools.partial(pool, current=self._current) for scheme, pool in pools.items()
        }

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        timeouts = self._current.timeouts = Timeouts(*kwargs["timeout"])
        kwargs["timeout"] = (timeouts.connect, timeouts.silence)
        return super().send(request, *args, **kwargs)


class _Connection(http.client.HTTPConnection):
    """Stands before urllib3's own class in the connections of both schemes, and gives them answers with a deadline."""

    def __init__(self, *args: Any, current: _Current, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._current = current
        self.response_class = functools.partial(_Response, current=current)  # type: ignore[assignment]

    def send(self, data: Any) -> None:
        """Send in pieces: a socket's timeout covers all that one call sends, and urllib3 would allow a picture of 10 MB only
        the time for making a connection."""
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
    """One answer. It is made when its request has been sent, so its time begins here."""

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
