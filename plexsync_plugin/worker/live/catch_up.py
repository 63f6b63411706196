"""What happened in Plex while nobody listened: one listing per library of what was changed since the last event was dealt with.

So an event that came before a kill, and what it led to after it, is not lost. The time is Plex's own, of the newest item it told
of. What such a listing cannot show (items that were deleted, a file that was replaced) is found by *Reconcile*.
"""

import logging
from collections.abc import Iterator
from dataclasses import replace

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.core.model import SCALARS, Item, Kind
from plexsync_plugin.jobs.facts import Facts
from plexsync_plugin.plex import elements
from plexsync_plugin.plex.translate import asked_for_all
from plexsync_plugin.worker.live.looks import Looks
from plexsync_plugin.worker.scenes.plex_side import PlexSide

HEARD = "live_heard"  # per server: up to which time of Plex all that it told was dealt with, in epoch seconds
MARGIN = 3_600.0  # seconds that two clocks may differ by, for the first time, which is ours
PAGE = 500
MOST = 10 * PAGE  # items of one library; more are left to *Reconcile*
SAVE_EVERY = 60.0  # seconds, while events of our own writes alone come

_log = logging.getLogger(__name__)


class CatchUp:
    def __init__(self, facts: Facts, looks: Looks, clock: Clock) -> None:
        self._facts = facts
        self._looks = looks
        self._clock = clock
        self._saved_at = 0.0

    def heard(self, server: str, latest: int, *, at_rest: bool) -> None:
        """All that Plex has told up to this time of its own is dealt with. `at_rest`: nothing had to be done for it."""
        if at_rest and self._clock.monotonic() < self._saved_at + SAVE_EVERY:
            return
        if latest > self._since(server):
            self._facts.set_fact(_name(server), str(latest))
        self._saved_at = self._clock.monotonic()

    def run(self, plex: PlexSide) -> None:
        """Raises what the gateway raises; it is done again then."""
        side = plex.current()
        since = self._since(side.machine_id)
        if not since:
            self._facts.set_fact(_name(side.machine_id), str(int(self._clock.now() - MARGIN)))
            return
        latest = since
        for section in side.finder.sections():
            if section.item_kind is None:
                continue
            for page in _changed(plex, section.key, section.item_kind, since):
                self._looks.compare(plex, [item for item, _ in page], ())
                self._looks.wake_missing(side, [item for item, _ in page], in_full=False)
                latest = max(latest, *(updated for _, updated in page))
        self.heard(side.machine_id, latest, at_rest=False)

    def _since(self, server: str) -> int:
        return int(self._facts.fact(_name(server)) or 0)


def _name(server: str) -> str:
    return f"{HEARD}:{server}"


def _changed(plex: PlexSide, section: int, kind: Kind, since: int) -> Iterator[list[tuple[Item, int]]]:
    """Pages of items that were changed since then, each with its time."""
    start = 0
    while start < MOST:
        with asked_for_all():
            page = plex.gateway.page(
                section,
                kind,
                start=start,
                size=PAGE,
                filters={"updatedAt>": since, "sort": "updatedAt:asc"},
            )
        found = [
            (replace(elements.item(each, SCALARS), section=section), elements.number(each, "updatedAt"))
            for each in page.elements
        ]
        if any(updated < since for _, updated in found):
            # A server that does not know the filter lists everything (docs/facts/plex.md section 3.3).
            _log.warning("section=%d cannot be asked for what was changed since", section)
            return
        if found:
            yield found
        start += len(found)
        if not found or start >= page.total:
            return
    _log.info("section=%d has more changes than are caught up with", section)
