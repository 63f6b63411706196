"""Every view in every state: what it says, what it asks, how it looks to axe-core and on a phone, and that nothing flickers."""

from typing import Any

import pytest

from tests.browser import LIGHT, PHONE, SETTINGS, Site, Visit, needs_browser
from tests.page_answers import ACTIVITY, HTML, LIBRARY, NO_ACTION, OVERVIEW, PLAYS, PREVIEW, SCENE, search

pytestmark = needs_browser

PAGE = "/plugins/plexsync"
# Address, what is seen when everything is there, and the operations that it takes.
VIEWS = {
    "overview": (PAGE, "Harbour Lights, part 6", ["overview", "activity"]),
    "problems": (f"{PAGE}/problems", "Night Train to Lisbon", ["problems"]),
    "preview": (f"{PAGE}/preview", "212 scenes would change", ["preview"]),
    "library": (f"{PAGE}/library", "Added by month", ["library"]),
    "plays": (f"{PAGE}/plays", "31 counted", ["plays"]),
    "settings": (f"{PAGE}/settings", "Reconcile every so many hours", ["libraries"]),
    "scene": ("/scenes/1", "Played in Plex 2 times", ["scene"]),
    "panel": ("/settings", "Reconcile every so many hours", ["libraries"]),
    "wizard": (f"{PAGE}/settings", "Step 1 of 5", []),
}


def opened(site: Site, name: str, answers: dict[str, Any] | None = None, **how: Any) -> Visit:
    path, sign, _ = VIEWS[name]
    if name == "wizard":
        site.configure({})
    visit = site.visit(path, answers, **how)
    if name == "scene":
        visit.page.get_by_role("tab", name="PlexSync").click()
    if answers is None:
        visit.page.get_by_text(sign).first.wait_for()
    return visit


@pytest.mark.parametrize("name", VIEWS)
def test_view_asks_once_and_is_accessible_in_dark_and_light_and_on_a_phone(name: str, site: Site) -> None:
    visit = opened(site, name)
    visit.expect_names(VIEWS[name][2])
    assert visit.axe() == []
    visit.page.add_style_tag(content=LIGHT)
    assert visit.axe() == []
    visit.page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    assert visit.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert visit.page.locator(".plexsync img, .plexsync script").count() == 0, "a title became HTML"
    assert visit.names() == VIEWS[name][2]
    assert visit.errors == []


@pytest.mark.parametrize("name", ["overview", "problems", "preview", "library", "plays"])
def test_titles_that_are_html_stay_text(name: str, site: Site) -> None:
    visit = opened(site, name)
    visit.expect_text(HTML, exact=True)


@pytest.mark.parametrize("name", ["overview", "problems", "preview", "library", "plays", "scene"])
def test_view_says_what_is_wrong_and_keeps_what_it_had(name: str, site: Site) -> None:
    operation = VIEWS[name][2][0]
    visit = opened(
        site, name, {operation: "The data folder belongs to another Stash. Give this one its own."}
    )
    visit.page.get_by_role("alert").get_by_text("belongs to another Stash").wait_for()
    assert visit.page.get_by_text("Loading").count() == 0


def test_first_run_leads_to_the_set_up(site: Site) -> None:
    site.configure({})
    visit = opened(site, "overview", {"overview": {**OVERVIEW, "setUp": "missing"}})
    visit.page.get_by_role("link", name="Set it up").click()
    visit.page.get_by_role("heading", name="Step 1 of 5: Server").wait_for()
    assert visit.page.get_by_role("button", name="Test").is_disabled()


def test_plex_away_no_worker_and_no_index_are_told_with_what_to_do(site: Site) -> None:
    away = {**OVERVIEW["plex"], "state": "away"}
    state = {
        **OVERVIEW,
        "plex": away,
        "worker": {"alive": False, "since": None, "version": ""},
        "index": {"at": None, "items": 0, "running": False},
        "orders": [],
    }
    visit = opened(site, "overview", {"overview": state, "activity": {"rows": [], "next": None}})
    visit.page.get_by_text("Edits are kept and carried over when Plex is back").wait_for()
    visit.page.get_by_text("Nothing yet. Edit a scene in Stash").wait_for()
    visit.page.get_by_text("None yet", exact=True).wait_for()
    before = len(visit.asked)
    visit.page.get_by_role("button", name="Start the worker").click()
    visit.page.get_by_text("The worker was started.").wait_for()
    assert {"operation": "wake"} in visit.asked[before:]
    library: dict[str, Any] = {"at": None, "tiles": [], "shares": {}, "growth": []}
    visit.answers["library"] = library
    visit.page.get_by_role("navigation", name="PlexSync").get_by_role("link", name="Library").click()
    visit.page.get_by_role("button", name="Index Plex now").click()
    visit.page.get_by_text("Index Plex Library has ended").wait_for()
    assert visit.tasks == ["Index Plex Library"]
    assert visit.axe() == []


