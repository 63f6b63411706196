"""`python -m tools.screenshots [FOLDER]` takes pictures of every view of the page inside Stash, as a desktop and as a phone shows it.

Needs Node, its packages (`make page`) and Chromium. What is shown is what the tests show. Without FOLDER: docs/pictures, and only
those that docs/page.md has, in few colours, so that the repository stays small.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page

from tests.browser import DESKTOP, PHONE, SETTINGS, WHY_NOT, Site, browser
from tests.page_answers import ANSWERS, HTML, NOW

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
PAGE = "/plugins/plexsync"
COLOURS = 64


def _open_scene(page: Page) -> None:
    page.get_by_role("tab", name="PlexSync").click()
    page.get_by_role("button", name="Why this match").click()


def _search(page: Page) -> None:
    page.get_by_role("searchbox").fill("harbour")
    page.get_by_role("link", name="Harbour Lights 1").wait_for()


def _choose(page: Page) -> None:
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Make a rule from this pair").click()
    page.get_by_text("12 of 31 scenes").wait_for()


def _nothing(_page: Page) -> None:
    pass


# Name, address, what is waited for, what is done before the picture.
VIEWS: tuple[tuple[str, str, str, Callable[[Page], None]], ...] = (
    ("overview", PAGE, "text=Done last", _nothing),
    ("problems", f"{PAGE}/problems", "text=Night Train to Lisbon", _choose),
    ("scene", "/scenes/1", ".nav-tabs", _open_scene),
    ("preview", f"{PAGE}/preview", "text=would change", _nothing),
    ("library", f"{PAGE}/library", "text=Added by month", _search),
    ("plays", f"{PAGE}/plays", "text=31 counted", _nothing),
    ("settings", f"{PAGE}/settings", "text=Check setup", _nothing),
    ("panel", "/settings", "text=Set up step by step", _nothing),
    ("wizard", f"{PAGE}/settings", "text=Step 1 of 5", _nothing),
)


# Settings in Stash, where they are not those of the tests.
SWITCHED: Mapping[str, Mapping[str, Any]] = {
    "wizard": {},
    "plays": {**SETTINGS, "watch_back": True, "ratings_back": True},
}


def plain(answer: Any) -> Any:
    """Without the title that tests whether HTML stays text."""
    if callable(answer):
        return lambda args: plain(answer(args))
    return json.loads(json.dumps(answer).replace(json.dumps(HTML), '"The Late Ferry"'))


@contextmanager
def opened(site: Site, name: str, phone: bool) -> Iterator[Page]:
    """The view as it stands when everything is there."""
    _, path, sign, prepare = next(view for view in VIEWS if view[0] == name)
    site.configure(SWITCHED.get(name, SETTINGS))
    visit = site.blank(
        {each: plain(answer) for each, answer in ANSWERS.items()}, size=PHONE if phone else DESKTOP
    )
    visit.page.clock.set_fixed_time(datetime.fromtimestamp(NOW, UTC))
    visit.page.goto(site.address + path)
    visit.page.locator(sign).first.wait_for()
    prepare(visit.page)
    visit.page.wait_for_load_state("networkidle")
    try:
        yield visit.page
    finally:
        visit.page.context.close()


def take(site: Site, folder: Path, *, whole: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, *_ in VIEWS:
        for phone in (False, True):
            path = folder / f"{name}-{(PHONE if phone else DESKTOP)['width']}.png"
            if not whole and not path.exists():
                continue
            with opened(site, name, phone) as page:
                page.screenshot(path=path, full_page=whole)
            if not whole:
                with Image.open(path) as picture:
                    picture.convert("RGB").quantize(COLOURS).save(path, optimize=True)
            print(f"{path}: {path.stat().st_size} bytes")


def main(arguments: Sequence[str]) -> int:
    if WHY_NOT:
        print(WHY_NOT)
        return 1
    with browser() as started, Site(started) as site:
        take(site, Path(arguments[0]) if arguments else PICTURES, whole=bool(arguments))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
