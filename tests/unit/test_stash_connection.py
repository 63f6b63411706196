"""What Stash says about itself, in every shape that it has been seen in."""

from typing import Any

import pytest

from plexsync_plugin.stash.connection import StashConnection, connection_of

FULL: dict[str, Any] = {
    "Scheme": "https",
    "Host": "stash.local",
    "Port": 9998,
    "SessionCookie": {"Name": "session", "Value": "MTY-cookie", "Path": "", "MaxAge": 0},
    "Dir": "/root/.stash",
    "PluginDir": "/root/.stash/plugins/PlexSync",
}


def test_document_of_stash_is_read() -> None:
    assert connection_of(FULL) == StashConnection(
        scheme="https", host="stash.local", port=9998, folder="/root/.stash", cookie="MTY-cookie"
    )


@pytest.mark.parametrize("document", [{}, dict.fromkeys([*FULL, "ApiKey"], None)], ids=["missing", "null"])
def test_what_is_missing_means_stash_on_this_machine(document: dict[str, Any]) -> None:
    assert connection_of(document) == StashConnection(scheme="http", host="127.0.0.1", port=9999, folder="")


@pytest.mark.parametrize("cookie", [None, {}, {"Value": None}, {"Value": ""}], ids=repr)
def test_session_without_a_cookie_is_read(cookie: object) -> None:
    assert connection_of({**FULL, "SessionCookie": cookie}).cookie == ""


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("0.0.0.0", "http://127.0.0.1:9999"),
        ("", "http://127.0.0.1:9999"),
        ("::", "http://[::1]:9999"),
        ("[::]", "http://[::1]:9999"),
        ("::1", "http://[::1]:9999"),
        ("[fe80::1]", "http://[fe80::1]:9999"),
        ("192.168.1.5", "http://192.168.1.5:9999"),
        ("localhost", "http://localhost:9999"),
    ],
)
def test_address_can_be_reached_from_this_machine(host: str, address: str) -> None:
    assert connection_of({"Host": host}).address == address


@pytest.mark.parametrize(("port", "read"), [("9998", 9998), (9998, 9998), (0, 9999), (None, 9999)], ids=repr)
def test_port_comes_as_number_or_text(port: object, read: int) -> None:
    assert connection_of({"Port": port}).port == read


@pytest.mark.parametrize("host", ["stash.local", "0.0.0.0", "::", "fe80::1"])
def test_successor_reads_the_same_connection(host: str) -> None:
    mine = connection_of({**FULL, "Host": host, "ApiKey": "a-key"})
    assert mine.api_key == "a-key"
    assert connection_of(mine.document()) == mine


def test_connection_does_not_show_its_secrets() -> None:
    shown = repr(connection_of({**FULL, "ApiKey": "a-key"}))
    assert "MTY-cookie" not in shown
    assert "a-key" not in shown
