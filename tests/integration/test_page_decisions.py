"""What a person decides on the page: each decision becomes one order, and its result is shown when the worker has done it."""

from typing import Any

from tests.browser import Site, Visit, needs_browser
from tests.page_answers import PROBLEM, SCENE, chosen

pytestmark = needs_browser

PAGE = "/plugins/plexsync"


def orders(visit: Visit) -> list[tuple[str, list[int], dict[str, Any]]]:
    return [
        (args["name"], args.get("ids", []), args.get("args", {}))
        for args in visit.asked
        if args["operation"] == "order"
    ]


def test_candidate_is_chosen_and_the_view_is_current_when_the_worker_has_done_it(site: Site) -> None:
    states = iter(["waiting", "running", "done"])
    visit = site.visit(
        f"{PAGE}/problems/ambiguous",
        {
            "ticket": lambda _args: {
                "state": next(states),
                "done": 0,
                "total": 1,
                "text": "Chosen, and in sync.",
                "lines": [],
            }
        },
    )
    visit.page.get_by_role("button", name="Choose").wait_for()
    assert visit.page.get_by_role("button", name="Choose").is_disabled(), "nothing is picked yet"
    visit.page.get_by_label("/archive/night train.mp4").check()
    asked = visit.names().count("problems")
    visit.page.get_by_role("button", name="Choose").click()
    visit.page.get_by_role("status").get_by_text("Chosen, and in sync.").wait_for()
    while visit.names().count("problems") == asked:
        visit.page.wait_for_timeout(20)
    assert orders(visit) == [("choose", [2], {"key": 602, "stashPath": "/data/videos/night train.mp4"})]
    assert visit.names()[-4:] == ["ticket", "ticket", "ticket", "problems"]
    assert visit.errors == []


def test_choice_of_another_scene_is_taken_back_where_it_is_in_the_way(site: Site) -> None:
    answer = {"kinds": [], "reasons": [], "rows": [{**PROBLEM, "choices": [chosen(4)]}], "next": None}
    visit = site.visit(f"{PAGE}/problems", {"problems": answer})
    visit.page.get_by_role("link", name="Scene 4").wait_for()
    visit.page.get_by_role("button", name="Take the choice back").click()
    assert orders(visit) == []
    visit.page.get_by_role("button", name="Take back", exact=True).click()
    visit.page.get_by_text("Done: 1 scene is in sync.").wait_for()
    assert orders(visit) == [("choose", [4], {"key": 0, "stashPath": "/data/videos/night train.mp4"})]


def test_what_became_of_a_choice_is_told_when_its_row_is_gone_and_can_be_taken_back(site: Site) -> None:
    rows = [PROBLEM]
    visit = site.visit(
        f"{PAGE}/problems",
        {"problems": lambda _args: {"kinds": [], "reasons": [], "rows": list(rows), "next": None}},
    )
    visit.page.get_by_label("/archive/night train.mp4").check()
    rows.clear()
    visit.page.get_by_role("button", name="Choose").click()
    visit.expect_text("There are no problems")
    visit.page.get_by_role("status").filter(has_text="Night Train to Lisbon: Done").wait_for()
    visit.page.get_by_role("button", name="Take the choice back").click()
    visit.page.get_by_role("button", name="Take back", exact=True).click()
    while len(orders(visit)) < 2:
        visit.page.wait_for_timeout(20)
    file = "/data/videos/night train.mp4"
    assert orders(visit) == [
        ("choose", [2], {"key": 602, "stashPath": file}),
        ("choose", [2], {"key": 0, "stashPath": file}),
    ]


def test_choice_is_taken_back_in_the_tab_of_its_scene(site: Site) -> None:
    visit = site.visit("/scenes/3", {"scene": {**SCENE, "choices": [chosen(3, 501)]}})
    visit.page.get_by_role("tab", name="PlexSync").click()
    visit.expect_text("was chosen by hand for this scene")
    visit.page.get_by_role("button", name="Take the choice back").click()
    assert visit.axe() == []
    visit.answers["scene"] = SCENE
    visit.page.get_by_role("button", name="Take back", exact=True).click()
    visit.page.get_by_role("status").get_by_text("Done: 1 scene is in sync.").wait_for()
    visit.page.get_by_text("was chosen by hand").wait_for(state="detached")
    assert orders(visit) == [("choose", [3], {"key": 0, "stashPath": "/data/videos/night train.mp4"})]


def test_another_item_is_chosen_for_a_scene_that_has_one(site: Site) -> None:
    visit = site.visit("/scenes/3", {"scene": {**SCENE, "candidates": PROBLEM["candidates"]}})
    visit.page.get_by_role("tab", name="PlexSync").click()
    visit.page.get_by_role("button", name="It is another item").click()
    visit.page.get_by_label("/archive/night train.mp4").check()
    visit.page.get_by_role("button", name="Choose").click()
    visit.page.get_by_role("status").get_by_text("Done: 1 scene is in sync.").wait_for()
    assert orders(visit) == [("choose", [3], {"key": 602, "stashPath": "/data/videos/night train.mp4"})]


