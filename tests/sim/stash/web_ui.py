"""The user interface as files: Stash's page, the plugins' scripts and styles, and their assets (docs/facts/stash-ui.md, sections 2, 3,
12, 13 and 15).

The page is `page/index.html`, which loads plugin scripts as the real one does, or that of the folder which the option --ui names: then
its files are served below /assets, as a Stash with a UI of its own would.
"""

import gzip
import hashlib
import mimetypes
import posixpath
from collections.abc import Iterable
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path

from tests.sim.message import Request, Response
from tests.sim.stash.plugin_config import PluginConfig
from tests.sim.stash.plugins import Plugins
from tests.sim.stash.web_addresses import is_address, local, prefix

PAGE = Path(__file__).resolve().parent / "page"
_TEXTS = ("text/", "application/javascript", "application/json", "image/svg")
_KINDS = {".mjs": "text/javascript; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


class WebUI:
    def __init__(self, plugins: Plugins, folder: Path | None = None) -> None:
        """`folder` has an index.html, with <base href="/">, and what that loads from assets/."""
        self._plugins = plugins
        self._folder = folder or PAGE

    def answer(self, request: Request) -> Response:
        """For every address that is neither GraphQL's nor a picture's."""
        if request.path.startswith("/plugin/"):
            return self._plugin_file(request)
        extension = posixpath.splitext(request.path)[1]
        if extension == "" or request.path in ("/", "/index.html"):
            return self._page(request)
        kept = "public, max-age=31536000, immutable" if request.path.startswith("/assets/") else "no-cache"
        response = _file(request, self._folder, request.path)
        response.headers["Cache-Control"] = kept
        return response

    def _page(self, request: Request) -> Response:
        text = (self._folder / "index.html").read_text(encoding="utf-8")
        text = text.replace('<base href="/"', f'<base href="{prefix(request)}/"', 1)
        headers = {
            "Content-Type": "text/html",
            "Referrer-Policy": "same-origin",
            "Content-Security-Policy": policy(self._plugins.enabled()),
        }
        return _static(request, text.encode(), headers)

    def _plugin_file(self, request: Request) -> Response:
        name, _, rest = request.path.removeprefix("/plugin/").partition("/")
        plugin = next((each for each in self._plugins if each.id == name), None)
        what, _, place = rest.partition("/")
        if plugin is None or what not in ("javascript", "css", "assets") or (place and what != "assets"):
            return _plain(404, "Not Found" if plugin is None else "404 page not found")
        if self._plugins.find(name) is None:
            return _plain(400, "plugin disabled")
        if what == "assets":
            return _asset(request, plugin, f"/{place}")
        kind = "text/javascript" if what == "javascript" else "text/css"
        parts = [(plugin.folder / part).read_bytes() + b"\n" for part in local(plugin.ui.get(what, ()))]
        return _static(request, b"".join(parts), {"Content-Type": kind})


def policy(plugins: Iterable[PluginConfig]) -> str:
    """The page's content security policy, which plugins widen."""
    sources = {
        "connect": ["data:", "'self'", "ws:", "wss:"],
        "script": [
            "'self'",
            "http://www.gstatic.com",
            "https://www.gstatic.com",
            "'unsafe-inline'",
            "'unsafe-eval'",
        ],
        "style": ["'self'", "'unsafe-inline'"],
    }
    for plugin in plugins:
        sources["script"] += [each for each in plugin.ui.get("javascript", ()) if is_address(each)]
        sources["style"] += [each for each in plugin.ui.get("css", ()) if is_address(each)]
        for name, more in (plugin.ui.get("csp") or {}).items():
            sources[name.removesuffix("-src")] += more
    connect, script, style = (" ".join(sources[name]) for name in ("connect", "script", "style"))
    return (
        f"default-src data: 'self' 'unsafe-inline'; connect-src {connect}; img-src data: *; script-src {script}; "
        f"style-src {style}; media-src blob: 'self'; worker-src blob:; child-src 'none'; object-src 'none'; "
        "form-action 'self';"
    )


def _asset(request: Request, plugin: PluginConfig, place: str) -> Response:
    """The prefix that fits is taken off as text: /static reaches what /staticmod.js names, too."""
    place = place.removesuffix("/index.html")
    folders = plugin.ui.get("assets") or {}
    fitting = [name for name in sorted(folders, key=len, reverse=True) if place.startswith(name)]
    if not fitting:
        return _plain(404, "404 page not found")
    folder = (plugin.folder / folders[fitting[0]].lstrip("/")).resolve()
    if not folder.is_relative_to(plugin.folder.resolve()):
        return _plain(404, "404 page not found")
    return _file(request, folder, place.removeprefix(fitting[0]))


def _file(request: Request, folder: Path, place: str) -> Response:
    """As Go's file server: no way out of the folder, dated, in ranges; a folder shows its index.html or its names."""
    parts = [part for part in place.split("/") if part not in ("", ".")]
    path = folder.joinpath(*parts)
    if ".." in parts or not path.exists():
        return _plain(404, "404 page not found")
    if path.is_dir():
        index = path / "index.html"
        if not index.is_file():
            names = "".join(f'<a href="{each.name}">{each.name}</a>\n' for each in sorted(path.iterdir()))
            return Response(
                headers={"Content-Type": "text/html; charset=utf-8"}, body=f"<pre>\n{names}</pre>\n".encode()
            )
        path = index
    return _dated(request, path)


def _dated(request: Request, path: Path) -> Response:
    changed = int(path.stat().st_mtime)
    headers = {
        "Content-Type": _KINDS.get(path.suffix)
        or mimetypes.guess_type(path.name)[0]
        or "application/octet-stream",
        "Last-Modified": formatdate(changed, usegmt=True),
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
    }
    since = request.headers.get("If-Modified-Since")
    if since and parsedate_to_datetime(since).timestamp() >= changed:
        return Response(status=304, headers=headers)
    data = path.read_bytes()
    wanted = _range(request.headers.get("Range", ""), len(data))
    if wanted is not None:
        first, last = wanted
        headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
        return Response(status=206, headers=headers, body=data[first : last + 1])
    return _packed(request, data, headers)


def _range(asked: str, size: int) -> tuple[int, int] | None:
    """The first and last byte of a simple range."""
    first, _, last = asked.removeprefix("bytes=").partition("-")
    if not asked.startswith("bytes=") or not first.isdigit() or int(first) >= size:
        return None
    return int(first), min(int(last) if last.isdigit() else size - 1, size - 1)


def _static(request: Request, data: bytes, headers: dict[str, str]) -> Response:
    """What is made for each answer: asked for anew each time, and sent when it has changed."""
    etag = f'"{hashlib.md5(data).hexdigest()}"'
    headers = {"Cache-Control": "no-cache", "Etag": etag, "X-Content-Type-Options": "nosniff", **headers}
    asked = [each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")]
    if etag in asked:
        return Response(status=304, headers=headers)
    return _packed(request, data, headers)


def _packed(request: Request, data: bytes, headers: dict[str, str]) -> Response:
    headers = {"Vary": "Accept-Encoding, Origin", **headers}
    if "gzip" in request.headers.get("Accept-Encoding", "") and headers["Content-Type"].startswith(_TEXTS):
        return Response(
            headers={"Content-Encoding": "gzip", **headers},
            body=gzip.compress(data, compresslevel=1, mtime=0),
        )
    return Response(headers=headers, body=data)


def _plain(status: int, text: str) -> Response:
    headers = {
        "Content-Type": "text/plain; charset=utf-8",
        "X-Content-Type-Options": "nosniff",
        "Vary": "Origin",
    }
    return Response(status=status, headers=headers, body=f"{text}\n".encode())
