"""Find the Plex item that holds a scene's file: the index first, then Plex's `file=` filter (design.md section 5)."""

import logging
from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element

from plexsync_plugin.base.errors import Ambiguous, DatabaseError, SettingsError
from plexsync_plugin.core.match import Candidate, Exact, Unclear, choose
from plexsync_plugin.core.model import File, Kind, Section
from plexsync_plugin.core.pathmap import file_name
from plexsync_plugin.plex import elements
from plexsync_plugin.plex.gateway import PlexGateway
from plexsync_plugin.plex.views import IndexView

PAGE = 100  # the filter is a substring match: `1.mp4` finds `11.mp4` too, so it is paged to its end

_log = logging.getLogger(__name__)


class Finder:
    """Looks only in the sections that sync may write to: those of the setting plex_library, or every video section."""

    def __init__(
        self, gateway: PlexGateway, index: IndexView, libraries: Sequence[str], *, strict: bool
    ) -> None:
        self._gateway = gateway
        self._index = index
        self._libraries = libraries
        self._strict = strict

    def sections(self) -> list[Section]:
        """Raises SettingsError when plex_library names a library that Plex does not have."""
        videos = [section for section in self._gateway.sections() if section.item_kind is not None]
        if not self._libraries:
            return videos
        titles = {section.title.casefold(): section for section in videos}
        missing = [name for name in self._libraries if name.casefold() not in titles]
        if missing:
            there = ", ".join(section.title for section in videos) or "none"
            raise SettingsError(
                "plex_library",
                f"The setting plex_library names {missing[0]!r}, but Plex has no video library of that title. "
                f"It has: {there}.",
            )
        wanted = {name.casefold() for name in self._libraries}
        return [section for section in videos if section.title.casefold() in wanted]

    def find(self, wanted: File) -> Candidate | None:
        """The one item, or None. Raises Ambiguous with the items that could be meant."""
        for candidates in (self._from_index(wanted), self._from_plex(wanted)):
            match = choose(wanted, list(candidates), strict=self._strict)
            if isinstance(match, Exact):
                return match.candidate
            if isinstance(match, Unclear):
                raise Ambiguous(
                    f"Several Plex items could be {file_name(wanted.path)!r}. Remove the duplicates in Plex, or "
                    "switch off strict_matching to take the best of them.",
                    tuple(_describe(candidate) for candidate in match.candidates),
                )
        return None

    def _from_index(self, wanted: File) -> Iterable[Candidate]:
        allowed = {section.key for section in self.sections()}
        try:
            found = self._index.candidates(wanted)
        except DatabaseError as error:
            _log.warning("index not read: %s", error)
            return []
        return [candidate for candidate in found if candidate.section in allowed]

    def _from_plex(self, wanted: File) -> Iterable[Candidate]:
        for section in self.sections():
            kind = section.item_kind
            if kind is not None:
                yield from self._filtered(section.key, kind, wanted)

    def _filtered(self, section: int, kind: Kind, wanted: File) -> Iterable[Candidate]:
        start = 0
        while True:
            page = self._gateway.page(
                section, kind, start=start, size=PAGE, filters={"file": file_name(wanted.path)}
            )
            for element in page.elements:
                yield from _candidates(element, section, kind)
            start += len(page.elements)
            if not page.elements or start >= page.total:
                return


def _candidates(element: Element, section: int, kind: Kind) -> Iterable[Candidate]:
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
