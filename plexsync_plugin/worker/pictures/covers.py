"""When Stash is asked for a scene's cover, and what its answer means. Plex is given pictures by `item_pictures`.

A cover is asked for only when it may be new: when Stash's time of the scene has changed, when the settings have, or when
a scene that had only Stash's default picture is to be looked at again.
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
    """What is to be done about the pictures of one scene's items.

    With no field set there is a new cover that must be asked for once more before it is given: a batch of scenes does
    not keep all their covers in memory.
    """

    picture: StashCover | None = None  # the new cover, to be given to the items
    take_back: bool = (
        False  # the scene has no cover any more: the items get back what they showed before ours
    )
    trouble: PlexSyncError | None = (
        None  # Stash did not hand the cover out; raised when the pictures' turn comes
    )


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
        """Whether Stash must be asked for the cover.

        `known_at` is Stash's time of the scene when its pictures were last in sync, "" for never.
        """
        if not self._options.slots:
            return False
        before = self._records.cover(scene.id)
        if before is None or before.wanted != self._options.text or known_at != scene.updated_at:
            return True
        return not before.sure or before.look_is_due(self._clock.now())

    def are_settled(self, scene: Scene, keys: Sequence[int]) -> bool:
        """Whether every slot of these items has the cover that Stash served last."""
        before = self._records.cover(scene.id)
        return before is not None and self._have(keys, before)

    def ask(self, scene: Scene, keys: Sequence[int], known_at: str) -> PictureDue | None:
        """Ask Stash for the cover. None: nothing is to be done. Raises StashUnavailable and StashUnauthorized."""
        before = self._records.cover(scene.id)
        known = before is not None and self._have(keys, before)
        try:
            answer = self._fetch(scene.id, before.etag if known and before else "")
        except PictureUnavailable as error:
            return PictureDue(trouble=error)
        if answer is not None and not answer.is_default:
            return PictureDue(picture=answer)
        etag = answer.etag if answer is not None else before.etag if before else ""
        if answer is None and before is not None and not before.stand_in:
            self.note(scene, etag)
            return None
        self.note_no_cover(scene, etag, known_at)
        ours = any(given is not None and given.is_ours for given in self._given(keys))
        return PictureDue(take_back=True) if ours else None

    def note(self, scene: Scene, etag: str) -> None:
        """Remember that every item of the scene shows the cover with this ETag."""
        sure = is_sure(scene.updated_at, self._clock.now())
        cover = Cover(etag=etag, wanted=self._options.text, sure=sure)
        if self._records.cover(scene.id) != cover:
            self._records.put_cover(scene.id, cover)

    def note_no_cover(self, scene: Scene, etag: str, known_at: str) -> None:
        """Remember that the scene has no cover that could be given, and when to look again."""
        edited = known_at != scene.updated_at
        before, now = self._records.cover(scene.id), self._clock.now()
        after = looked_at(before, etag=etag, wanted=self._options.text, edited=edited, now=now)
        self._records.put_cover(scene.id, replace(after, sure=is_sure(scene.updated_at, now)))

    def _have(self, keys: Sequence[int], cover: Cover) -> bool:
        if cover.stand_in:
            return True
        return all(is_settled(self._options, given, cover.etag) for given in self._given(keys))

    def _given(self, keys: Sequence[int]) -> list[Given | None]:
        """What is known of each slot that PlexSync fills, item by item; None for a slot that was never filled."""
        rows = [self._pictures.given(key) for key in keys]
        return [given.get(slot.element) for given in rows for slot in self._options.slots]
