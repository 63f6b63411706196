"""Which Plex items a scene's file is, and on what grounds (docs/architecture.md, "Matching"). Pure: candidates in, a match out.

Grounds have an order: a person's choice, then a known place of the file, then the same name and size in a folder whose end agrees, then the same name and
size, then the same name where a size is unknown. Items that hold the very same path hold the same file, and are all found.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from plexsync_plugin.base.rules import PathRule
from plexsync_plugin.core.model import File, Item, Kind
from plexsync_plugin.core.pathmap import (
    PathMap,
    PlexPath,
    common_suffix,
    file_name,
    folded,
    rule_between,
    same_name,
    same_path,
)

# Grounds of a match, the weakest first. Stored with each match: none of these numbers may change.
BY_NAME, BY_SIZE, BY_FOLDER, BY_PATH, BY_PERSON = 1, 2, 3, 4, 5
FOLDER_AGREES = 2  # pieces at the end of two paths that agree, the file's name among them

NO_MATCH = (0, 0, 0)
Grade = tuple[int, int, int]  # grounds, how good the place is, how many pieces agree at the path's end


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A file of a scene that is looked for in Plex."""

    file: File
    places: tuple[PlexPath, ...]  # paths that it may have there, the best first
    chosen: str = ""  # the first of them, where a person has chosen it

    @property
    def names(self) -> tuple[str, ...]:
        """File names that it may have there, the best first."""
        return tuple(dict.fromkeys(file_name(path) for path in (self.chosen, self.file.path) if path))


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An item that may hold the file; `file` is the item's own file that looks like the scene's."""

    rating_key: int
    section: int
    kind: Kind
    file: File
    title: str = ""  # not known where the index found it

    @classmethod
    def of(cls, item: Item, file: File) -> Self:
        """The item, for this file of its own."""
        return cls(
            rating_key=item.rating_key, section=item.section, kind=item.kind, file=file, title=item.title
        )

    @property
    def name(self) -> str:
        """As `FileMatch.name`."""
        return name_of(self.file.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exact:
    """The file was found: in one item, or in several that hold the very same path."""

    candidates: tuple[Candidate, ...]
    grounds: int  # BY_NAME to BY_PERSON; 0 for the best guess among several

    @property
    def candidate(self) -> Candidate:
        return self.candidates[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """Several files are equally likely."""

    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """No item holds the file."""

    near: tuple[Candidate, ...] = ()  # items with a file of the same name and another size


Match = Exact | Unclear | Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMatch:
    """What is known of one file of a scene: the item that holds it and on what grounds, and under which settings it was
    looked for. Without an item `rating_key` is 0."""

    path: str  # as Stash names it
    rating_key: int
    grounds: int
    mark: str
    size: int = 0  # as Stash has it; 0: not known
    place: str = ""  # the file, as the item names it; "": not known

    @property
    def found(self) -> bool:
        return self.rating_key > 0

    @property
    def name(self) -> str:
        """What files are compared by first: their name, without regard to case and spelling."""
        return name_of(self.path)


def name_of(path: str) -> str:
    return folded(file_name(path))


def wanted_file(file: File, paths: PathMap, chosen: str = "") -> Wanted:
    """`chosen` is the file of Plex that a person has chosen for it, or ""."""
    places = paths.places(file.path)
    if chosen:
        places = (PlexPath(path=chosen, certain=True), *places)
    return Wanted(file=file, places=places, chosen=chosen)


def holds(files: Iterable[File], wanted: Wanted) -> bool:
    """Whether an item with these files still holds the scene's: at a known place, or by name, and size where both
    have one."""
    return any(grade(file, wanted) > NO_MATCH for file in files)


def grade(found: File, wanted: Wanted) -> Grade:
    """How surely `found` is the wanted file; the higher the better, and NO_MATCH for another file.

    What lies in Plex's trash is the file only at its known place: a file with another place has moved.
    """
    sizes_agree = not found.size or not wanted.file.size or found.size == wanted.file.size
    suffix = _suffix(found, wanted)
    if wanted.chosen and same_path(found.path, wanted.chosen):
        return (BY_PERSON, 0, suffix)
    for number, place in enumerate(wanted.places):
        if same_path(found.path, place.path) and (place.certain or sizes_agree):
            return (BY_PATH, len(wanted.places) - number, suffix)
    if found.trashed or not sizes_agree or not same_name(found.path, wanted.file.path):
        return NO_MATCH
    if not (found.size and wanted.file.size):
        return (BY_NAME, 0, suffix)
    return (BY_FOLDER if suffix >= FOLDER_AGREES else BY_SIZE, 0, suffix)


def choose(wanted: Wanted, candidates: Sequence[Candidate]) -> Match:
    """The items that hold `wanted`: on the best grounds, and of several copies the one whose path agrees longest.

    An item in Plex's trash counts only where no other holds the file.
    """
    graded = [(grade(candidate.file, wanted), candidate) for candidate in candidates]
    alive = [pair for pair in graded if pair[0] > NO_MATCH and not pair[1].file.trashed]
    graded = alive or graded
    best = max((found for found, _ in graded), default=NO_MATCH)
    if best == NO_MATCH:
        return Missing(
            near=_unique(found for found in candidates if same_name(found.file.path, wanted.file.path))
        )
    top = [candidate for found, candidate in graded if found == best]
    one = len(_unique(top)) == 1 or all(same_path(each.file.path, top[0].file.path) for each in top)
    if one or best[0] >= BY_PATH:
        return Exact(candidates=_unique(top), grounds=best[0])
    return Unclear(candidates=_unique(top))


def may_take_over(found: File, wanted: Wanted, known: Iterable[FileMatch]) -> bool:
    """Whether an item with the file `found` is at the exact place of the wanted one, and no worse than what is `known` of that.
    One that is as good holds the very same path."""
    theirs = grade(found, wanted)
    return theirs[0] >= BY_PATH and all(theirs >= _standing(each, wanted) for each in known)


def _standing(known: FileMatch, wanted: Wanted) -> Grade:
    if not known.found or known.grounds < BY_PATH:
        return (known.grounds, 0, 0)
    if not known.place:
        return (known.grounds + 1, 0, 0)  # in rows from before nobody knows which place it is: none is better
    return grade(File(path=known.place), wanted)


def lesson(wanted: Wanted, match: Exact) -> PathRule | None:
    """The path rule that a match teaches.

    None unless the files are surely the same and no certain place told so before.
    """
    found, file = match.candidate.file, wanted.file
    told = any(place.certain and same_path(place.path, found.path) for place in wanted.places)
    if not match.grounds or not file.size or found.size != file.size or told:
        return None
    return rule_between(file.path, found.path)


def best_guess(wanted: Wanted, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The longest common path suffix wins; the lowest rating key among equals, so that the choice is the same each time.

    With it come the items that hold the very same path.
    """
    best = min(candidates, key=lambda found: (-_suffix(found.file, wanted), found.rating_key))
    others = [found for found in candidates if same_path(found.file.path, best.file.path)]
    return _unique([best, *others])


def search_mark(file: File, paths: PathMap, libraries: Iterable[str], chosen: str = "") -> str:
    """Fingerprint of what decides where the file is looked for: the user's rules for it, the libraries, and what was chosen.

    Learned rules do not count: they only say more surely what was found without them.
    """
    ruled = [place.path for place in PathMap(rules=paths.rules).places(file.path)]
    return _fingerprint([ruled, sorted(libraries), *([chosen] if chosen else [])])


def grounds_mark(server: str, matches: Iterable[FileMatch], sections: Iterable[tuple[int, int]]) -> str:
    """Fingerprint of what being in sync rests on: the server, the items with their sections, and the grounds."""
    found = sorted((each.path, each.rating_key, each.grounds, each.mark) for each in matches if each.found)
    return _fingerprint([server, found, sorted(sections)])


def _fingerprint(plain: object) -> str:
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()[:32]


def _suffix(found: File, wanted: Wanted) -> int:
    return max(common_suffix(found.path, place.path) for place in wanted.places)


def _unique(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    return tuple({candidate.rating_key: candidate for candidate in candidates}.values())
