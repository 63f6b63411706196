"""plexapi's server under our name and with answers read by us. Its one request of its own is `GET /`, when it is made."""

import os
from collections.abc import Callable, Mapping
from typing import Any
from xml.etree.ElementTree import Element

# plexapi reads its user's configuration at import; ours is in Stash's settings, and a stray file must not change it.
os.environ["PLEXAPI_CONFIG_PATH"] = os.devnull

import plexapi.server
import requests

from plexsync_plugin.base.answer_limits import Limits
from plexsync_plugin.base.errors import NotPlex
from plexsync_plugin.plex import elements, xml_answer

PRODUCT = "PlexSync"


class OurPlexServer(plexapi.server.PlexServer):  # type: ignore[misc] # plexapi ships no types
    """plexapi's default identifier is the MAC, so each new container would be a new device."""

    def __init__(
        self, url: str, token: str, client_id: str, *, session: requests.Session, limits: Limits
    ) -> None:
        self._identity = {"X-Plex-Product": PRODUCT, "X-Plex-Client-Identifier": client_id}
        super().__init__(url, token, session=session, timeout=limits)

    def query(
        self,
        key: str,
        method: Callable[..., requests.Response] | None = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        timeout: Limits | None = None,
        **kwargs: Any,
    ) -> Element | None:
        """plexapi's own takes the answer apart as text of an encoding that it guesses, and loses all of it for one
        character that XML forbids. Statuses are the session's business (`translate.check_response`)."""
        send = method or self._session.get
        response = send(
            self.url(key),
            headers=self._headers(**(headers or {})),
            params=params,
            timeout=timeout or self._timeout,
            **kwargs,
        )
        return xml_answer.parse(response.content)

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
