"""Which of several Plex items a scene's file is (design.md section 5). Pure: candidates in, a match out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from plexsync_plugin.core.model import File, Kind
from plexsync_plugin.core.pathmap import common_suffix, file_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An item that may hold the file, with the file of it that looks like the scene's."""

    rating_key: int
    section: int
    kind: Kind
    file: File
    title: str = ""  # not known where the index found it


@dataclass(frozen=True, slots=True, kw_only=True)
class Exact:
    candidate: Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    pass


Match = Exact | Unclear | Missing


def holds(files: Iterable[File], wanted: File) -> bool:
    """Whether an item still holds the scene's file: same path, or same name, and size where both know one."""
    return any(_similarity(file, wanted) > 0 for file in files)


def choose(wanted: File, candidates: Sequence[Candidate], *, strict: bool) -> Match:
    """The one item that holds `wanted`.

    Same full path beats everything; then same name and size; then same name. Where several are left, `strict`
    leaves the choice to a person, otherwise the longest common path suffix wins.
    """
    plausible = [candidate for candidate in candidates if _similarity(candidate.file, wanted) > 0]
    if not plausible:
        return Missing()
    best = max(_similarity(candidate.file, wanted) for candidate in plausible)
    top = _unique(candidate for candidate in plausible if _similarity(candidate.file, wanted) == best)
    if len(top) == 1:
        return Exact(candidate=top[0])
    if strict:
        return Unclear(candidates=tuple(top))
    return Exact(candidate=_longest_suffix(wanted, top))


def _similarity(file: File, wanted: File) -> int:
    """3 same path, 2 same name and size, 1 same name and a size unknown on one side, 0 another file."""
    if file.path == wanted.path:
        return 3
    if file_name(file.path).casefold() != file_name(wanted.path).casefold():
        return 0
    if not file.size or not wanted.size:
        return 1
    return 2 if file.size == wanted.size else 0


def _longest_suffix(wanted: File, candidates: Sequence[Candidate]) -> Candidate:
    # The lowest rating key among equals, so that the choice is the same each time.
    return min(candidates, key=lambda found: (-common_suffix(found.file.path, wanted.path), found.rating_key))


def _unique(candidates: Iterable[Candidate]) -> list[Candidate]:
    return list({candidate.rating_key: candidate for candidate in candidates}.values())
