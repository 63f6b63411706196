"""Publishes one library: writes what is staged of it into the index, in one transaction. Readers see the old or the new.

Nothing is read from Plex here. Rows are inserted or updated, never replaced, because replacing deletes a row and with it
all that refers to it. What Plex no longer lists is marked as unavailable, and only when the listing was complete.
"""

import dataclasses
import os
from collections.abc import Callable
from dataclasses import dataclass, field

from indexer.file.staging import ADDED, CHANGED
from indexer.file.store import Store, query
from indexer.file.transfer import drop_unused_names, transfer, transfer_watch_states
from indexer.rows.tables import KINDS_OF_SECTION, LIBRARY_TABLES, Table
from indexer.rows.values import moment_text
from plexsync_plugin.core.model import Kind, Section

TOTALS = {"show": "totals_show", "artist": "totals_artist"}

_LISTED = "(SELECT rating_key FROM staging.listed WHERE section = :section AND kind = :kind)"

# For a rebuild: all rows of a library that Plex no longer lists.
_FORGET = "DELETE FROM main.items WHERE sectionKey = :section AND available = 0"

# A rating key that Plex has given to an item of another kind: nothing of the old one is left.
_TURNED = f"DELETE FROM main.items WHERE kind <> :kind AND ratingKey IN {_LISTED}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What one run did to one table, in items."""

    seen: int = 0  # listed by Plex
    added: int = 0
    changed: int = 0
    lost: int = 0  # not listed any more, or again
    missing: int = 0  # listed, but Plex did not give their details

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            seen=self.seen + other.seen,
            added=self.added + other.added,
            changed=self.changed + other.changed,
            lost=self.lost + other.lost,
            missing=self.missing + other.missing,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What is to be published."""

    section: Section
    now: str  # ISO 8601, for lastSeen
    staging_path: str
    rebuild: bool  # whether rows that Plex no longer lists are deleted
    anew: bool = False  # whether all details were read again
    complete: dict[Kind, bool] = field(default_factory=dict)  # for each kind, whether all of it was listed

    def parameters(self, kind: Kind) -> dict[str, str | int]:
        return {"section": self.section.key, "kind": int(kind), "now": self.now}


def publish(store: Store, publication: Publication) -> dict[str, Counts]:
    """Write the library into the index; returns counts by table.

    Raises DatabaseError when readers keep the file for minutes.
    """
    counts: dict[str, Counts] = {}
    # As bytes: a path that is not in the encoding of the system cannot be bound as text.
    store.connection.execute("ATTACH DATABASE ? AS staging", (os.fsencode(publication.staging_path),))
    try:
        store.write(_attempt(store, publication, counts))
    finally:
        store.connection.execute("DETACH DATABASE staging")
        store.shrink()
    for table, each in counts.items():
        store.count(publication.section.key, table, dataclasses.asdict(each))
    return counts


def _attempt(store: Store, publication: Publication, counts: dict[str, Counts]) -> Callable[[], None]:
    def attempt() -> None:
        counts.clear()
        kinds = KINDS_OF_SECTION[publication.section.type]
        _write_section(store, publication)
        for kind in kinds:
            store.connection.execute(_TURNED, publication.parameters(kind))
        for kind in kinds:
            counts[LIBRARY_TABLES[kind].name] = _write_kind(store, publication, kind)
        _hide_other_kinds(store, publication)
        if publication.rebuild and all(publication.complete.values()):
            store.connection.execute(_FORGET, {"section": publication.section.key})
        for kind in kinds:
            _link_parents(store, publication, kind)
            _unlink_left_behind(store, publication, kind)
        if publication.rebuild or any(each.changed for each in counts.values()):
            drop_unused_names(store.connection)
        store.leave_out()
        if publication.section.type in TOTALS:
            for statement in query(TOTALS[publication.section.type]):
                store.connection.execute(statement, {"section": publication.section.key})
        if any(each.added or each.changed or each.lost for each in counts.values()):
            store.analyze()
        _write_token(store, publication, whole=not any(each.missing for each in counts.values()))

    return attempt


def _write_section(store: Store, publication: Publication) -> None:
    section = publication.section
    store.connection.execute(
        "INSERT INTO sections (key, title, type, uuid, agent, scanner, language, createdAt, available) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT (key) DO UPDATE "
        "SET title = excluded.title, type = excluded.type, uuid = excluded.uuid, agent = excluded.agent, "
        "scanner = excluded.scanner, language = excluded.language, createdAt = excluded.createdAt, available = 1",
        (
            section.key,
            section.title,
            section.type,
            section.uuid or None,
            section.agent or None,
            section.scanner or None,
            section.language or None,
            moment_text(section.created_at or None),
        ),
    )
    store.connection.execute("DELETE FROM section_folders WHERE sectionKey = ?", (section.key,))
    store.connection.executemany(
        "INSERT INTO section_folders (sectionKey, position, path) VALUES (?, ?, ?)",
        [(section.key, place, path) for place, path in enumerate(section.locations)],
    )


def _write_token(store: Store, publication: Publication, *, whole: bool) -> None:
    """Store Plex's counters of the library, but only when nothing was left out: without them the next run reads it
    again."""
    section = publication.section
    counters = (section.content_changed_at, section.updated_at, section.scanned_at)
    whole = whole and all(publication.complete.values())
    store.connection.execute(
        "UPDATE sections SET contentChangedAt = ?, updatedAt = ?, scannedAt = ?, lastSweepAt = ?, runsSinceSweep = 0, "
        "lastDetailsAt = ifnull(?, lastDetailsAt) WHERE key = ?",
        (
            *(counters if whole else (None, None, None)),
            publication.now,
            publication.now if publication.anew else None,
            section.key,
        ),
    )


def _write_kind(store: Store, publication: Publication, kind: Kind) -> Counts:
    counts = _count(store, publication, kind)
    library, parameters = LIBRARY_TABLES[kind], publication.parameters(kind)
    transfer(store.connection, library, parameters)
    transfer_watch_states(store.connection, parameters)
    _mark_seen(store, library, parameters)
    if publication.complete[kind]:
        counts += Counts(lost=_mark_lost(store, library, parameters))
    return counts


def _count(store: Store, publication: Publication, kind: Kind) -> Counts:
    row = store.connection.execute(
        "SELECT count(*), total(detailed.mark IS listed.mark AND verdict = :added), "
        "total(detailed.mark IS listed.mark AND verdict = :changed), "
        "total(detailed.mark IS NOT listed.mark AND verdict <> 0) "
        "FROM staging.listed LEFT JOIN staging.detailed USING (rating_key) WHERE section = :section AND kind = :kind",
        publication.parameters(kind) | {"added": ADDED, "changed": CHANGED},
    ).fetchone()
    seen, added, changed, missing = (int(value) for value in row)
    return Counts(seen=seen, added=added, changed=changed, missing=missing)


def _mark_seen(store: Store, library: Table, parameters: dict[str, str | int]) -> None:
    connection = store.connection
    # An item that moved to another library is the same item there.
    connection.execute(
        f"UPDATE main.files SET sectionKey = :section WHERE sectionKey <> :section AND ratingKey IN {_LISTED}",
        parameters,
    )
    connection.execute(
        "UPDATE main.items SET available = 1, lastSeen = :now, sectionKey = :section "
        f"WHERE (lastSeen, available, sectionKey) IS NOT (:now, 1, :section) AND ratingKey IN {_LISTED}",
        parameters,
    )
    connection.execute(
        f"UPDATE main.{library.name} SET available = 1, lastSeen = :now "
        f"WHERE (lastSeen, available) IS NOT (:now, 1) AND {library.rating_key} IN {_LISTED}",
        parameters,
    )


def _mark_lost(store: Store, library: Table, parameters: dict[str, str | int]) -> int:
    connection = store.connection
    lost = connection.execute(
        "UPDATE main.items SET available = 0 WHERE sectionKey = :section AND kind = :kind AND available = 1 "
        f"AND ratingKey NOT IN {_LISTED}",
        parameters,
    ).rowcount
    hide(store, library, parameters)
    return lost


def _hide_other_kinds(store: Store, publication: Publication) -> None:
    """Mark items of kinds that this library cannot hold: left from when it, or another of its number, had another
    type."""
    for kind in LIBRARY_TABLES.keys() - set(KINDS_OF_SECTION[publication.section.type]):
        _hide_all(store, kind, publication.section.key)


def _hide_all(store: Store, kind: Kind, section: int) -> int:
    """Mark everything of one kind in a library as unavailable. Returns how many."""
    parameters: dict[str, str | int] = {"section": section, "kind": int(kind)}
    number = store.connection.execute(
        "UPDATE main.items SET available = 0 WHERE sectionKey = :section AND kind = :kind AND available = 1",
        parameters,
    ).rowcount
    hide(store, LIBRARY_TABLES[kind], parameters)
    return number


def hide(store: Store, library: Table, parameters: dict[str, str | int]) -> None:
    """Carry `available = 0` from items of one library and kind over to their library table."""
    store.connection.execute(
        f"UPDATE main.{library.name} SET available = 0 WHERE available = 1 AND {library.rating_key} IN "
        "(SELECT ratingKey FROM main.items WHERE sectionKey = :section AND kind = :kind AND available = 0)",
        parameters,
    )


def _link_parents(store: Store, publication: Publication, kind: Kind) -> None:
    """Fill in the parents of rows that came into the index before their parents did."""
    library = LIBRARY_TABLES[kind]
    for column, (parent, key) in library.parents.items():
        above = (
            "grandparentKey"
            if parent in ("tv_shows", "artists") and len(library.parents) > 1
            else "parentKey"
        )
        store.connection.execute(
            f"UPDATE main.{library.name} SET {column} = items.{above} FROM main.items "
            f"WHERE items.ratingKey = {library.name}.{library.rating_key} AND items.sectionKey = :section "
            f"AND items.kind = :kind AND {library.name}.{column} IS NULL "
            f"AND EXISTS (SELECT 1 FROM main.{parent} AS parent WHERE parent.{key} = items.{above})",
            publication.parameters(kind),
        )


def _unlink_left_behind(store: Store, publication: Publication, kind: Kind) -> None:
    """Take the parent from rows of other libraries whose parent has moved into this one.

    A parent that moves to another library takes its children along. Rows that still stand in the old library are out of
    date until that one is read, and this library's totals must not count them.
    """
    library = LIBRARY_TABLES[kind]
    for column in library.parents:
        store.connection.execute(
            f"UPDATE main.{library.name} SET {column} = NULL "
            f"WHERE {library.rating_key} IN (SELECT ratingKey FROM main.items WHERE kind = :kind AND sectionKey <> :section) "
            f"AND EXISTS (SELECT 1 FROM main.items AS parent WHERE parent.ratingKey = {column} "
            "AND parent.sectionKey = :section)",
            publication.parameters(kind),
        )


def retire(store: Store, sections: list[int]) -> dict[str, int]:
    """Mark libraries that Plex no longer has, and their items, as unavailable. Returns how many, by table."""
    lost: dict[str, int] = {}
    for section in sections:
        store.connection.execute("UPDATE sections SET available = 0 WHERE key = ?", (section,))
        for kind, library in LIBRARY_TABLES.items():
            number = _hide_all(store, kind, section)
            if number:
                store.count(section, library.name, dataclasses.asdict(Counts(lost=number)))
            lost[library.name] = lost.get(library.name, 0) + number
    store.leave_out()
    return lost
