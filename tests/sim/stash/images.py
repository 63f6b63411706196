"""Pictures over HTTP: covers of scenes and portraits of performers, with ETag, 304 and the default ones.

The default portrait is not Stash's own PNG (not recorded), but a picture of one pixel.
"""

import base64
import hashlib
import re

from tests.sim.message import Request, Response
from tests.sim.stash.library import Library
from tests.sim.stash.schema import DATA

_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
_ADDRESS = re.compile(
    r"/(?:(scene)/(\d+)/screenshot|(performer|studio|tag)/(\d+)/image|(group)/(\d+)/(?:front|back)image)"
)
_SIGNATURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"<svg", "image/svg+xml"),
)
_NOT_FOUND = Response(
    status=404,
    headers={
        "Content-Type": "text/plain; charset=utf-8",
        "Vary": "Origin",
        "X-Content-Type-Options": "nosniff",
    },
    body=b"Not Found\n",
)


def answer_image(library: Library, request: Request) -> Response | None:
    """None for an address that is no picture's."""
    found = _ADDRESS.fullmatch(request.path)
    if found is None:
        return None
    kind, number = (each for each in found.groups() if each is not None)
    if library.get(kind, int(number)) is None:
        return _NOT_FOUND
    path = f"{kind}/{number}" + ("/back" if request.path.endswith("backimage") else "")
    return _serve(request, library.images.get(path) or _default(kind))


def _default(kind: str) -> bytes:
    return (DATA / "default_cover.svg").read_bytes() if kind == "scene" else _PIXEL


def sniff(data: bytes) -> str:
    """The content type that Stash finds in the bytes; what it does not know (AVIF) is octet-stream."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    kinds = [kind for signature, kind in _SIGNATURES if data.startswith(signature)]
    return kinds[0] if kinds else "application/octet-stream"


def _serve(request: Request, data: bytes) -> Response:
    etag = f'"{hashlib.md5(data).hexdigest()}"'
    is_dated = any(name == "t" for name, _ in request.query)
    headers = {
        "Cache-Control": "private, max-age=31536000, immutable" if is_dated else "no-cache",
        "Etag": etag,
        "Vary": "Origin",
        "X-Content-Type-Options": "nosniff",
    }
    asked = [each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")]
    if etag in asked or "*" in asked:
        return Response(status=304, headers=headers)
    return Response(headers={"Accept-Ranges": "bytes", "Content-Type": sniff(data), **headers}, body=data)
