"""The part of *Check Setup* about other plugins: one with our id, and what earlier plugins for Plex know of address and token."""

import os
from collections.abc import Iterator, Mapping
from typing import Any

from plexsync_plugin.base.neighbours import others_of_our_id, twin_sentence
from plexsync_plugin.base.settings import PLEX_PORT
from plexsync_plugin.tasks.context import TaskContext
from plexsync_plugin.tasks.setup.line import Line, note, problem

STASH2PLEX = "Stash2Plex"


def neighbour_lines(context: TaskContext) -> Iterator[Line]:
    """Raises StashUnavailable and its kind."""
    plugins_folder = context.stash.plugins_folder()
    found = others_of_our_id(plugins_folder) if os.path.isabs(plugins_folder) else []
    if found:
        yield problem(twin_sentence(found))
    stored, stash2plex = context.stored(), context.stash.settings_of(STASH2PLEX)
    yield from offer_lines(stored, stash2plex)
    yield from switch_lines(stored, stash2plex)


def offer_lines(stored: Mapping[str, Any], stash2plex: Mapping[str, Any]) -> Iterator[Line]:
    """What could stand in our required settings that are empty. CommunityScripts' PlexSync has our id, so Stash keeps its settings
    among ours. A token is named, never shown."""
    host, port = _text(stored, "plexHost"), _text(stored, "plexPort")
    offers = {
        "plex_url": [
            ("CommunityScripts' PlexSync", f"http://{host}:{port or PLEX_PORT}" if host else ""),
            (STASH2PLEX, _text(stash2plex, "plex_url")),
        ],
        "plex_token": [
            ("CommunityScripts' PlexSync (its setting plexToken)", _text(stored, "plexToken")),
            (f"{STASH2PLEX} (its setting plex_token)", _text(stash2plex, "plex_token")),
        ],
        "plex_library": [(STASH2PLEX, _text(stash2plex, "plex_library"))],
    }
    for name, known in offers.items():
        if _text(stored, name):
            continue
        for plugin, value in known:
            if value:
                shown = "a token" if name == "plex_token" else value
                yield note(
                    f"The setting {name} is empty. {plugin} has {shown}: copy it, if it is still right."
                )
                break


# Switches of other plugins, what they stand at there, and what says the same here.
_SWITCHES = (
    ("CommunityScripts' PlexSync", "skipUnorganized", True, "only_organized", "on"),
    (STASH2PLEX, "preserve_plex_edits", True, "preserve_plex_edits", "on"),
    (STASH2PLEX, "obfuscate_paths", True, "obfuscate_paths", "on"),
    (STASH2PLEX, "trigger_plex_scan", True, "scan_plex", "on"),
    (STASH2PLEX, "sync_collection", True, "collections", "studio"),
    (STASH2PLEX, "sync_studio", False, "skip_studio", "on"),
    (STASH2PLEX, "sync_summary", False, "skip_details", "on"),
    (STASH2PLEX, "sync_date", False, "skip_date", "on"),
    (STASH2PLEX, "sync_performers", False, "skip_performers", "on"),
    (STASH2PLEX, "sync_tags", False, "skip_tags", "on"),
    (STASH2PLEX, "sync_poster", False, "skip_poster", "on"),
    (STASH2PLEX, "sync_background", False, "skip_background", "on"),
)


def switch_lines(stored: Mapping[str, Any], stash2plex: Mapping[str, Any]) -> Iterator[Line]:
    """What those plugins are told to do otherwise than they do by themselves, where ours is not told anything."""
    for plugin, theirs, at, ours, value in _SWITCHES:
        settings = stash2plex if plugin == STASH2PLEX else stored
        if settings.get(theirs) is at and not stored.get(ours):
            shown = "on" if at else "off"
            yield note(f"{plugin} has {theirs} {shown}. Here that is {ours} = {value}, and it is not set.")


def _text(settings: Mapping[str, Any], name: str) -> str:
    return str(settings.get(name) or "").strip()
