"""Failures of plexapi, requests and XML parsing become PlexSync's own, in one place.

plexapi alone cannot be trusted with statuses: 429, 500 and 503 are all `BadRequest` with the URL in the text, and
unnamed statuses are a `TypeError` (docs/architecture.md, "Failures"). So a response hook on our session raises first.
No text made here holds a URL with a query, a token or a server's whole answer.
"""

import contextlib
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator

import plexapi.exceptions
import requests
import urllib3.exceptions

from plexsync_plugin.base.answer_limits import AnswerOverdue, AnswerTooLong, ClosedUnanswered
from plexsync_plugin.base.errors import (
    ItemMissing,
    NotPlex,
    PlexBusy,
    PlexCertificate,
    PlexSyncError,
    PlexTooLong,
    PlexTooSlow,
    PlexTrouble,
    PlexUnauthorized,
    PlexUnavailable,
    Rejected,
)
from plexsync_plugin.plex.xml_answer import AnswerGarbled

LONGEST_ASKED = 600.0  # seconds; more than that is believed of no server
LONGEST_PATH = 80  # characters of an address in a message
_MAINTENANCE = re.compile(r'status="([^"]{1,200})"')


def check_response(response: requests.Response, *_: object, **__: object) -> requests.Response:
    """A requests response hook: raises our class for every status that is not success."""
    status = response.status_code
    if status in (200, 201, 204):
        return response
    raise error_for_status(response)


def error_for_status(response: requests.Response) -> PlexSyncError:
    status = response.status_code
    what = f"Plex answered {status} to {_describe(response)}"
    if 300 <= status < 400:
        return NotPlex(f"{what}: a redirect. Put the address that it leads to into the setting plex_url.")
    if status in (401, 403):
        return PlexUnauthorized(
            f"{what}: it does not accept the token. Put a fresh token of the server's owner into the setting plex_token."
        )
    if status == 404:
        return ItemMissing(f"{what}: it is not there (any more).")
    if status in (429, 503):
        return PlexBusy(f"{what}: it is busy. {_maintenance(response)}".rstrip(), _retry_after(response))
    if status >= 500:
        return PlexTrouble(f"{what}: it has trouble of its own. See Plex's log.")
    return Rejected(f"{what}: it refuses this request.", status)


def _describe(response: requests.Response) -> str:
    request = response.request
    return f"{request.method} {shortened((request.path_url or '/').partition('?')[0])}"


def shortened(path: str) -> str:
    """The path as it stands in a message.

    One path may hold hundreds of ids, and the words for a person come after it.
    """
    return path if len(path) <= LONGEST_PATH else f"{path[:LONGEST_PATH]}..."


def _maintenance(response: requests.Response) -> str:
    beginning = next(response.iter_content(1000), b"").decode("utf-8", "replace")
    found = _MAINTENANCE.search(beginning)
    return found.group(1) if found else ""


def _retry_after(response: requests.Response) -> float | None:
    value = response.headers.get("Retry-After", "")
    return min(float(value), LONGEST_ASKED) if value.isdecimal() else None


def translate(error: Exception, address: str) -> PlexSyncError:
    """The PlexSync error that stands for one of `TRANSLATED`. `address` is the server's scheme, host and port."""
    if isinstance(error, AnswerOverdue):
        return _too_slow(address, error.seconds)
    if isinstance(error, AnswerTooLong):
        return _too_long(address, error.length)
    cause = _cause(error)
    if isinstance(cause, urllib3.exceptions.ReadTimeoutError):  # in the middle of a body
        return _timeout(address)
    if isinstance(cause, ClosedUnanswered) and address.startswith("http://"):
        return _closed(address)
    for classes, make in _RULES:
        if isinstance(error, classes):
            return make(address)
    raise TypeError(f"no rule for {type(error).__name__}") from error


