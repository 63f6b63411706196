"""Settings as the plain values that the core works with."""

import pytest

from plexsync_plugin.base.names import parse_names
from plexsync_plugin.base.rules import CollectionRule
from plexsync_plugin.base.settings import Settings, read_settings
from plexsync_plugin.core.model import LISTS, SCALARS
from plexsync_plugin.core.options import SWITCHES, FieldOptions, Scope, field_options, scope


def read(**stored: object) -> Settings:
    return read_settings({"plex_url": "plex", "plex_token": "token", **stored})


def test_untouched_settings_leave_nothing_out() -> None:
    assert field_options(read()) == FieldOptions()
    assert scope(read()) == Scope()


def test_settings_that_choose_fields_are_carried_over() -> None:
    settings = read(
        title_format="{studio} - {title}",
        ignore_tags="Drama, STRASSE",
        collections="studio=S: ",
        content_rating="XXX",
        performer_photos=True,
    )
    assert field_options(settings) == FieldOptions(
        title_format="{studio} - {title}",
        ignored_tags=settings.ignore_tags,
        collections=(CollectionRule(source="studio", prefix="S: "),),
        content_rating="XXX",
        photos=True,
    )


def test_settings_that_choose_scenes_are_carried_over() -> None:
    settings = read(
        only_organized=True,
        require_tags="Ready",
        exclude_tags="Private, Draft",
        include_paths="/media/a/; /media/b",
        exclude_paths="D:\\old\\",
    )
    assert scope(settings) == Scope(
        only_organized=True,
        required_tags=parse_names("Ready"),
        excluded_tags=parse_names("Private, Draft"),
        included_paths=("/media/a", "/media/b"),
        excluded_paths=("D:\\old",),
    )


@pytest.mark.parametrize(("switch", "field"), SWITCHES.items())
def test_switch_leaves_its_field_alone(switch: str, field: str) -> None:
    assert field in SCALARS + LISTS
    assert field_options(read(**{switch: True})).skipped == {field}
