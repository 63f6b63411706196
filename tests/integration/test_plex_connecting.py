"""How long PlexSync waits for Plex to take a connection: the setting connect_timeout, at an address that takes none."""

import contextlib
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import PlexTrouble, PlexUnavailable
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.settings import read_settings
from plexsync_plugin.plex.connection import plex_connection
from plexsync_plugin.plex.gateway import PlexGateway

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="refuses what it has no room for")

IDENTITY = b'<MediaContainer machineIdentifier="patient"/>'
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(IDENTITY), IDENTITY)


class BlackHole:
    """A listening socket whose queue is full, so that the system drops what knocks; `open` makes a server of it."""

    def __init__(self) -> None:
        self._closing = contextlib.ExitStack()
        self._listener = self._closing.enter_context(socket.socket())
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(0)
        self.port: int = self._listener.getsockname()[1]
        # Two in a row: a busy system may be slow to take even what there is room for.
        while self._fits_one_more() or self._fits_one_more():
            pass

    def _fits_one_more(self) -> bool:
        guest = self._closing.enter_context(socket.socket())
        guest.settimeout(0.3)
        try:
            guest.connect(("127.0.0.1", self.port))
        except TimeoutError:
            guest.close()
            return False
        return True

    def open(self) -> None:
        """Answer whoever waits, until closed."""
        with contextlib.suppress(OSError):  # closed meanwhile
            while True:
                guest, _ = self._listener.accept()
                threading.Thread(target=_answer, args=(guest,), daemon=True).start()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._closing.close()


def _answer(guest: socket.socket) -> None:
    with guest, contextlib.suppress(OSError):
        if guest.recv(65_536):
            guest.sendall(ANSWER)


@pytest.fixture
def hole() -> Iterator[BlackHole]:
    with contextlib.closing(BlackHole()) as hole:
        yield hole


@pytest.fixture
def connect(hole: BlackHole, tmp_path: Path) -> Iterator[Callable[[float], PlexGateway]]:
    """A gateway as the worker makes it of the settings, with this connect_timeout."""
    with contextlib.ExitStack() as stack:

        def make(seconds: float) -> PlexGateway:
            stored = {
                "plex_url": f"http://127.0.0.1:{hole.port}",
                "plex_token": "t",
                "connect_timeout": seconds,
                "read_timeout": 600,
            }
            connection = plex_connection(read_settings(stored), DataFolder(str(tmp_path)))
            return stack.enter_context(contextlib.closing(PlexGateway(connection, Clock())))

        yield make


def open_in(hole: BlackHole, seconds: float) -> None:
    """A client that is still there knocks again after 1 and 3 s: so the system does it."""
    timer = threading.Timer(seconds, hole.open)
    timer.daemon = True
    timer.start()


def test_connection_is_not_waited_for_longer_than_connect_timeout(
    hole: BlackHole, connect: Callable[[float], PlexGateway]
) -> None:
    open_in(hole, 2.0)
    with pytest.raises(PlexUnavailable, match="did not take the connection in time") as caught:
        connect(0.5).probe()
    assert not isinstance(caught.value, PlexTrouble), "that is no item's fault"


def test_connection_is_waited_for_as_long_as_connect_timeout_says(
    hole: BlackHole, connect: Callable[[float], PlexGateway]
) -> None:
    open_in(hole, 2.0)
    assert connect(60.0).probe() == "patient"
