"""What is asked of Stash reaches the code behind: a shape drops whatever it does not name."""

from typing import Any

from graphql import FieldNode, OperationDefinitionNode, SelectionSetNode, parse
from pydantic import TypeAdapter

from plexsync_plugin.stash import shapes
from plexsync_plugin.stash.client import SCENE_FIELDS

LISTS = {"performers", "tags", "groups", "files"}


def answered(selections: SelectionSetNode | None) -> dict[str, Any]:
    """An answer with every field that is asked for, each list with one entry."""
    answer: dict[str, Any] = {}
    for node in selections.selections if selections else ():
        assert isinstance(node, FieldNode)
        name = node.name.value
        entry: Any = answered(node.selection_set) if node.selection_set else _value(name)
        answer[name] = [entry] if name in LISTS else entry
    return answer


def _value(name: str) -> Any:
    return {"id": 7, "rating100": 80, "organized": True, "size": 5}.get(name, f"the {name}")


def test_every_field_that_is_asked_of_a_scene_is_kept() -> None:
    (query,) = parse(f"{{{SCENE_FIELDS}}}").definitions
    assert isinstance(query, OperationDefinitionNode)
    answer = answered(query.selection_set)
    assert answer["performers"][0]["disambiguation"] == "the disambiguation"
    assert shapes.fit(TypeAdapter(shapes.SceneAnswer), answer) == answer
