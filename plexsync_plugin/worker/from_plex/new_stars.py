"""Finds stars that were given in Plex: no event tells of them (docs/facts/plex.md section 13), so the items that were rated last
are listed. What is found makes the scene's job due, and whose rating counts is decided where the scene is synced.
"""

import logging
from collections.abc import Collection
from xml.etree.ElementTree import Element

from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.core import plays as core
from plexsync_plugin.core import stars
from plexsync_plugin.core.model import SCALARS, Section
from plexsync_plugin.jobs.census import Census
from plexsync_plugin.jobs.matches import Matches
from plexsync_plugin.jobs.records import Records
from plexsync_plugin.jobs.stars import Stars
from plexsync_plugin.jobs.store import BULK, JobStore
from plexsync_plugin.jobs.watched_sections import WatchedSections
from plexsync_plugin.plex import elements
from plexsync_plugin.worker.from_plex.side import WatchSide

PAGE = 500  # items per request

_log = logging.getLogger(__name__)


class NewStars:
    def __init__(self, side: WatchSide) -> None:
        self._side = side
        self._records = Records(side.connection)
        self._sections = WatchedSections(side.connection, side.server)

    def look(self, section: Section) -> int:
        """One request, and one more for each further page; how many scenes became due. Raises what the gateway raises."""
        kind = section.item_kind
        if kind is None:
            return 0
        known = self._sections.get(section.key).rated_to
        rated_to, start, due = known, 0, 0
        since = max(min(known, int(self._side.clock.now())) - core.AGAIN, 1)
        while True:
            page = self._side.gateway.page(
                section.key,
                kind,
                start=start,
                size=PAGE,
                filters={"lastRatedAt>>": since, "sort": "lastRatedAt:asc"},
            )
            rated = [_rated_at(each) for each in page.elements]
            if any(at < since for at in rated):
                _log.info("plex lists items by their stars in another way: section=%d", section.key)
                return due  # reconciling finds them
            due += self._wake(page.elements)
            rated_to = core.newest(rated, self._side.clock.now(), rated_to)
            if rated_to != known:
                self._sections.put_stars(section.key, rated_to)
            start += len(page.elements)
            if not page.elements or start >= page.total:
                return due

    def _wake(self, listed: Collection[Element]) -> int:
        shown = {elements.rating_key(each): elements.item(each, SCALARS) for each in listed}
        scenes = Matches(self._side.connection).scenes_with_files(self._side.server, list(shown))
        agreed = Stars(self._side.connection, self._side.server).agreed(list(scenes))
        moved = set()
        for key, (scene_id, _) in scenes.items():
            with_scene, found = agreed.get(key, (scene_id, None))
            base = found if with_scene == scene_id else None
            ledger = self._records.load_ledger(self._side.server, key)
            if stars.has_moved(shown[key].scalars[stars.STAR], base, ledger):
                moved.add(scene_id)
        free = Census(self._side.connection).free(moved)
        with transaction(self._side.connection):
            for scene_id in moved:
                self._records.forget_synced(self._side.server, scene_id)
            JobStore(self._side.connection).bump(free, priority=BULK, now=self._side.clock.now())
        return len(free)


def _rated_at(element: Element) -> int:
    return elements.number(element, "lastRatedAt")
