"""What the plugin adds to Stash's page: two ways to its own, a tab of a scene, its settings; and that none of it can harm Stash."""

import re
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from tests.browser import Site, Visit, needs_browser
from tests.sim.process import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = needs_browser

PAGE_FILE = re.compile(r"/page\.mjs\?v=[0-9a-f]{8}$")
ENTRY = (ROOT / "plexsync_plugin/ui/built/entry.js").read_text(encoding="utf-8")
THROWING = "export const Page = () => { throw new Error('injected') }; export { Page as ScenePanel, Page as SettingsPanel };"


def heading(visit: Visit) -> str:
    return visit.page.get_by_role("heading", level=1).inner_text()


def is_whole(visit: Visit) -> bool:
    """Stash's own page is as it was, and goes on."""
    visit.page.get_by_role("link", name="Scenes", exact=True).click()
    visit.page.get_by_role("link", name="Scene 2").wait_for()
    return visit.page.get_by_text("Something went wrong").count() == 0


def test_page_is_fetched_once_when_it_is_first_visited_and_from_stash_alone(site: Site) -> None:
    visit = site.blank()
    fetched: list[str] = []
    visit.page.on("request", lambda request: fetched.append(request.url))
    visit.page.goto(f"{site.address}/scenes")
    visit.page.get_by_role("link", name="Scene 2").wait_for()
    assert [url for url in fetched if PAGE_FILE.search(url)] == []
    visit.page.get_by_role("link", name="PlexSync").click()
    visit.page.get_by_role("heading", name="Done last").wait_for()
    visit.page.get_by_role("link", name="Scenes", exact=True).click()
    visit.page.get_by_role("link", name="PlexSync").click()
    visit.page.get_by_role("heading", name="Done last").wait_for()
    assert len([url for url in fetched if PAGE_FILE.search(url)]) == 1
    assert {url.split("/")[2] for url in fetched if url.startswith("http")} == {site.address.split("/")[2]}
    assert visit.errors == []


def test_page_has_its_title_and_focus_and_gives_the_title_back(site: Site) -> None:
    visit = site.visit()
    visit.page.wait_for_function("document.title === 'PlexSync | Stash'")
    assert visit.page.evaluate("document.activeElement.tagName") == "MAIN"
    visit.page.get_by_role("link", name="Scenes", exact=True).click()
    visit.page.wait_for_function("document.title === 'Stash'")


def test_tools_in_settings_lead_to_the_page_once(site: Site) -> None:
    visit = site.visit("/settings")
    visit.page.get_by_role("heading", name="Scene Tools").wait_for()
    links = visit.page.locator(".main").get_by_role("link", name="PlexSync", exact=True)
    links.first.wait_for()
    assert links.count() == 1, "Stash shows this point in two sections"
    links.click()
    visit.page.get_by_role("heading", name="PlexSync", level=1).wait_for()


@pytest.mark.parametrize("path", ["/plugins/plexsync/", "/Plugins/PlexSync", "/plugins/plexsync?x=1"])
def test_page_is_found_however_its_address_is_typed(path: str, site: Site) -> None:
    assert heading(site.visit(path)) == "PlexSync"


def test_view_that_is_not_there_says_so(site: Site) -> None:
    visit = site.visit("/plugins/plexsync/nowhere")
    visit.expect_text("PlexSync has no such view")


def test_tab_of_a_scene_asks_nothing_before_it_is_opened_and_follows_the_queue(site: Site) -> None:
    visit = site.visit("/scenes/1")
    visit.page.get_by_role("tab", name="PlexSync").wait_for()
    assert visit.names() == []
    visit.page.get_by_role("tab", name="PlexSync").click()
    visit.page.get_by_role("heading", name="In sync").wait_for()
    visit.page.get_by_role("button", name="Why this match").click()
    visit.answers["scene"] = {**visit.answers["scene"], "state": "undone", "items": []}
    visit.page.locator("#next").click()
    visit.page.get_by_role("heading", name="Undone").wait_for()
    assert [args["id"] for args in visit.asked if args["operation"] == "scene"] == [1, 2]
    assert visit.page.get_by_text("the same place by the rule").count() == 0, "state of the scene before"


def test_page_that_throws_costs_itself_alone(site: Site) -> None:
    for path, sign in (
        ("/plugins/plexsync", "could not be shown"),
        ("/settings", "Address of the Plex server"),
    ):
        visit = site.blank()
        visit.page.route(
            PAGE_FILE, lambda route: route.fulfill(content_type="text/javascript", body=THROWING)
        )
        visit.page.goto(site.address + path)
        visit.page.get_by_text(sign).wait_for()
        assert is_whole(visit)


