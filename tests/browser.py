"""A browser on the simulated Stash, whose page loads the plugin's files as the real one does; the plugin's answers are the test's.

Without Node, Chromium or the packages of package.json (`make page` installs them) there is nothing to show: `WHY_NOT` says so.
"""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from playwright.sync_api import Browser, Page, Playwright, Route, sync_playwright

from tests.page_answers import ANSWERS
from tests.sim.process import ROOT, SimProcess
from tests.stage import install_plugin

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
PROGRAM = next((found for name in BROWSERS if (found := shutil.which(name))), None)
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
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
    if shutil.which("node") is None or not (ROOT / "node_modules" / "esbuild").is_dir():
        return "The page inside Stash is not tested: Node or its packages are not here; `make page` installs them."
    return ""


WHY_NOT = why_not()


def build_page(folder: Path) -> Path:
    """What stands in place of Stash's own page."""
    command = ["node", "tools/page/build_stash_page.mjs", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=60)
    return folder


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(
        executable_path=PROGRAM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    )


class Visit:
    """One page that is open. `asked` are the arguments of every operation, `tasks` the tasks that were run; `errors` what the
    browser's console says of errors."""

    def __init__(self, page: Page, answers: Mapping[str, Any]) -> None:
        self.page = page
        self.answers = dict(answers)
        self.asked: list[dict[str, Any]] = []
        self.tasks: list[str] = []
        self.errors: list[str] = []
        self.hold: Callable[[Route, dict[str, Any]], bool] = lambda _route, _args: False
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        page.route("**/graphql", self._answer)

    def names(self) -> list[str]:
        """Of the operations asked so far, without those of every page."""
        return [args["operation"] for args in self.asked if args["operation"] != "wake"]

    def _answer(self, route: Route) -> None:
        body = json.loads(route.request.post_data or "{}")
        variables = body.get("variables") or {}
        if "runPluginTask" in body["query"]:
            self.tasks.append(variables["task"])
            fulfil(route, {"runPluginTask": "7"})
        elif "findJob" in body["query"]:
            fulfil(route, {"findJob": self.answers["findJob"]})
        elif "runPluginOperation" not in body["query"]:
            route.continue_()
        else:
            self.asked.append(variables["args"])
            if not self.hold(route, variables["args"]):
                self.give(route, variables["args"])

    def give(self, route: Route, args: dict[str, Any]) -> None:
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


def fulfil(route: Route, data: Mapping[str, Any]) -> None:
    route.fulfill(json={"data": data})


class Site:
    """A Stash with the plugin and a browser before it; use it as a context manager, and `visit` as often as you like."""

    def __init__(self, *, version: str = "v0.30.1", address: str = "") -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="plexsync-site-"))
        (self._folder / "stash.json").write_text(json.dumps(LIBRARY), encoding="utf-8")
        install_plugin(self._folder / "stash" / "plugins" / "PlexSync")
        self.stash = SimProcess(
            "tests.sim.stash", "--config-dir", str(self._folder / "stash"),
            "--library", str(self._folder / "stash.json"), "--version", version,
            "--ui", str(build_page(self._folder / "page")),
        )  # fmt: skip
        self.address = address or self.stash.url
        self._playwright = sync_playwright().start()
        self._browser = launch(self._playwright)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._browser.close()
        self._playwright.stop()
        self.stash.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

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
        """The page at this address, shown whole."""
        visit = self.blank(answers, **how)
        visit.page.goto(self.address + path, wait_until="networkidle")
        visit.page.wait_for_selector(".top-nav")
        return visit
