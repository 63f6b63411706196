"""Performers' photos: given once, as addresses that need no key."""

from collections.abc import Callable

from tests.image_runs import (
    KEY,
    RED,
)
from tests.integration.orders import give
from tests.libraries import SECTION, library
from tests.pictures import encoded
from tests.rig import Rig
from tests.stage import item_key

AGENTS = "https://images.example/ann.jpg"


def portrait_of(rig: Rig, performer: int, data: bytes = RED) -> None:
    rig.stage.stash.control("set_cover", {"kind": "performer", "id": performer, "image": encoded(data)})


def photos(rig: Rig, key: int = KEY) -> dict[str, str]:
    return {role["tag"]: role.get("thumb", "") for role in rig.stage.item(key).get("Role", [])}


def test_photo_of_a_performer_is_given_as_an_address_without_a_key(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings={"performer_photos": True})
    portrait_of(rig, 1)
    rig.stage.edit(1, performer_ids=["1", "2"])
    rig.settle()
    given = photos(rig)
    assert given["Ann Alpha"].startswith(f"{rig.stage.stash.url}/performer/1/image?t=")
    assert given["Bea Beta"] == ""  # Stash's default picture
    assert "key" not in given["Ann Alpha"]


def test_photo_is_given_once_per_performer_and_again_when_its_address_changes(
    open_rig: Callable[..., Rig],
) -> None:
    rig = open_rig(settings={"performer_photos": True})
    portrait_of(rig, 1)
    rig.stage.edit(1, performer_ids=["1"])
    rig.settle()
    rig.stage.plex.clear_log()
    rig.stage.edit(2, performer_ids=["1"])
    rig.settle()
    (put,) = rig.stage.puts()
    assert "thumb" not in put
    rig.stage.stash.control(
        "change", {"kind": "performer", "id": 1, "fields": {"updated_at": "2031-01-01T00:00:00Z"}}
    )
    rig.stage.plex.clear_log()
    rig.stage.bulk_edit([1, 2], organized=True)
    rig.settle()
    assert len(rig.stage.puts()) == 1  # Plex shares the photo between both
    rig.stage.plex.clear_log()
    rig.stage.bulk_edit([1, 2], organized=False)
    rig.settle()
    assert rig.stage.plex_requests() == []


def test_no_photo_is_given_where_stash_asks_for_a_sign_in(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings={"performer_photos": True})
    rig.stage.stash.control("auth", {"username": "u", "password": "p", "api_key": True})
    rig.start_worker(cookie=rig.stage.stash.control("cookie", {"username": "u"}))
    portrait_of(rig, 1)
    rig.stage.stash.control(
        "change", {"kind": "scene", "id": 1, "fields": {"performer_ids": [1]}, "touch": True}
    )
    rig.worker.store.bump([1], priority=0, now=rig.clock.now())
    rig.settle()
    assert photos(rig) == {"Ann Alpha": ""}
    assert len(rig.stage.rows("SELECT * FROM notices WHERE cause = 'picture:photo'")) == 1


def test_photos_are_off_by_default(rig: Rig) -> None:
    portrait_of(rig, 1)
    rig.stage.edit(1, performer_ids=["1"])
    rig.settle()
    assert photos(rig) == {"Ann Alpha": ""}


def test_undo_gives_back_the_photo_that_a_member_showed_before_ours(open_rig: Callable[..., Rig]) -> None:
    agents = "https://images.example/ann.jpg"
    role = {"tag": "Ann Alpha", "role": "Queen", "thumb": agents}
    items = [{**item, "Role": [role], "locked": ["actor"]} for item in SECTION["items"][:2]]
    rig = open_rig(plex=library(*items), settings={"performer_photos": True})
    portrait_of(rig, 1)
    for scene in (1, 2):  # the second item shows our photo before it is written
        rig.stage.edit(scene, performer_ids=["1"])
        rig.settle()
    assert photos(rig)["Ann Alpha"].startswith(rig.stage.stash.url)
    give(rig, "undo", 2)
    assert photos(rig)["Ann Alpha"].startswith(rig.stage.stash.url)  # shared with the item of scene 1
    give(rig, "undo")
    assert [photos(rig, key)["Ann Alpha"] for key in (KEY, item_key(2))] == [agents, agents]
    rig.stage.edit(1, title="Again")
    rig.settle()
    assert photos(rig)["Ann Alpha"].startswith(rig.stage.stash.url)


