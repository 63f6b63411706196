"""Bodies and headers of answers: XML by default, JSON on request, HTML for errors; gzip; the headers recorded of 1.43."""

import json
import re
from typing import Any

from tests.sim.server import Request, Response, compress

HEADERS = {
    "X-Plex-Protocol": "1.0",
    "Cache-Control": "no-cache",
    "Connection": "Keep-Alive",
    "Keep-Alive": "timeout=20",
}
REASONS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    500: "Internal Server Error",
    501: "Not Implemented",
    503: "Service Unavailable",
}
# docs/facts/plex.md section 6: what a server says while its database is being migrated.
MAINTENANCE = '<Response code="503" title="Maintenance" status="Plex Media Server is currently running database migrations."/>'
_METADATA_TAGS = {
    "movie": "Video",
    "episode": "Video",
    "clip": "Video",
    "track": "Track",
    "photo": "Photo",
    "common": "Common",
}
_RATINGS = frozenset({"rating", "audienceRating", "userRating"})
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
_SPECIAL = re.compile('[&<>"\n\r\t\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]')


class Refusal(Exception):
    """An answer with an error status; raised anywhere below the application."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status} {REASONS[status]}")
        self.status = status


def refuse(status: int) -> Response:
    reason = REASONS[status]
    body = f"<html><head><title>{reason}</title></head><body><h1>{status} {reason}</h1></body></html>"
    return Response(status=status, headers={"Content-Type": "text/html", **HEADERS}, body=body.encode())


def maintain() -> Response:
    headers = {"Content-Type": "text/xml;charset=utf-8", **HEADERS}
    return Response(status=503, headers=headers, body=MAINTENANCE.encode())


def accept() -> Response:
    """The empty 200 of edits and scans."""
    return Response(headers={"Content-Type": "text/html", **HEADERS})


def answer(request: Request, container: dict[str, Any], *, spoil: bool = False) -> Response:
    """The container as XML or JSON; paging headers where it is paged; `spoil` puts invalid UTF-8 into the first summary."""
    if "application/json" in request.headers.get("Accept", ""):
        content_type, body = "application/json", to_json(container)
    else:
        content_type, body = "text/xml;charset=utf-8", to_xml(container)
    if spoil:
        body = re.sub(rb'summary(?:="|":")', lambda found: found[0] + b"\xc3\x28", body, count=1)
    headers = {"Content-Type": content_type, **HEADERS}
    if "totalSize" in container:
        headers["X-Plex-Container-Start"] = str(container["offset"])
        headers["X-Plex-Container-Total-Size"] = str(container["totalSize"])
    packed = compress(request, body)
    if packed is not None:
        headers["X-Plex-Content-Original-Length"] = str(len(body))
        headers["X-Plex-Content-Compressed-Length"] = str(len(packed))
        headers["Content-Encoding"] = "gzip"
        body = packed
    return Response(headers=headers, body=body)


def to_json(container: dict[str, Any]) -> bytes:
    text = json.dumps({"MediaContainer": container}, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def to_xml(container: dict[str, Any]) -> bytes:
    out = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    _write(out, "MediaContainer", container)
    return "".join(out).encode()


def _write(out: list[str], tag: str, entry: dict[str, Any]) -> None:
    out.append(f"<{tag}")
    children = []
    for name, value in entry.items():
        if isinstance(value, (list, dict)):
            children.append((name, value))
        elif value is not None:
            out.append(f' {name}="{_text(name, value)}"')
    if not children and tag != "MediaContainer":
        out.append(" />\n")
        return
    out.append(">\n")
    for name, value in children:
        for child in [value] if isinstance(value, dict) else value:
            _write(out, _element(name, child), child)
    out.append(f"</{tag}>\n")


def _element(name: str, child: dict[str, Any]) -> str:
    """In XML the entries of Metadata are called after their type; images of an item have none."""
    if name != "Metadata":
        return name
    return _METADATA_TAGS.get(child["type"], "Directory") if "type" in child else "Photo"


def _text(name: str, value: Any) -> str:
    if value is True or value is False:
        return "1" if value else "0"
    if name in _RATINGS and isinstance(value, int):
        return f"{value}.0"
    return _SPECIAL.sub(_escape, value) if isinstance(value, str) else str(value)


def _escape(found: re.Match[str]) -> str:
    return _ESCAPES.get(found[0], "\ufffd" if found[0] >= "\ud800" else "")
