"""Addresses of what plugins bring for the user interface, as the client of a request sees them."""

import urllib.parse
from collections.abc import Iterable

from tests.sim.message import Request
from tests.sim.stash.plugin_config import PluginConfig


def addresses(plugin: PluginConfig, what: str, base: str) -> list[str] | None:
    """Of a plugin's scripts ("javascript") or styles ("css"): one for all of its own files, then those of other hosts."""
    given = tuple(plugin.ui.get(what, ()))
    own = [f"{base}/plugin/{urllib.parse.quote(plugin.id)}/{what}"] if any(local(given)) else []
    return [*own, *(each for each in given if is_address(each))] or None


def local(given: Iterable[str]) -> list[str]:
    return [each for each in given if not is_address(each)]


def base(request: Request) -> str:
    """Under which address the client reached Stash, without a slash at its end."""
    scheme = "https" if request.headers.get("X-Forwarded-Proto") == "https" else "http"
    return f"{scheme}://{request.headers.get('Host', '')}{prefix(request)}"


def prefix(request: Request) -> str:
    return str(request.headers.get("X-Forwarded-Prefix", "")).rstrip("/")


def is_address(text: str) -> bool:
    return text.startswith(("http://", "https://"))