def _cause(error: Exception) -> object:
    """What requests made a broken connection of; urllib3 has it behind a text of its own."""
    found: object = error
    while (
        isinstance(found, requests.exceptions.ConnectionError | urllib3.exceptions.ProtocolError)
        and found.args
    ):
        found = found.args[-1]
    return found


@contextlib.contextmanager
def asked_for_all() -> Iterator[None]:
    """Put this around requests that concern no single item: trouble with them says nothing about the job that met
    it."""
    try:
        yield
    except PlexTrouble as error:
        raise PlexUnavailable(str(error)) from error


def _certificate(address: str) -> PlexSyncError:
    return PlexCertificate(
        f"The certificate of {address} does not fit this address. Put http:// instead of https:// into the setting "
        "plex_url, or the address ending in plex.direct that the certificate is made for."
    )


def _no_connection(address: str) -> PlexSyncError:
    return PlexUnavailable(f"Plex at {address} cannot be reached: it did not take the connection in time.")


def _timeout(address: str) -> PlexSyncError:
    return PlexTrouble(f"Plex at {address} did not answer in time.")


def _too_slow(address: str, seconds: float) -> PlexSyncError:
    return PlexTooSlow(
        f"Plex at {address} had not finished an answer after {seconds:g} s, so the connection was cut. It may be busy, or "
        "hang at an item that it cannot read: see Plex's log, and raise the setting read_timeout if it is only slow."
    )


def _too_long(address: str, length: int) -> PlexSyncError:
    return PlexTooLong(
        f"Plex at {address} gave an answer of {length / 1e6:.3g} MB or more, so the rest was left unread. Something between may "
        "have mixed up its answer, or an item holds far too much: see Plex's log."
    )


def _garbled(address: str) -> PlexSyncError:
    return PlexTrouble(
        f"Plex at {address} broke off in the middle of an answer, or sent one that cannot be read."
    )


def _closed(address: str) -> PlexSyncError:
    return PlexUnavailable(
        f"Plex at {address} takes the connection and closes it without a word. It does so while Secure connections "
        "(Plex, Settings > Network) is Required: then put the https:// address ending in plex.direct into the setting "
        "plex_url (Plex's page shows it: an item > Get Info > View XML), or choose Preferred. It may also be starting."
    )


def _refused(address: str) -> PlexSyncError:
    return PlexUnavailable(f"Plex at {address} cannot be reached, or broke off in the middle of an answer.")


def _no_plex(address: str) -> PlexSyncError:
    return NotPlex(f"{address} answers, but not as a Plex server does. Check the setting plex_url.")


def _bad_address(address: str) -> PlexSyncError:
    return NotPlex(f"{address} is not an address that can be asked. Check the setting plex_url.")


# First match wins: the special before the general.
_RULES: tuple[tuple[tuple[type[Exception], ...], Callable[[str], PlexSyncError]], ...] = (
    ((AnswerGarbled,), _garbled),
    ((requests.exceptions.SSLError,), _certificate),
    ((requests.exceptions.ConnectTimeout,), _no_connection),
    ((requests.exceptions.Timeout,), _timeout),
    (
        (
            requests.exceptions.InvalidURL,
            requests.exceptions.MissingSchema,
            requests.exceptions.InvalidSchema,
            requests.exceptions.UnrewindableBodyError,
            requests.exceptions.InvalidHeader,
            requests.exceptions.InvalidJSONError,
        ),
        _bad_address,
    ),
    ((requests.exceptions.TooManyRedirects, requests.exceptions.ContentDecodingError), _no_plex),
    ((requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError), _refused),
    ((ET.ParseError, UnicodeError), _no_plex),
    ((plexapi.exceptions.PlexApiException,), _no_plex),
)

# What a request through plexapi can raise besides our own; a test walks every class of both libraries.
TRANSLATED: tuple[type[Exception], ...] = (
    AnswerOverdue,
    AnswerTooLong,
    *(cls for classes, _ in _RULES for cls in classes),
)
