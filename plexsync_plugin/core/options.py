"""The settings that decide what a scene's items should show, and which scenes count, as plain values. Pure."""

from dataclasses import dataclass

from plexsync_plugin.base.names import NameList
from plexsync_plugin.base.rules import CollectionRule
from plexsync_plugin.base.settings import Settings

NONE = NameList()  # names no tag


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldOptions:
    """The settings that decide what an item's fields show."""

    title_format: str = ""
    sort_title: str = ""
    ignored_tags: NameList = NONE
    collections: tuple[CollectionRule, ...] = ()
    content_rating: str = ""
    photos: bool = False
    skipped: frozenset[str] = frozenset()  # names of Plex's fields that are left alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which scenes are synced."""

    only_organized: bool = False
    required_tags: NameList = NONE
    excluded_tags: NameList = NONE
    included_paths: tuple[str, ...] = ()
    excluded_paths: tuple[str, ...] = ()


# The switch of the settings page -> the field of Plex.
SWITCHES = {
    "skip_title": "title",
    "skip_studio": "studio",
    "skip_details": "summary",
    "skip_date": "originallyAvailableAt",
    "skip_performers": "actor",
    "skip_tags": "genre",
    "skip_rating": "userRating",
    "skip_director": "director",
    "skip_code": "originalTitle",
}


def field_options(settings: Settings) -> FieldOptions:
    return FieldOptions(
        title_format=settings.title_format,
        sort_title=settings.sort_title,
        ignored_tags=settings.ignore_tags,
        collections=settings.collections,
        content_rating=settings.content_rating,
        photos=settings.performer_photos,
        skipped=frozenset(field for switch, field in SWITCHES.items() if getattr(settings, switch)),
    )


def scope(settings: Settings) -> Scope:
    return Scope(
        only_organized=settings.only_organized,
        required_tags=settings.require_tags,
        excluded_tags=settings.exclude_tags,
        included_paths=settings.include_paths,
        excluded_paths=settings.exclude_paths,
    )
