"""Find the Plex item that holds a scene's file (docs/architecture.md, "Matching").

It asks the index first, by path, then by name and size; then the last listing of the libraries, and what Plex has told of
since; then Plex's `file=` filter,
or a new listing where too many scenes would have to be looked up one by one. Only a listing can say "not found": any other
answer of Plex is an error.
"""

import logging
import math
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import lru_cache
from xml.etree.ElementTree import Element

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import Ambiguous, DatabaseError, SearchPostponed
from plexsync_plugin.base.rules import PathRule
from plexsync_plugin.base.settings import Settings
from plexsync_plugin.core.choices import Choice, Choices
from plexsync_plugin.core.match import (
    BY_PATH,
    Candidate,
    Exact,
    FileMatch,
    Match,
    Missing,
    Unclear,
    Wanted,
    best_guess,
    choose,
    grade,
    holds,
    search_mark,
    wanted_file,
)
from plexsync_plugin.core.model import File, Kind, Scene, Section
from plexsync_plugin.core.pathmap import PathMap, file_name, spellings
from plexsync_plugin.plex import elements
from plexsync_plugin.plex.gateway import PlexGateway
from plexsync_plugin.plex.views import IndexView
from plexsync_plugin.worker.finding.appeared import AppearedFiles
from plexsync_plugin.worker.finding.file_listing import FileListing
from plexsync_plugin.worker.finding.libraries import Libraries

PAGE = 100  # the filter is a substring match: `1.mp4` finds `11.mp4` too, so it is paged to its end
MANY = 50  # scenes at once, or looked up singly within WINDOW: then one listing of everything costs less
RESERVE = 200  # more single look-ups within WINDOW for a person's own edits: one in three seconds
WINDOW = 600.0  # seconds
REMEMBERED = 1_000  # files whose places are known without being worked out again

# Whether the file of a candidate, which is found on weaker grounds than its place, is this scene's. Raises Ambiguous.
IsOurs = Callable[[Wanted, Candidate], bool]

_log = logging.getLogger(__name__)


class SingleLookUps:
    """Counts look-ups of single files, and says when no more are allowed for now."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._spent: deque[float] = deque()

    def spend(self, *, person: bool = False) -> bool:
        """Count one look-up; False when none is left. A person's own edits have some in reserve."""
        now = self._clock.monotonic()
        while self._spent and now - self._spent[0] >= WINDOW:
            self._spent.popleft()
        if len(self._spent) >= MANY + (RESERVE if person else 0):
            return False
        self._spent.append(now)
        return True


