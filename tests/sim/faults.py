"""Faults that a test asks a simulator for: which request is hit, how often, and in what way.

Owns the choice of the fault; what a fault does to a connection is server.py's business.
"""

import re
import threading
from dataclasses import asdict, dataclass, field, fields
from typing import Any

KINDS = frozenset({"reset", "status", "hang", "slow", "truncate", "trickle"})


@dataclass(slots=True, kw_only=True)
class Fault:
    """One fault; the first one that matches a request is applied, alone.

    kind: reset (RST instead of an answer), status (an answer that the application never saw), hang (nothing for `seconds`,
    then the connection is closed; `seconds` null: until the faults are cleared), slow (`seconds` before the application is
    asked), truncate (half of the announced body), trickle (the answer in pieces of `size` bytes, `seconds`
    between two; null: the first piece and no other; what is left when the faults are cleared comes at once).
    when: "before" or "after" the application has carried the request out; for reset and hang only.
    part: what a trickle does not send at once: "head" (nothing at all), "body", or "chunks" (a body of unknown length, each
    piece a chunk).
    skip, times: leave the first `skip` matching requests alone, then hit `times` of them (null: until cleared).
    """

    kind: str
    match: str = ""
    skip: int = 0
    times: int | None = None
    when: str = "before"
    part: str = "body"
    size: int = 1
    status: int = 503
    seconds: float | None = 0.2
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""


def matches(match: str, line: str) -> bool:
    """Whether "METHOD target" begins with `match`, read as plain text or as a regular expression."""
    return line.startswith(match) or re.match(match, line) is not None


def parse_fault(options: dict[str, Any]) -> Fault:
    """Raises ValueError for a fault that could never be applied: a test that asks for it must not pass."""
    unknown = set(options) - {each.name for each in fields(Fault)}
    if unknown or options.get("kind") not in KINDS:
        raise ValueError(f"no such fault: {options!r}; kinds are {sorted(KINDS)}")
    fault = Fault(**options)
    if fault.when not in {"before", "after"}:
        raise ValueError(f"when is before or after, not {fault.when!r}")
    if fault.part not in {"head", "body", "chunks"} or fault.size < 1:
        raise ValueError(f"no such part or size of an answer: {fault.part!r}, {fault.size!r}")
    try:
        re.compile(fault.match)
    except re.error as error:
        raise ValueError(f"match is no regular expression: {fault.match!r}: {error}") from error
    return fault


class Faults:
    """The faults in force; safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self.cleared = threading.Event()

    def add(self, options: dict[str, Any]) -> None:
        fault = parse_fault(options)
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        """Removes all faults and lets go of the requests that hang in one."""
        with self._lock:
            self._faults.clear()
            self.cleared.set()
            self.cleared = threading.Event()

    def take(self, line: str) -> Fault | None:
        """The fault that this request gets, used up by one."""
        with self._lock:
            for fault in self._faults:
                if fault.times == 0 or not matches(fault.match, line):
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None

    def dump(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(fault) for fault in self._faults]
