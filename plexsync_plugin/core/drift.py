"""Compares what a listing shows of an item with what PlexSync wrote there. Pure.

A listing never shows locks, and only the first tags of a list (docs/facts/plex.md section 3.5). What it cannot show counts as
unchanged.
"""

import hashlib
import json
from collections.abc import Collection, Iterable

from plexsync_plugin.core.ledger import MADE_BY_PLEX, Ledger, Record
from plexsync_plugin.core.model import SHARED_LISTS, SORT_TITLE, File, Item, Tag

# A listing shows at least so many tags of each list, if the item has them.
LISTED = {"genre": 2, "actor": 3, "director": 2, "collection": 2}


def changed_fields(
    listed: Item, ledger: Ledger, *, skipped: Collection[str] = (), preserve: bool = False
) -> tuple[str, ...]:
    """Names of the fields that PlexSync wrote and that show something else now.

    `skipped` are fields that the settings leave alone. With `preserve` a person may add tags to any list.
    """
    return tuple(
        name
        for name, record in ledger.items()
        if name not in skipped and record.wrote and not _is_kept(name, listed, record, preserve)
    )


def _is_kept(name: str, listed: Item, record: Record, preserve: bool) -> bool:
    if name == SORT_TITLE and record.wrote == (MADE_BY_PLEX,):
        return True
    if name in listed.scalars:
        return record.is_ours(listed.scalars[name])
    if name in listed.lists:
        return _shows_list(name, listed.lists[name], record, shared=preserve or name in SHARED_LISTS)
    return True


def _shows_list(name: str, tags: tuple[Tag, ...], record: Record, *, shared: bool) -> bool:
    """Whether the shown tags can be part of the list that we wrote; the server may show any of it, in any order."""
    there = {tag.key for tag in tags}
    wanted = {tag.key for tag in record.wrote[-1] if isinstance(tag, Tag)}
    if shared:
        return len(there) >= LISTED[name] or wanted <= there
    return there <= wanted and len(there) >= min(LISTED[name], len(wanted))


def listing_mark(listed: Item, fields: Iterable[str]) -> str:
    """Fingerprint of what the listing shows of these fields."""
    shown = {name: listed.scalars.get(name, "") for name in fields if name not in listed.lists}
    tags = {name: sorted(tag.key for tag in listed.lists[name]) for name in fields if name in listed.lists}
    return _fingerprint([shown, tags])


def files_mark(files: Iterable[File]) -> str:
    """Fingerprint of an item's files, and of which lie in the trash; a listing shows all of them."""
    return _fingerprint(
        sorted((file.path, file.size, *(("trashed",) if file.trashed else ())) for file in files)
    )


def _fingerprint(plain: object) -> str:
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:32]
