"""Asks Stash one query with the standard library alone: the command line finds out whether it answers and accepts
the key."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from plexsync_plugin.base.errors import SettingsError, StashRejected, StashUnauthorized, StashUnavailable
from plexsync_plugin.stash.answer import data_of
from plexsync_plugin.stash.connection import StashConnection
from plexsync_plugin.stash.plain_http import post

TIMEOUT = 5.0  # seconds
DEFAULT_URL = "http://localhost:9999"
LOOKED_FOR = 100  # scenes, in one request


def connection_from(url: str, api_key: str, folder: str) -> StashConnection:
    """The connection to an address that a person has typed. Raises SettingsError."""
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or parts.scheme not in ("http", "https") or parts.path not in ("", "/", "/graphql"):
        raise SettingsError(
            "STASH_URL", f"STASH_URL is {url!r}, which is no address of a Stash. Write it like {DEFAULT_URL}."
        )
    return StashConnection(
        scheme=parts.scheme,
        host=f"[{host}]" if ":" in host else host,
        port=port or (443 if parts.scheme == "https" else 80),
        folder=folder,
        api_key=api_key,
    )


def lacking_scenes(connection: StashConnection, ids: Iterable[int]) -> list[int]:
    """Those of the ids that Stash has no scene for. Raises StashUnavailable and StashUnauthorized."""
    numbers, lacking = list(dict.fromkeys(ids)), []
    for begin in range(0, len(numbers), LOOKED_FOR):
        page = numbers[begin : begin + LOOKED_FOR]
        # Asked for together, one that is gone would spoil the whole answer; one by one it is null.
        found = ask(
            connection, f"{{{' '.join(f's{number}:findScene(id:{number}){{id}}' for number in page)}}}"
        )
        lacking += [number for number in page if found.get(f"s{number}") is None]
    return lacking


def ask(connection: StashConnection, query: str) -> dict[str, object]:
    """The data of one query. Raises StashUnavailable and StashUnauthorized."""
    try:
        return data_of(*post(connection, {"query": query}, seconds=TIMEOUT))
    except StashUnauthorized as error:
        raise StashUnauthorized(
            f"Stash at {connection.address} wants to know who asks. Put an API key (Settings > Security) into "
            "the environment variable STASH_API_KEY."
        ) from error
    except StashRejected as error:
        raise StashUnavailable(
            f"{connection.address} answers, but not as a Stash does. Check STASH_URL."
        ) from error
    except StashUnavailable as error:
        raise StashUnavailable(
            f"{error} Start it, or put its address into the environment variable STASH_URL."
        ) from error
