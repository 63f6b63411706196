"""Whose rating counts when the star in Plex and the rating in Stash differ: compared with what both had when they were last the
same. Pure.

Texts are compared as they stand, never rounded to stars: Stash's 83 is `8.3` in Plex, and `8` there is another star.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from plexsync_plugin.core.ledger import Record, same

STAR = "userRating"


class Verdict(enum.Enum):
    """Which side takes the other's."""

    EQUAL = "equal"
    TO_STASH = "to Stash"
    TO_PLEX = "to Plex"
    BOTH = "both have changed"  # Stash wins, and a person is told


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """The star that Plex showed, and Stash's rating as it is written to Plex; "" for none."""

    plex: str
    stash: str


def compare(plex: str, stash: str, agreed: Agreed | None, record: Record) -> Verdict:
    """`record` is what the ledger knows of the item's star: one that we wrote is not Plex's change, also after a crash."""
    if is_equal(plex, stash):
        return Verdict.EQUAL
    before = _before(agreed, record)
    plex_moved = not record.is_ours(plex) and given(plex) != given(before.plex)
    stash_moved = given(stash) != given(before.stash)
    if plex_moved:
        return Verdict.BOTH if stash_moved else Verdict.TO_STASH
    return Verdict.TO_PLEX if stash_moved else Verdict.EQUAL


def is_equal(plex: str, stash: str) -> bool:
    """To the precision of Stash, which has whole hundredths."""
    return same(given(plex), given(stash)) or (
        rating100(plex) is not None and star_text(rating100(plex)) == stash
    )


def _before(agreed: Agreed | None, record: Record) -> Agreed:
    """Where nothing was ever agreed, what we wrote last was; where we wrote nothing, neither side had anything."""
    if agreed is not None:
        return agreed
    wrote = record.wrote[-1] if record.wrote else ""
    text = wrote if isinstance(wrote, str) else ""
    return Agreed(plex=text, stash=text)


def given(star: str) -> str:
    """The star, or "" where it is that of an item without one."""
    return "" if star == "0" else star


def star_text(rating100: int | None) -> str:
    """Stash's rating as it is written to Plex, where stars go from 0 to 10; "" for none."""
    return "" if rating100 is None else f"{min(max(rating100, 0), 100) / 10:g}"


def rating100(star: str) -> int | None:
    """Stash's rating for a star of Plex's, 0 to 10; None for none, and for what is no number."""
    try:
        found = float(star)
    except ValueError:
        return None
    return min(max(round(found * 10), 1), 100) if 0 < found <= 10 else None


def has_moved(plex: str, agreed: Agreed | None, ledger: Mapping[str, Record]) -> bool:
    """Whether an item shows a star that neither we wrote nor Stash knows of; Stash is not looked at."""
    record = ledger.get(STAR, Record())
    return not record.is_ours(plex) and given(plex) != given(_before(agreed, record).plex)
