"""The request whose answer does not end: Plex's stream of events, as lines of text.

It has a session of its own, so that reading it in a thread costs the other requests nothing and needs no request before it,
and so that it can be hung up while the thread waits for the next byte. What the lines say is `events`'s.
"""

from collections.abc import Iterator

import requests

from plexsync_plugin.base.answer_limits import PIECE, Limits
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import NotPlex, PlexUnavailable
from plexsync_plugin.base.limited_http import LimitedAdapter
from plexsync_plugin.plex.event_lines import lines
from plexsync_plugin.plex.gateway import Connection, address_of
from plexsync_plugin.plex.plex_server import PRODUCT
from plexsync_plugin.plex.translate import TRANSLATED, check_response, translate

EVENT_SOURCE = "/:/eventsource/notifications"
KIND = "text/event-stream"
SILENCE = 120.0  # seconds without a byte, after which the stream counts as broken; Plex sends a ping every few seconds


class EventStream:
    """`filters` are Plex's names of the kinds of events that are wanted; a server may send others too.

    One thread reads; any other may call `close`.
    """

    def __init__(
        self, connection: Connection, clock: Clock, *, filters: str, silence: float = SILENCE
    ) -> None:
        self._connection = connection
        self._target = f"{EVENT_SOURCE}?filters={filters}"
        self._silence = silence
        self._adapter = LimitedAdapter(clock)
        self._session = _session(self._adapter)
        self._closed = False

    def lines(self) -> Iterator[str]:
        """An empty line first, as soon as Plex begins to answer. Ends after `close`.

        Raises PlexUnavailable when Plex ends its answer, or nothing comes of it for `silence` seconds, and what else a
        request to Plex raises; ItemMissing where the server knows no events.
        """
        address = address_of(self._connection.url)
        try:
            yield from self._received(address)
        except TRANSLATED as error:
            if self._closed:
                return
            raise translate(error, address) from error
        if not self._closed:
            raise PlexUnavailable(f"Plex at {address} has ended its stream of events.")

    def close(self) -> None:
        """Hang up: whoever waits for a line gets none. It is not opened again."""
        self._closed = True
        self._adapter.hang_up()
        self._session.close()

    def _received(self, address: str) -> Iterator[str]:
        with self._session.get(
            self._connection.url + self._target,
            headers={
                "X-Plex-Token": self._connection.token,
                "X-Plex-Client-Identifier": self._connection.client_id,
                "X-Plex-Product": PRODUCT,
                "Accept": KIND,
            },
            timeout=Limits(self._connection.connect_timeout, self._silence, None),  # type: ignore[arg-type] # our adapter's
            stream=True,
            allow_redirects=False,
        ) as response:
            if not response.headers.get("Content-Type", "").startswith(KIND):
                raise NotPlex(
                    f"{address} answers the question for events, but not as a Plex server does. Check the setting plex_url."
                )
            if not self._closed:
                yield ""
                yield from lines(response.raw.stream(PIECE, decode_content=False))


def _session(adapter: LimitedAdapter) -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # Stash's proxy is not for a Plex on the LAN
    session.headers["Accept-Encoding"] = "identity"  # packed, an event would come with one of the next
    session.hooks["response"] = [check_response]
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session
