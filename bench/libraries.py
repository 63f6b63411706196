"""The libraries of the two simulators that edits are measured with: as many scenes as asked for, each with its item."""

from typing import Any

DETAILS = "Something to read, of the usual length for such a text."


def plex_library(scenes: int) -> dict[str, Any]:
    items = [
        {
            "ratingKey": 10_000 + n,
            "title": f"scene {n}",
            "file": f"/media/videos/scene {n}.mp4",
            "size": 1_000_000 + n,
            "Genre": ["Drama"],
        }
        for n in range(1, scenes + 1)
    ]
    section = {"key": 1, "type": "movie", "title": "Scenes", "locations": ["/media/videos"], "items": items}
    return {"sections": [section]}


def stash_library(scenes: int) -> dict[str, Any]:
    made = [
        {
            "id": n,
            "title": f"Scene number {n}",
            "details": DETAILS,
            "studio_id": 1,
            "files": [{"path": f"/data/videos/scene {n}.mp4", "size": 1_000_000 + n}],
        }
        for n in range(1, scenes + 1)
    ]
    return {"scenes": made, "studios": [{"id": 1, "name": "Studio Zero"}]}


def rating_key(scene: int) -> int:
    return 10_000 + scene
