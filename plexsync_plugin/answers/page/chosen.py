"""What a person has chosen by hand, about the scenes and the candidates that are shown: each of them can be taken back there."""

import sqlite3
from collections.abc import Mapping

from plexsync_plugin.answers.page.links import address
from plexsync_plugin.answers.page.shapes import ChosenItem, ItemCandidate
from plexsync_plugin.jobs.choices import ChoiceStore
from plexsync_plugin.jobs.facts import SERVER, Facts
from plexsync_plugin.plex.page_views import PageIndex


def chosen(
    state: sqlite3.Connection, index: PageIndex | None, near: Mapping[int, tuple[ItemCandidate, ...]]
) -> dict[int, tuple[ChosenItem, ...]]:
    """By scene: the choices for it, and those that gave one of its candidates to another scene. `near` has a key for each scene."""
    server = Facts(state).fact(SERVER)
    places = {each.path for candidates in near.values() for each in candidates if each.path}
    held = ChoiceStore(state).concerning(server, near, places)
    items = index.items({each.rating_key for each in held}) if index else {}
    shown = [
        ChosenItem(
            scene_id=each.scene_id,
            key=each.rating_key,
            title=str(items.get(each.rating_key, {}).get("title") or ""),
            path=each.place,
            stash_path=each.path,
            url=address(server, each.rating_key),
        )
        for each in held
    ]
    return {
        scene: tuple(
            each for each in shown if each.scene_id == scene or each.path in {one.path for one in candidates}
        )
        for scene, candidates in near.items()
    }
