"""What is done about items that rang: scenes that wait for a file of theirs become due, and so do scenes whose item was
changed, moved or deleted. Nothing is written to Plex here.
"""

import logging
from collections.abc import Collection, Iterable, Sequence

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import PlexBusy, PlexTrouble
from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.core.model import Item
from plexsync_plugin.core.pathmap import name_key
from plexsync_plugin.jobs.missing import MissingScenes
from plexsync_plugin.jobs.store import RECONCILE, JobStore
from plexsync_plugin.worker.live.bell import Rung
from plexsync_plugin.worker.orders.plex_differences import drifted, gone
from plexsync_plugin.worker.orders.reconcile_progress import SceneDifference
from plexsync_plugin.worker.scenes.plex_side import PlexSide, ServerSide

DETAILS = 100  # ids per request
PATIENCE = 12  # failures of one look, each of half as many items as the one before, until it is Plex that has trouble
AGAIN = 3_600.0  # seconds in which the same values of an item are answered once: else Plex and we could go on for ever

_log = logging.getLogger(__name__)


class Looks:
    def __init__(self, store: JobStore, missing: MissingScenes, clock: Clock) -> None:
        self._store = store
        self._missing = missing
        self._clock = clock
        self._answered: dict[int, tuple[str, float]] = {}  # by rating key: what it showed then, and when

    def look(self, rung: Rung, plex: PlexSide) -> dict[int, Item]:
        """The items of ours that were read, in full. One request per 100 items that concern us; raises what the gateway
        raises."""
        side = plex.current()
        if rung.overflowed:
            woken = self._missing.wake_for_settings(self._clock.now())
            _log.info("more events than are kept, due again scenes=%d", woken)
        ours = side.records.matched_among([*rung.updated, *rung.deleted])
        awaited = self._missing.has_files()
        items = _read(side, [key for key in rung.updated if awaited or key in ours])
        lost = ours & set(rung.deleted) | {key for key in rung.updated if key in ours and key not in items}
        for item in self.compare(plex, items.values(), lost):
            side.finder.appeared.keep_details(item)
        self.wake_missing(side, items.values(), in_full=True)
        return {key: item for key, item in items.items() if key in ours}

    def compare(self, plex: PlexSide, items: Iterable[Item], lost: Collection[int]) -> list[Item]:
        """Scenes whose items are not as they were left become due, behind everything else; the items that are still there."""
        by_key = {item.rating_key: item for item in items}
        records = plex.current().records
        found: list[SceneDifference] = []
        changed: list[Item] = []
        for matched in records.in_sync_among([*by_key, *lost]):
            if not matched.at_rest:
                continue
            item = by_key.get(matched.rating_key)
            difference = gone(matched) if item is None else drifted(plex, matched, item)
            if difference is not None and self._is_new(difference, matched.rating_key):
                found.append(difference)
                changed += [item] if item is not None else []
                _log.info("heard scene=%d reason=%s", matched.scene_id, difference.reason)
        if not found:
            return []
        with transaction(records.connection):
            for difference in found:
                records.forget_synced(difference.scene_id)
                if difference.accept:
                    records.accept_listing(*difference.accept)
            scenes = {difference.scene_id for difference in found}
            self._store.bump(scenes, priority=RECONCILE, now=self._clock.now())
        return changed

    def wake_missing(self, side: ServerSide, items: Iterable[Item], *, in_full: bool) -> int:
        """Scenes that wait for a file of one of these items are due now; how many."""
        named: dict[str, list[Item]] = {}
        for item in items:
            for file in item.files if side.finder.allows(item.section) else ():
                named.setdefault(name_key(file.path), []).append(item)
        awaited = self._missing.files_named(named)
        for name in {name_key(file.path) for _, file in awaited}:
            for item in named.get(name, ()):
                side.finder.appeared.add(item, in_full=in_full)
        shown = {scene_id for scene_id, file in awaited if side.finder.shows(file)}
        woken = self._missing.wake(shown, self._clock.now()) if shown else 0
        if woken:
            _log.info("files have appeared, due scenes=%d", woken)
        return woken

    def _is_new(self, difference: SceneDifference, rating_key: int) -> bool:
        """Whether this was not answered lately. A value that Plex makes another of at each write would come back for ever."""
        now, mark = self._clock.monotonic(), f"{difference.reason}:{difference.accept}"
        known, when = self._answered.get(rating_key, ("", 0.0))
        if known == mark and now - when < AGAIN:
            return False
        self._answered = {key: each for key, each in self._answered.items() if now - each[1] < AGAIN}
        self._answered[rating_key] = (mark, now)
        return True


def _read(side: ServerSide, keys: Sequence[int]) -> dict[int, Item]:
    """Details by rating key. An item at which Plex fails is left out: it would spoil the read of all others."""
    found: dict[int, Item] = {}
    left = [keys[start : start + DETAILS] for start in range(0, len(keys), DETAILS)]
    failures = 0
    while left:
        some = left.pop()
        try:
            found.update(side.scenes.read_items(some))
            failures = 0
        except PlexBusy:
            raise
        except PlexTrouble as error:
            failures += 1
            if failures > PATIENCE:
                raise
            if len(some) == 1:
                _log.warning("item=%d not looked at: %s", some[0], error)
            else:
                middle = len(some) // 2
                left += [some[:middle], some[middle:]]
    return found