def with_agents_photo(open_rig: Callable[..., Rig], **settings: object) -> Rig:
    """Two items with the photo of an agent, and two scenes with the performer."""
    role = {"tag": "Ann Alpha", "role": "Queen", "thumb": AGENTS}
    items = [{**item, "Role": [role]} for item in SECTION["items"][:2]]
    rig = open_rig(plex=library(*items), settings={"performer_photos": True, **settings})
    portrait_of(rig, 1)
    return rig


def thumbs_sent(rig: Rig) -> int:
    return sum("thumb%3D" in put or ".thumb=" in put for put in rig.stage.puts())


def test_photo_that_plex_took_and_does_not_show_is_sent_again_and_not_for_ever(
    open_rig: Callable[..., Rig],
) -> None:
    rig = with_agents_photo(open_rig, skip_poster=True, skip_background=True)
    for number in range(5):
        rig.stage.edit(1, performer_ids=["1"], title=f"Title {number}")
        rig.settle()
        role = {"tag": "Ann Alpha", "role": "Queen", "thumb": AGENTS}  # Plex has lost it
        rig.stage.plex.control("edit_item", {"ratingKey": KEY, "fields": {"Role": [role]}, "lock": True})
        rig.clock.sleep(70)
        rig.start_worker()
    assert thumbs_sent(rig) == 3
    rig.stage.plex.clear_log()
    rig.stage.edit(1, title="Title 4")
    rig.settle()
    assert rig.stage.plex_requests() == []


def test_photo_that_was_seen_in_plex_and_is_another_now_is_not_sent_again(
    open_rig: Callable[..., Rig],
) -> None:
    rig = with_agents_photo(open_rig, skip_poster=True, skip_background=True)
    for number in range(2):
        rig.stage.edit(1, performer_ids=["1"], title=f"Title {number}")
        rig.settle()
        rig.clock.sleep(70)
    role = {"tag": "Ann Alpha", "role": "Queen", "thumb": AGENTS}
    rig.stage.plex.control("edit_item", {"ratingKey": KEY, "fields": {"Role": [role]}, "lock": True})
    rig.stage.edit(1, title="Later")
    rig.settle()
    assert thumbs_sent(rig) == 1


def test_photo_of_an_agent_or_a_person_stays_where_edits_in_plex_are_preserved(
    open_rig: Callable[..., Rig],
) -> None:
    rig = with_agents_photo(open_rig, preserve_plex_edits=True, skip_poster=True, skip_background=True)
    rig.stage.edit(1, performer_ids=["1"])
    rig.settle()
    assert photos(rig) == {"Ann Alpha": AGENTS}
    rig.stage.plex.clear_log()
    rig.stage.edit(1, performer_ids=["1"])
    rig.settle()
    assert rig.stage.plex_requests() == []
    bare = {"tag": "Ann Alpha", "role": "Queen", "thumb": ""}
    rig.stage.plex.control("edit_item", {"ratingKey": KEY, "fields": {"Role": [bare]}, "lock": True})
    rig.stage.edit(1, title="With room for a photo")
    rig.settle()
    assert photos(rig)["Ann Alpha"].startswith(rig.stage.stash.url)


def test_undo_gives_back_a_photo_before_ours_was_seen(open_rig: Callable[..., Rig]) -> None:
    rig = with_agents_photo(open_rig, skip_poster=True, skip_background=True)
    rig.stage.edit(1, performer_ids=["1"])
    rig.settle()
    give(rig, "undo")
    assert photos(rig) == {"Ann Alpha": AGENTS}
