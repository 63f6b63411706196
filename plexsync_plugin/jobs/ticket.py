"""Give the worker an order: one row of the inbox. Its ticket is how the giver finds it again. Standard library alone."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.jobs import inbox


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
