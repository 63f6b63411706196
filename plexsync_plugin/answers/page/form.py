"""Between the classes of `shapes.py` and `arguments.py` and the JSON that Stash carries. Names there are JavaScript's."""

import dataclasses
import types
import typing
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, TypeVar

LONGEST_TEXT = 4_096  # characters of an argument
MOST_NUMBERS = 1_000  # in a list of ids
LARGEST = (1 << 53) - 1  # JavaScript's largest safe integer

T = TypeVar("T")


class BadArguments(Exception):
    """What the page sent does not fit. The text names the argument, and says what it is to be."""


def json_name(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(part.capitalize() for part in others)


def plain(value: Any) -> Any:
    """A shape as JSON has it. Keys of mappings are data and stay as they are."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {json_name(name): plain(getattr(value, name)) for name in _names(type(value))}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    return value


@cache
def _names(shape: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(shape))


def read(shape: type[T], given: Mapping[str, Any], *, where: str = "") -> T:
    """What the page sent as the class of the operation's arguments. Raises BadArguments."""
    hints = typing.get_type_hints(shape)
    values: dict[str, Any] = {}
    for field in dataclasses.fields(shape):  # type: ignore[arg-type] # every caller gives a dataclass
        name = json_name(field.name)
        if given.get(name) is None:
            if is_needed(field):
                raise BadArguments(f"The argument {where}{name} is missing.")
            continue
        values[field.name] = _value(hints[field.name], given[name], f"{where}{name}")
    return shape(**values)


def is_needed(field: "dataclasses.Field[Any]") -> bool:
    """Whether an argument has no default."""
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _value(hint: Any, given: Any, name: str) -> Any:
    if typing.get_origin(hint) in (types.UnionType, typing.Union):  # with None alone, which was dealt with
        hint = next(each for each in typing.get_args(hint) if each is not types.NoneType)
    if typing.get_origin(hint) is Literal:
        words = typing.get_args(hint)
        if given not in words:
            raise BadArguments(f"The argument {name} is to be one of {', '.join(words)}.")
        return given
    if typing.get_origin(hint) is tuple:
        return _list(typing.get_args(hint)[0], given, name)
    if dataclasses.is_dataclass(hint):
        if not isinstance(given, Mapping):
            raise BadArguments(f"The argument {name} is to be an object.")
        return read(hint, given, where=f"{name}.")  # type: ignore[arg-type] # a class, not an instance of one
    return _SINGLE[hint](given, name)


def _list(hint: Any, given: Any, name: str) -> tuple[Any, ...]:
    if not isinstance(given, list) or len(given) > MOST_NUMBERS:
        raise BadArguments(f"The argument {name} is to be a list of at most {MOST_NUMBERS}.")
    return tuple(_value(hint, each, name) for each in given)


def _number(given: Any, name: str) -> int:
    """Stash's own ids are texts of digits."""
    if isinstance(given, str) and given.isascii() and given.isdigit() and len(given) <= len(str(LARGEST)):
        given = int(given)
    if isinstance(given, float) and given.is_integer():
        given = int(given)
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= LARGEST:
        raise BadArguments(f"The argument {name} is to be a number of 0 or more.")
    return given


def _text(given: Any, name: str) -> str:
    if not isinstance(given, str) or len(given) > LONGEST_TEXT:
        raise BadArguments(f"The argument {name} is to be a text of at most {LONGEST_TEXT} characters.")
    return given.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate is no text for SQLite


def _switch(given: Any, name: str) -> bool:
    if not isinstance(given, bool):
        raise BadArguments(f"The argument {name} is to be true or false.")
    return given


_SINGLE: Mapping[Any, Any] = {int: _number, str: _text, bool: _switch}
