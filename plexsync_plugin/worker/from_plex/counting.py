"""Counts plays in Stash, each once: written down as planned, Stash's own plays looked at, Stash told, settled.

Stash keeps plays without a key, so the same play given twice would be two (docs/facts/stash.md, last section). Before it is told,
what it has of that very second is written down: after a crash the difference says whether it was told.
"""

import dataclasses
import logging
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import groupby

from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.core.drift import files_mark
from plexsync_plugin.jobs.census import Census
from plexsync_plugin.jobs.plays import (
    ADDING,
    OURS,
    PASSED,
    PLANNED,
    REMOVING,
    THEIRS,
    UNDONE,
    WAITING,
    Awaited,
    KnownPlay,
    Plays,
)
from plexsync_plugin.jobs.records import Records
from plexsync_plugin.jobs.store import BULK, JobStore
from plexsync_plugin.plex import elements
from plexsync_plugin.stash.activity import Activity
from plexsync_plugin.worker.from_plex.items import PlayedItems
from plexsync_plugin.worker.from_plex.side import WatchSide

AT_ONCE = 1_000  # plays that are planned at once
SCENES = 50  # per query to Stash

_log = logging.getLogger(__name__)


class PlayCount:
    def __init__(self, side: WatchSide, items: PlayedItems) -> None:
        self._side = side
        self._items = items
        self._plays = Plays(side.connection, side.server)

    # --- from an item to its scene -------------------------------------------------------------------------------

    def plan(self) -> int:
        """Plays whose item is a scene's are planned; how many. Raises what the gateway raises.

        Each item is read, for its rating key may have been dealt anew, or another file taken the place of the scene's: then its
        scene is looked for again first.
        """
        awaited = self._plays.awaited(AT_ONCE)
        there = self._items.read(each.play.rating_key for each in awaited)
        marks = {key: files_mark(elements.files(element)) for key, element in there.items()}
        # What Plex has no more may have been deleted after it was played.
        sure = [each for each in awaited if marks.get(each.play.rating_key, each.files) == each.files]
        with transaction(self._side.connection):
            for each in sure:
                self._plan(each)
            self._look_again({each.scene_id for each in awaited} - {each.scene_id for each in sure})
        return len(sure)

    def _plan(self, awaited: Awaited) -> None:
        """A play that came by another item of the same scene, as where a folder is in two libraries, is the same play."""
        play, scene_id = awaited.play, awaited.scene_id
        twice = self._plays.is_counted(scene_id, play.account, play.played_at)
        self._plays.put(dataclasses.replace(play, state=PASSED if twice else PLANNED, scene_id=scene_id))

    def _look_again(self, scene_ids: Collection[int]) -> None:
        records, store = Records(self._side.connection), JobStore(self._side.connection)
        free = Census(self._side.connection).free(scene_ids)
        for scene_id in free:
            records.forget_synced(self._side.server, scene_id)
        store.bump(free, priority=BULK, now=self._side.clock.now())

    # --- from a scene to Stash -----------------------------------------------------------------------------------

    def settle(self) -> int:
        """Tell Stash of what is planned, and find out what it was told before a crash, until something else comes first; how many
        plays were counted.

        Raises what Stash's client raises: what it met stays to be settled.
        """
        counted = 0
        while plays := self._plays.to_settle(SCENES):
            activities = self._side.stash.activity(sorted({play.scene_id for play in plays}))
            for scene_id, of_scene in groupby(plays, key=lambda play: play.scene_id):
                if counted and self._side.come_first():
                    return counted
                counted += self._settle_scene(scene_id, list(of_scene), activities.get(scene_id))
        return counted

    def _settle_scene(self, scene_id: int, plays: Sequence[KnownPlay], activity: Activity | None) -> int:
        if activity is None:
            self._scene_is_gone(plays)
            return 0
        arrived, lost = _told(plays, activity.plays, ADDING)
        self._put_all(arrived, OURS)
        self._finish_removing(scene_id, plays, activity.plays)
        planned = [play for play in plays if play.state == PLANNED] + lost
        return len(arrived) + self._add(scene_id, planned, activity.plays)

    def _scene_is_gone(self, plays: Sequence[KnownPlay]) -> None:
        """Merged or destroyed, its plays with it: they wait for the scene that has the file now."""
        with transaction(self._side.connection):
            for play in plays:
                if play.state == REMOVING:
                    self._plays.put(dataclasses.replace(play, state=UNDONE))
                else:
                    self._plays.put(dataclasses.replace(play, state=WAITING, scene_id=0))

    def _add(self, scene_id: int, planned: Sequence[KnownPlay], there: Counter[int]) -> int:
        """What Stash had of the very second without us counts as that play."""
        theirs, mine = _divided(planned, there, self._plays.accounted(scene_id))
        self._put_all(theirs, THEIRS)
        if not mine:
            return 0
        adding = [dataclasses.replace(play, stash_had=there[play.played_at]) for play in mine]
        self._put_all(adding, ADDING)
        self._side.stash.add_plays(scene_id, [play.played_at for play in adding])
        self._put_all(adding, OURS)
        _log.info("plays counted scene=%d plays=%d", scene_id, len(adding))
        return len(adding)

    def _put_all(self, plays: Iterable[KnownPlay], state: str) -> None:
        with transaction(self._side.connection):
            for play in plays:
                self._plays.put(dataclasses.replace(play, state=state))

    # --- taking back ---------------------------------------------------------------------------------------------

    def take_back(self, scene_ids: Sequence[int]) -> int | None:
        """Plays of these scenes, or of all, that are in Stash by us are taken out of it, one step; how many. None: none is left.

        Raises what Stash's client raises.
        """
        plays = self._plays.ours(scene_ids, SCENES)
        if not plays:
            return None
        activities = self._side.stash.activity(sorted({play.scene_id for play in plays}))
        taken = 0
        for scene_id, of_scene in groupby(plays, key=lambda play: play.scene_id):
            activity = activities.get(scene_id)
            if activity is None:
                self._put_all(of_scene, UNDONE)
            else:
                taken += self._take_back_scene(scene_id, list(of_scene), activity.plays)
        return taken

    def _take_back_scene(self, scene_id: int, plays: Sequence[KnownPlay], there: Counter[int]) -> int:
        arrived, lost = _told(plays, there, ADDING)
        self._put_all(lost, UNDONE)  # Stash never heard of them
        left = self._finish_removing(scene_id, plays, there, again=False)
        mine = [play for play in plays if play.state == OURS] + arrived + left
        # A person may have deleted it in Stash by now, and what is left there of that second be another's.
        counts = Counter(play.played_at for play in mine)
        removing = [
            dataclasses.replace(play, stash_had=there[play.played_at])
            for play in mine
            if there[play.played_at] >= counts[play.played_at]
        ]
        self._put_all((play for play in mine if there[play.played_at] < counts[play.played_at]), UNDONE)
        if not removing:
            return 0
        self._put_all(removing, REMOVING)
        self._side.stash.delete_plays(scene_id, [play.played_at for play in removing])
        self._put_all(removing, UNDONE)
        _log.info("plays taken back scene=%d plays=%d", scene_id, len(removing))
        return len(removing)

    def _finish_removing(
        self, scene_id: int, plays: Sequence[KnownPlay], there: Counter[int], *, again: bool = True
    ) -> list[KnownPlay]:
        """What Stash was being told to drop: it did, or is told `again`, or the plays are handed back."""
        removing = [play for play in plays if play.state == REMOVING]
        gone = [play for play in removing if there[play.played_at] < play.stash_had]
        left = [play for play in removing if there[play.played_at] >= play.stash_had]
        self._put_all(gone, UNDONE)
        if left and again:
            self._side.stash.delete_plays(scene_id, [play.played_at for play in left])
            self._put_all(left, UNDONE)
        return left


def _told(
    plays: Sequence[KnownPlay], there: Counter[int], state: str
) -> tuple[list[KnownPlay], list[KnownPlay]]:
    """Of the plays in this state, those that Stash has more of than before it was told, and the others."""
    left = Counter[int]()
    arrived: list[KnownPlay] = []
    lost: list[KnownPlay] = []
    for play in plays:
        if play.state == state:
            left[play.played_at] += 1
            has_it = there[play.played_at] >= play.stash_had + left[play.played_at]
            (arrived if has_it else lost).append(play)
    return arrived, lost


def _divided(
    planned: Sequence[KnownPlay], there: Counter[int], accounted: dict[int, int]
) -> tuple[list[KnownPlay], list[KnownPlay]]:
    """Plays that Stash has by others, and those that it is to be told of."""
    theirs: list[KnownPlay] = []
    mine: list[KnownPlay] = []
    free = Counter({at: there[at] - accounted.get(at, 0) for at in {play.played_at for play in planned}})
    for play in planned:
        if free[play.played_at] > 0:
            free[play.played_at] -= 1
            theirs.append(play)
        else:
            mine.append(play)
    return theirs, mine
