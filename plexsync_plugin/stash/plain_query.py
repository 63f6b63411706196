"""Asks Stash one query with the standard library alone: the command line finds out whether it answers and accepts
the key."""

import json
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from plexsync_plugin.base.errors import SettingsError, StashUnauthorized, StashUnavailable
from plexsync_plugin.stash.connection import StashConnection
from plexsync_plugin.stash.log_page import opener

TIMEOUT = 5.0  # seconds
DEFAULT_URL = "http://localhost:9999"


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


def ask(connection: StashConnection, query: str) -> dict[str, object]:
    """The data of one query. Raises StashUnavailable and StashUnauthorized."""
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if connection.api_key:
        headers["ApiKey"] = connection.api_key
    request = urllib.request.Request(
        f"{connection.address}/graphql",
        data=json.dumps({"query": query}).encode(),
        headers=headers,
        method="POST",
    )
    try:
        with opener().open(request, timeout=TIMEOUT) as response:
            answer = json.loads(response.read())
    except urllib.error.HTTPError as error:
        if error.code in (401, 403):
            raise StashUnauthorized(
                f"Stash at {connection.address} wants to know who asks. Put an API key (Settings > Security) into "
                "the environment variable STASH_API_KEY."
            ) from error
        raise StashUnavailable(f"Stash at {connection.address} answered {error.code}.") from error
    except (OSError, ValueError) as error:
        raise StashUnavailable(
            f"Stash at {connection.address} cannot be reached. Start it, or put its address into the environment "
            "variable STASH_URL."
        ) from error
    data = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(data, dict):
        raise StashUnavailable(f"{connection.address} answers, but not as a Stash does. Check STASH_URL.")
    return data
