"""The owner's resume point in Plex becomes Stash's, where Stash has none or the one that it was given last."""

import dataclasses
import logging
from collections.abc import Iterable
from xml.etree.ElementTree import Element

from plexsync_plugin.core import plays as core
from plexsync_plugin.core.drift import files_mark
from plexsync_plugin.jobs.matches import Matches
from plexsync_plugin.jobs.resume_points import NOTHING, ResumePoint, ResumePoints
from plexsync_plugin.jobs.watched_sections import WatchedSections
from plexsync_plugin.plex import elements
from plexsync_plugin.plex.history import OWNER
from plexsync_plugin.worker.from_plex.items import PlayedItems
from plexsync_plugin.worker.from_plex.side import WatchSide

_log = logging.getLogger(__name__)


class Resume:
    def __init__(self, side: WatchSide, items: PlayedItems) -> None:
        self._side = side
        self._items = items
        self._points = ResumePoints(side.connection)

    def follow(self, rating_keys: Iterable[int]) -> int:
        """For items that somebody has just played; how many scenes were given another point.

        Raises what the gateway and Stash's client raise. Done again, it changes nothing.
        """
        matched = Matches(self._side.connection).scenes_with_files(self._side.server, list(rating_keys))
        there = self._items.read(matched)
        given = 0
        for key, element in there.items():
            scene_id, files = matched[key]
            if files_mark(elements.files(element)) == files:
                given += self._follow(scene_id, key, element)
        return given

    def _follow(self, scene_id: int, key: int, element: Element) -> bool:
        wanted = max(elements.number(element, "viewOffset"), 0)
        viewed_at = elements.number(element, "lastViewedAt")
        seen = f"{key}:{wanted}:{viewed_at}"
        point = self._points.get(scene_id)
        if point.seen == seen and point.writing == NOTHING:
            return False
        if wanted == max(point.wrote, 0) and point.writing == NOTHING:
            self._points.put(scene_id, dataclasses.replace(point, seen=seen))
            return False
        if not point.seen and viewed_at and not self._counts(element, viewed_at):
            self._points.put(scene_id, ResumePoint(seen=seen))  # from before plays counted
            return False
        return self._give(scene_id, point, seen, wanted)

    def _give(self, scene_id: int, point: ResumePoint, seen: str, wanted: int) -> bool:
        activity = self._side.stash.activity([scene_id]).get(scene_id)
        if activity is None:
            return False
        settled = ResumePoint(seen=seen, wrote=wanted)
        if activity.resume not in (0, wanted, point.wrote, point.writing):
            self._points.put(scene_id, ResumePoint(seen=seen))  # a person's in Stash stays
            return False
        if activity.resume != wanted:
            self._points.put(scene_id, dataclasses.replace(point, writing=wanted))
            self._side.stash.set_resume(scene_id, wanted)
            _log.info("resume point scene=%d", scene_id)
        self._points.put(scene_id, settled)
        return activity.resume != wanted

    def _counts(self, element: Element, viewed_at: int) -> bool:
        section = elements.number(element, "librarySectionID")
        begins = WatchedSections(self._side.connection, self._side.server).get(section).begins
        return core.counts(OWNER, viewed_at, begins)
