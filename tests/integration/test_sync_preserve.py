"""preserve_plex_edits: what a person wrote in Plex stays, what is ours follows Stash."""

from collections.abc import Callable

import pytest

from plexsync_plugin.answers.explain import explain, explain_lines
from tests.integration.orders import NO_PICTURES, give
from tests.libraries import FULL_SAVE, SECTION, library, plex_library, stash_library, tag_names
from tests.rig import Rig
from tests.stage import item_key


@pytest.mark.parametrize("mode", ["append", "replace"])
@pytest.mark.parametrize("indexed", [False, True])
def test_persons_long_lists_stay_whole_when_plex_edits_are_preserved(
    open_rig: Callable[..., Rig], indexed: bool, mode: str
) -> None:
    """A listing shows two genres and three of the cast; what it leaves out must not be taken for absent."""
    genres, cast = [f"Genre {n}" for n in range(5)], [f"Actor {n}" for n in range(6)]
    item = {
        **SECTION["items"][0],
        "Genre": genres,
        "Role": [{"tag": actor, "role": f"as {actor}"} for actor in cast],
    }
    rig = open_rig(
        plex=library({**item, "locked": ["genre", "actor"]}), settings={"preserve_plex_edits": True}
    )
    rig.stage.plex.control("set", {"tag_mode": mode})
    if indexed:
        rig.stage.run_task("Index Plex Library")
    rig.stage.edit(1, **FULL_SAVE)
    rig.settle()
    found = rig.stage.item(item_key(1))
    assert tag_names(found, "Genre") == sorted([*genres, "Outdoor", "Comma, Inside"])
    assert tag_names(found, "Role") == sorted([*cast, "Ann Alpha"])
    assert {role["tag"]: role.get("role") for role in found["Role"]}["Actor 5"] == "as Actor 5"


def test_edit_that_is_kept_out_is_told_once_and_explained(open_rig: Callable[..., Rig]) -> None:
    """As after a loss of plexsync.db: what we wrote is locked, and nobody knows any more that it is ours."""
    item = {
        **SECTION["items"][0],
        "title": "Ours once",
        "summary": "Ours once",
        "locked": ["title", "summary"],
    }
    rig = open_rig(plex=library(item), settings={"preserve_plex_edits": True})
    for title in ("Corrected in Stash", "And again"):
        rig.stage.edit(1, title=title, details="Stash's")
        rig.settle()
    told = [line for line in rig.stage.log_lines() if "preserve_plex_edits" in line]
    assert len(told) == 1
    assert "in 1 scene so far" in told[0]
    assert "the first is scene 1: title, summary." in told[0]
    found = explain(rig.folder.state, 1)
    assert found["items"][0]["kept"] == ["title", "summary"]
    assert "  title, summary: a person's value stays in Plex" in "\n".join(
        explain_lines(found, rig.clock.now())
    )
    assert give(rig, "undo")["message"] == "There is nothing of PlexSync's to undo on this Plex server."
    rig.stage.configure({**rig.stage.settings, "preserve_plex_edits": False})
    rig.run_for(40)
    rig.stage.edit(1, title="Now")
    rig.settle()
    assert rig.stage.item(item_key(1))["title"] == "Now"
    assert explain(rig.folder.state, 1)["items"][0]["kept"] == []


def test_sentence_counts_the_scenes_and_goes_with_the_last(open_rig: Callable[..., Rig]) -> None:
    plex = plex_library(3)
    for item in plex["sections"][0]["items"]:
        item["locked"] = ["summary"]
    stash = stash_library(3, details="Stash's.")
    rig = open_rig(plex=plex, stash=stash, settings={**NO_PICTURES, "preserve_plex_edits": True})
    for scene in (2, 3, 1):
        give(rig, "sync_scenes", scene)
    (line,) = [line for line in rig.stage.log_lines() if "preserve_plex_edits" in line]
    assert "in 1 scene so far" in line
    assert "the first is scene 2: summary." in line
    (stands,) = rig.stage.rows("SELECT text FROM notices WHERE cause = 'kept'")
    assert "in 3 scenes so far" in stands["text"]
    assert "the first is scene 1: summary." in stands["text"]
    rig.stage.configure({**rig.stage.settings, "preserve_plex_edits": False})
    give(rig, "sync_all")
    assert rig.stage.rows("SELECT text FROM notices WHERE cause = 'kept'") == []


