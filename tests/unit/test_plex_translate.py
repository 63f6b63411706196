"""Everything that can go wrong in a request has a class and a sentence of ours, without secrets."""

import inspect
import io
import ssl
from types import ModuleType
from xml.etree import ElementTree as ET

import plexapi.exceptions
import pytest
import requests
import urllib3.exceptions

from plexsync_plugin.base.answer_limits import AnswerOverdue
from plexsync_plugin.base.errors import (
    ItemMissing,
    NotPlex,
    PlexBusy,
    PlexCertificate,
    PlexSyncError,
    PlexTooSlow,
    PlexTrouble,
    PlexUnauthorized,
    PlexUnavailable,
    Rejected,
)
from plexsync_plugin.plex.translate import TRANSLATED, check_response, translate

ADDRESS = "https://plex:32400"
TOKEN = "s3cretTokenOf20Chars"
SECRET_URL = f"{ADDRESS}/library/sections/1/all?title.value=private&X-Plex-Token={TOKEN}"
MAINTENANCE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Response code="503" title="Maintenance" '
    'status="Plex Media Server is currently running database migrations."/>'
)
HTML = "<html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"

# Only for a proxy, and our sessions use none.
NEVER = {urllib3.exceptions.ProxySchemeUnsupported}


def classes_of(module: ModuleType) -> list[type[Exception]]:
    return [
        found
        for found in vars(module).values()
        if inspect.isclass(found)
        and issubclass(found, Exception)
        and not issubclass(found, Warning)
        and found.__module__ == module.__name__
        and found not in NEVER
    ]


WALKED = [
    found
    for module in (plexapi.exceptions, requests.exceptions, urllib3.exceptions)
    for found in classes_of(module)
]


def test_all_three_libraries_are_walked() -> None:
    assert {found.__module__.partition(".")[0] for found in WALKED} == {"plexapi", "requests", "urllib3"}
    assert len(WALKED) > 50


@pytest.mark.parametrize("raised", WALKED, ids=lambda found: f"{found.__module__}.{found.__name__}")
def test_every_exception_of_the_libraries_becomes_ours(raised: type[Exception]) -> None:
    error = raised.__new__(raised, SECRET_URL)
    assert isinstance(error, TRANSLATED)
    ours = translate(error, ADDRESS)
    assert isinstance(ours, PlexSyncError)
    assert ADDRESS in str(ours)
    assert TOKEN not in str(ours)
    assert "?" not in str(ours)


@pytest.mark.parametrize(
    ("error", "ours", "words"),
    [
        (requests.exceptions.SSLError("hostname mismatch"), PlexCertificate, "plex.direct"),
        (requests.exceptions.ConnectTimeout(), PlexUnavailable, "in time"),
        (requests.exceptions.ReadTimeout(), PlexTrouble, "in time"),
        (requests.exceptions.ConnectionError(), PlexUnavailable, "cannot be reached"),
        (requests.exceptions.ChunkedEncodingError(), PlexUnavailable, "broke off"),
        (requests.exceptions.InvalidURL(), NotPlex, "plex_url"),
        (requests.exceptions.InvalidSchema(), NotPlex, "plex_url"),
        (requests.exceptions.MissingSchema(), NotPlex, "plex_url"),
        (requests.exceptions.TooManyRedirects(), NotPlex, "plex_url"),
        (requests.exceptions.ContentDecodingError(), NotPlex, "plex_url"),
        (urllib3.exceptions.ProtocolError(), PlexUnavailable, "broke off"),
        (urllib3.exceptions.LocationParseError("a..b"), PlexUnavailable, "cannot be reached"),
        (ConnectionResetError(), PlexUnavailable, "cannot be reached"),
        (ssl.SSLError(), PlexUnavailable, "cannot be reached"),
        (ET.ParseError("line 1"), NotPlex, "not as a Plex server"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid"), NotPlex, "not as a Plex server"),
        (plexapi.exceptions.BadRequest("(418)"), NotPlex, "not as a Plex server"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_cause_decides_the_class_and_the_advice(
    error: Exception, ours: type[PlexSyncError], words: str
) -> None:
    found = translate(error, ADDRESS)
    assert type(found) is ours
    assert words in str(found)


@pytest.mark.parametrize(
    "bug", [KeyError("x"), TypeError("x"), AttributeError("x"), ZeroDivisionError()], ids=repr
)
def test_a_bug_is_not_taken_for_a_failure_of_plex(bug: Exception) -> None:
    assert not isinstance(bug, TRANSLATED)
    with pytest.raises(TypeError, match=type(bug).__name__):
        translate(bug, ADDRESS)


# --- statuses ---


def answer(status: int, body: str = "", **headers: str) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response.raw = io.BytesIO(body.encode())
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    response.request = requests.Request("PUT", SECRET_URL, headers={"X-Plex-Token": TOKEN}).prepare()
    return response


@pytest.mark.parametrize("status", [200, 201, 204])
def test_success_passes(status: int) -> None:
    response = answer(status)
    assert check_response(response, timeout=1) is response


@pytest.mark.parametrize(
    ("status", "ours", "words"),
    [
        (301, NotPlex, "plex_url"),
        (302, NotPlex, "plex_url"),
        (400, Rejected, "refuses"),
        (401, PlexUnauthorized, "plex_token"),
        (403, PlexUnauthorized, "plex_token"),
        (404, ItemMissing, "not there"),
        (405, Rejected, "refuses"),
        (409, Rejected, "refuses"),
        (414, Rejected, "refuses"),
        (429, PlexBusy, "busy"),
        (500, PlexTrouble, "Plex's log"),
        (502, PlexTrouble, "Plex's log"),
        (503, PlexBusy, "busy"),
        (504, PlexTrouble, "Plex's log"),
        (509, PlexTrouble, "Plex's log"),
        (520, PlexTrouble, "Plex's log"),
        (599, PlexTrouble, "Plex's log"),
    ],
)
def test_status_decides_the_class(status: int, ours: type[PlexSyncError], words: str) -> None:
    with pytest.raises(PlexSyncError) as caught:
        check_response(answer(status, HTML.format(f"{status} {TOKEN}")))
    text = str(caught.value)
    assert type(caught.value) is ours
    assert words in text
    assert f"Plex answered {status} to PUT /library/sections/1/all: " in text
    assert not any(secret in text for secret in ("?", TOKEN, "private", "<"))
    if isinstance(caught.value, Rejected):
        assert caught.value.status == status


def test_answer_that_was_cut_off_says_after_how_long() -> None:
    found = translate(AnswerOverdue(120.0), ADDRESS)
    assert type(found) is PlexTooSlow
    assert f"Plex at {ADDRESS} had not finished an answer after 120 s" in str(found)
    assert "read_timeout" in str(found)


def test_what_plex_says_of_its_maintenance_is_shown() -> None:
    with pytest.raises(PlexBusy, match=r"currently running database migrations\.$"):
        check_response(answer(503, MAINTENANCE))


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("7", 7.0),
        ("0", 0.0),
        ("600", 600.0),
        ("86400", 600.0),
        ("9" * 400, 600.0),
        ("-1", None),
        ("1.5", None),
        ("soon", None),
        ("²", None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_time_that_a_busy_server_asks_for_is_passed_on_within_reason(
    status: int, value: str | None, seconds: float | None
) -> None:
    headers = {} if value is None else {"Retry_After": value}
    with pytest.raises(PlexBusy) as caught:
        check_response(answer(status, **headers))
    assert caught.value.retry_after == seconds
