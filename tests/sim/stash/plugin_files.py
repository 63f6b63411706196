"""What Stash serves of plugins to its own page: their scripts and styles joined, their assets; and the page itself, where there is one.

As docs/facts/stash-ui.md sections 2, 12 and 13 have it. The page is not Stash's: `tests/page` builds one with the same PluginApi.
"""

import hashlib
import html
import mimetypes
import posixpath
from email.utils import formatdate
from pathlib import Path

from tests.sim.message import Request, Response
from tests.sim.stash.plugin_config import PluginConfig
from tests.sim.stash.plugins import Plugins

POLICY = (
    "default-src data: 'self' 'unsafe-inline'; connect-src data: 'self' ws: wss:; img-src data: *; "
    "script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "worker-src blob:; frame-src 'none'; object-src 'none'; form-action 'self'"
)
_KINDS = {"javascript": "text/javascript", "css": "text/css"}
_TYPES = {".mjs": "text/javascript", ".js": "text/javascript"}
_NOT_FOUND = Response(
    status=404, headers={"Content-Type": "text/plain; charset=utf-8"}, body=b"404 page not found\n"
)


def answer_plugin_file(plugins: Plugins, request: Request) -> Response | None:
    """None for an address that is no plugin's."""
    if not request.path.startswith("/plugin/"):
        return None
    name, _, rest = request.path.removeprefix("/plugin/").partition("/")
    plugin = plugins.find(name)
    if plugin is None:
        return _NOT_FOUND
    if rest in _KINDS:
        return _joined(plugin, rest, request)
    if rest.startswith("assets/"):
        return _asset(plugin, "/" + rest.removeprefix("assets/"))
    return _NOT_FOUND


def _joined(plugin: PluginConfig, kind: str, request: Request) -> Response:
    """All files in the YAML's order; checked with each load of the page."""
    names = [name for name in plugin.ui.get(kind, ()) if "://" not in name]
    body = "\n".join((plugin.folder / name).read_text(encoding="utf-8") for name in names).encode()
    tag = f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
    headers = {"Content-Type": _KINDS[kind], "Cache-Control": "no-cache", "ETag": tag}
    if request.headers.get("If-None-Match") == tag:
        return Response(status=304, headers=headers)
    return Response(headers=headers, body=body)


def _asset(plugin: PluginConfig, path: str) -> Response:
    """Matched by prefix of the text. No Cache-Control and no ETag: browsers guess."""
    for prefix, folder in plugin.ui.get("assets", {}).items():
        rest = path.removeprefix(prefix) if path.startswith(prefix) else None
        if rest is None or ".." in rest.split("/"):
            continue
        file = plugin.folder / folder / rest.lstrip("/")
        if file.is_dir():
            file /= "index.html"
        if file.is_file():
            kind = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            changed = formatdate(file.stat().st_mtime, usegmt=True)
            return Response(headers={"Content-Type": kind, "Last-Modified": changed}, body=file.read_bytes())
    return _NOT_FOUND


def answer_page(folder: Path, request: Request) -> Response:
    """The page's own files, and for every other address the page, with its base below the proxy's prefix."""
    file = folder / request.path.lstrip("/")
    if request.path != "/" and file.is_file() and folder in file.resolve().parents:
        kind = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return Response(headers={"Content-Type": kind}, body=file.read_bytes())
    if posixpath.splitext(request.path)[1] not in {"", ".html"}:
        return _NOT_FOUND
    prefix = request.headers.get("X-Forwarded-Prefix", "")
    text = (folder / "index.html").read_text(encoding="utf-8")
    text = text.replace('<base href="/">', f'<base href="{html.escape(prefix)}/">')
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": POLICY}
    return Response(headers=headers, body=text.encode())