@pytest.mark.parametrize(
    ("field", "element", "edit"),
    [
        ("summary", "summary", {"details": "Another."}),
        ("genre", "Genre", {"tag_ids": ["2"]}),
        ("actor", "Role", {"performer_ids": ["2"]}),
    ],
)
def test_what_a_person_emptied_after_our_write_stays_empty(
    open_rig: Callable[..., Rig], field: str, element: str, edit: dict[str, object]
) -> None:
    rig = open_rig(settings={"preserve_plex_edits": True})
    rig.stage.edit(1, **FULL_SAVE)
    rig.settle()
    assert rig.stage.item(item_key(1))[element]
    empty = "" if element == "summary" else []
    rig.stage.plex.control("edit_item", {"ratingKey": item_key(1), "fields": {element: empty}, "lock": True})
    rig.stage.edit(1, title="Another", **edit)
    rig.settle()
    give(rig, "sync_all")
    item = rig.stage.item(item_key(1))
    assert item["title"] == "Another"
    assert not item.get(element)
    assert explain(rig.folder.state, 1)["items"][0]["kept"] == [field]


def test_values_of_ours_follow_stash_when_plex_edits_are_preserved(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings={"preserve_plex_edits": True})
    rig.stage.edit(1, **FULL_SAVE)
    rig.settle()
    rig.stage.edit(1, title="Another", details="Said anew.", performer_ids=["2"])
    rig.settle()
    item = rig.stage.item(item_key(1))
    assert (item["title"], item["summary"], tag_names(item, "Role")) == (
        "Another",
        "Said anew.",
        ["Bea Beta"],
    )


def test_persons_summary_stays_when_stash_has_none_and_plex_edits_are_preserved(
    open_rig: Callable[..., Rig],
) -> None:
    rig = open_rig(settings={"preserve_plex_edits": True})
    rig.stage.edit(1, **FULL_SAVE)
    rig.settle()
    rig.stage.plex.control(
        "edit_item", {"ratingKey": item_key(1), "fields": {"summary": "A person's"}, "lock": True}
    )
    rig.stage.edit(1, details="")
    rig.settle()
    assert rig.stage.item(item_key(1))["summary"] == "A person's"


@pytest.mark.parametrize("locks", [False, True])
@pytest.mark.parametrize("before", [False, True], ids=["after our write", "before our first write"])
@pytest.mark.parametrize("preserve", [False, True], ids=["replaced", "preserved"])
def test_star_that_a_person_gives_in_plex_is_kept_or_saved_for_undo(
    open_rig: Callable[..., Rig], preserve: bool, before: bool, locks: bool
) -> None:
    """To a scene with a rating in Stash. It is unknown whether Plex locks a star that a client gives."""
    settings = {**NO_PICTURES, "preserve_plex_edits": preserve}
    rig = open_rig(plex=plex_library(3), stash=stash_library(3, rating100=60), settings=settings)
    rig.stage.plex.control("set", {"rating_locks": locks})
    star = {"ratingKey": 1_001, "rating": 10}
    if not before:
        give(rig, "sync_all")
        assert rig.stage.item(1_001)["userRating"] == 6
    rig.stage.plex.control("rate", star)
    give(rig, "sync_all", force=True)
    give(rig, "reconcile")
    assert rig.stage.item(1_001)["userRating"] == (10 if preserve else 6)
    assert rig.stage.item(1_002)["userRating"] == 6
    give(rig, "undo")
    assert rig.stage.item(1_001)["userRating"] == 10
    assert "userRating" not in rig.stage.item(1_002)
