"""Give a rig's worker an order as a task does, and read what came of it; libraries of many scenes."""

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


def plex_library(count: int) -> dict[str, Any]:
    """Items 1001 and so on, each with the file of the scene of its number."""
    items = [
        {
            "ratingKey": 1_000 + number,
            "title": f"item {number}",
            "summary": "What the agent found.",
            "Genre": ["Drama", "Comedy", "Crime"],
            "file": f"/videos/{number}.mp4",
            "size": 5_000 + number,
        }
        for number in range(1, count + 1)
    ]
    section = {"key": 1, "type": "movie", "title": "Scenes", "locations": ["/videos"], "items": items}
    return {"sections": [section]}


def stash_library(count: int, **fields: Any) -> dict[str, Any]:
    """Scenes 1 and so on, with a title and `fields`."""
    scenes = [
        {
            "id": number,
            "title": f"Scene {number}",
            "files": [{"path": f"/videos/{number}.mp4", "size": 5_000 + number}],
            **fields,
        }
        for number in range(1, count + 1)
    ]
    names = {
        "studios": [{"id": 1, "name": "Parent"}, {"id": 2, "name": "Child", "parent_id": 1}],
        "performers": [{"id": 1, "name": "Ann Alpha"}, {"id": 2, "name": "Bea Beta"}],
        "tags": [{"id": 1, "name": "Outdoor"}, {"id": 2, "name": "Indoor"}, {"id": 3, "name": "Night"}],
        "groups": [{"id": 1, "name": "The Series"}],
    }
    return {"scenes": scenes, **names}


def stash_requests(rig: Rig, name: str) -> int:
    """GraphQL requests since the log was cleared, without the look at the settings that comes with the time."""
    return len([entry for entry in rig.stage.stash.log(name) if "/graphql" in entry["path"]])