class Finder:
    """Looks only in the sections that sync may write to: those of the setting plex_library, or every video section.

    `appeared` is filled by whoever hears of files in Plex.
    """

    def __init__(
        self,
        gateway: PlexGateway,
        index: IndexView,
        settings: Settings,
        clock: Clock,
    ) -> None:
        self._gateway = gateway
        self._index = index
        self._libraries = Libraries(gateway, settings.plex_library, clock)
        self._strict = settings.strict_matching
        self._rules = settings.path_map
        self._names = tuple(sorted(settings.plex_library.spellings))
        self._single_look_ups = SingleLookUps(clock)
        self._crowded = False
        self.listing = FileListing(gateway, clock)
        self.appeared = AppearedFiles(clock)
        self.paths = PathMap(rules=self._rules)
        self._chosen: tuple[Choice, ...] = ()
        self.choices = Choices()
        # Each file is asked for half a dozen times on its way through a batch.
        self.wanted = lru_cache(REMEMBERED)(self._made_wanted)
        self.mark = lru_cache(REMEMBERED)(self._made_mark)

    def learn(self, learned: Sequence[PathRule], choices: Iterable[Choice]) -> None:
        """Path rules and persons' choices that hold from now on."""
        paths, chosen = PathMap(rules=self._rules, learned=tuple(learned)), tuple(choices)
        if paths != self.paths or chosen != self._chosen:
            self.paths, self._chosen, self.choices = paths, chosen, Choices(chosen)
            self.wanted.cache_clear()
            self.mark.cache_clear()

    def sections(self) -> list[Section]:
        """Raises SettingsError when plex_library names a library that Plex does not have."""
        return self._libraries.sections()

    def allows(self, section: int) -> bool:
        """Whether sync may write to items of this section."""
        return self._libraries.allow(section)

    def _made_wanted(self, file: File) -> Wanted:
        return wanted_file(file, self.paths, self.choices.place_of(file.path))

    def _made_mark(self, file: File) -> str:
        """Fingerprint of the settings that the file is looked for under."""
        return search_mark(file, self.paths, self._names, self.choices.place_of(file.path))

    def as_of_now(self, scene: Scene, known: Iterable[FileMatch]) -> list[FileMatch]:
        """What is known of the scene's files, as if found under the settings of now: another mark tells that they changed."""
        marks = {file.path: self.mark(file) for file in scene.files}
        return [replace(each, mark=marks[each.path]) for each in known if each.path in marks]

    def looking_up(self) -> AbstractContextManager[None]:
        """Around the look-ups of one batch: the index stays open meanwhile."""
        return self._index.kept_open()

    # --- one file ------------------------------------------------------------------------------------------------

    def find(self, file: File) -> Candidate | None:
        """The one item, or None. Raises Ambiguous with the items that could be meant, and SearchPostponed."""
        match = self.search(file)
        return match.candidate if isinstance(match, Exact) else None

    def search(
        self,
        file: File,
        *,
        since: float = math.inf,
        bulk: bool = False,
        again: bool = False,
        refuted: Collection[int] = (),
        is_ours: IsOurs | None = None,
    ) -> Exact | Missing:
        """As `find`, but returns the grounds of the match, or the files that came near where there is none.

        What other scenes claim on better grounds is left out by `is_ours`.

        `since`, in epoch seconds, is when the job became due: an older listing cannot say that there is no item. `refuted`
        are rating keys of items that turned out not to hold the file. Where Plex was listed lately, a search that is one of
        many (`bulk`) or was made before (`again`) raises SearchPostponed and so waits for the next listing; one that is
        neither goes on, with look-ups in reserve.
        """
        wanted = self.wanted(file)
        match: Match = Missing()
        patient, person = again or (bulk and self._crowded), not (again or bulk)
        for candidates in self._sources(wanted, since, patient=patient, person=person, again=again):
            allowed = {section.key for section in self.sections()}
            match = self.choose(wanted, _among(candidates, allowed, refuted), is_ours)
            if isinstance(match, Exact) and not all(found.file.trashed for found in match.candidates):
                return match
        if isinstance(match, Unclear):
            return self.settle(wanted, match)
        return match

    def choose(self, wanted: Wanted, candidates: Sequence[Candidate], is_ours: IsOurs | None) -> Match:
        """As `core.match.choose`, without files that belong to other scenes. Raises Ambiguous."""
        path = wanted.file.path
        candidates = [found for found in candidates if not self.choices.is_for_another(path, found.file.path)]
        match = choose(wanted, candidates)
        while is_ours is not None and not isinstance(match, Missing) and not _is_sure(wanted, match):
            foreign = {id(found) for found in match.candidates if not is_ours(wanted, found)}
            if not foreign:
                break
            candidates = [found for found in candidates if id(found) not in foreign]
            match = choose(wanted, candidates)
        return match

    def at_its_place(self, file: File) -> list[int]:
        """Rating keys of the items that index or listing show at the file's exact place, without a request."""
        wanted = self.wanted(file)
        try:
            found = [*self._index.at(wanted.places), *self._told_of(wanted)]
        except DatabaseError as error:
            _log.warning("index not read: %s", error)
            return []
        return list(
            dict.fromkeys(each.rating_key for each in found if grade(each.file, wanted)[0] >= BY_PATH)
        )

    def knows(self, file: File, *, since: float, refuted: Collection[int]) -> bool:
        """Whether a search would end without a request: found in index or listing, or surely missing."""
        try:
            return self.listing.answers(since) or self.shows(file, refuted=refuted)
        except DatabaseError:
            return False

    def shows(self, file: File, *, refuted: Collection[int] = ()) -> bool:
        """Whether index or listing show the file in a section that sync may write to. Raises DatabaseError."""
        wanted = self.wanted(file)
        allowed = {section.key for section in self.sections()}
        return any(
            not isinstance(self.choose(wanted, _among(candidates, allowed, refuted), None), Missing)
            for candidates in (*self._in_index(wanted), self._told_of(wanted))
        )

    # --- many ----------------------------------------------------------------------------------------------------

    def expect(self, number: int) -> None:
        """Tell that so many scenes are about to be looked up. Where they are many, the libraries are listed instead.

        Raises what the gateway raises.
        """
        self._crowded = number > MANY
        if self._crowded and not self.listing.wait():
            self.listing.run(self.sections())

    # --- where to look -------------------------------------------------------------------------------------------

    def _sources(
        self, wanted: Wanted, since: float, *, patient: bool, person: bool, again: bool
    ) -> Iterator[Iterable[Candidate]]:
        try:
            yield from self._in_index(wanted)
        except DatabaseError as error:
            _log.warning("index not read: %s", error)
        told = self._told_of(wanted)
        # An event tells of one item alone. Unless the file was looked for in vain before, it may have copies there that nothing
        # has told of.
        alone = not (again or self.listing.kept)
        yield [each for each in told if grade(each.file, wanted)[0] >= BY_PATH] if alone else told
        if not self.listing.answers(since):
            yield self._at_plex(wanted, patient=patient, person=person)

    def _told_of(self, wanted: Wanted) -> list[Candidate]:
        """What Plex has told of files of these names: in its last listing, and in events since."""
        files = [File(path=name) for name in wanted.names]
        told = [found for file in files for found in self.appeared.candidates(file)]
        later = {candidate.rating_key for candidate in told}
        listed = (each for file in files for each in self.listing.candidates(file))
        return [*(each for each in listed if each.rating_key not in later), *told]

    def _in_index(self, wanted: Wanted) -> Iterator[Iterable[Candidate]]:
        yield self._index.at(wanted.places)
        yield self._index.named(wanted.file)

    def _at_plex(self, wanted: Wanted, *, patient: bool, person: bool) -> Iterable[Candidate]:
        self._libraries.renew()
        # A listing answers for many, so the reserve is for the time until the next.
        person = person and self.listing.wait() > 0.0
        waits = patient and self.listing.wait() and not self.listing.narrowed
        if not waits and self._single_look_ups.spend(person=person):
            return self._filtered(wanted)
        if not self.listing.wait():
            self.listing.run(self.sections())
            found = self._told_of(wanted)
            if found or self.listing.answers(0.0):
                return found
        raise SearchPostponed(
            f"{file_name(wanted.file.path)!r} is looked for in Plex's next listing: too many files were looked up one by one, "
            "and Plex is not asked for a listing more than once in ten minutes.",
            max(self.listing.wait(), 1.0),
        )

    def _filtered(self, wanted: Wanted) -> list[Candidate]:
        found: list[Candidate] = []
        for text in _asked_for(wanted):
            found += self._containing(text)
            if holds((candidate.file for candidate in found), wanted):
                break
        return found

    def _containing(self, text: str) -> Iterator[Candidate]:
        for section in self.sections():
            kind = section.item_kind
            if kind is not None:
                yield from self._pages(section.key, kind, text)

    def _pages(self, section: int, kind: Kind, text: str) -> Iterator[Candidate]:
        start = 0
        while True:
            page = self._gateway.page(section, kind, start=start, size=PAGE, filters={"file": text})
            for element in page.elements:
                yield from _candidates(element, section, kind)
            start += len(page.elements)
            if not page.elements or start >= page.total:
                return

    def settle(self, wanted: Wanted, match: Unclear) -> Exact:
        """Raises Ambiguous where matching is strict."""
        if not self._strict:
            return Exact(candidates=best_guess(wanted, match.candidates), grounds=0)
        raise Ambiguous(
            f"Several Plex items could be {file_name(wanted.file.path)!r}. Remove the duplicates in Plex, put a rule "
            "that tells them apart into path_map, or switch off strict_matching to take the best of them.",
            tuple(_describe(candidate) for candidate in match.candidates),
        )


def _asked_for(wanted: Wanted) -> Iterator[str]:
    for name in wanted.names:
        # A comma may mean "or" (docs/facts/plex.md section 3.7), so the longest piece without one is asked for. Plex compares
        # bytes, so a name whose letters are composed otherwise there has to be asked for in that spelling.
        yield from spellings(max(name.split(","), key=len))


def _is_sure(wanted: Wanted, match: Exact | Unclear) -> bool:
    return grade(match.candidates[0].file, wanted)[0] >= BY_PATH


def _among(
    candidates: Iterable[Candidate], allowed: Collection[int], refuted: Collection[int]
) -> list[Candidate]:
    return [found for found in candidates if found.section in allowed and found.rating_key not in refuted]


def _candidates(element: Element, section: int, kind: Kind) -> Iterator[Candidate]:
    for file in elements.files(element):
        yield Candidate(
            rating_key=elements.rating_key(element),
            section=section,
            kind=kind,
            title=element.get("title", ""),
            file=file,
        )


def _describe(candidate: Candidate) -> str:
    return f"{candidate.title} ({candidate.file.path})" if candidate.title else candidate.file.path
