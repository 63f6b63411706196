"""Names that a person types into one setting, separated by commas, where a name may hold a comma itself.

Quotes keep a name together: `"Private, Family", Old`. Without quotes nobody can tell whether `Private, Family` is one
name or two, so it means the one that exists: the longest name that is there wins over its pieces. Names are compared
without regard to case and to white space at their ends and beside their commas. Standard library alone.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

_QUOTES = '"“”„'  # keyboards and word processors put other quotes than the one that was meant


@dataclass(frozen=True, slots=True, kw_only=True)
class NameList:
    """`runs` are what stands between two quoted names, cut at its commas; a quoted name is a run of one piece."""

    runs: tuple[tuple[str, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.runs)

    def __str__(self) -> str:
        return ", ".join(f'"{piece}"' if "," in piece else piece for run in self.runs for piece in run)

    @property
    def spellings(self) -> frozenset[str]:
        """Every name that could be meant, as `plain` gives it: each piece, and pieces that follow each other."""
        return frozenset(
            plain(",".join(run[first:last]))
            for run in self.runs
            for first in range(len(run))
            for last in range(first + 1, len(run) + 1)
        )

    def found_in(self, existing: Collection[str]) -> tuple[str, ...]:
        """The names that are meant, as typed in turn, of names that exist; both as `plain` gives them."""
        return tuple(dict.fromkeys(name for name in self._longest(existing) if name in existing))

    def unknown(self, existing: Collection[str]) -> str:
        """The first name that does not exist, as it was typed; "" where all do."""
        for run in self.runs:
            place = 0
            while place < len(run):
                length = _longest_match(run[place:], existing)
                if not length:
                    return run[place]
                place += length
        return ""

    def _longest(self, existing: Collection[str]) -> Iterator[str]:
        for run in self.runs:
            place = 0
            while place < len(run):
                length = _longest_match(run[place:], existing) or 1
                yield plain(",".join(run[place : place + length]))
                place += length


def _longest_match(pieces: tuple[str, ...], existing: Collection[str]) -> int:
    """How many of the first pieces are one name that exists; 0 where none is."""
    fitting = (length for length in range(len(pieces), 0, -1) if plain(",".join(pieces[:length])) in existing)
    return next(fitting, 0)


def plain(name: str) -> str:
    """What two names are compared by."""
    return ",".join(piece.strip() for piece in name.casefold().split(","))


def parse_names(text: str) -> NameList:
    """Raises ValueError for a quote that is never closed."""
    runs: list[tuple[str, ...]] = []
    pieces: list[str] = []
    for part, quoted in split_quoted(text):
        if quoted:
            runs += [tuple(pieces)] if pieces else []
            runs += [(part.strip(),)] if part.strip() else []
            pieces = []
        else:
            pieces += [piece.strip() for piece in part.split(",") if piece.strip()]
    return NameList(runs=(*runs, tuple(pieces)) if pieces else tuple(runs))


def split_quoted(text: str) -> Iterator[tuple[str, bool]]:
    """The text between quotes (True) and outside of them (False), in order. A quote inside a name (`12" Remix`) is text:
    only one at the beginning of a name opens it, and one at its end closes it.

    Raises ValueError for a quote that is never closed.
    """
    rest, outside = text, ""
    while rest:
        at_start = not outside.strip() or outside.rstrip().endswith((",", "=", ":"))
        if at_start and rest[0] in _QUOTES:
            length = _closing(rest)
            if outside:
                yield outside, False
            yield rest[1:length], True
            rest, outside = rest[length + 1 :], ""
        else:
            outside += rest[0]
            rest = rest[1:]
    if outside:
        yield outside, False


def _closing(text: str) -> int:
    """Where the quote that opens `text` is closed: before a comma, an equals sign or the end."""
    for place, letter in enumerate(text[1:], start=1):
        after = text[place + 1 :].lstrip()
        if letter in _QUOTES and (not after or after[0] in ",="):
            return place
    raise ValueError(f"has a quote that is never closed: {text[:40]}")