def test_without_an_index_the_candidates_are_told(site: Site) -> None:
    said = {
        **PROBLEM["candidates"][0],
        "key": 0,
        "title": "a.mp4 in Clips, 3 MB",
        "path": "",
        "stashPath": "",
    }
    answer = {"kinds": [], "reasons": [], "rows": [{**PROBLEM, "candidates": [said]}], "next": None}
    visit = site.visit(f"{PAGE}/problems", {"problems": answer})
    visit.page.get_by_text("a.mp4 in Clips, 3 MB").wait_for()
    assert visit.page.get_by_role("button", name="Choose").count() == 0


def test_order_that_nobody_knows_any_more_comes_to_an_end(site: Site) -> None:
    visit = site.blank({"ticket": {"state": "unknown", "done": 0, "total": 0, "text": "", "lines": []}})
    visit.page.clock.install()
    visit.page.goto(f"{site.address}{PAGE}/problems")
    visit.page.get_by_role("button", name="Retry all").click()
    while visit.page.get_by_text("does not know this order any more").count() == 0:
        visit.page.clock.run_for(1000)
    assert visit.names().count("ticket") == 9


def test_rule_tells_how_many_scenes_it_would_find_before_it_is_saved(site: Site) -> None:
    visit = site.visit(f"{PAGE}/problems")
    visit.page.get_by_label("/media/videos/night train.mp4").check()
    visit.page.get_by_role("button", name="Make a rule from this pair").click()
    visit.page.get_by_text("12 of 31 scenes without a match would be found").wait_for()
    pair = {"stashPath": "/data/videos/night train.mp4", "plexPath": "/media/videos/night train.mp4"}
    assert orders(visit) == [("rule", [], {**pair, "dry": True})]
    visit.page.get_by_role("button", name="Save this rule").click()
    visit.page.get_by_role("button", name="Close").wait_for()
    while len(orders(visit)) < 3:
        visit.page.wait_for_timeout(20)
    assert orders(visit)[1:] == [("rule", [], pair), ("retry", [2], {})], "and the scene is looked for again"


def test_learned_rule_is_used_from_its_notice(site: Site) -> None:
    visit = site.visit()
    visit.page.get_by_role("button", name="Use this rule").click()
    visit.page.get_by_role("button", name="Save this rule").click()
    visit.page.get_by_role("button", name="Close").wait_for()
    pair = {"stashPath": "/data2", "plexPath": "/media2"}
    assert orders(visit) == [("rule", [], {**pair, "dry": True}), ("rule", [], pair)]


def test_retry_and_discard_of_one_of_all_and_of_a_reason(site: Site) -> None:
    visit = site.visit(f"{PAGE}/problems")
    page = visit.page
    page.get_by_role("button", name="Retry Night Train to Lisbon").click()
    page.get_by_text("Done: 1 scene is in sync.").wait_for()
    line = page.get_by_role("listitem").filter(has_text="Undo of 3 scenes")
    line.get_by_role("button", name="Discard").click()
    line.get_by_role("group", name="Leave it alone").get_by_role("button", name="Discard").click()
    line.get_by_text("Done: 1 scene is in sync.").wait_for()
    page.get_by_role("button", name="Discard all").click()
    page.get_by_role("button", name="No", exact=True).click()
    page.get_by_label("Reason").select_option("ItemMissing")
    page.get_by_role("button", name="Retry these").click()
    page.get_by_text("Done: 1 scene is in sync.").first.wait_for()
    assert orders(visit) == [
        ("retry", [2], {}),
        ("discard", [], {"letters": [9]}),
        ("retry", [], {"reason": "ItemMissing"}),
    ]


def test_undo_from_the_overview_asks_once_more(site: Site) -> None:
    visit = site.visit()
    row = visit.page.get_by_role("row").filter(has_text="part 1")
    row.get_by_role("button", name="Undo").click()
    assert orders(visit) == []
    row.get_by_role("group").get_by_role("button", name="Undo").click()
    row.get_by_text("Done: 1 scene is in sync.").wait_for()
    assert orders(visit) == [("undo", [1], {})]


def test_scene_is_synced_compared_and_undone_from_its_tab(site: Site) -> None:
    visit = site.visit("/scenes/3")
    visit.page.get_by_role("tab", name="PlexSync").click()
    for button in ("Sync now", "Compare with Plex now"):
        visit.page.get_by_role("button", name=button).click()
        visit.page.get_by_text("Done: 1 scene is in sync.").wait_for()
        visit.page.wait_for_function("!document.querySelector('.plexsync-buttons button[disabled]')")
    visit.page.get_by_role("button", name="Undo this scene").click()
    visit.page.get_by_role("group").get_by_role("button", name="Undo", exact=True).click()
    visit.page.wait_for_function("!document.querySelector('.plexsync-buttons button[disabled]')")
    while len(orders(visit)) < 3:
        visit.page.wait_for_timeout(20)
    assert [name for name, ids, _ in orders(visit) if ids == [3]] == ["sync", "compare", "undo"]


