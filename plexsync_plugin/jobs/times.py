"""Owns the list of all times in plexsync.db, and puts them right after the clock was ahead: what lies in the future has
happened by now, and what was put off by that clock is due.

A test compares the list with the schema, so that a new time cannot be left out. All times are epoch seconds.
"""

import sqlite3

from plexsync_plugin.base.sqlite import transaction

DAY, HOUR = 86_400.0, 3_600.0

# When something happened: never later than now.
HAPPENED = {
    "jobs": ("first_failed_at", "last_tried_at", "changed_at"),
    "orders": ("created_at", "ended_at"),
    "dead_letters": ("first_at", "last_at"),
    "synced": ("synced_at",),
    "undone": ("undone_at",),
    "folder_scans": ("asked_at",),
    "ledger": ("written_at",),
    "outages": ("started_at", "ended_at"),
    "notices": ("said_at",),
    "activity": ("at",),
    "comparisons": ("compared_at",),
    "choices": ("chosen_at",),
}
# When something is due, when that was written down (where the table has it), and for how long a schedule may put it off.
DUE = {
    "jobs": ("due_at", "changed_at", DAY),
    "orders": ("due_at", "", HOUR),
    "covers": ("look_at", "", DAY),
}
# Times that look after themselves, each with the reason.
EXEMPT = {("breaker", "probe_at"): "core.breaker probes at once where it is further away than its interval"}


def put_right(connection: sqlite3.Connection, now: float) -> int:
    """Times of a clock that was ahead become `now`; how many things are due by it."""
    woken = 0
    with transaction(connection):
        for table, (due, written, longest) in DUE.items():
            ahead = f" OR ({due} > :now AND {written} > :now)" if written else ""
            woken += connection.execute(
                f"UPDATE {table} SET {due} = :now WHERE {due} > :far{ahead}",
                {"now": now, "far": now + longest},
            ).rowcount
        for table, columns in HAPPENED.items():
            for column in columns:
                connection.execute(f"UPDATE {table} SET {column} = :now WHERE {column} > :now", {"now": now})
    return woken
