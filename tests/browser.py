"""A browser on the simulated Stash, whose page loads the plugin's files as the real one does; the plugin's answers are the test's.

Without Node, Chromium, Playwright or the packages of package.json there is nothing to show: `WHY_NOT` says so.
"""

import atexit
import functools
import importlib.util
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import pytest

from tests.page_answers import ANSWERS
from tests.sim.process import ROOT, SimProcess
from tests.stage import install_plugin

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

# The first takes less than half of what the others do for each page.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
PROGRAM = next((found for name in BROWSERS if (found := shutil.which(name))), None)
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
SETTINGS = {
    "plex_url": "http://192.168.1.5:32400",
    "plex_token": "planted-token-4711",
    "plex_library": "Scenes",
}
LIBRARY = {"scenes": [{"id": n, "title": f"Scene {n}"} for n in range(1, 6)]}
# Styles that people give Stash to make it light.
LIGHT = """
body { background: #fff; color: #182026; } a { color: #106ba3; } .text-muted { color: #5c7080 !important; }
.table, .btn.minimal, .nav-tabs .nav-link, .nav-tabs .nav-link.active, .nav-pills .nav-link, code { color: #182026; }
.nav-pills .nav-link.active { color: #fff; } .top-nav { background: #ebf1f5; }
.form-control, .form-control:focus, code { background: #ebf1f5; color: #182026; }
"""


def why_not() -> str:
    """The sentence for why there is no browser here, or ""."""
    if PROGRAM is None:
        return f"The page inside Stash is not tested: none of {', '.join(BROWSERS)} is installed."
    if importlib.util.find_spec("playwright") is None:
        return "The page inside Stash is not tested: the package playwright is not installed."
    if shutil.which("node") is None or not (ROOT / "node_modules" / "esbuild").is_dir():
        return "The page inside Stash is not tested: Node or its packages are not here; `make page` installs them."
    return ""


WHY_NOT = why_not()
needs_browser = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)


