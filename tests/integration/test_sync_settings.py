"""Settings are those of now: what was saved before an edit holds for that edit, and costs no request of its own."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.orders import NO_PICTURES, give, stash_requests
from tests.rig import Rig
from tests.stage import item_key


@pytest.fixture
def rig(open_rig: Callable[..., Rig]) -> Rig:
    """Scene 1 is in sync, and the worker has looked at Stash just now."""
    rig = open_rig(settings=NO_PICTURES)
    rig.stage.edit(1, title="Before", tag_ids=["1"])
    rig.settle()
    rig.stage.plex.clear_log()
    rig.stage.stash.clear_log()
    return rig


def save(rig: Rig, **settings: Any) -> None:
    rig.stage.settings |= settings
    rig.stage.configure(rig.stage.settings)


def shown(rig: Rig) -> str:
    return str(rig.stage.item(item_key(1))["title"])


@pytest.mark.parametrize(
    ("settings", "title"),
    [
        ({"title_format": "{title} ({date})"}, "After (2020-02-02)"),
        ({"skip_title": True}, "Before"),
        ({"exclude_tags": "Outdoor"}, "Before"),
        ({"only_organized": True}, "Before"),
        ({"enabled": False}, "Before"),
        ({"plex_library": "Nowhere"}, "Before"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_setting_saved_before_an_edit_holds_for_that_edit(
    rig: Rig, settings: dict[str, Any], title: str
) -> None:
    save(rig, **settings)
    rig.stage.edit(1, title="After", date="2020-02-02")
    rig.run_for(1)
    assert shown(rig) == title


def test_edit_made_in_plex_is_kept_by_preserve_that_was_just_switched_on(rig: Rig) -> None:
    rig.stage.plex.control("edit_item", {"ratingKey": item_key(1), "fields": {"title": "A person's"}})
    save(rig, preserve_plex_edits=True)
    rig.stage.edit(1, title="After", details="New")
    rig.run_for(1)
    assert (shown(rig), rig.stage.item(item_key(1))["summary"]) == ("A person's", "New")


def test_edit_asks_stash_once_for_its_scene_and_the_settings(rig: Rig) -> None:
    rig.stage.edit(1, title="After")
    rig.run_for(1)
    assert shown(rig) == "After"
    # The save itself, the query of the worker, and whose the file is: it is not at its exact place in Plex.
    assert stash_requests(rig, "POST") == 3


def test_wrong_address_saved_before_an_edit_is_told_at_once(rig: Rig) -> None:
    save(rig, plex_url="http://127.0.0.1:9")
    rig.stage.edit(1, title="After")
    rig.run_for(10)
    assert any("Plex is away" in line for line in rig.stage.log_lines())
    assert shown(rig) == "Before"


def test_address_that_is_none_saved_before_an_edit_is_told_at_once(rig: Rig) -> None:
    save(rig, plex_url="http://")
    rig.stage.edit(1, title="After")
    rig.run_for(2)
    assert any("plex_url" in line for line in rig.stage.log_lines())


@pytest.mark.parametrize(
    "wrong",
    [{"plex_url": "http://"}, {"enabled": False}, {"plex_library": "Nowhere"}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_setting_mended_before_an_edit_holds_for_that_edit(rig: Rig, wrong: dict[str, Any]) -> None:
    right = {name: rig.stage.settings.get(name, True) for name in wrong}
    save(rig, **wrong)
    rig.stage.edit(1, title="While it was wrong")
    rig.run_for(3)
    save(rig, **right)
    rig.stage.edit(1, title="After")
    rig.run_for(3)
    assert shown(rig) == "After"


def test_page_of_an_order_is_compared_by_the_settings_of_now(rig: Rig) -> None:
    save(rig, exclude_tags="Outdoor")
    order = give(rig, "reconcile")
    assert "1 left out by the settings" in order["message"]


def test_person_is_told_how_many_scenes_differ_after_a_setting_of_values(rig: Rig) -> None:
    for scene in (2, 3):
        rig.stage.edit(scene, title=f"Scene {scene}", date="2020-02-02")
    rig.settle()
    rig.stage.plex.clear_log()
    save(rig, title_format="{title} [{date}]", content_rating="XXX")
    rig.run_for(40)
    told = [line for line in rig.stage.log_lines() if "Settings have changed" in line]
    assert len(told) == 1
    assert "title_format, content_rating), and 3 scenes" in told[0]
    assert "Sync All Scenes" in told[0]
    assert rig.stage.puts() == []


def test_nothing_is_told_after_a_setting_that_changes_no_value(rig: Rig) -> None:
    save(rig, ignore_tags="Nobody has this one", max_retries=7)
    rig.run_for(40)
    assert [line for line in rig.stage.log_lines() if "Settings have changed" in line] == []
