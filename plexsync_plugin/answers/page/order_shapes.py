"""The forms of the answers to *order* and *ticket*, as `shapes.py` has those of what is only read."""

from dataclasses import dataclass
from typing import Literal

from plexsync_plugin.answers.page.shapes import TicketState

LineLevel = Literal["good", "note", "problem"]


@dataclass(kw_only=True, eq=False, repr=False)
class RuleTrial:
    """What a path rule would do: `rule` as it would be written into the setting path_map, `matched` scenes without an item that
    would have one, of `looked_at`; `examples` are pairs of paths, as Stash and as Plex name the file."""

    stash: str
    plex: str
    rule: str
    matched: int
    looked_at: int
    examples: tuple[tuple[str, str], ...]


@dataclass(kw_only=True, eq=False, repr=False)
class OrderGiven:
    """`ticket` is "" where nothing was put in: for a trial of a rule (argument `dry`)."""

    ticket: str
    rule: RuleTrial | None


@dataclass(kw_only=True, eq=False, repr=False)
class ReportLine:
    """One line of *Check Setup*."""

    level: LineLevel
    text: str


@dataclass(kw_only=True, eq=False, repr=False)
class Ticket:
    """`done` of `total` scenes; 0 of 0 where an order has none, or nobody knows yet. `text` is what it says of itself."""

    state: TicketState
    done: int
    total: int
    text: str
    lines: tuple[ReportLine, ...]
