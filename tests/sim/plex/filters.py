"""The query language of listings (docs/facts/plex.md section 3.3): conditions, their operators, groups, and sorting.

What a server ignores is ignored here as silently: a field it does not know, or an operator it cannot read, filters nothing.
"""

import operator
import re
import zlib
from collections.abc import Callable, Iterable
from typing import Any

from tests.sim.plex.fields import (
    field_type,
    parse_day,
    read_any,
    read_date,
    read_flag,
    read_number,
    read_text,
    read_values,
)
from tests.sim.plex.library import Library, now
from tests.sim.plex.model import Item, nocase
from tests.sim.plex.rendering import Refusal

Condition = Callable[[Item], bool]
_NAME = re.compile(r"(?:(?P<scope>[a-z]+)\.)?(?P<field>[A-Za-z]+)(?P<operator>!=|!|<<|>>|<|>|=)?")
_AGO = re.compile(r"-(\d+)(mon|[smhdwy])?")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604_800, "mon": 2_592_000, "y": 31_536_000}
_ORDERINGS: dict[str, Callable[[float, float], bool]] = {
    "": operator.eq,
    "!": operator.ne,
    ">>": operator.gt,
    "<<": operator.lt,
    ">": operator.ge,
    "<": operator.le,
}


def reject_malformed(target: str) -> None:
    """An operator without "=" is a 400; a wholly encoded one is merely not understood."""
    for pair in target.partition("?")[2].split("&"):
        if "=" not in pair and re.search(r"[<>!]", pair):
            raise Refusal(400)


def parse_conditions(library: Library, query: Iterable[tuple[str, str]]) -> Condition:
    """Conditions joined by and; or=1 between two of them; push=1 and pop=1 around a group."""
    stack: list[list[list[Condition]]] = [[[]]]
    for name, value in query:
        if name == "push":
            stack.append([[]])
        elif name == "or":
            stack[-1].append([])
        elif name == "pop" and len(stack) > 1:
            group = _any_of(stack.pop())
            stack[-1][-1].append(group)
        else:
            condition = parse_condition(library, name, value)
            if condition is not None:
                stack[-1][-1].append(condition)
    while len(stack) > 1:
        group = _any_of(stack.pop())
        stack[-1][-1].append(group)
    return _any_of(stack[0])


def _any_of(alternatives: list[list[Condition]]) -> Condition:
    filled = [conditions for conditions in alternatives if conditions]
    if not filled:
        return lambda _item: True
    return lambda item: any(all(condition(item) for condition in conditions) for conditions in filled)


def parse_condition(library: Library, name: str, value: str) -> Condition | None:
    """None where the server would ignore it."""
    parsed = _NAME.fullmatch(name)
    family = field_type(parsed["field"]) if parsed else None
    if parsed is None or family is None:
        return None
    field, sign = parsed["field"], parsed["operator"] or ""
    if value.startswith("=") and family == "string":
        sign, value = sign + "=", value[1:]
    condition = _CONDITIONS[family](library, field, sign, value)
    return (
        condition
        if condition is None or not parsed["scope"]
        else _scoped(library, parsed["scope"], condition)
    )


def _scoped(library: Library, scope: str, condition: Condition) -> Condition:
    def apply(item: Item) -> bool:
        if item.kind == scope:
            return condition(item)
        above = library.ancestor(item, scope)
        if above is not None:
            return condition(above)
        below = [*library.children(item.key), *library.leaves(item.key)]
        return any(condition(each) for each in below if each.kind == scope)

    return apply


def _string(_library: Library, field: str, sign: str, value: str) -> Condition | None:
    wanted = value.lower()
    tests: dict[str, Callable[[str], bool]] = {
        "": lambda text: wanted in text,
        "!": lambda text: wanted not in text,
        "=": lambda text: text == wanted,
        "!=": lambda text: text != wanted,
        "<": lambda text: text.startswith(wanted),
        ">": lambda text: text.endswith(wanted),
    }
    test = tests.get(sign)
    return None if test is None else lambda item: test(read_text(item, field).lower())


