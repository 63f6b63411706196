"""The libraries of Plex that sync may write to: those of the setting plex_library, or all that hold videos."""

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import SettingsError
from plexsync_plugin.base.names import NameList, plain
from plexsync_plugin.core.model import Section
from plexsync_plugin.plex.gateway import PlexGateway
from plexsync_plugin.plex.translate import asked_for_all

RENEW_AFTER = 600.0  # seconds


class Libraries:
    """The libraries, asked for when they are needed.

    Raises what the gateway raises, and SettingsError when a library is named that Plex does not have.
    """

    def __init__(self, gateway: PlexGateway, names: NameList, clock: Clock) -> None:
        self._gateway = gateway
        self._names = names
        self._clock = clock
        self._read_at = clock.monotonic()

    def sections(self) -> list[Section]:
        videos = self._videos()
        if not self._names:
            return videos
        if self._names.unknown(_titles(videos)):  # it may have been made since Plex was asked
            videos = self._videos(fresh=True)
        unknown = self._names.unknown(_titles(videos))
        if unknown:
            there = ", ".join(section.title for section in videos) or "none"
            raise SettingsError(
                "plex_library",
                f"The setting plex_library names {unknown!r}, but Plex has no video library of that title. "
                f"It has: {there}.",
            )
        wanted = self._names.found_in(_titles(videos))
        return [section for section in videos if plain(section.title) in wanted]

    def allow(self, section: int) -> bool:
        """Whether sync may write to items of this section."""
        return not self._names or any(each.key == section for each in self.sections())

    def renew(self) -> None:
        """Ask Plex for its libraries again now and then: a missing file may lie in one that is newer than this
        worker."""
        now = self._clock.monotonic()
        if now - self._read_at >= RENEW_AFTER:
            self._videos(fresh=True)
            self._read_at = now

    def _videos(self, *, fresh: bool = False) -> list[Section]:
        with asked_for_all():
            there = self._gateway.sections(fresh=fresh)
        return [section for section in there if section.item_kind is not None]


def _titles(sections: list[Section]) -> set[str]:
    return {plain(section.title) for section in sections}
