"""One request to Stash with the standard library alone: the missing package may be the one that would send it.

No redirect is followed and no proxy used: this goes to Stash itself or nowhere. Stash's certificate is normally
self-signed or made for another name than loopback (docs/facts/stash.md section 2).
"""

import contextlib
import functools
import http.client
import json
import ssl
from collections.abc import Mapping
from typing import Any

from plexsync_plugin.base.answer_limits import AnswerOverdue, AnswerTooLong, Current, LimitedResponse, Limits
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import StashUnavailable
from plexsync_plugin.stash.connection import StashConnection
from plexsync_plugin.stash.identify import greet

LENGTH = 1_000_000  # bytes


def post(connection: StashConnection, query: Mapping[str, Any], *, seconds: float) -> tuple[int, bytes]:
    """Status and body of the answer to a GraphQL query, sent with what credentials there are.

    Raises StashUnavailable and StashUnauthorized.
    """
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if connection.cookie:
        headers["Cookie"] = f"session={connection.cookie}"
    if connection.api_key:
        headers["ApiKey"] = connection.api_key
    return _exchange(connection, "POST", "/graphql", json.dumps(query).encode(), headers, seconds)


def is_there(connection: StashConnection, *, seconds: float) -> bool:
    """Whether anything answers. `/healthz` is served before sign-in (docs/facts/stash.md section 5)."""
    try:
        _exchange(connection, "GET", "/healthz", None, {}, seconds)
    except StashUnavailable:
        return False
    return True


def _exchange(
    connection: StashConnection,
    method: str,
    path: str,
    body: bytes | None,
    headers: Mapping[str, str],
    seconds: float,
) -> tuple[int, bytes]:
    """A request with a body is for Stash alone, and is not sent before it is known to be there."""
    clock = Clock()
    limits = Limits(connect=seconds, silence=seconds, whole=2 * seconds, length=LENGTH)
    try:
        with contextlib.closing(_line(connection, limits)) as line:
            line.response_class = functools.partial(  # type: ignore[assignment] # makes one
                LimitedResponse, current=Current(clock, limits)
            )
            line.connect()
            if body is not None and not greet(connection, clock, line.sock):
                line.close()
                line.connect()
            line.request(method, path, body=body, headers=dict(headers))
            response = line.getresponse()
            assert isinstance(response, LimitedResponse)
            return response.status, response.read_whole(LENGTH)
    except (OSError, ValueError, http.client.HTTPException, AnswerOverdue, AnswerTooLong) as error:
        raise StashUnavailable(f"Stash at {connection.address} cannot be reached.") from error


def _line(connection: StashConnection, limits: Limits) -> http.client.HTTPConnection:
    if connection.scheme != "https":
        return http.client.HTTPConnection(connection.host, connection.port, timeout=limits.connect)
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(
        connection.host, connection.port, timeout=limits.connect, context=context
    )