def test_scene_tab_that_throws_leaves_the_scene(site: Site) -> None:
    visit = site.blank()
    visit.page.route(PAGE_FILE, lambda route: route.fulfill(content_type="text/javascript", body=THROWING))
    visit.page.goto(f"{site.address}/scenes/1")
    visit.page.get_by_role("tab", name="PlexSync").click()
    visit.page.get_by_text("could not be shown").wait_for()
    visit.page.get_by_role("tab", name="Details").click()
    visit.page.get_by_text("Details of Scene 1").wait_for()
    assert is_whole(visit)


def test_view_that_throws_leaves_the_others(site: Site) -> None:
    visit = site.visit(answers={"overview": {"setUp": "ready"}})
    visit.page.get_by_text("This view failed").wait_for()
    visit.page.get_by_role("link", name="Problems").click()
    visit.page.get_by_role("heading", name="Night Train to Lisbon").wait_for()
    assert is_whole(visit)


def test_page_that_cannot_be_fetched_says_so(site: Site) -> None:
    visit = site.blank()
    visit.page.route(PAGE_FILE, lambda route: route.fulfill(status=404))
    visit.page.goto(f"{site.address}/plugins/plexsync")
    visit.page.get_by_text("could not be shown").wait_for()
    assert is_whole(visit)


@pytest.mark.parametrize(
    "before",
    [
        "PluginApi.components.Icon = () => { throw new Error('injected') };",
        "PluginApi.libraries.Bootstrap = { Nav: {}, Tab: {} };",
        "PluginApi.patch.before('MainNavBar.UtilityItems', (props) => [props]);",
        "PluginApi.patch.before('PluginSettings', (props) => [props]);",
        "PluginApi.libraries.FontAwesomeSolid = undefined;",
    ],
    ids=[
        "a part throws",
        "parts are missing",
        "a point was patched",
        "the settings were patched",
        "no pictures",
    ],
)
def test_additions_do_not_harm_stash_whatever_they_meet(before: str, site: Site) -> None:
    visit = site.blank()
    visit.page.route(
        "**/plugin/PlexSync/javascript",
        lambda route: route.fulfill(content_type="text/javascript", body=f"(() => {{{before}}})();\n{ENTRY}"),
    )
    for path in ("/scenes/1", "/settings", "/plugins/plexsync"):
        visit.page.goto(site.address + path)
        visit.page.locator(".main > *").first.wait_for()
        assert is_whole(visit), path


@pytest.fixture
def open_proxy() -> Iterator[Callable[[str], str]]:
    """A proxy that shows a Stash below /stash, as docs/facts/stash-ui.md section 15 has it; the address for the browser."""
    servers: list[ThreadingHTTPServer] = []

    def make(target: str) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                headers = {
                    name: self.headers[name]
                    for name in ("Content-Type", "Accept", "Host")
                    if self.headers[name]
                }
                request = urllib.request.Request(
                    target + self.path.removeprefix("/stash"),
                    data=self.rfile.read(length) if length else None,
                    headers={**headers, "X-Forwarded-Prefix": "/stash"},
                )
                try:
                    with urllib.request.urlopen(request, timeout=30) as answer:
                        status, fields, body = answer.status, answer.headers, answer.read()
                except urllib.error.HTTPError as error:
                    status, fields, body = error.code, error.headers, error.read()
                self.send_response(status)
                for name in ("Content-Type", "Content-Security-Policy", "Last-Modified"):
                    if fields[name]:
                        self.send_header(name, fields[name])
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET

            def log_message(self, format: str, *args: object) -> None:
                pass

        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_port}/stash"

    yield make
    for server in servers:
        server.shutdown()
        server.server_close()


def test_page_works_below_a_path_prefix(site: Site, open_proxy: Callable[[str], str]) -> None:
    address = open_proxy(site.stash.url)
    visit = site.blank()
    visit.page.goto(f"{address}/plugins/plexsync/problems")
    visit.page.get_by_role("heading", name="Night Train to Lisbon").wait_for()
    visit.page.get_by_role("link", name="Overview").click()
    visit.page.get_by_role("heading", name="Done last").wait_for()
    assert visit.page.url == f"{address}/plugins/plexsync"
    visit.page.get_by_role("link", name="Harbour Lights, part 1").click()
    visit.page.get_by_text("Details of Scene 1").wait_for()
    assert visit.errors == []


def test_old_stash_has_the_page_and_is_spared_what_it_lacks(chromium: "Browser") -> None:
    """v0.27 does not wait for plugins: the page's address is open before its route is there."""
    with Site(chromium, version="v0.27.2") as old:
        visit = old.visit()
        visit.page.get_by_role("heading", name="Done last").wait_for()
        visit.page.goto(f"{old.address}/scenes/1")
        visit.page.get_by_role("tab", name="Details").wait_for()
        assert visit.page.get_by_role("tab", name="PlexSync").count() == 0
        assert is_whole(visit)
        assert visit.errors == []
