"""Which libraries a run reads: those asked for by title, less those whose counters show that nothing happened. Pure."""

from collections.abc import Sequence
from itertools import pairwise

from indexer.file.store import KnownSection, token
from plexsync_plugin.base.clock import utc_text
from plexsync_plugin.base.errors import SettingsError
from plexsync_plugin.base.names import NameList, plain
from plexsync_plugin.core.model import Section

SWEEP_SECONDS = 24 * 3600.0
SWEEP_RUNS = 10
DETAILS_SECONDS = 30 * 24 * 3600.0


def choose(sections: Sequence[Section], names: NameList) -> list[Section]:
    """The sections with these titles, all where there are none. Raises SettingsError naming the titles there are."""
    if not names:
        return list(sections)
    titles = {plain(section.title) for section in sections}
    unknown = names.unknown(titles)
    if unknown:
        there = ", ".join(f'"{section.title}"' for section in sections) or "none"
        raise SettingsError(
            "PLEX_LIBRARY_NAMES",
            f'Plex has no library "{unknown}" (PLEX_LIBRARY_NAMES, --library). The libraries there are: {there}.',
        )
    wanted = names.found_in(titles)
    return [section for name in wanted for section in sections if plain(section.title) == name]


def is_unchanged(section: Section, known: KnownSection | None, now: float) -> bool:
    """Whether the library need not be listed: its counters are those of the last complete reading, which is not long ago.

    Plex does not promise that every edit moves the counters, so everything is listed once a day and every `SWEEP_RUNS` runs.
    """
    if known is None or not known.available or not section.content_changed_at:
        return False
    recent = utc_text(now - SWEEP_SECONDS), known.last_sweep_at, utc_text(now)
    in_order = all(earlier <= later for earlier, later in pairwise(recent))
    return known.token == token(section) and in_order and known.runs_since_sweep + 1 < SWEEP_RUNS


def details_are_old(known: KnownSection | None, now: float) -> bool:
    """Whether all details are to be read again.

    Labels, locks, a third genre or collection change without a trace in listings (docs/facts/plex.md section 3.8).
    """
    if known is None or not known.last_details_at:
        return True
    return not utc_text(now - DETAILS_SECONDS) <= known.last_details_at <= utc_text(now)
