"""A scene's rating and the stars of its items (setting ratings_back): who takes whose is decided before the items are written.

What both had when they were last the same is kept by `jobs.stars`, so that only a person's change moves anything, and what
PlexSync writes to one side never comes back from the other.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from plexsync_plugin.base.errors import PutAside
from plexsync_plugin.core.ledger import Record
from plexsync_plugin.core.model import Item, Scene
from plexsync_plugin.core.options import FieldOptions
from plexsync_plugin.core.scene import desired_state
from plexsync_plugin.core.stars import STAR, Agreed, Verdict, compare, rating100, star_text
from plexsync_plugin.jobs.server_records import ServerRecords
from plexsync_plugin.worker.scenes.scene_work import SceneWork

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratings:
    """Ratings in Stash. `rate` gives a scene one, or none; `scene` reads it as it is now; `tell` says a sentence to a person."""

    rate: Callable[[int, int | None], None]
    scene: Callable[[int], Scene | None]
    tell: Callable[[str], object]


class SceneStars:
    """Does nothing unless `on`, the setting ratings_back. Without `ratings`, as in a dry run, no star comes back to Stash, and stays in Plex all the same."""

    def __init__(
        self, records: ServerRecords, options: FieldOptions, ratings: Ratings | None, *, on: bool
    ) -> None:
        self.on = on
        self._records = records
        self._options = options
        self._ratings = ratings
        self._writes = STAR not in options.skipped

    def decide(self, work: SceneWork, held: Sequence[Item]) -> None:
        """What the scene's rating is to be, as if Stash had it already; `work.stars` says of each item whose counts."""
        if not self.on:
            return
        known = self._known(work, held)
        work.stars = self._compare(work, held, known)
        taken = self._new_star(work, held, known)
        if taken is not None:
            rating = rating100(taken.scalars[STAR])
            work.taken = True
            work.rated = work.scene.rating100
            work.scene = replace(work.scene, rating100=rating)
            work.desired = desired_state(work.scene, self._options)
            work.stars = self._compare(work, held, known)
            work.stars[taken.rating_key] = Verdict.EQUAL
        elif self._ratings is None:
            for key, verdict in work.stars.items():
                work.stars[key] = Verdict.EQUAL if verdict is Verdict.TO_STASH else verdict

    def is_equal(self, work: SceneWork, item: Item) -> bool:
        """Whether the item's star is not to be written: it is as it should be, whoever gave it."""
        return work.stars.get(item.rating_key) is Verdict.EQUAL

    def trim(self, work: SceneWork, item: Item, ledger: Mapping[str, Record]) -> dict[str, Record]:
        """The ledger without a star that a person has replaced: what stands there now is not ours to take back."""
        replaced = STAR in ledger and not ledger[STAR].is_ours(item.scalars[STAR])
        left_out = self.is_equal(work, item) and replaced
        return {name: record for name, record in ledger.items() if name != STAR or not left_out}

    def give(self, work: SceneWork) -> None:
        """A star that a person gave in Plex becomes the scene's rating. After this no request goes out before it is settled.

        Raises what Stash's client raises, and PutAside where the rating has changed since the scene was read.
        """
        if not work.taken or self._ratings is None:
            return
        now = self._ratings.scene(work.scene.id)
        if now is None or now.rating100 != work.rated:
            raise PutAside("the scene's rating has changed again")
        self._ratings.rate(work.scene.id, work.scene.rating100)
        _log.info("star taken scene=%d rating=%s", work.scene.id, work.scene.rating100)

    def settle(self, work: SceneWork, held: Sequence[Item]) -> None:
        """The items have been written: what both sides have now is agreed. Call it inside a transaction."""
        stash = star_text(work.scene.rating100)
        found = {
            item.rating_key: Agreed(
                plex=item.scalars[STAR] if self.is_equal(work, item) or not self._writes else stash,
                stash=stash,
            )
            for item in held
            if item.rating_key in work.stars
        }
        self._records.agree_stars(work.scene.id, found)

    def _known(self, work: SceneWork, held: Sequence[Item]) -> dict[int, tuple[Agreed | None, Record]]:
        agreed = self._records.agreed_stars(work.scene.id, [item.rating_key for item in held])
        return {
            item.rating_key: (
                None if self._records.is_foreign(item) else agreed.get(item.rating_key),
                self._records.ledger_of(item).get(STAR, Record()),
            )
            for item in held
        }

    def _compare(
        self, work: SceneWork, held: Sequence[Item], known: Mapping[int, tuple[Agreed | None, Record]]
    ) -> dict[int, Verdict]:
        stash = star_text(work.scene.rating100)
        found: dict[int, Verdict] = {}
        for item in held:
            agreed, record = known[item.rating_key]
            verdict = compare(item.scalars[STAR], stash, agreed, record)
            if verdict is Verdict.BOTH and not self._writes and agreed is not None:
                verdict = (
                    Verdict.TO_STASH
                )  # Stash's rating does not go to Plex, so nothing but a new star is left to follow
            found[item.rating_key] = verdict
        return found

    def _new_star(
        self, work: SceneWork, held: Sequence[Item], known: Mapping[int, tuple[Agreed | None, Record]]
    ) -> Item | None:
        """The item whose star is to become the rating. None where Stash's was changed too, as any item that knows it tells."""
        for item in held:
            agreed, record = known[item.rating_key]
            moved = work.stars[item.rating_key] in (Verdict.TO_PLEX, Verdict.BOTH)
            if moved and (agreed is not None or record.wrote):
                return None
        changed = [item for item in held if work.stars[item.rating_key] is Verdict.TO_STASH]
        readable = [
            item for item in changed if not item.scalars[STAR] or rating100(item.scalars[STAR]) is not None
        ]
        return readable[0] if readable and self._ratings is not None else None

    def tell(self, work: SceneWork, held: Sequence[Item]) -> None:
        """Where Stash has won, the person who gave the star is to know why it is gone."""
        for item in held:
            if work.stars.get(item.rating_key) in (Verdict.BOTH, Verdict.TO_STASH) and self._writes:
                self._tell_overruled(work, item)

    def _tell_overruled(self, work: SceneWork, item: Item) -> None:
        if self._ratings is None:
            return
        shown, stash = item.scalars[STAR] or "none", star_text(work.scene.rating100) or "none"
        self._ratings.tell(
            f"Scene {work.scene.id} was rated on both sides: {stash} in Stash and {shown} in Plex, of 10. Stash's counts."
        )
