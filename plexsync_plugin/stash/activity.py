"""Plays, resume points and ratings in Stash: the queries, and their answers as values. Sends nothing.

Stash keeps the times of plays in whole seconds and has no key over them (docs/facts/stash.md, last section).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from plexsync_plugin.base.clock import utc_text
from plexsync_plugin.base.errors import StashRejected
from plexsync_plugin.stash import shapes

ADD_PLAYS = "mutation($id:ID!,$times:[Timestamp!]){sceneAddPlay(id:$id,times:$times){count}}"
DELETE_PLAYS = "mutation($id:ID!,$times:[Timestamp!]){sceneDeletePlay(id:$id,times:$times){count}}"
SET_RESUME = "mutation($id:ID!,$seconds:Float){sceneSaveActivity(id:$id,resume_time:$seconds)}"
SET_RATING = "mutation($input:SceneUpdateInput!){sceneUpdate(input:$input){id}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """`plays` counts the plays of each epoch second; `resume` in milliseconds, 0 for none."""

    plays: Counter[int]
    resume: int


class _Answer(TypedDict):
    id: shapes.Id
    play_history: list[str] | None
    resume_time: float | None


_ANSWERS = TypeAdapter(dict[str, _Answer | None])


def query(ids: Sequence[int]) -> str:
    """One by one in one request: an id that is gone is null, and does not spoil the others."""
    return (
        "{"
        + " ".join(f"s{number}:findScene(id:{number}){{id play_history resume_time}}" for number in ids)
        + "}"
    )


def read(answer: Any) -> dict[int, Activity]:
    """By scene id. Raises StashRejected."""
    return {found["id"]: _activity(found) for found in shapes.fit(_ANSWERS, answer).values() if found}


def _activity(found: _Answer) -> Activity:
    return Activity(
        plays=Counter(_second(text) for text in found["play_history"] or ()),
        resume=round((found["resume_time"] or 0) * 1000),
    )


def _second(text: str) -> int:
    try:
        return int(datetime.fromisoformat(text).timestamp())
    except (ValueError, OverflowError, OSError) as error:
        raise StashRejected(f"Stash gave a play at {text[:40]!r}, which is no time.") from error


def plays(scene_id: int, times: Sequence[int]) -> Mapping[str, Any]:
    """The variables of ADD_PLAYS and DELETE_PLAYS."""
    return {"id": str(scene_id), "times": [utc_text(each) for each in times]}
