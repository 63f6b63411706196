"""Give a rig's worker an order as a task does, and read what came of it."""

from typing import Any

from plexsync_plugin.jobs import inbox
from tests.rig import Rig

NO_PICTURES = {"skip_poster": True, "skip_background": True}


def give(rig: Rig, name: str, *scenes: int, **args: Any) -> dict[str, Any]:
    """The order's row in plexsync.db once it has ended; jobs it put in are done as far as they can be."""
    ticket = f"{name}-{rig.clock.now()}"
    row = {"v": 1, "kind": "command", "name": name, "ids": list(scenes), "args": {**args, "ticket": ticket}}
    inbox.put(rig.folder, row, rig.clock)
    rig.settle()
    (order,) = rig.stage.rows("SELECT * FROM orders WHERE ticket = ?", ticket)
    return order


def stash_requests(rig: Rig, name: str) -> int:
    """GraphQL requests since the log was cleared, without the look at the settings that comes with the time."""
    return len([entry for entry in rig.stage.stash.log(name) if "/graphql" in entry["path"]])
