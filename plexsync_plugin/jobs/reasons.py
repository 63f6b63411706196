"""Why a job or an order is not done, in the words that plexsync.db keeps. Owns the reasons that belong to no error class.

The reason of an error stands at its class (`base.errors`). None of these texts may change: older databases hold them.
"""

from dataclasses import dataclass

from plexsync_plugin.base.errors import (
    Absent,
    Ambiguous,
    ItemMissing,
    NotPlex,
    PlexBusy,
    PlexCertificate,
    PlexSyncError,
    PlexTooLong,
    PlexTooSlow,
    PlexTrouble,
    PlexUnavailable,
    SearchPostponed,
)

DISCARDED = "Discarded"  # a person took the job off the list of failed scenes
UNREADABLE_ROW = "UnreadableRow"  # a row of the inbox that nobody can read

ABSENT = Absent.reason
AMBIGUOUS = Ambiguous.reason
ITEM_MISSING = ItemMissing.reason
LOOKED_FOR = (ItemMissing.reason, SearchPostponed.reason)  # of waiting jobs whose scene has no Plex item yet
OF_PLEX = (  # of jobs that wait for Plex itself
    PlexUnavailable.reason,
    PlexBusy.reason,
    PlexTrouble.reason,
    PlexTooSlow.reason,
    PlexTooLong.reason,
    PlexCertificate.reason,
    NotPlex.reason,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a job or an order is not done, for its row and for a person. `candidates` are sentences that tell items apart;
    `detail` is the traceback of a bug, or ""."""

    reason: str
    message: str
    candidates: tuple[str, ...] = ()
    detail: str = ""


def reason_of(error: Exception) -> str:
    """The reason to keep for this error. An unexpected one is told by its class: nothing is decided by it."""
    return error.reason if isinstance(error, PlexSyncError) else type(error).__name__