def test_empty_lists_say_that_nothing_is_to_do(site: Site) -> None:
    nothing: dict[str, Any] = {"kinds": [], "reasons": [], "rows": [], "next": None}
    no_preview = {**PREVIEW, "madeAt": None, "rows": [], "total": 0, "byField": {}}
    visit = opened(site, "problems", {"problems": nothing, "preview": no_preview})
    visit.page.get_by_text("There are no problems").wait_for()
    assert visit.axe() == []
    tabs = visit.page.get_by_role("navigation", name="PlexSync")
    tabs.get_by_role("link", name="Preview").click()
    visit.page.get_by_text("There is no preview yet").wait_for()


def test_plays_say_what_is_switched_off_and_import_lists_first(site: Site) -> None:
    nothing = {**PLAYS, "rows": [], "users": [], "waiting": 0, "rated": 0}
    visit = opened(site, "plays", {"plays": nothing})
    visit.page.get_by_text("Plays in Plex do not count in Stash").wait_for()
    assert visit.page.get_by_text("Nothing yet").count() == 0
    visit.page.get_by_role("button", name="Import…").click()
    visit.page.get_by_text("Import Plex Plays has ended").wait_for()
    assert visit.tasks == ["Import Plex Plays"]
    visit.page.get_by_role("link", name="Open the settings").click()
    visit.page.get_by_role("heading", name="From Plex to Stash").wait_for()


def test_plays_that_are_switched_on_wait_for_the_first(site: Site) -> None:
    site.configure({**SETTINGS, "watch_back": True, "ratings_back": True})
    nothing = {**PLAYS, "rows": [], "users": [], "waiting": 0, "rated": 0}
    visit = opened(site, "plays", {"plays": nothing})
    visit.page.get_by_text("Play something in Plex").wait_for()
    assert visit.page.get_by_role("link", name="Open the settings").count() == 0


def test_scene_that_nobody_knows_says_so(site: Site) -> None:
    unknown = {
        **SCENE,
        "state": "unknown",
        "items": [],
        "fields": [],
        "lastAt": None,
        "plays": {"count": 0, "lastAt": None, "rating": None},
    }
    visit = opened(site, "scene", {"scene": unknown})
    visit.page.get_by_text("has not looked at this scene yet").wait_for()
    assert visit.page.get_by_role("button", name="Undo this scene").count() == 0


def test_plugin_that_is_older_or_broken_is_told_in_words(site: Site) -> None:
    visit = opened(
        site, "overview", {"overview": RuntimeError("PlexSync has no operation 'overview'. It has: wake.")}
    )
    visit.page.get_by_text("The plugin is older than this page").wait_for()
    visit.answers["overview"] = OVERVIEW
    visit.page.get_by_role("button", name="Try again").first.click()
    visit.page.get_by_role("heading", name="Last 24 hours").wait_for()
    assert visit.page.get_by_role("alert").count() == 0


def test_refresh_changes_nothing_that_is_the_same_and_survives_an_outage_of_stash(site: Site) -> None:
    """What was shown stays in the document while it is asked anew, and while nobody answers."""
    visit = site.blank()
    visit.page.clock.install()
    visit.page.goto(site.address + PAGE)
    visit.page.get_by_text("Harbour Lights, part 6").wait_for()
    visit.page.evaluate(
        "window.changes = 0; new MutationObserver((all) => { window.changes += all.filter((one) => one.type === 'childList').length; })"
        ".observe(document.querySelector('.plexsync'), { childList: true, subtree: true })"
    )
    visit.page.clock.run_for(11_000)
    visit.page.wait_for_function("true")
    while visit.names().count("overview") < 2 or visit.names().count("activity") < 2:
        visit.page.wait_for_timeout(20)
        visit.page.clock.run_for(100)
    assert visit.page.evaluate("window.changes") == 0
    visit.answers["overview"] = visit.answers["activity"] = ConnectionError("Stash is away")
    visit.page.clock.run_for(11_000)
    visit.page.get_by_text("could not answer").first.wait_for()
    assert visit.page.get_by_text("Harbour Lights, part 6").is_visible()


def test_numbers_and_times_are_written_in_the_language_of_the_browser(site: Site) -> None:
    visit = opened(site, "library", language="de-DE")
    visit.expect_text("12.043", exact=True)
    visit.expect_text("8,3 TB")


