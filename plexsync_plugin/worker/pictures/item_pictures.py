"""Gives a scene's cover to its items as poster and background. Giving back what was there before is `restore_pictures`'.

A picture is sent only when its bytes are not those that, as far as we know, Plex has from us. The database names the
bytes before they are sent, so that after a crash they are recognised as ours.
"""

import dataclasses
import logging
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from plexsync_plugin.base.errors import (
    PictureUnusable,
    PlexSyncError,
)
from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.core.model import Item, Scene
from plexsync_plugin.core.picture import (
    Given,
    PictureOptions,
    PictureSlot,
    digest,
    is_portrait,
    left_alone,
    may_be_lost,
    source,
    upload_key,
)
from plexsync_plugin.jobs.server_records import ServerPictureRecords
from plexsync_plugin.plex.gateway import PlexGateway
from plexsync_plugin.stash.covers import StashCover
from plexsync_plugin.worker.pictures.covers import Covers, PictureDue
from plexsync_plugin.worker.pictures.fit_cover import CoverFitter
from plexsync_plugin.worker.pictures.restore_pictures import restore_pictures
from plexsync_plugin.worker.pictures.shown_again import ShownAgain

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One picture that is to be sent to one slot of one item."""

    slot: PictureSlot
    row: Given  # what is known of the slot, as stored before sending: it names these bytes as under way
    sha1: str  # of the bytes; Plex names the upload by it
    etag: str  # of the cover that the bytes were made from
    data: bytes = field(repr=False)
    locked: bool  # whether the slot's field was locked when the item was read
    there: (
        Mapping[str, bool] | None
    )  # Plex's pictures for the slot by key, and which is selected; None: not asked yet


@dataclass(slots=True, kw_only=True)
class PicturePlan:
    """What is to be done about the pictures of one scene's items, once their fields are written."""

    scene: Scene
    etag: str = ""  # of the cover that all items have when the plan is done; "" where no cover is given
    uploads: list[Upload] = field(default_factory=list)
    returned: list[int] = field(
        default_factory=list
    )  # rating keys that get back what they showed before ours
    trouble: PlexSyncError | None = None  # why there is no cover to give; `give` raises it

    @property
    def is_empty(self) -> bool:
        return not (self.etag or self.uploads or self.returned or self.trouble)

    def locks(self, item: Item) -> list[str]:
        """Fields of this item that are to be locked, in the same request as its other edits."""
        mine = [upload for upload in self.uploads if upload.row.rating_key == item.rating_key]
        return [upload.slot.field for upload in mine if not upload.locked]


