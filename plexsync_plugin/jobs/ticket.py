"""Give the worker an order: one row of the inbox. Its ticket is how the giver finds it again. Standard library alone."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.jobs import inbox

CHOSEN_ITEM, CHOSEN_FILE = "key", "path"  # arguments of the order *choose*


def give_choice(folder: DataFolder, clock: Clock, scene: int, rating_key: int, *, file: str = "") -> str:
    """A person's word that this Plex item is the scene; 0 takes it back. `file`, a path as Stash names it, says which of several
    files is meant. As `give_order` otherwise."""
    args = {CHOSEN_ITEM: rating_key, CHOSEN_FILE: file}
    return give_order(folder, "choose", clock, ids=[scene], args=args)


def give_order(
    folder: DataFolder,
    name: str,
    clock: Clock,
    *,
    ids: Sequence[int] = (),
    args: Mapping[str, Any] | None = None,
) -> str:
    """Durable when this returns, whether a worker runs or not; the ticket. Raises OSError."""
    ticket = os.urandom(8).hex()
    row = {
        "v": 1,
        "kind": "command",
        "name": name,
        "ids": list(ids),
        "args": {**(args or {}), "ticket": ticket},
    }
    inbox.put(folder, row, clock)
    return ticket
