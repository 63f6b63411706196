"""Which collections of a scene are made of something that can have a picture."""

from plexsync_plugin.base.rules import parse_collections
from plexsync_plugin.core.collection_poster import CollectionPoster, pictured_collections
from plexsync_plugin.core.model import Entity
from plexsync_plugin.core.scene import collections_of, scene_of

SCENE = scene_of(
    {
        "id": 1,
        "studio": {"id": 2, "name": "Child", "parent_studio": {"id": 1, "name": "Parent"}},
        "tags": [{"id": 5, "name": "VR"}],
        "groups": [{"group": {"id": 7, "name": "The  Series"}}, {"group": {"id": 8, "name": "child"}}],
    }
)


def test_studio_parent_and_groups_are_made_of_what_can_have_a_picture_and_tags_are_not() -> None:
    rules = parse_collections("studio, parent=Of , groups=G: , tag:VR")
    assert pictured_collections(SCENE, rules) == {
        "child": Entity(kind="studio", id=2),
        "of parent": Entity(kind="studio", id=1),
        "g: the series": Entity(kind="group", id=7),
        "g: child": Entity(kind="group", id=8),
    }


def test_names_are_those_of_the_collections_and_of_two_that_share_one_the_first_counts() -> None:
    rules = parse_collections("studio, groups")
    found = pictured_collections(SCENE, rules)
    assert list(found) == [name.casefold() for name in collections_of(SCENE, rules)]
    assert found["child"] == Entity(kind="studio", id=2)


def test_scene_without_a_studio_or_rules_has_none() -> None:
    assert pictured_collections(SCENE, ()) == {}
    assert pictured_collections(scene_of({"id": 1}), parse_collections("studio, parent, groups")) == {}


def test_whose_picture_a_collection_shows_is_judged_as_that_of_an_item() -> None:
    ours = CollectionPoster(section=1, name="child", kind="studio", entity_id=2, sha1="ab", saved="")
    assert ours.given.is_ours
    assert ours.given.wrote("upload://posters/ab")
    assert not ours.given.wrote("upload://posters/cd")
    assert ours.entity == Entity(kind="studio", id=2)
