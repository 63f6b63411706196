"""What a simulator reads and writes: a request, a response, and the interface of an application that turns one into the other.

Pure data and small functions on it; no sockets, nothing of Plex or Stash.
"""

import gzip
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable
from urllib.parse import parse_qsl, unquote

_SECRET = re.compile(r"((?:X-Plex-Token|apikey)(?:=|%3D))[^&%#]*", re.IGNORECASE)


class Headers(Mapping[str, str]):
    """Header fields whose names compare without regard to case; the last of several equal names wins."""

    def __init__(self, fields: Mapping[str, str] | None = None) -> None:
        self._fields = {name.lower(): value for name, value in (fields or {}).items()}

    def __getitem__(self, name: str) -> str:
        return self._fields[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """target is the path and query as sent; path is decoded; query holds the decoded pairs in the order sent."""

    method: str
    target: str
    path: str
    query: list[tuple[str, str]]
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True, kw_only=True)
class Response:
    """Content-Length and Date are added when it is sent. With a stream, its pieces are the body, each sent as it comes."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    stream: Iterator[bytes] | None = None


class Application(Protocol):
    def answer(self, request: Request) -> Response: ...

    def control(self, name: str, payload: Any) -> Any: ...


@runtime_checkable
class StatefulApplication(Protocol):
    """What an Application offers if its state is to outlive SimProcess.down() and up(); the state is anything JSON can hold."""

    def dump_state(self) -> Any: ...

    def load_state(self, state: Any) -> None: ...


def parse_request(method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Request:
    """`target` as http.server hands it out: bytes read as Latin-1."""
    target = target.encode("latin-1", "replace").decode("utf-8", "replace")
    path, _, query = target.partition("?")
    pairs = parse_qsl(query, keep_blank_values=True, errors="replace")
    return Request(
        method=method, target=target, path=unquote(path), query=pairs, headers=Headers(headers), body=body
    )


def compress(request: Request, body: bytes) -> bytes | None:
    """The body gzipped, or None where the client does not accept that."""
    if not body or "gzip" not in request.headers.get("Accept-Encoding", ""):
        return None
    return gzip.compress(body, compresslevel=1, mtime=0)


def blank_secrets(target: str) -> str:
    return _SECRET.sub(r"\1", target)
