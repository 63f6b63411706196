"""The one JSON document that Stash writes to a plugin's standard input, in Stash's own bytes, and a copy of each one written.

Key order and keys are those of the recordings (tests/data/stash): Go 1.24 for v0.30.1, Go 1.22 for v0.27.2.
"""

import copy
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.sim.stash.gojson import dump, normalise


@dataclass(slots=True, kw_only=True)
class Connection:
    """What server_connection says; host is the configured one, which need not be an address one can connect to."""

    version: str
    folder: Path
    scheme: str = "http"
    host: str = "127.0.0.1"
    port: int = 0

    def describe(self, cookie: str | None, plugin_folder: Path) -> dict[str, Any]:
        return {
            "Scheme": self.scheme,
            "Host": self.host,
            "Port": self.port,
            "SessionCookie": None if cookie is None else self._cookie(cookie),
            "Dir": os.path.abspath(self.folder),
            "PluginDir": str(plugin_folder),
        }

    def _cookie(self, value: str) -> dict[str, Any]:
        is_recent = self.version != "v0.27.2"
        return {
            "Name": "session",
            "Value": value,
            **({"Quoted": False} if is_recent else {}),
            "Path": "",
            "Domain": "",
            "Expires": "0001-01-01T00:00:00Z",
            "RawExpires": "",
            "MaxAge": 0,
            "Secure": False,
            "HttpOnly": False,
            "SameSite": 0,
            **({"Partitioned": False} if is_recent else {}),
            "Raw": "",
            "Unparsed": None,
        }


class Documents:
    """Every document written, without its cookie's value."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._written: list[dict[str, Any]] = []

    def write(self, plugin_id: str, connection: dict[str, Any], arguments: dict[str, Any]) -> bytes:
        document = {"server_connection": connection, "args": arguments}
        kept = copy.deepcopy(document)
        if kept["server_connection"]["SessionCookie"] is not None:
            kept["server_connection"]["SessionCookie"]["Value"] = ""
        with self._lock:
            self._written.append({"plugin": plugin_id, "document": kept})
        return dump(document)

    def rows(self) -> list[dict[str, Any]]:
        with self._lock:
            return list(self._written)

    def load(self, rows: list[dict[str, Any]]) -> None:
        with self._lock:
            self._written = rows


def hook_arguments(
    defaults: dict[str, str], name: str, number: int, given: Any, fields: list[str]
) -> dict[str, Any]:
    """`given` is written as it is; the outer object is a Go map, so sorted."""
    context: dict[str, Any] = {}
    if number:
        context["id"] = number
    context |= {"type": name, "input": normalise(given)}
    if fields:
        context["inputFields"] = fields
    arguments: dict[str, Any] = defaults | {"hookContext": context}
    return {key: arguments[key] for key in sorted(arguments)}


def task_arguments(given: dict[str, Any], defaults: dict[str, str]) -> dict[str, Any]:
    """Defaults fill what was not given; Go maps all the way down."""
    arguments: dict[str, Any] = normalise(defaults | given, ordered=True)
    return arguments
