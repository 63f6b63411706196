"""When Stash is asked for a scene's cover, and what its answer means. Gives nothing to Plex: that is `images`.

A cover is asked for only when something says that it may be new: Stash's time of the scene, the settings, or a look
at a stand-in whose time has come.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import PictureUnavailable, PlexSyncError
from plexsync_plugin.core.model import Scene
from plexsync_plugin.core.picture import Cover, Given, PictureOptions, is_settled, is_sure, looked_at
from plexsync_plugin.jobs.picture_records import PictureRecords
from plexsync_plugin.jobs.server_records import ServerPictureRecords
from plexsync_plugin.stash.covers import StashCover

Fetch = Callable[[int, str], StashCover | None]  # scene, ETag -> the cover, or None while it is that one


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureDue:
    """What a scene's items are owed: a picture, nothing any more (`stand_in`), or an answer of Stash (`trouble`).

    All unset: there is a new picture, and it is to be asked for again (a batch must not hold many in memory).
    """

    picture: StashCover | None = None
    stand_in: bool = False
    trouble: PlexSyncError | None = None


class Covers:
    """`records` are of the covers as Stash answered last, `pictures` of what one server was given."""

    def __init__(
        self,
        records: PictureRecords,
        pictures: ServerPictureRecords,
        fetch: Fetch,
        options: PictureOptions,
        clock: Clock,
    ) -> None:
        self._records = records
        self._pictures = pictures
        self._fetch = fetch
        self._options = options
        self._clock = clock

    def is_due(self, scene: Scene, known_at: str) -> bool:
        """`known_at` is Stash's time of the scene when its pictures were last in sync, "" for never."""
        if not self._options.slots:
            return False
        before = self._records.cover(scene.id)
        if before is None or before.wanted != self._options.text or known_at != scene.updated_at:
            return True
        return not before.sure or before.look_is_due(self._clock.now())

    def are_settled(self, scene: Scene, keys: Sequence[int]) -> bool:
        """Whether all slots of these items have what is known of the cover."""
        before = self._records.cover(scene.id)
        return before is not None and self._have(keys, before)

    def ask(self, scene: Scene, keys: Sequence[int], known_at: str) -> PictureDue | None:
        """None: nothing is owed. Raises StashUnavailable and StashUnauthorized."""
        before = self._records.cover(scene.id)
        known = before is not None and self._have(keys, before)
        try:
            answer = self._fetch(scene.id, before.etag if known and before else "")
        except PictureUnavailable as error:
            return PictureDue(trouble=error)
        if answer is not None and not answer.stand_in:
            return PictureDue(picture=answer)
        etag = answer.etag if answer is not None else before.etag if before else ""
        if answer is None and before is not None and not before.stand_in:
            self.note(scene, etag)
            return None
        self.note_stand_in(scene, etag, known_at)
        ours = any(given is not None and given.is_ours for given in self._given(keys))
        return PictureDue(stand_in=True) if ours else None

    def note(self, scene: Scene, etag: str) -> None:
        """Every item of the scene has what this cover gives it."""
        sure = is_sure(scene.updated_at, self._clock.now())
        cover = Cover(etag=etag, wanted=self._options.text, sure=sure)
        if self._records.cover(scene.id) != cover:
            self._records.put_cover(scene.id, cover)

    def note_stand_in(self, scene: Scene, etag: str, known_at: str) -> None:
        """There is no cover that could be given; it is looked at again later."""
        edited = known_at != scene.updated_at
        before, now = self._records.cover(scene.id), self._clock.now()
        after = looked_at(before, etag=etag, wanted=self._options.text, edited=edited, now=now)
        self._records.put_cover(scene.id, replace(after, sure=is_sure(scene.updated_at, now)))

    def _have(self, keys: Sequence[int], cover: Cover) -> bool:
        if cover.stand_in:
            return True
        return all(is_settled(self._options, given, cover.etag) for given in self._given(keys))

    def _given(self, keys: Sequence[int]) -> list[Given | None]:
        """One per item and slot that PlexSync fills."""
        rows = [self._pictures.given(key) for key in keys]
        return [given.get(slot.element) for given in rows for slot in self._options.slots]
