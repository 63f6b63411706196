"""From a click on a view of the page inside Stash to its first row on the screen, in Chromium, on an index of 200 000 items and 50 000
scenes: what a person waits for, with the process that Stash starts for the answer.
"""

import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench import page_data
from bench.measuring import RUNS, Line
from plexsync_plugin.base.lock import FileLock
from plexsync_plugin.base.paths import DataFolder
from tests.browser import DESKTOP, SETTINGS, WHY_NOT, browser, configure, stash_page
from tests.sim.process import SimProcess
from tests.stage import install_plugin

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PAGE = "/plugins/plexsync"
SCENE = 40_000
AWAKE = 2_000  # milliseconds: a page that is opened wakes the worker first
# From the next click or key until an element that the selector means is drawn.
WATCH = """selector => {
  window.took = new Promise(resolve => {
    let began = 0;
    const begin = () => { began = performance.now(); look(); };
    const look = () => {
      const found = [...document.querySelectorAll(selector)].some(each => each.getClientRects().length);
      requestAnimationFrame(found ? () => resolve(performance.now() - began) : look);
    };
    for (const name of ["click", "input"]) document.addEventListener(name, begin, { capture: true, once: true });
  });
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """`before` is where it is looked from, and `ready` what is there then; `act` what a person does, `row` what is waited for."""

    act: "Callable[[Page], None]"
    row: str
    before: str = f"{PAGE}/nowhere"
    ready: str = "text=no such view"


def _tab(name: str) -> "Callable[[Page], None]":
    return lambda page: page.get_by_role("navigation", name="PlexSync").get_by_role("link", name=name).click()


def _search(page: "Page") -> None:
    page.get_by_role("searchbox").fill("film 1234")


VIEWS = {
    "overview, its numbers": View(act=_tab("Overview"), row=".plexsync-tile"),
    "overview, the first row of what was done": View(act=_tab("Overview"), row=".plexsync-stack tbody tr"),
    "problems": View(act=_tab("Problems"), row=".plexsync-problem"),
    "preview": View(act=_tab("Preview"), row=".plexsync-stack tbody tr"),
    "library": View(act=_tab("Library"), row=".plexsync-shares tbody tr"),
    "plays": View(act=_tab("Plays"), row=".plexsync-stack tbody tr"),
    "settings": View(act=_tab("Settings"), row=".plexsync-setting"),
    "search, with 250 ms after the last key": View(
        act=_search,
        row=".plexsync-stack tbody tr",
        before=f"{PAGE}/library",
        ready=".plexsync-shares",
    ),
    "search, until its first poster": View(
        act=lambda page: page.get_by_role("searchbox").fill("film 7"),
        row=".plexsync-poster img",
        before=f"{PAGE}/library",
        ready=".plexsync-shares",
    ),
    "the tab of a scene": View(
        act=lambda page: page.get_by_role("tab", name="PlexSync").click(),
        row=".plexsync-fields tbody tr",
        before=f"/scenes/{SCENE}",
        ready="role=tab[name='PlexSync']",
    ),
}


def measure(items: int = 200_000, scenes: int = 50_000, turns: int = RUNS) -> list[Line]:
    """Nothing where there is no browser."""
    if WHY_NOT:
        print(WHY_NOT)
        return []
    group = f"Until the first row of a view is on the screen, {items} items, {scenes} scenes"
    with tempfile.TemporaryDirectory() as folder, browser() as started:
        config = Path(folder, "stash")
        install_plugin(config / "plugins" / "PlexSync")
        data = DataFolder.of_stash(str(config))
        page_data.make(data, items, scenes)
        lock = FileLock(data.worker_lock)
        assert lock.try_acquire(), "a worker that starts would be measured too"
        library = Path(folder, "stash.json")
        library.write_text(json.dumps({"scenes": [{"id": SCENE, "title": "One"}]}), encoding="utf-8")
        stash = SimProcess(
            "tests.sim.stash", "--config-dir", str(config), "--library", str(library),
            "--ui", str(stash_page()), "--python", sys.executable,
        )  # fmt: skip
        try:
            configure(stash.url, SETTINGS)
            return [
                Line(
                    group=group,
                    name=name,
                    unit="ms",
                    ours=tuple(_milliseconds(started, stash.url, view) for _ in range(turns)),
                )
                for name, view in VIEWS.items()
            ]
        finally:
            stash.stop()
            lock.release()


def _milliseconds(started: "Browser", address: str, view: View) -> float:
    context = started.new_context(viewport={"width": DESKTOP["width"], "height": DESKTOP["height"]})
    try:
        page = context.new_page()
        page.goto(address + view.before)
        page.locator(view.ready).first.wait_for()
        page.wait_for_timeout(AWAKE)
        page.evaluate(WATCH, view.row)
        view.act(page)
        return float(page.evaluate("window.took"))
    finally:
        context.close()