class ItemPictures:
    """Bound to one server. `tell` takes a sentence about a cover that cannot be used."""

    def __init__(
        self,
        *,
        connection: sqlite3.Connection,
        records: ServerPictureRecords,
        covers: Covers,
        gateway: PlexGateway,
        options: PictureOptions,
        fitter: CoverFitter,
        tell: Callable[[str], None],
    ) -> None:
        self._connection = connection
        self._records = records
        self._covers = covers
        self._gateway = gateway
        self._options = options
        self._fitter = fitter
        self._tell = tell
        self.shown_again = ShownAgain(connection, records)

    def peek(self, scene: Scene, known_at: str, keys: Sequence[int]) -> PictureDue | None:
        """What is to be done for a scene whose fields are in sync; asks Stash alone, and only when a cover may be new.

        Raises StashUnavailable, StashUnauthorized.
        """
        return self._covers.ask(scene, keys, known_at) if self._covers.is_due(scene, known_at) else None

    def is_cover_due(self, scene: Scene, known_at: str) -> bool:
        """As `Covers.is_due`."""
        return self._covers.is_due(scene, known_at)

    def is_settled(
        self, scene: Scene, item: Item, known_at: str, due: PictureDue | None, *, asked: bool
    ) -> bool:
        """Whether `look` and `prepare` would ask nobody for anything, and find nothing to do."""
        if not self._options.slots:
            return True
        if due is not None or (not asked and self._covers.is_due(scene, known_at)):
            return False
        known = self._records.given(item.rating_key)
        lost = any(
            may_be_lost(known[slot.element], item.pictures.get(slot.field, ""))
            for slot in self._options.slots
            if slot.element in known
        )
        return not lost and self._covers.are_settled(scene, [item.rating_key])

    def look(self, items: Sequence[Item]) -> None:
        """Find out whether these items still show our pictures; what is lost is given again by `prepare`.

        Plex is asked only where the address has changed since it was last looked at. What a person chose since is left
        alone where preserve_plex_edits is on, as any picture that was there before ours.
        """
        for item in items:
            known = self._records.given(item.rating_key)
            for slot in self._options.slots:
                row, address = known.get(slot.element), item.pictures.get(slot.field, "")
                if row is None or not may_be_lost(row, address):
                    continue
                there = self._shown(item.rating_key, slot) if address else {}
                ours = upload_key(slot.element, row.sha1)
                if there.get(ours):
                    self._records.put(dataclasses.replace(row, shown=address))
                    continue
                _log.info("picture lost item=%d slot=%s", item.rating_key, slot.element)
                self._records.put(dataclasses.replace(row, sha1="", source="", shown=""))

    def prepare(
        self, scene: Scene, items: Sequence[Item], known_at: str, due: PictureDue | None, *, asked: bool
    ) -> PicturePlan:
        """Make the plan: fetch the cover, fit it to each slot, store what is about to be sent. Nothing is written to Plex. `asked`: Stash
        was asked for the cover in this batch, and what came of it is `due`.

        A cover that cannot be had becomes the plan's `trouble`, so that the fields are written all the same.
        """
        pictures = PicturePlan(scene=scene)
        if not self._options.slots:
            return pictures
        keys = [item.rating_key for item in items]
        is_known = due is None and (asked or not self._covers.is_due(scene, known_at))
        if is_known and self._covers.are_settled(scene, keys):
            return pictures
        try:
            if due is None or due == PictureDue():
                due = self._covers.ask(scene, keys, known_at)
            if due is not None:
                self._lay_out(pictures, items, known_at, due)
        except PlexSyncError as error:
            pictures.uploads.clear()
            pictures.trouble = error
        return pictures

    def give(self, pictures: PicturePlan, is_old: Callable[[], bool]) -> int:
        """Carry the plan out; returns the number of requests that wrote. Raises what the job is to be settled by.

        `is_old` tells whether what Plex showed when the plan was made may be another by now.
        """
        if pictures.trouble is not None:
            raise pictures.trouble
        written = sum(self._give(upload, asks=is_old()) for upload in pictures.uploads)
        elements = [slot.element for slot in self._options.slots]
        for key in pictures.returned:
            written += restore_pictures(key, self._records, self._gateway, elements)
        if pictures.etag:
            self._covers.note(pictures.scene, pictures.etag)
        if pictures.uploads or pictures.returned:
            _log.info("pictures scene=%d requests=%d", pictures.scene.id, written)
        return written

    # --- laying out ----------------------------------------------------------------------------------------------

    def _lay_out(self, pictures: PicturePlan, items: Sequence[Item], known_at: str, due: PictureDue) -> None:
        pictures.trouble = due.trouble
        if due.picture is not None:
            try:
                self._divide(pictures, items, due.picture)
            except PictureUnusable as error:
                _log.warning("cover scene=%d unusable: %s", pictures.scene.id, error)
                self._tell(f"The cover of scene {pictures.scene.id} cannot be given to Plex: {error}.")
                self._covers.note_no_cover(pictures.scene, due.picture.etag, known_at)
                due = PictureDue(take_back=True)
        if due.take_back:
            rows = {item.rating_key: self._records.given(item.rating_key) for item in items}
            pictures.returned = [
                key for key, given in rows.items() if any(row.is_ours for row in given.values())
            ]

    def _divide(self, pictures: PicturePlan, items: Sequence[Item], picture: StashCover) -> None:
        """Fit the cover to each slot of each item and store what each is to get, before anything is sent."""
        made: dict[bool, bytes] = {}
        rows: list[Given] = []
        for item in items:
            known = self._records.given(item.rating_key)
            for slot in self._options.slots:
                upright = is_portrait(self._options, slot.element, item.kind)
                if upright not in made:
                    made[upright] = (self._fitter.portrait if upright else self._fitter.plain)(picture.data)
                before, sha1 = known.get(slot.element) or _blank(item, slot), digest(made[upright])
                row = self._row(item, slot, before, sha1, picture.etag)
                if not row.source:
                    there = self._there(item, slot, before, sha1)
                    if row.saved is None and there is not None:
                        row = dataclasses.replace(row, saved=_selected(there))
                    pictures.uploads.append(
                        Upload(
                            slot=slot,
                            row=row,
                            sha1=sha1,
                            etag=picture.etag,
                            data=made[upright],
                            locked=slot.field in item.locked,
                            there=there,
                        )
                    )
                rows.append(row)
        with transaction(self._connection):
            for row in rows:
                self._records.put(row)
        pictures.etag = picture.etag

    def _row(self, item: Item, slot: PictureSlot, row: Given, sha1: str, etag: str) -> Given:
        """What is known of a slot, brought up to this cover. A `source` says that nothing is to be sent: the slot has the
        cover, or is a person's. Without one, the bytes are under way."""
        if self._options.preserve and slot.field in item.locked and not row.is_ours:
            return dataclasses.replace(row, source=left_alone(etag))
        if row.sha1 == sha1 and not row.sending:
            return dataclasses.replace(row, source=source(self._options, slot.element, item.kind, etag))
        sending = ",".join(dict.fromkeys((*row.under_way, sha1)))
        return dataclasses.replace(row, sending=sending, source="")

    def _there(self, item: Item, slot: PictureSlot, before: Given, sha1: str) -> Mapping[str, bool] | None:
        """The value of `Upload.there`. What stood there before our first picture is read before our lock is written: what
        is chosen after that, while we are cut off, is a person's choice."""
        if before.saved is None:
            return self._shown(item.rating_key, slot)
        return None if sha1 in before.under_way or slot.field in item.pictures else {}

    def _shown(self, rating_key: int, slot: PictureSlot) -> dict[str, bool]:
        return {shown.key: shown.selected for shown in self._gateway.pictures(rating_key, slot)}

    # --- giving --------------------------------------------------------------------------------------------------

    def _give(self, upload: Upload, *, asks: bool) -> int:
        """Send one picture, unless Plex has it already; returns the number of requests that wrote. `asks` Plex what it shows, also
        where that was known."""
        row, slot = upload.row, upload.slot
        ours = upload_key(slot.element, upload.sha1)
        there = upload.there
        if there is None or asks:
            there = self._shown(row.rating_key, slot)
        selected = _selected(there)
        chosen = upload.there is not None and selected != _selected(upload.there)
        if not row.wrote(selected):
            # A person has chosen since, and that is what Undo gives back.
            if self._options.preserve and (upload.locked or chosen):
                left = dataclasses.replace(row, sending="", source=left_alone(upload.etag))
                self._records.put(left)
                return 0
            if selected:
                row = dataclasses.replace(row, saved=selected, saved_locked=upload.locked)
                self._records.put(row)
        if ours not in there:
            self._gateway.upload_picture(row.rating_key, slot, upload.data)
        elif not there[ours]:
            self._gateway.select_picture(row.rating_key, slot, ours)
        form = source(self._options, slot.element, row.kind, upload.etag)
        self._records.put(dataclasses.replace(row, sha1=upload.sha1, sending="", source=form, shown=""))
        self.shown_again.given(row.rating_key, slot.element)
        return 0 if there.get(ours) else 1


def _selected(there: Mapping[str, bool]) -> str:
    return next((key for key, chosen in there.items() if chosen), "")


def _blank(item: Item, slot: PictureSlot) -> Given:
    """What is known of a slot before our first picture. Where it shows something, Plex has yet to be asked what."""
    return Given(
        rating_key=item.rating_key,
        element=slot.element,
        section=item.section,
        kind=int(item.kind),
        saved=None if slot.field in item.pictures else "",
        saved_locked=slot.field in item.locked,
    )