def test_everything_is_synced_by_stashs_task_with_its_progress(site: Site) -> None:
    jobs = iter([{"status": "RUNNING", "progress": 0.4}, {"status": "FINISHED", "progress": 1}])
    visit = site.visit()
    visit.answers["findJob"] = lambda: next(jobs)
    visit.page.get_by_role("button", name="Sync all").click()
    assert visit.tasks == []
    visit.page.get_by_role("group", name="Compare every scene").get_by_role("button", name="Sync all").click()
    bar = visit.page.get_by_role("progressbar", name="Sync All Scenes is running")
    bar.wait_for()
    assert bar.get_attribute("aria-valuenow") == "40"
    visit.page.get_by_text("Sync All Scenes has ended").wait_for()
    assert visit.tasks == ["Sync All Scenes"]


def test_preview_is_made_filtered_and_applied_to_one_scene(site: Site) -> None:
    visit = site.visit(f"{PAGE}/preview")
    visit.page.get_by_role("button", name="genres 180").click()
    visit.page.get_by_role("button", name="Make anew").click()
    visit.page.get_by_text("Done: 1 scene is in sync.").wait_for()
    visit.page.get_by_role("button", name="Sync this one: Harbour Lights").click()
    visit.page.get_by_role("row").get_by_text("Done: 1 scene is in sync.").wait_for()
    assert orders(visit) == [("preview", [], {}), ("sync", [1], {})]
    assert [args["field"] for args in visit.asked if args["operation"] == "preview"][:2] == ["", "genre"]


def test_order_that_is_refused_says_why(site: Site) -> None:
    visit = site.visit(f"{PAGE}/problems", {"order": "The queue's file cannot be written: the disk is full."})
    visit.page.get_by_role("button", name="Retry all").click()
    visit.expect_text("the disk is full")


def test_opening_an_address_changes_nothing(site: Site) -> None:
    signs = {
        "": "Done last", "/problems/missing": "Plex has no item", "/preview?make": "would change", "/library": "Added by month",
        "/settings?check": "Check setup",
    }  # fmt: skip
    visit = site.blank()
    for path, sign in signs.items():
        visit.page.goto(f"{site.address}{PAGE}{path}")
        visit.page.get_by_text(sign).first.wait_for()
    assert (orders(visit), visit.tasks, visit.saved) == ([], [], [])


def test_keyboard_alone_decides(site: Site) -> None:
    visit = site.visit(f"{PAGE}/problems")
    page = visit.page
    page.get_by_role("radio").first.wait_for()

    def tab_to(condition: str) -> None:
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate(f"(element => {condition})(document.activeElement)"):
                return
        raise AssertionError(f"the Tab key never comes to {condition}")

    page.get_by_role("heading", level=1).wait_for()
    tab_to("element.type === 'radio'")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    tab_to("element.textContent === 'Choose'")
    page.keyboard.press("Enter")
    page.get_by_text("Done: 1 scene is in sync.").wait_for()
    assert orders(visit) == [("choose", [2], {"key": 602, "stashPath": "/data/videos/night train.mp4"})]


def test_at_most_two_operations_are_in_flight(site: Site) -> None:
    visit = site.blank()
    held: list[tuple[Any, dict[str, Any]]] = []

    def hold(route: Any, args: dict[str, Any]) -> bool:
        held.append((route, args))
        return bool(args["operation"] != "wake")

    rows = [{**PROBLEM, "id": n, "sceneId": n, "title": f"Scene {n}", "candidates": []} for n in range(1, 6)]
    answer = {"kinds": [], "reasons": [], "rows": rows, "next": None}
    visit.answers["problems"] = answer
    visit.page.goto(f"{site.address}{PAGE}/problems")
    visit.page.get_by_role("button", name="Retry Scene 5").wait_for()
    visit.hold = hold
    for n in range(1, 6):
        visit.page.get_by_role("button", name=f"Retry Scene {n}").click()
    visit.page.wait_for_timeout(300)
    most = len([args for _, args in held if args["operation"] == "order"])
    assert most == 2
    visit.hold = lambda _route, _args: False
    for route, args in held:
        if args["operation"] != "wake":
            visit.give(route, args)
    visit.page.get_by_text("Done: 1 scene is in sync.").nth(4).wait_for()
    assert sorted(ids[0] for _, ids, _ in orders(visit)) == [1, 2, 3, 4, 5]
