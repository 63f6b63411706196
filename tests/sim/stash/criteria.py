"""The criteria of a filter: whether a value meets one. Pure; the meaning of each modifier is Stash's SQL."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from tests.sim.stash.execution import QueryFailed

Criterion = dict[str, Any]


def _like(pattern: str) -> re.Pattern[str]:
    """SQL's LIKE: % and _ are wildcards, not escaped by Stash; letters compare without regard to case."""
    parts = [{"%": ".*", "_": "."}.get(character, re.escape(character)) for character in pattern]
    return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)


def is_like(value: str, pattern: str) -> bool:
    return _like(pattern).fullmatch(value) is not None


def _words(value: str) -> list[str]:
    """A quoted value is one word."""
    stripped = value.strip()
    unquoted = stripped.strip('"')
    return [unquoted] if unquoted != stripped else stripped.split()


def meets_text(criterion: Criterion, value: str | None, *, any_word: bool = False) -> bool:
    """`any_word`: for paths one word is enough, else all must be there."""
    wanted: str = criterion["value"]
    text = value or ""
    choose: Callable[[Iterable[bool]], bool] = any if any_word else all
    checks: dict[str, Callable[[], bool]] = {
        "EQUALS": lambda: is_like(text, wanted),
        "NOT_EQUALS": lambda: not is_like(text, wanted),
        "INCLUDES": lambda: choose(is_like(text, f"%{word}%") for word in _words(wanted)),
        "EXCLUDES": lambda: not choose(is_like(text, f"%{word}%") for word in _words(wanted)),
        "MATCHES_REGEX": lambda: re.search(wanted, text) is not None,
        "NOT_MATCHES_REGEX": lambda: re.search(wanted, text) is None,
        "IS_NULL": lambda: not text,
        "NOT_NULL": lambda: bool(text),
    }
    return _check(checks, criterion)


def meets_order(criterion: Criterion, value: Any) -> bool:
    """Numbers, and times and dates as text, which is how Stash's database compares them."""
    low, high = criterion.get("value"), criterion.get("value2")
    if criterion["modifier"] in {"IS_NULL", "NOT_NULL"}:
        return (value is None) is bool(criterion["modifier"] == "IS_NULL")
    if value is None:
        return False
    checks: dict[str, Callable[[], bool]] = {
        "EQUALS": lambda: bool(value == low),
        "NOT_EQUALS": lambda: bool(value != low),
        "GREATER_THAN": lambda: bool(value > low),
        "LESS_THAN": lambda: bool(value < low),
        "BETWEEN": lambda: bool(low <= value <= high),
        "NOT_BETWEEN": lambda: not low <= value <= high,
    }
    return _check(checks, criterion)


def meets_set(criterion: Criterion, present: set[int], expand: Callable[[int], set[int]]) -> bool:
    """`expand` gives an id with everything below it."""
    wanted = [expand(number) for number in to_ids(criterion.get("value"))]
    excluded = [expand(number) for number in to_ids(criterion.get("excludes"))]
    if any(each & present for each in excluded):
        return False
    if criterion["modifier"] in {"IS_NULL", "NOT_NULL"}:
        return (not present) is bool(criterion["modifier"] == "IS_NULL")
    # Without a value Stash adds no condition.
    if not wanted:
        return True
    checks: dict[str, Callable[[], bool]] = {
        "INCLUDES": lambda: any(each & present for each in wanted),
        "INCLUDES_ALL": lambda: all(each & present for each in wanted),
        "EXCLUDES": lambda: not any(each & present for each in wanted),
        "EQUALS": lambda: present == set().union(*wanted),
    }
    return _check(checks, criterion)


def _check(checks: dict[str, Callable[[], bool]], criterion: Criterion) -> bool:
    modifier = criterion["modifier"]
    if modifier not in checks:
        raise QueryFailed(f"the simulator does not know {modifier} here")
    return checks[modifier]()


def to_ids(values: list[Any] | None) -> list[int]:
    """Raises QueryFailed for an id that is no number, in Go's words."""
    return [to_id(value) for value in values or []]


def to_id(value: Any) -> int:
    text = str(value)
    if not re.fullmatch(r"[+-]?[0-9]+", text):
        raise QueryFailed(f'strconv.Atoi: parsing "{text}": invalid syntax')
    return int(text)
