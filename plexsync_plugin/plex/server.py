"""plexapi's server, under our name and held to our errors; `gateway` alone uses it."""

import os
from xml.etree.ElementTree import Element

# plexapi reads its user's configuration at import; ours is in Stash's settings, and a stray file must not change it.
os.environ["PLEXAPI_CONFIG_PATH"] = os.devnull

import plexapi.server
import requests

from plexsync_plugin.base.errors import NotPlex
from plexsync_plugin.plex import elements
from plexsync_plugin.plex.deadline import Timeouts

PRODUCT = "PlexSync"


class NamedServer(plexapi.server.PlexServer):  # type: ignore[misc] # plexapi ships no types
    """plexapi's default identifier is the MAC, so each new container is a new device. Asks `GET /` when it is made."""

    def __init__(
        self, url: str, token: str, client_id: str, *, session: requests.Session, timeout: Timeouts
    ) -> None:
        self._identity = {"X-Plex-Product": PRODUCT, "X-Plex-Client-Identifier": client_id}
        super().__init__(url, token, session=session, timeout=timeout)

    def _headers(self, **headers: str) -> dict[str, str]:
        merged: dict[str, str] = super()._headers(**{**self._identity, **headers})
        return merged

    def _loadData(self, data: Element | None) -> None:
        if data is None or not data.get("machineIdentifier"):
            raise NotPlex(
                f"{self._baseurl} answers, but not as a Plex server does. Check the setting plex_url."
            )
        self.root = elements.server(data)
        super()._loadData(data)


def parsed(text: str) -> Element | None:
    """Plex's XML; None for an empty body. Raises ParseError."""
    root: Element | None = plexapi.utils.parseXMLString(text)
    return root