def test_more_is_shown_on_demand(site: Site) -> None:
    def pages(args: dict[str, Any]) -> dict[str, Any]:
        if args.get("before") is None:
            return ACTIVITY
        rows = [{**ACTIVITY["rows"][0], "id": 7, "title": "The oldest of all"}]
        return {"rows": rows, "next": None}

    visit = opened(site, "overview", {"activity": pages})
    visit.page.get_by_role("button", name="Show more").click()
    visit.page.get_by_text("The oldest of all").wait_for()
    assert visit.page.get_by_role("button", name="Show more").count() == 0
    assert visit.page.get_by_text("Harbour Lights, part 6").count() == 1
    assert next(args for args in visit.asked if args.get("before"))["before"] == ACTIVITY["next"]


def test_typing_lets_the_question_before_go(site: Site) -> None:
    visit = opened(site, "library")
    held: list[Any] = []

    def hold_first(route: Any, args: dict[str, Any]) -> bool:
        if args["operation"] != "search" or held:
            return False
        held.append(route)
        return True

    visit.hold = hold_first
    box = visit.page.get_by_role("searchbox")
    with visit.page.expect_event("requestfailed", lambda one: '"q":"har"' in (one.post_data or "")):
        box.press_sequentially("har")
        visit.page.wait_for_timeout(500)
        box.press_sequentially("bour")
    visit.page.get_by_role("link", name="Harbour Lights 1").wait_for()
    asked = [args["q"] for args in visit.asked if args["operation"] == "search"]
    assert asked == ["har", "harbour"]


def test_posters_come_for_the_rows_on_the_screen_alone_a_few_at_a_time(site: Site) -> None:
    row = search({})["rows"][0]
    rows = [{**row, "key": 1_000 + n, "title": f"Film {n}", "poster": n != 1} for n in range(60)]
    visit = opened(site, "library", {"search": {"rows": rows, "next": None}})

    def asked() -> list[int]:
        return [key for args in visit.asked if args["operation"] == "posters" for key in args["keys"]]

    visit.page.get_by_role("searchbox").fill("film")
    visit.page.locator("[data-poster='1000'] img").wait_for()
    box = visit.page.locator("[data-poster='1000'] img").bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (40, 60)
    assert visit.page.locator("[data-poster]").count() == 59
    assert 1_059 not in asked()
    visit.page.get_by_role("link", name="Film 59").scroll_into_view_if_needed()
    visit.page.locator("[data-poster='1059'] img").wait_for()
    assert len(asked()) == len(set(asked()))
    assert max(len(args["keys"]) for args in visit.asked if args["operation"] == "posters") <= 12
    visit.page.get_by_role("searchbox").fill("film again")
    visit.page.locator("[data-poster='1000'] img").wait_for()
    assert asked().count(1_000) == 1, "kept while the page is open"
    assert visit.axe() == []
    assert visit.errors == []


def test_tabs_are_one_line_on_a_phone_with_the_chosen_one_in_view(site: Site) -> None:
    visit = opened(site, "settings", size=PHONE)
    tabs = visit.page.get_by_role("navigation", name="PlexSync").get_by_role("link")
    boxes = [box for each in tabs.all() if (box := each.bounding_box())]
    assert len({box["y"] for box in boxes}) == 1
    assert boxes[-1]["x"] + boxes[-1]["width"] <= PHONE["width"], "Settings is the last, and open"
    assert boxes[0]["x"] < 0, "Overview is scrolled out"
    tabs.first.click()
    visit.page.get_by_role("heading", name="Done last").wait_for()
    visit.page.wait_for_function("document.querySelector('.plexsync .nav-tabs').scrollLeft === 0")


def test_library_that_is_searched_for_nothing_says_so(site: Site) -> None:
    visit = opened(site, "library", {"library": {**LIBRARY, "growth": []}})
    visit.page.get_by_role("searchbox").fill("nothing")
    visit.expect_text("Nothing in Plex has this")


def test_notice_offers_what_can_be_done(site: Site) -> None:
    notices = [
        {
            "key": "a",
            "text": "The token is refused.",
            "blocking": True,
            "action": {**NO_ACTION, "name": "settings"},
        },
        {
            "key": "b",
            "text": "An index would help.",
            "blocking": False,
            "action": {**NO_ACTION, "name": "task", "task": "Reconcile"},
        },
    ]
    visit = opened(site, "overview", {"overview": {**OVERVIEW, "notices": notices}})
    visit.page.get_by_role("button", name="Run Reconcile").click()
    visit.page.get_by_text("Reconcile has ended").wait_for()
    assert visit.tasks == ["Reconcile"]
    visit.page.get_by_role("link", name="Open the settings").click()
    visit.page.get_by_role("heading", name="Connection").wait_for()
    assert SETTINGS["plex_token"] not in visit.page.content()