def _integer(library: Library, field: str, sign: str, value: str) -> Condition | None:
    compare = _ORDERINGS.get(sign)
    numbers = [float(each) for each in value.split(",") if re.fullmatch(r"-?\d+(\.\d+)?", each)]
    if compare is None or not numbers:
        return None
    return _compared(lambda item: read_number(library, item, field), compare, numbers, negative=sign == "!")


def _date(_library: Library, field: str, sign: str, value: str) -> Condition | None:
    compare, wanted = _ORDERINGS.get(sign), _parse_date(value)
    if compare is None or wanted is None:
        return None
    return _compared(lambda item: read_date(item, field), compare, [wanted], negative=sign == "!")


def _parse_date(value: str) -> float | None:
    ago = _AGO.fullmatch(value)
    if ago:
        return now() - int(ago[1]) * _SECONDS[ago[2] or "s"]
    return float(value) if value.isdigit() else parse_day(value)


def _compared(
    read: Callable[[Item], float | None],
    compare: Callable[[float, float], bool],
    wanted: list[float],
    *,
    negative: bool,
) -> Condition:
    combine = all if negative else any

    def apply(item: Item) -> bool:
        value = read(item)
        return negative if value is None else combine(compare(value, each) for each in wanted)

    return apply


def _boolean(_library: Library, field: str, sign: str, value: str) -> Condition | None:
    if sign not in {"", "!"}:
        return None
    wanted = (value in {"1", "true"}) != (sign == "!")
    return lambda item: read_flag(item, field) == wanted


def _value(library: Library, field: str, sign: str, value: str) -> Condition | None:
    if sign not in {"", "!"}:
        return None
    wanted = {value.lower()} if field == "guid" else {each.lower() for each in value.split(",")}
    return lambda item: (
        bool(wanted & {each.lower() for each in read_values(library, item, field)}) != (sign == "!")
    )


def _tag(_library: Library, field: str, sign: str, value: str) -> Condition | None:
    """By tag id, or by name where it is no number."""
    if sign not in {"", "!"}:
        return None
    wanted = {nocase(each) for each in value.split(",")}

    def apply(item: Item) -> bool:
        links = item.tags.get(field, ())
        found = any(str(tag.id) in wanted or nocase(tag.name) in wanted for tag, _ in links)
        return found != (sign == "!")

    return apply


def _file(_library: Library, _field: str, sign: str, value: str) -> Condition | None:
    """A substring of any part's path, without regard to case; commas are part of it (docs/facts/plex.md section 3.7)."""
    wanted = value.lower()
    if sign:
        return None
    return lambda item: any(wanted in part.file.lower() for medium in item.media for part in medium.parts)


_CONDITIONS: dict[str, Callable[[Library, str, str, str], Condition | None]] = {
    "string": _string,
    "integer": _integer,
    "date": _date,
    "boolean": _boolean,
    "value": _value,
    "tag": _tag,
    "file": _file,
}


def sort_items(library: Library, items: list[Item], order: str) -> list[Item]:
    """order as in sort=: fields by comma, each perhaps scoped (movie.title), perhaps :desc; missing values come first."""
    for part in reversed(order.split(",")):
        name, _, direction = part.partition(":")
        scope, _, field = name.rpartition(".")
        items = sorted(items, key=_sort_key(library, scope, field), reverse=direction.startswith("desc"))
    return items


def _sort_key(library: Library, scope: str, field: str) -> Callable[[Item], Any]:
    if field == "random":
        return lambda item: zlib.crc32(f"{library.version}:{item.key}".encode())
    if field == "ratingKey":
        return lambda item: item.key

    def key(item: Item) -> Any:
        carrier = item if scope in {"", item.kind} else library.ancestor(item, scope) or item
        value = read_any(library, carrier, field)
        return (value is not None, value if value is not None else 0)

    return key
