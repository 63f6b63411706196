"""Who answers at Stash's address, asked over each connection that is made before a session or a key goes over it.

When Stash has ended, anything may take its port: without this it would be handed the session's cookie and the API key.
The question carries neither. A Stash says where its configuration is, or that it asks for a sign-in
(docs/facts/stash.md section 5); whose configuration has been told once is known, and another's is a stranger.
Standard library alone.
"""

import http.client
import socket

from plexsync_plugin.base.answer_limits import AnswerOverdue, AnswerTooLong, Current, LimitedResponse, Limits
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import StashBusy, StashUnauthorized, StashUnavailable
from plexsync_plugin.stash.answer import read_json
from plexsync_plugin.stash.connection import StashConnection

LIMITS = Limits(connect=5.0, silence=10.0, whole=20.0, length=100_000)
_QUESTION = b'{"query":"{systemStatus{configPath}}"}'
_HEAD = (
    "POST /graphql HTTP/1.1\r\nHost: {}:{}\r\nContent-Type: application/json\r\nAccept: application/json\r\n"
    "Content-Length: {}\r\n\r\n"
)


def greet(connection: StashConnection, clock: Clock, sock: socket.socket) -> bool:
    """False when the connection is of no use any more, although a Stash has answered.

    Raises StashUnavailable when it is no Stash or another one, StashBusy, StashUnauthorized, OSError and HTTPException.
    """
    try:
        response, body = _ask(connection, clock, sock)
    except (AnswerOverdue, TimeoutError) as error:
        raise StashBusy("Stash did not answer in time.") from error
    except AnswerTooLong as error:
        raise _stranger(connection) from error
    _recognise(connection, response, body)
    return not response.will_close


def _ask(connection: StashConnection, clock: Clock, sock: socket.socket) -> tuple[LimitedResponse, bytes]:
    head = _HEAD.format(connection.host, connection.port, len(_QUESTION))
    sock.settimeout(LIMITS.silence)
    sock.sendall(head.encode("latin-1") + _QUESTION)
    response = LimitedResponse(sock, method="POST", current=Current(clock, LIMITS))
    try:
        response.begin()
        return response, response.read_whole(LIMITS.length)
    finally:
        response.close()


def _recognise(connection: StashConnection, response: http.client.HTTPResponse, body: bytes) -> None:
    if response.status == 401 and "FormBased" in response.headers.get("WWW-Authenticate", ""):
        return
    if response.status in (401, 403):
        raise StashUnauthorized(f"Stash at {connection.address} refuses to be asked.")
    if response.status >= 500:
        raise StashBusy(f"Stash answered {response.status}.")
    told = _config_path(body) if response.status == 200 else None
    if told is None:
        raise _stranger(connection)
    if told and not connection.known.config_path:
        connection.known.config_path = told
    if told != connection.known.config_path:
        raise StashUnavailable(
            f"Another Stash answers at {connection.address} now, with its configuration in {told}: it is given nothing."
        )


def _config_path(body: bytes) -> str | None:
    """None where no Stash would say so."""
    try:
        status = read_json(body)["data"]["systemStatus"]
        told = status["configPath"]
    except (ValueError, TypeError, LookupError):
        return None
    return told if isinstance(told, str) else "" if told is None else None


def _stranger(connection: StashConnection) -> StashUnavailable:
    return StashUnavailable(f"{connection.address} answers, but not as Stash does: it is given nothing.")
