"""What libraries hold in the tests: given items, or as many items and scenes as a test wants; and a scene's full save."""

from typing import Any

from tests.stage import PLEX_LIBRARY

SECTION: dict[str, Any] = PLEX_LIBRARY["sections"][0]
FULL_SAVE = {
    "title": "A Title",
    "details": "Said.",
    "date": "2021-05-14",
    "studio_id": "1",
    "performer_ids": ["1"],
    "tag_ids": ["1", "2"],
}


def library(*items: dict[str, Any], **section: Any) -> dict[str, Any]:
    """The stage's Plex library with these items; `section` is laid over its section."""
    return {"sections": [{**SECTION, **section, "items": list(items)}]}


def tag_names(item: dict[str, Any], field: str) -> list[str]:
    """Of an item in Plex, sorted."""
    return sorted(tag["tag"] for tag in item.get(field, []))


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
