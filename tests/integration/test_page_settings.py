"""The settings on the page and in Stash's own Settings: grouped, what is in force, the token never shown, saved so that nothing is lost."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import SETTINGS, Site, Visit, needs_browser
from tests.page_answers import ticket

if TYPE_CHECKING:
    from playwright.sync_api import Route

pytestmark = needs_browser

VIEW = "/plugins/plexsync/settings"
TOKEN = SETTINGS["plex_token"]


def stored(site: Site) -> dict[str, Any]:
    answer = site.gql('{configuration{plugins(include:["PlexSync"])}}')
    found: dict[str, Any] = answer["configuration"]["plugins"]["PlexSync"]
    return found


def opened(site: Site, path: str = VIEW, **how: Any) -> Visit:
    visit = site.visit(path, **how)
    visit.page.get_by_role("region", name="Connection").wait_for()
    return visit


@pytest.mark.parametrize("path", [VIEW, "/settings"])
def test_settings_stand_in_groups_with_the_connection_first(path: str, site: Site) -> None:
    visit = opened(site, path)
    names = visit.page.locator(".plexsync section h2").all_inner_texts()
    assert names[:3] == ["Connection", "What is synced", "Matching"]
    assert names[-1] == "Schedule and log"


@pytest.mark.parametrize("path", [VIEW, "/settings"])
def test_switch_shows_what_is_in_force_and_its_first_click_turns_that_off(path: str, site: Site) -> None:
    visit = opened(site, path)
    enabled = visit.page.get_by_label("Enabled")
    assert enabled.is_checked(), "never saved, and on by default"
    assert not visit.page.get_by_label("Take back").is_checked()
    enabled.focus()
    visit.page.keyboard.press("Space")
    visit.page.get_by_text("Saved.").wait_for()
    while not visit.saved:
        visit.page.wait_for_timeout(20)
    assert not enabled.is_checked()
    assert visit.saved[-1] == {**SETTINGS, "enabled": False}
    assert visit.errors == []


@pytest.mark.parametrize("path", [VIEW, "/settings"])
def test_token_is_nowhere_in_the_document_and_is_changed_blindly(path: str, site: Site) -> None:
    visit = opened(site, path)
    assert TOKEN not in visit.page.content()
    field = visit.page.get_by_label("Token (required)")
    assert (field.input_value(), field.get_attribute("type")) == ("", "password")
    field.focus()
    field.blur()
    assert visit.saved == []
    field.fill("another-token-0815")
    field.press("Enter")
    while not visit.saved:
        visit.page.wait_for_timeout(20)
    assert visit.saved[-1]["plex_token"] == "another-token-0815"
    visit.page.wait_for_load_state("networkidle")
    assert field.input_value() == ""
    assert not any(TOKEN in str(args) or "0815" in str(args) for args in visit.asked), (
        "no secret goes into an operation"
    )


def test_settings_that_are_saved_in_the_same_moment_are_all_kept(site: Site) -> None:
    site.configure({})
    visit = site.visit(VIEW)
    address = visit.page.get_by_label("Address (required)")
    address.fill("192.168.1.5:32400")
    visit.page.evaluate(
        "for (const [place, text] of [[0, 'http://192.168.1.5'], [1, 'planted']]) {"
        " const field = document.querySelectorAll('.plexsync-setting input')[place];"
        " Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, text);"
        " field.dispatchEvent(new Event('input', { bubbles: true }));"
        " field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true })); }"
    )
    visit.page.get_by_text("Saved.").nth(1).wait_for()
    assert stored(site) == {"plex_url": "http://192.168.1.5", "plex_token": "planted"}
    assert visit.page.get_by_role("button", name="Test").is_enabled()


def test_number_that_makes_no_sense_is_not_saved(site: Site) -> None:
    visit = opened(site)
    field = visit.page.get_by_label("Attempts")
    assert (field.input_value(), field.get_attribute("placeholder")) == ("", "5")
    field.fill("many")
    field.blur()
    visit.page.get_by_text("This is to be a number above zero.").wait_for()
    field.fill("7")
    field.blur()
    visit.page.get_by_text("Saved.").wait_for()
    assert [saved["max_retries"] for saved in visit.saved] == [7]


def test_library_is_chosen_from_a_list(site: Site) -> None:
    visit = opened(site)
    assert visit.page.get_by_label("Scenes", exact=True).is_checked()
    visit.page.get_by_label("Clips", exact=True).check()
    visit.page.get_by_text("Saved.").wait_for()
    assert stored(site)["plex_library"] == "Scenes, Clips"


def test_libraries_are_asked_for_and_typed_where_plex_tells_none(site: Site) -> None:
    visit = opened(site, answers={"libraries": {"titles": [], "at": None}})
    visit.answers["libraries"] = {"titles": ["Scenes", "Attic"], "at": 1.0}
    visit.page.get_by_role("button", name="Ask Plex for its libraries").click()
    visit.page.get_by_label("Attic", exact=True).wait_for()
    assert [args["name"] for args in visit.asked if args["operation"] == "order"] == ["libraries"]
    site.configure({})
    visit = site.visit(
        VIEW,
        {
            "libraries": {"titles": [], "at": None},
            "ticket": lambda args: {
                **ticket(args),
                "state": "failed" if args["ticket"] == "t-libraries" else "done",
                "text": "Plex refuses the token.",
            },
        },
    )
    visit.page.get_by_label("Address (required)").fill("192.168.1.5:32400")
    visit.page.get_by_label("Token (required)").fill(TOKEN)
    visit.page.get_by_label("Token (required)").press("Enter")
    visit.page.get_by_role("button", name="Test").click()
    visit.page.get_by_role("button", name="Next").click()
    visit.expect_text("Plex refuses the token.")
    visit.page.get_by_label("Libraries", exact=True).fill("Attic")
    visit.page.get_by_label("Libraries", exact=True).press("Enter")
    visit.page.get_by_text("Saved.").wait_for()
    assert stored(site)["plex_library"] == "Attic"


def test_what_the_page_saves_is_not_written_over_by_stashs_settings(site: Site) -> None:
    """Stash's Settings save what they read when they were opened, for every plugin; so they must read anew."""
    visit = opened(site)
    visit.page.get_by_label("Content rating").fill("XXX")
    visit.page.get_by_label("Content rating").press("Enter")
    visit.page.get_by_text("Saved.").wait_for()
    visit.page.get_by_label("Settings").first.click()
    visit.page.get_by_label("Take back").wait_for()
    visit.page.get_by_label("Take back").focus()
    visit.page.keyboard.press("Space")
    while len(visit.saved) < 2:
        visit.page.wait_for_timeout(20)
    visit.page.wait_for_load_state("networkidle")
    assert stored(site) == {**SETTINGS, "content_rating": "XXX", "take_back": True}


