"""Which of several Plex items a scene's file is (docs/architecture.md, "Matching"). Pure: candidates in, a match out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from plexsync_plugin.base.rules import PathRule
from plexsync_plugin.core.model import File, Kind
from plexsync_plugin.core.pathmap import (
    PathMap,
    PlexPath,
    common_suffix,
    rule_between,
    same_name,
    same_path,
)

# Grounds of a match, the weakest first: the same name where a size is unknown, the same name and size, a known place.
BY_NAME, BY_SIZE, BY_PATH = 1, 2, 3
GROUNDS = {BY_NAME: "its name", BY_SIZE: "its name and size", BY_PATH: "its path"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A file of a scene that is looked for in Plex."""

    file: File
    places: tuple[PlexPath, ...]  # paths that it may have there, the best first


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An item that may hold the file; `file` is the item's own file that looks like the scene's."""

    rating_key: int
    section: int
    kind: Kind
    file: File
    title: str = ""  # not known where the index found it


@dataclass(frozen=True, slots=True, kw_only=True)
class Exact:
    """The item was found."""

    candidate: Candidate
    grounds: int  # BY_NAME, BY_SIZE or BY_PATH; 0 for the best guess among several


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """Several items are equally likely."""

    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """No item holds the file."""

    near: tuple[Candidate, ...] = ()  # items with a file of the same name and another size


Match = Exact | Unclear | Missing


def wanted_file(file: File, paths: PathMap) -> Wanted:
    return Wanted(file=file, places=paths.places(file.path))


def holds(files: Iterable[File], wanted: Wanted) -> bool:
    """Whether an item with these files still holds the scene's: at a known place, or by name, and size where both
    have one."""
    return any(_similarity(file, wanted) > 0 for file in files)


def choose(wanted: Wanted, candidates: Sequence[Candidate]) -> Match:
    """The one item that holds `wanted`: the better place first, then the same name and size, then the same name."""
    grades = [(_similarity(candidate.file, wanted), candidate) for candidate in candidates]
    best = max((grade for grade, _ in grades), default=0)
    if not best:
        return Missing(
            near=_unique(found for found in candidates if same_name(found.file.path, wanted.file.path))
        )
    top = _unique(candidate for grade, candidate in grades if grade == best)
    return Exact(candidate=top[0], grounds=min(best, BY_PATH)) if len(top) == 1 else Unclear(candidates=top)


def lesson(wanted: Wanted, match: Exact) -> PathRule | None:
    """The path rule that a match teaches.

    None unless the files are surely the same and no certain place told so before.
    """
    found, file = match.candidate.file, wanted.file
    told = any(place.certain and same_path(place.path, found.path) for place in wanted.places)
    if not match.grounds or not file.size or found.size != file.size or told:
        return None
    return rule_between(file.path, found.path)


def best_guess(wanted: Wanted, candidates: Sequence[Candidate]) -> Candidate:
    """The longest common path suffix wins; the lowest rating key among equals, so that the choice is the same each time."""
    return min(candidates, key=lambda found: (-_suffix(found.file, wanted), found.rating_key))


def _similarity(found: File, wanted: Wanted) -> int:
    """0 for another file, then BY_NAME, BY_SIZE, and from BY_PATH on a known place: the better the place, the
    higher."""
    sizes_agree = not found.size or not wanted.file.size or found.size == wanted.file.size
    for number, place in enumerate(wanted.places, start=1):
        if same_path(found.path, place.path) and (place.certain or sizes_agree):
            return BY_PATH + len(wanted.places) - number
    if not sizes_agree or not same_name(found.path, wanted.file.path):
        return 0
    return BY_SIZE if found.size and wanted.file.size else BY_NAME


def _suffix(found: File, wanted: Wanted) -> int:
    return max(common_suffix(found.path, place.path) for place in wanted.places)


def _unique(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    return tuple({candidate.rating_key: candidate for candidate in candidates}.values())
