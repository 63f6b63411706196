"""The waking of the worker by what Stash loads of the plugin, in a real Chromium: on a page of a loopback server that passes GraphQL on to the simulated Stash.

Time in the browser is virtual: it runs as fast as the page allows, so minutes take no time.
"""

import json
import subprocess
import tempfile
import threading
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.browser import BROWSERS, PROGRAM
from tests.sim.process import ROOT
from tests.stage import Stage

pytestmark = pytest.mark.skipif(PROGRAM is None, reason=f"none of {', '.join(BROWSERS)} is installed")

QUIET = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-extensions",
    "--no-proxy-server", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
WATCH = """
window.seen = [];
window.onerror = function (text) { window.seen.push("error " + text); };
window.addEventListener("unhandledrejection", function (event) { window.seen.push("rejection " + event.reason); });
["log", "warn", "error"].forEach(function (name) { console[name] = function (text) { window.seen.push(name + " " + text); }; });
window.setTimeout(function () {
  var names = Object.keys(window).filter(function (name) { return before.indexOf(name) < 0 && name !== "before"; });
  document.body.setAttribute("data-seen", JSON.stringify(window.seen.concat(names)));
}, AFTER);
var before = Object.keys(window);
"""
HIDDEN = 'Object.defineProperty(document, "visibilityState", { get: function () { return window.hiddenNow ? "hidden" : "visible"; } });'
SHOW_LATER = (
    "window.hiddenNow = true; window.setTimeout(function () { window.hiddenNow = false; "
    'document.dispatchEvent(new Event("visibilitychange")); }, 400000);'
)


class Site:
    """Stash's page below a path prefix, as behind a reverse proxy. `answer` says what GraphQL does."""

    def __init__(
        self, stash_url: str = "", answer: str = "pass", extra: str = "", after: int = 700_000
    ) -> None:
        self.posts: list[dict[str, Any]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/stash/scenes/12":
                    self._send(200, "text/html", page(extra, after))
                elif self.path == "/stash/plugin/PlexSync/javascript":
                    text = (ROOT / "plexsync_plugin/ui/built/entry.js").read_text(encoding="utf-8")
                    self._send(200, "text/javascript", text)
                else:
                    self._send(404, "text/plain", "")

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name: self.headers.get(name) for name in ("Content-Type", "Accept")}
                site.posts.append({"path": self.path, "headers": headers, "body": json.loads(body)})
                if answer == "pass":
                    self._send(200, "application/json", forward(stash_url, body))
                elif answer == "cut":
                    self.connection.close()
                else:
                    self._send(int(answer), "text/plain", "")

            def _send(self, status: int, kind: str, text: str) -> None:
                data = text.encode()
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/stash/scenes/12"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def wakes(self) -> list[dict[str, Any]]:
        return [post for post in self.posts if post["path"] == "/stash/graphql"]


def page(extra: str, after: int) -> str:
    watch = WATCH.replace("AFTER", str(after))
    return (
        f'<!doctype html><html><head><base href="/stash/"><script>{watch}{extra}</script>'
        '<script src="plugin/PlexSync/javascript"></script></head><body></body></html>'
    )


def forward(stash_url: str, body: bytes) -> str:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    request = urllib.request.Request(f"{stash_url}/graphql", data=body, headers=headers)
    with urllib.request.urlopen(request, timeout=60) as response:
        return str(response.read().decode())


@pytest.fixture
def open_site() -> Iterator[Callable[..., Site]]:
    sites: list[Site] = []

    def make(**options: Any) -> Site:
        sites.append(Site(**options))
        return sites[-1]

    yield make
    for site in sites:
        site.close()


def visit(site: Site, virtual_ms: int = 750_000) -> list[str]:
    """Open the page for so much of the browser's time; errors, console lines and global names it left behind."""
    assert PROGRAM is not None
    with tempfile.TemporaryDirectory(prefix="plexsync-browser-", ignore_cleanup_errors=True) as profile:
        result = subprocess.run(
            [
                PROGRAM,
                *QUIET,
                f"--user-data-dir={profile}",
                f"--virtual-time-budget={virtual_ms}",
                "--dump-dom",
                site.url,
            ],
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )
    found = result.stdout.partition('data-seen="')[2].partition('"')[0].replace("&quot;", '"')
    assert found, f"the page did not come to its end: {result.stdout[:500]} {result.stderr[-500:]}"
    seen: list[str] = json.loads(found)
    return seen


def test_page_load_wakes_a_worker_below_a_path_prefix(stage: Stage, open_site: Callable[..., Site]) -> None:
    site = open_site(stash_url=stage.stash.url, after=5_000)
    assert visit(site, 6_000) == []
    (wake,) = site.wakes()
    assert site.posts == [wake]
    assert wake["body"]["variables"] == {"id": "PlexSync", "args": {"operation": "wake"}}
    assert wake["headers"] == {"Content-Type": "application/json", "Accept": "application/json"}
    stage.wait(lambda: len(stage.workers()) == 1, "the worker")


def test_visible_page_wakes_every_five_minutes(open_site: Callable[..., Site]) -> None:
    site = open_site(answer="200")
    assert visit(site) == []
    assert len(site.wakes()) == 3, "at 1 s, 300 s and 600 s of 700 s"


def test_hidden_page_is_silent_and_wakes_when_it_is_shown(open_site: Callable[..., Site]) -> None:
    hidden = open_site(answer="200", extra=HIDDEN + "window.hiddenNow = true;")
    visit(hidden)
    assert hidden.wakes() == []
    shown = open_site(answer="200", extra=HIDDEN + SHOW_LATER)
    visit(shown)
    assert len(shown.wakes()) == 2, "when it is shown at 400 s, and at 600 s"


@pytest.mark.parametrize("answer", ["401", "500", "cut"])
def test_failure_is_silent(answer: str, open_site: Callable[..., Site]) -> None:
    site = open_site(answer=answer)
    assert visit(site) == []
    assert len(site.wakes()) >= 3


def test_browser_without_fetch_is_left_in_peace(open_site: Callable[..., Site]) -> None:
    site = open_site(answer="200", extra="window.fetch = undefined;")
    assert visit(site) == []
    assert site.posts == []
