"""Lists too long for a request: cut at their end where Plex refuses them, told, and no concern of anybody's texts."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.orders import NO_PICTURES, give
from tests.libraries import plex_library
from tests.rig import Rig

TAGS: list[dict[str, Any]] = [
    {"id": number, "name": f"Some Longer Tag Name {number}"} for number in range(1, 301)
]
TEXT = ("word " * 1_500).strip()


@pytest.fixture
def rig(open_rig: Callable[..., Rig]) -> Rig:
    """Scene 1 has three hundred tags, scene 2 a long text; Plex takes requests of 8 kB."""
    scenes: list[dict[str, Any]] = [
        {
            "id": number,
            "title": f"Scene {number}",
            "files": [{"path": f"/videos/{number}.mp4", "size": 5_000 + number}],
        }
        for number in (1, 2)
    ]
    scenes[0]["tag_ids"] = [tag["id"] for tag in TAGS]
    scenes[1]["details"] = TEXT
    rig = open_rig(plex=plex_library(2), stash={"scenes": scenes, "tags": TAGS}, settings=NO_PICTURES)
    rig.stage.plex.control("set", {"url_limit": 8_192})
    return rig


def genres(rig: Rig) -> list[str]:
    return [tag["tag"] for tag in rig.stage.item(1_001).get("Genre", [])]


@pytest.mark.parametrize("mode", ["append", "replace"])
def test_list_that_plex_refuses_is_cut_at_its_end_and_told(rig: Rig, mode: str) -> None:
    rig.stage.plex.control("set", {"tag_mode": mode})
    rig.stage.edit(1, title="Many tags")
    rig.settle()
    shown = genres(rig)
    assert 100 < len(shown) < 300
    assert (
        sorted(shown)
        == sorted(tag["name"] for tag in sorted(TAGS, key=lambda tag: str(tag["name"])))[: len(shown)]
    )
    sentence = f"Scene 1 has 300 entries in the field genre, more than Plex takes in one request: the first {len(shown)}"
    assert [line for line in rig.stage.log_lines() if line.startswith(sentence)]
    assert rig.job(1)["state"] == "done"
    rig.stage.plex.clear_log()
    give(rig, "reconcile")
    assert [target for target in rig.stage.puts() if "id=1001&" in target] == []


def test_long_list_says_nothing_about_the_texts_of_other_scenes(rig: Rig) -> None:
    rig.stage.edit(1, title="Many tags")
    rig.settle()
    rig.stage.plex.control("set", {"url_limit": 16_384})
    rig.stage.edit(2, title="Long text")
    rig.settle()
    assert rig.stage.item(1_002)["summary"] == TEXT


def test_long_list_gives_way_to_a_short_one(rig: Rig) -> None:
    rig.stage.edit(1, title="Many tags")
    rig.settle()
    rig.stage.edit(1, tag_ids=["7"])
    rig.settle()
    assert genres(rig) == ["Some Longer Tag Name 7"]


def learned(rig: Rig) -> bool:
    """Whether a limit is known after an edit of the scene with the long text."""
    rig.stage.edit(2, title=f"At {rig.clock.now()}")
    rig.settle()
    return bool(rig.stage.rows("SELECT 1 FROM facts WHERE name LIKE 'longest_target:%' AND value <> ''"))


def test_limit_is_forgotten_after_a_restart_that_is_too_short_for_an_outage(rig: Rig) -> None:
    assert learned(rig)
    rig.stage.plex.down()
    rig.stage.edit(1, title="During the restart")
    rig.run_for(0.6)  # the request fails, and so does the first probe
    rig.stage.plex.up()
    rig.stage.plex.control("set", {"url_limit": 60_000})
    rig.stage.plex.control("server", {"version": "1.43.2.1"})
    rig.run_for(30)
    assert rig.stage.rows("SELECT * FROM outages") == []
    assert not learned(rig)
    assert rig.stage.item(1_002)["summary"] == TEXT
    assert rig.worker.plex is not None
    assert rig.worker.plex.gateway.server().version == "1.43.2.1"


def test_limit_holds_for_a_day(rig: Rig) -> None:
    assert learned(rig)
    rig.stage.plex.control("set", {"url_limit": 60_000})
    rig.stage.edit(2, title="Soon", details=f"{TEXT} more")
    rig.settle()
    assert rig.stage.item(1_002)["summary"].endswith("…")
    rig.clock.sleep(86_500)
    rig.stage.edit(2, title="A day later", details=TEXT)
    rig.settle()
    assert rig.stage.item(1_002)["summary"] == TEXT


def test_limit_is_forgotten_when_plex_was_away(rig: Rig) -> None:
    assert learned(rig)
    rig.stage.plex.down()
    rig.stage.edit(2, title="Away")
    rig.run_for(120)
    rig.stage.plex.up()
    rig.stage.plex.control("set", {"url_limit": 60_000})
    rig.run_for(120)
    assert not learned(rig)
    assert rig.stage.item(1_002)["summary"] == TEXT
