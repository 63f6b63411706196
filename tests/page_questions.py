"""Asks the page's operations as Stash does, and holds their answers against their typed shapes."""

import dataclasses
import json
import types
import typing
from collections.abc import Iterator
from typing import Any, Literal

from plexsync_plugin.answers.page.form import json_name
from plexsync_plugin.answers.page.operations import OPERATIONS
from tests.stage import TOKEN, Stage


def ask(stage: Stage, operation: str, /, **args: Any) -> dict[str, Any]:
    """The whole answer, which holds no token."""
    answer: dict[str, Any] = stage.operation(operation=operation, **args)
    assert answer["v"] == 1
    assert TOKEN not in json.dumps(answer)
    return answer


def data(stage: Stage, operation: str, /, **args: Any) -> Any:
    """The answer's data, which has the operation's shape."""
    answer = ask(stage, operation, **args)
    assert "problem" not in answer, answer
    assert list(flaws(OPERATIONS[operation].answer, answer["data"], operation)) == []
    return answer["data"]


def flaws(hint: Any, value: Any, where: str) -> Iterator[str]:
    """What in a JSON value is not of the type."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if dataclasses.is_dataclass(hint):
        yield from _in_object(hint, value, where)
    elif origin in (types.UnionType, typing.Union):
        if all(list(flaws(each, value, where)) for each in inner):
            yield f"{where}: {value!r}"
    elif origin is tuple:
        parts = [inner[0]] * len(value) if inner[-1] is Ellipsis else list(inner)
        for place, (each, part) in enumerate(zip(parts, value, strict=True)):
            yield from flaws(each, part, f"{where}[{place}]")
    elif origin is dict:
        for name, part in value.items():
            yield from flaws(inner[1], part, f"{where}[{name}]")
    elif not _is_single(hint, value):
        yield f"{where}: {value!r} is no {hint}"


def _in_object(hint: Any, value: Any, where: str) -> Iterator[str]:
    hints = {json_name(name): each for name, each in typing.get_type_hints(hint).items()}
    if not isinstance(value, dict) or set(value) != set(hints):
        yield f"{where}: {value}"
        return
    for name, each in hints.items():
        yield from flaws(each, value[name], f"{where}.{name}")


def _is_single(hint: Any, value: Any) -> bool:
    if typing.get_origin(hint) is Literal:
        return value in typing.get_args(hint)
    if hint is float:
        return type(value) in (int, float)
    return type(value) is hint
