"""Edits that are made into requests before their turn: a third of the worker's own work on a request, done while Plex works on
another one. They go out as all others do, through plexapi's `query`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import requests

from plexsync_plugin.base.answer_limits import Limits
from plexsync_plugin.plex.plex_server import OurPlexServer


class PreparedPuts:
    """Of the session of one thread."""

    def __init__(self) -> None:
        self._requests: dict[str, requests.PreparedRequest] = {}  # by target

    def prepare(self, plex: OurPlexServer, session: requests.Session, targets: Iterable[str]) -> None:
        """These, and no others any more: what was prepared and is not sent next is not sent at all."""
        self._requests = {
            target: session.prepare_request(
                requests.Request("PUT", plex.url(target), headers=plex._headers())
            )
            for target in targets
        }

    def take(self, method: str, target: str, session: requests.Session) -> "_Prepared | None":
        """In place of `session.put`, once; None where this was not prepared."""
        request = self._requests.pop(target, None) if method == "PUT" else None
        return None if request is None else _Prepared(session, request)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """Takes what `Session.put` takes."""

    session: requests.Session
    request: requests.PreparedRequest

    def __call__(self, _url: str, *, timeout: Limits, **_kwargs: object) -> requests.Response:
        return self.session.send(self.request, timeout=timeout)  # type: ignore[arg-type] # of our adapter
