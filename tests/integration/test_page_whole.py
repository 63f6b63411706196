"""The page with the plugin behind it: between a simulated Stash that loads it as the real one does and a simulated Plex."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser import DESKTOP, needs_browser, stash_page
from tests.stage import PLEX_LIBRARY, Stage, item_key

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = needs_browser
PAGE = "/plugins/plexsync"
COPIED = (3, 4)  # scenes whose file Plex has twice, in folders that tell nothing
COPIES = [
    {"ratingKey": 900 + n, "title": "a copy", "file": f"/media/copies/scene {n}.mp4", "size": 1_000_000 + n}
    for n in COPIED
]


class PageStage(Stage):
    """A stage whose Stash shows a page."""


@pytest.fixture
def open_page(chromium: "Browser") -> "Iterator[Callable[[Stage, str], Page]]":
    contexts = []

    def visit(stage: Stage, path: str) -> "Page":
        contexts.append(
            chromium.new_context(viewport={"width": DESKTOP["width"], "height": DESKTOP["height"]})
        )
        contexts[-1].set_default_timeout(30_000)
        page = contexts[-1].new_page()
        page.goto(stage.stash.url + path)
        return page

    yield visit
    for context in contexts:
        context.close()


@pytest.fixture
def page_stage() -> Iterator[Stage]:
    section = PLEX_LIBRARY["sections"][0]
    moved = [
        {**item, "file": f"/media/others/scene {item['ratingKey'] - 100}.mp4"}
        if item["ratingKey"] - 100 in COPIED
        else item
        for item in section["items"]
    ]
    folders = ["/media/videos", "/media/copies", "/media/others"]
    library = {"sections": [{**section, "items": [*moved, *COPIES], "locations": folders}]}
    PageStage.stash_options = ("--ui", str(stash_page()))
    with PageStage(plex=library) as stage:
        yield stage


def test_person_sees_an_edit_arrive_and_undoes_it(
    page_stage: Stage, open_page: "Callable[[Stage, str], Page]"
) -> None:
    page_stage.edit(1, title="Harbour Lights", tag_ids=["1"])
    page_stage.wait_title(1, "Harbour Lights")
    page_stage.wait_synced(1)
    page = open_page(page_stage, PAGE)
    row = page.get_by_role("row").filter(has_text="Harbour Lights")
    row.get_by_text("Synced").wait_for()
    page.get_by_text("Reachable", exact=True).wait_for()
    row.get_by_role("button", name="Undo").click()
    row.get_by_role("group").get_by_role("button", name="Undo").click()
    page_stage.wait_title(1, "scene 1")
    page.get_by_text("Undone").first.wait_for()
    assert page.get_by_text("could not answer").count() == 0


def test_person_indexes_searches_decides_an_ambiguous_scene_and_sees_it_in_its_tab(
    page_stage: Stage, open_page: "Callable[[Stage, str], Page]"
) -> None:
    page = open_page(page_stage, f"{PAGE}/library")
    page.get_by_role("button", name="Index Plex now").click()
    page.get_by_text("Space by library").first.wait_for()
    page.get_by_role("searchbox").fill("scene 12")
    page.get_by_role("link", name="scene 12").wait_for()
    page_stage.edit(3, title="Night Train")
    page_stage.edit(4, title="Day Train")
    failed = "SELECT 1 FROM jobs WHERE state = 'dead'"
    page_stage.wait(lambda: len(page_stage.rows(failed)) == 2, "the failed scenes")
    page.goto(f"{page_stage.stash.url}{PAGE}/problems/ambiguous")
    line = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Day Train"))
    line.get_by_label("/media/copies/scene 4.mp4").check()
    line.get_by_role("button", name="Choose").click()
    page_stage.wait(lambda: page_stage.item(904).get("title") == "Day Train", "the title at the chosen item")
    line = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Night Train"))
    line.get_by_label("/media/others/scene 3.mp4").check()
    line.get_by_role("button", name="Make a rule from this pair").click()
    line.get_by_text("1 of 1 scene without a match would be found").wait_for()
    line.get_by_role("button", name="Save this rule").click()
    page_stage.wait_title(3, "Night Train")
    assert page_stage.item(item_key(4))["title"] == "scene 4"
    page.goto(f"{page_stage.stash.url}/scenes/4")
    page.get_by_role("tab", name="PlexSync").click()
    page.get_by_role("button", name="Why this match").click()
    page.get_by_text("the choice of a person, certain").wait_for()
    page.get_by_role("button", name="Take the choice back").click()
    page.get_by_role("button", name="Take back", exact=True).click()
    page.get_by_role("status").get_by_text("matched by its file again").wait_for()
    # By the rule that was made meanwhile.
    assert (page_stage.item(904)["title"], page_stage.item(item_key(4))["title"]) == ("a copy", "Day Train")
    page.goto(f"{page_stage.stash.url}/scenes/3")
    page.get_by_role("tab", name="PlexSync").click()
    page.get_by_role("heading", name="In sync").wait_for()
    page.get_by_role("button", name="Why this match").click()
    page.get_by_text("the exact path, certain").wait_for()


def test_first_run_from_nothing(page_stage: Stage, open_page: "Callable[[Stage, str], Page]") -> None:
    settings = page_stage.settings
    page_stage.configure({})
    page = open_page(page_stage, PAGE)
    page.get_by_role("link", name="Set it up").click()
    page.get_by_label("Address (required)").fill(settings["plex_url"])
    page.get_by_label("Token (required)").fill(settings["plex_token"])
    page.get_by_label("Token (required)").press("Enter")
    page.get_by_role("button", name="Test").click()
    page.get_by_role("button", name="Next").or_(page.get_by_role("button", name="Go on all the same")).click()
    page.get_by_role("heading", name="Step 2").wait_for()
    page.get_by_label("Scenes", exact=True).check()
    page.get_by_text("Saved.").wait_for()
    (told,) = page_stage.rows("SELECT value FROM facts WHERE name LIKE 'libraries:%'")
    assert told["value"] == '["Scenes"]', "Plex told, whether there is an index or not"
    assert settings["plex_token"] not in page.content()