def test_what_is_missing_stands_out_in_stashs_settings(site: Site) -> None:
    site.configure({"plex_url": SETTINGS["plex_url"]})
    visit = opened(site, "/settings")
    visit.page.get_by_text("Still missing: token of the Plex server").wait_for()
    assert visit.page.locator(".plexsync-setting-needed label").all_inner_texts() == ["Token (required)"]


def test_plugin_is_asked_once_what_was_given_is_saved(site: Site) -> None:
    """It reads its settings from Stash: on a slow Stash, Test would try the token that was there before."""
    visit = opened(site, answers={"ticket": ticket})
    held: list[Route] = []

    def hold(route: "Route") -> None:
        if "configurePlugin" in (route.request.post_data or ""):
            held.append(route)
        else:
            route.fallback()

    visit.page.route("**/graphql", hold)
    visit.page.get_by_label("Token (required)").fill("another-token-0815")
    visit.page.get_by_label("Token (required)").press("Enter")
    visit.page.get_by_role("button", name="Check setup").click()
    while not held:
        visit.page.wait_for_timeout(20)
    visit.page.wait_for_timeout(300)
    assert "order" not in visit.names()
    held[0].fallback()
    visit.page.get_by_text("Plex 1.43.0 answers").wait_for()
    assert stored(site)["plex_token"] == "another-token-0815"


def test_first_run_ends_with_a_scene_that_is_seen_in_plex(site: Site) -> None:
    site.configure({})
    visit = site.visit(VIEW, {"ticket": ticket})
    page = visit.page
    page.get_by_label("Address (required)").fill("192.168.1.5:32400")
    page.get_by_label("Token (required)").fill(TOKEN)
    page.get_by_label("Token (required)").press("Enter")
    page.get_by_role("button", name="Test").click()
    page.get_by_text("Plex 1.43.0 answers").wait_for()
    assert stored(site) == {"plex_url": "192.168.1.5:32400", "plex_token": TOKEN}, "saved before it is tested"
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Scenes", exact=True).check()
    page.get_by_text("Saved.").wait_for()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Check ten scenes").click()
    page.get_by_text("Of ten sample scenes, 9 are found").wait_for()
    page.get_by_text("Give a rule for a folder").click()
    page.get_by_label("The folder as Stash names it").fill("/data/videos")
    page.get_by_label("The same folder as Plex names it").fill("/media/videos")
    page.get_by_role("button", name="See what it would find").click()
    page.get_by_role("button", name="Save this rule").click()
    page.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Preview 10").click()
    page.get_by_text("Harbour Lights").first.wait_for()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Sync all").click()
    page.get_by_role("link", name="see Harbour Lights, part 1 in Plex").wait_for()
    assert visit.axe() == []
    given = [(args["name"], args["args"]) for args in visit.asked if args["operation"] == "order"]
    pair = {"stashPath": "/data/videos", "plexPath": "/media/videos"}
    assert given == [
        ("check", {}), ("libraries", {}), ("check", {}), ("rule", {**pair, "dry": True}), ("rule", pair), ("preview", {"limit": 10}),
    ]  # fmt: skip
    assert visit.tasks == ["Sync All Scenes"]
    assert stored(site)["plex_library"] == "Scenes"
