"""Whether the client of the request in hand has closed its connection; Stash then kills the hook that runs for it.

The base server does not tell its application; this one remembers each request's socket.
"""

import select
import socket
import sys
import threading
from collections.abc import Callable
from typing import Any, ClassVar

from tests.sim import server

_current = threading.local()


class WatchedServer(server.Server):
    """Keeps each request's socket where the thread that answers it finds it, and says which port it got."""

    on_bound: ClassVar[Callable[[int], None]] = lambda _port: None

    def server_activate(self) -> None:
        super().server_activate()
        type(self).on_bound(int(self.server_address[1]))

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        _current.connection = request
        super().process_request_thread(request, client_address)


def watched_server(on_bound: Callable[[int], None]) -> type[WatchedServer]:
    """The server class for serve(); `on_bound` is told the port."""
    WatchedServer.on_bound = on_bound
    return WatchedServer


def watch_client() -> Callable[[], bool]:
    """To be called in the thread that answers; the function it gives may be called in any."""
    connection: socket.socket | None = getattr(_current, "connection", None)
    return lambda: connection is not None and _is_closed(connection)


def _is_closed(connection: socket.socket) -> bool:
    try:
        return _has_input(connection) and connection.recv(1, socket.MSG_PEEK) == b""
    except OSError:
        return True


def _has_input(connection: socket.socket) -> bool:
    if sys.platform == "win32":
        return bool(select.select([connection], [], [], 0)[0])
    else:  # noqa: RET505  mypy takes what follows a platform's return for unreachable
        # select() refuses descriptors above 1023.
        poll = select.poll()
        poll.register(connection, select.POLLIN)
        return bool(poll.poll(0))
