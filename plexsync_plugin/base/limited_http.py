"""`answer_limits` for a session of requests, and a word with whoever answers before a request goes out.

An answer that was cut takes its connection with it. Knows nothing of Plex and of Stash.
"""

import contextlib
import functools
import http.client
import socket
from collections.abc import Callable, Iterator
from typing import Any

import requests
import requests.adapters
import urllib3
import urllib3.connection

from plexsync_plugin.base.answer_limits import (
    PIECE,
    AnswerTooLong,
    ClosedUnanswered,
    Current,
    LimitedResponse,
    Limits,
)
from plexsync_plugin.base.clock import Clock

# Asks over a connection that was just made who is there. Raises what the request that follows is to raise; False when
# the connection is of no use any more.
Greet = Callable[[socket.socket], bool]


class LimitedAdapter(requests.adapters.HTTPAdapter):
    """For the session of one thread. A request through it has `Limits` for its `timeout`."""

    def __init__(self, clock: Clock, greet: Greet | None = None) -> None:
        self._current = Current(clock, Limits(0.0, 0.0, None))
        self._greet = greet
        self._answer: _Measured | None = None
        super().__init__()

    @property
    def received(self) -> int:
        """Bytes, after decompression, that have come of the last answer; 0 for one without limits."""
        return 0 if self._answer is None else self._answer.received

    def hang_up(self) -> None:
        """Ends the answer that is being read, for whoever waits for its next byte in another thread."""
        sock = self._current.sock
        if sock is not None:
            with contextlib.suppress(OSError):  # it has ended by itself
                socket.socket.shutdown(sock, socket.SHUT_RDWR)  # a TLS socket's own would wait for its reader

    @contextlib.contextmanager
    def while_waiting(self, action: Callable[[], None]) -> Iterator[None]:
        """Within this, `action` is done once: when a request has gone out whole and before its answer is read. Not at all where no
        request gets that far. What it raises ends the request, and the connection with it."""
        self._current.meanwhile = action
        try:
            yield
        finally:
            self._current.meanwhile = None

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        pools = {"http": _HttpPool, "https": _HttpsPool}
        self.poolmanager.pool_classes_by_scheme = {
            scheme: functools.partial(pool, current=self._current, greet=self._greet)
            for scheme, pool in pools.items()
        }

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        limits = self._current.limits = Limits(*kwargs["timeout"])
        kwargs["timeout"] = (limits.connect, limits.silence)
        return super().send(request, *args, **kwargs)

    def build_response(self, request: requests.PreparedRequest, raw: Any) -> requests.Response:
        limits = self._current.limits
        self._answer = None if limits.whole is None else _Measured(raw, limits.length)
        measured: Any = self._answer or raw
        return super().build_response(request, measured)


class _Measured:
    """An answer of urllib3 whose body is read no further than so many bytes after decompression; `received` have come."""

    def __init__(self, raw: Any, length: int) -> None:
        self._raw = raw
        self._length = length
        self.received = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)

    def stream(self, *args: Any, **kwargs: Any) -> Iterator[bytes]:
        for piece in self._raw.stream(*args, **kwargs):
            self.received += len(piece)
            if self.received > self._length:
                self._raw.close()
                raise AnswerTooLong(self._length)
            yield piece


class _Connection(http.client.HTTPConnection):
    """Comes before urllib3's own class: both schemes' connections are made of the two."""

    def __init__(self, *args: Any, current: Current, greet: Greet | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._current = current
        self._greet = greet
        self._has_answered = False
        self.response_class = functools.partial(LimitedResponse, current=current)  # type: ignore[assignment]

    def connect(self) -> None:
        super().connect()
        self._current.sock = self.sock
        self._has_answered = False
        if self._greet is None:
            return
        try:
            usable = self._greet(self.sock)
        except BaseException:
            self.close()
            raise
        if not usable:
            self.sock.close()  # not `close`, which would forget the request that is under way
            super().connect()
            self._current.sock = self.sock

    def send(self, data: Any) -> None:
        """In pieces: a socket's timeout is for all that one call sends, and urllib3 gives a picture of 10 MB the time
        for a connection."""
        if self.sock is None:
            self.connect()
        self.sock.settimeout(self._current.limits.silence)
        if not isinstance(data, bytes) or len(data) <= PIECE:
            super().send(data)
            return
        for place in range(0, len(data), PIECE):
            super().send(data[place : place + PIECE])

    def getresponse(self) -> Any:
        action, self._current.meanwhile = self._current.meanwhile, None
        if action is not None:
            action()
        try:
            response = super().getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError) as error:
            if self._has_answered:
                raise
            raise ClosedUnanswered(str(error)) from error
        self._has_answered = True
        return response


class _HttpConnection(_Connection, urllib3.connection.HTTPConnection):
    pass


class _HttpsConnection(_Connection, urllib3.connection.HTTPSConnection):
    pass


class _HttpPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _HttpConnection


class _HttpsPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _HttpsConnection
