"""How to reach Stash: what it puts into `server_connection`, as values. Standard library alone (*say* needs it)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PLUGIN_ID = "PlexSync"


@dataclass(slots=True)
class KnownStash:
    """What a Stash has said of itself when it was first asked: `config_path` is the file of its configuration, "" before.

    Shared by all copies of a connection, so that the same one is meant wherever it is used.
    """

    config_path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StashConnection:
    scheme: str
    host: str
    port: int
    folder: str
    cookie: str = field(default="", repr=False)
    api_key: str = field(default="", repr=False)
    known: KnownStash = field(default_factory=KnownStash, compare=False)

    @property
    def address(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"

    def document(self) -> dict[str, Any]:
        """In Stash's own form, for a successor process; goes through a pipe only."""
        return {
            "Scheme": self.scheme,
            "Host": self.host,
            "Port": self.port,
            "SessionCookie": {"Name": "session", "Value": self.cookie},
            "Dir": self.folder,
            "ApiKey": self.api_key,
            "ConfigPath": self.known.config_path,
        }


def connection_of(document: Mapping[str, Any]) -> StashConnection:
    """From `server_connection` (docs/facts/stash.md section 2).

    The cookie may be null; 0.0.0.0 and :: mean this machine.
    """
    cookie = document.get("SessionCookie")
    return StashConnection(
        scheme=str(document.get("Scheme") or "http"),
        host=_reachable(str(document.get("Host") or "")),
        port=int(document.get("Port") or 9999),
        folder=str(document.get("Dir") or ""),
        cookie=str((cookie or {}).get("Value") or ""),
        api_key=str(document.get("ApiKey") or ""),
        known=KnownStash(str(document.get("ConfigPath") or "")),
    )


def _reachable(host: str) -> str:
    bare = host.strip("[]")
    if bare in ("", "0.0.0.0"):
        return "127.0.0.1"
    if bare == "::":
        return "[::1]"
    return f"[{bare}]" if ":" in bare else bare
