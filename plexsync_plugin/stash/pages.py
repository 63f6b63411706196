"""Pages of scenes: the query and its variables, and the answer as values. Sends nothing.

Each page begins after the last id of the one before, so that no scene is missed or read twice while others come and go.
Times are epoch seconds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from plexsync_plugin.core.model import Scene
from plexsync_plugin.core.scene import scene_of

SPARE = 26 * 3_600.0  # seconds; more than two time zones can lie apart

Criteria = Mapping[str, Any]  # of Stash's SceneFilterType


@dataclass(frozen=True, slots=True, kw_only=True)
class IdPage:
    """Ids of the scenes on one page."""

    ids: tuple[int, ...]
    last_id: int  # the next page begins after it; 0 where nothing was found
    is_last: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenePage:
    scenes: tuple[Scene, ...]
    last_id: int
    is_last: bool


def query(fields: str, *, beside: str) -> str:
    """A query for one page with these fields, and for what is asked `beside`; its variables are made by `variables`."""
    return (
        f"query($where:SceneFilterType!,$size:Int!){{{beside} findScenes(scene_filter:$where,"
        f'filter:{{per_page:$size,sort:"id"}}){{count scenes{{{fields}}}}}}}'
    )


def variables(after: int, size: int, criteria: Criteria) -> dict[str, Any]:
    return {"where": {"id": {"value": after, "modifier": "GREATER_THAN"}, **criteria}, "size": size}


def shows(kind: str, entity_ids: tuple[str, ...]) -> Criteria:
    """Scenes with one of these performers, studios (or their children), tags or groups."""
    criterion: dict[str, Any] = {"value": list(entity_ids), "modifier": "INCLUDES"}
    return {f"{kind}s": {**criterion, "depth": 1} if kind == "studio" else criterion}


def updated_since(since: float | None) -> Criteria:
    """Scenes updated since then, and some more: `id_page` and `scene_page` leave those out.

    Stash compares times as text in its own time zone (docs/facts/stash.md section 6), so more than a day is added.
    """
    if since is None:
        return {}
    moment = datetime.fromtimestamp(max(since - SPARE, 0.0), UTC)
    return {"updated_at": {"value": moment.strftime("%Y-%m-%dT%H:%M:%SZ"), "modifier": "GREATER_THAN"}}


def id_page(answer: Mapping[str, Any], since: float | None = None) -> IdPage:
    """From `findScenes` with the fields id and updated_at."""
    ids = tuple(int(found["id"]) for found in _newer(answer, since))
    return IdPage(ids=ids, last_id=_last_id(answer), is_last=_is_last(answer))


def scene_page(answer: Mapping[str, Any], since: float | None = None) -> ScenePage:
    scenes = tuple(scene_of(found) for found in _newer(answer, since))
    return ScenePage(scenes=scenes, last_id=_last_id(answer), is_last=_is_last(answer))


def _newer(answer: Mapping[str, Any], since: float | None) -> Iterator[Mapping[str, Any]]:
    for found in answer["scenes"]:
        if since is None or _time(found["updated_at"], since) >= since - 1.0:  # Stash keeps whole seconds
            yield found


def _time(text: str, default: float) -> float:
    """Epoch seconds, or `default` for a time that cannot be read: it counts as new."""
    try:
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError, OSError):
        return default


def _last_id(answer: Mapping[str, Any]) -> int:
    return int(answer["scenes"][-1]["id"]) if answer["scenes"] else 0


def _is_last(answer: Mapping[str, Any]) -> bool:
    return int(answer["count"]) <= len(answer["scenes"])
