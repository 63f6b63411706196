"""Every expected failure, one class per cause, in one tree.

PlexSyncError
|- PlexUnavailable          no connection
|  |- PlexBusy              429, 503 (starting, migrating, overloaded)
|  |- PlexTrouble           any other 5xx, or no answer in time: it may lie with what was asked for
|  |  |- PlexTooSlow        an answer was not whole when its time was up
|  |  `- PlexTooLong        an answer was longer than any that is read
|  |- PlexCertificate       the TLS certificate does not fit the address
|  `- NotPlex               something answers at plex_url, but it is not a Plex server
|- PlexUnauthorized         401, 403
|- ItemMissing              no Plex item holds the scene's file, or the item is gone (404)
|- Absent                   the same, where the setting skip_unmatched is on
|- SearchPostponed          the item is looked for when Plex may be asked for so much again
|- Ambiguous                several items could be meant
|- Rejected                 Plex refuses the request (400 and the rest)
|- BadScene                 the scene itself cannot be synced
|- StashUnavailable         no connection
|  `- StashBusy             it is there and did not answer in time, or with 5xx
|- StashUnauthorized        401, a redirect to the login page
|- StashRejected            a GraphQL error
|- PictureUnavailable       Stash does not hand out one picture, but answers otherwise
|- PictureUnusable          a picture that Plex would not show
|- SettingsError            a setting is missing or makes no sense
|- PackagesMissing          Python packages cannot be found or installed
|- DatabaseError            a database file cannot be used
|  |- NewerDatabase         written by a newer PlexSync
|  `- ForeignDatabase       belongs to another server or another program
`- IndexRefused             an index run that would do harm
   `- IndexBusy             another run is at work on the same index

The message is for a person: what happened, to which thing, what to do. `disposition` says what becomes of the
work that met the error; `core.retry.decide` is its only reader. `reason` is the text that plexsync.db keeps of the
error and that a person names to Retry Failed: databases of older versions hold it, so it stays as it is, whatever
becomes of the name of the class. Standard library alone: the hook imports this.
"""

# What becomes of a job (docs/architecture.md, "Failures").
WAIT_FOR_PLEX = "wait_for_plex"
DOUBT_ITEM = "doubt_item"
WAIT_FOR_PERSON = "wait_for_person"
WAIT_FOR_STASH = "wait_for_stash"  # it is there, and cannot answer now
STASH_REFUSES = "stash_refuses"  # this one query
STASH_AWAY = "stash_away"
SESSION_REFUSED = "session_refused"
LOOK_AGAIN = "look_again"
LOOK_LATER = "look_later"
RECORD_ABSENT = "record_absent"
BURY = "bury"
RETRY = "retry"


class PlexSyncError(Exception):
    """Root of all expected failures."""

    reason = "PlexSyncError"
    disposition = RETRY


class PutAside(Exception):
    """No failure: between two requests, something else came first. The work in hand ends, stays due, and is taken again.

    Not of PlexSyncError's tree, so that nobody who expects a failure of a server takes it for one.
    """


class PlexUnavailable(PlexSyncError):
    reason = "PlexUnavailable"
    disposition = WAIT_FOR_PLEX


class PlexBusy(PlexUnavailable):
    """`retry_after` is what the server asked for, in seconds, or None."""

    reason = "PlexBusy"

    def __init__(self, message: str, retry_after: "float | None" = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class PlexTrouble(PlexUnavailable):
    reason = "PlexTrouble"
    disposition = DOUBT_ITEM


class PlexTooSlow(PlexTrouble):
    reason = "PlexTooSlow"


class PlexTooLong(PlexTrouble):
    reason = "PlexTooLong"


class PlexCertificate(PlexUnavailable):
    reason = "PlexCertificate"


class NotPlex(PlexUnavailable):
    reason = "NotPlex"


class PlexUnauthorized(PlexSyncError):
    reason = "PlexUnauthorized"
    disposition = WAIT_FOR_PERSON


class ItemMissing(PlexSyncError):
    reason = "ItemMissing"
    disposition = LOOK_AGAIN


class Absent(PlexSyncError):
    reason = "Absent"
    disposition = RECORD_ABSENT


class SearchPostponed(PlexSyncError):
    """`delay` in seconds."""

    reason = "SearchPostponed"
    disposition = LOOK_LATER

    def __init__(self, message: str, delay: float) -> None:
        super().__init__(message)
        self.delay = delay


class Ambiguous(PlexSyncError):
    """`candidates` are sentences that tell the items apart."""

    reason = "Ambiguous"
    disposition = BURY

    def __init__(self, message: str, candidates: "tuple[str, ...]" = ()) -> None:
        super().__init__(message)
        self.candidates = candidates


class Rejected(PlexSyncError):
    reason = "Rejected"
    disposition = BURY

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class BadScene(PlexSyncError):
    reason = "BadScene"
    disposition = BURY


class StashUnavailable(PlexSyncError):
    reason = "StashUnavailable"
    disposition = STASH_AWAY


class StashBusy(StashUnavailable):
    reason = "StashBusy"
    disposition = WAIT_FOR_STASH


class StashUnauthorized(PlexSyncError):
    reason = "StashUnauthorized"
    disposition = SESSION_REFUSED


class StashRejected(PlexSyncError):
    reason = "StashRejected"
    disposition = STASH_REFUSES


class PictureUnavailable(PlexSyncError):
    reason = "PictureUnavailable"


class PictureUnusable(PlexSyncError):
    """It decides about no job: the scene counts as one without a cover."""

    reason = "PictureUnusable"
    disposition = BURY


class SettingsError(PlexSyncError):
    """`setting` is the name as the settings page shows it."""

    reason = "SettingsError"
    disposition = WAIT_FOR_PERSON

    def __init__(self, setting: str, message: str) -> None:
        super().__init__(message)
        self.setting = setting


class PackagesMissing(PlexSyncError):
    reason = "PackagesMissing"
    disposition = WAIT_FOR_PERSON


class DatabaseError(PlexSyncError):
    reason = "DatabaseError"


class NewerDatabase(DatabaseError):
    reason = "NewerDatabase"


class ForeignDatabase(DatabaseError):
    reason = "ForeignDatabase"


class IndexRefused(PlexSyncError):
    reason = "IndexRefused"
    disposition = BURY


class IndexBusy(IndexRefused):
    reason = "IndexBusy"