@functools.cache
def stash_page() -> Path:
    """The folder with what stands in place of Stash's own page: built once for all tests of a process."""
    folder = tempfile.mkdtemp(prefix="plexsync-page-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    command = ["node", "tools/page/build_stash_page.mjs", folder]
    subprocess.run(command, cwd=ROOT, check=True, timeout=60)
    return Path(folder)


@contextmanager
def browser() -> "Iterator[Browser]":
    """One for everything: a process can have no second one beside it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=PROGRAM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        try:
            yield started
        finally:
            started.close()


class Visit:
    """One page that is open. `asked` are the arguments of every operation, `tasks` the tasks that were run, `saved` the settings that went to Stash; `errors` what the
    browser's console says of errors."""

    def __init__(self, page: "Page", answers: Mapping[str, Any]) -> None:
        self.page = page
        self.answers = dict(answers)
        self.asked: list[dict[str, Any]] = []
        self.tasks: list[str] = []
        self.saved: list[dict[str, Any]] = []
        self.errors: list[str] = []
        self.hold: Callable[[Route, dict[str, Any]], bool] = lambda _route, _args: False
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        page.route("**/graphql", self._answer)

    def expect_text(self, text: str, *, exact: bool = False) -> None:
        """Until the page shows it."""
        self.page.get_by_text(text, exact=exact).first.wait_for()

    def axe(self) -> list[str]:
        """What axe-core finds in our part of the page: rule, place and advice."""
        if not self.page.evaluate("'axe' in window"):
            self.page.add_script_tag(
                url=self.page.evaluate("new URL('assets/axe.js', document.baseURI).href")
            )
        found = self.page.evaluate(
            "axe.run(document.querySelector('.plexsync'), { resultTypes: ['violations'] })"
        )
        return [
            f"{rule['id']}: {node['html'][:150]} {node['failureSummary'][:300]}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]

    def names(self) -> list[str]:
        """Of the operations asked so far, without those of every page."""
        return [args["operation"] for args in self.asked if args["operation"] != "wake"]

    def expect_names(self, expected: Sequence[str]) -> None:
        """So many are asked soon; what of them is shown may stand there before."""
        ends = time.monotonic() + 10
        while len(self.names()) < len(expected) and time.monotonic() < ends:
            self.page.wait_for_timeout(50)  # the answers are given meanwhile
        assert self.names() == list(expected)

    def _answer(self, route: "Route") -> None:
        body = json.loads(route.request.post_data or "{}")
        variables = body.get("variables") or {}
        if "runPluginTask" in body["query"]:
            self.tasks.append(variables["task"])
            fulfil(route, {"runPluginTask": "7"})
        elif "findJob" in body["query"]:
            job = self.answers["findJob"]
            fulfil(route, {"findJob": job() if callable(job) else job})
        elif "runPluginOperation" not in body["query"]:
            self.saved += [variables["input"]] if "configurePlugin" in body["query"] else []
            route.continue_()
        else:
            self.asked.append(variables["args"])
            if not self.hold(route, variables["args"]):
                self.give(route, variables["args"])

    def give(self, route: "Route", args: dict[str, Any]) -> None:
        """What `answers` has for the operation: data, a problem's sentence, an error, or a function of the arguments."""
        answer = self.answers[args["operation"]]
        if callable(answer):
            answer = answer(args)
        if isinstance(answer, Exception):
            route.fulfill(json={"data": None, "errors": [{"message": str(answer)}]})
        elif isinstance(answer, str):
            action = {"name": "", "stash": "", "plex": "", "task": ""}
            fulfil(route, {"runPluginOperation": {"v": 1, "problem": {"text": answer, "action": action}}})
        else:
            fulfil(route, {"runPluginOperation": {"v": 1, "data": answer}})


def fulfil(route: "Route", data: Mapping[str, Any]) -> None:
    route.fulfill(json={"data": data})


def gql(address: str, query: str, **variables: Any) -> Any:
    """What the Stash at this address answers."""
    request = urllib.request.Request(
        f"{address}/graphql",
        data=json.dumps({"query": query, "variables": variables}).encode(),
        headers={"Content-Type": "application/json", "Accept": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.loads(response.read())["data"]


def configure(address: str, settings: Mapping[str, Any]) -> None:
    """The plugin's settings in the Stash at this address."""
    query = 'mutation($i:Map!){configurePlugin(plugin_id:"PlexSync",input:$i)}'
    gql(address, query, i=dict(settings))


class Site:
    """A Stash with the plugin, before a browser; use it as a context manager, and `visit` as often as you like."""

    def __init__(self, browser: "Browser", *, version: str = "v0.30.1") -> None:
        self._browser = browser
        self._folder = Path(tempfile.mkdtemp(prefix="plexsync-site-"))
        (self._folder / "stash.json").write_text(json.dumps(LIBRARY), encoding="utf-8")
        install_plugin(self._folder / "stash" / "plugins" / "PlexSync")
        self.stash = SimProcess(
            "tests.sim.stash", "--config-dir", str(self._folder / "stash"),
            "--library", str(self._folder / "stash.json"), "--version", version,
            "--ui", str(stash_page()),
        )  # fmt: skip
        self.address = self.stash.url

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.close_windows()
        self.stash.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def close_windows(self) -> None:
        for context in self._browser.contexts:
            context.close()

    def configure(self, settings: Mapping[str, Any]) -> None:
        configure(self.address, settings)

    def gql(self, query: str) -> Any:
        return gql(self.address, query)

    def blank(
        self,
        answers: Mapping[str, Any] | None = None,
        *,
        size: Mapping[str, int] = DESKTOP,
        language: str = "en-GB",
    ) -> Visit:
        """A browser's window with nothing in it."""
        context = self._browser.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            locale=language,
            timezone_id="Europe/London",
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        return Visit(context.new_page(), {**ANSWERS, **(answers or {})})

    def visit(
        self, path: str = "/plugins/plexsync", answers: Mapping[str, Any] | None = None, **how: Any
    ) -> Visit:
        """The page at this address."""
        visit = self.blank(answers, **how)
        visit.page.goto(self.address + path)
        visit.page.wait_for_selector(".top-nav")
        return visit
