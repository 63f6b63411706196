"""Every expected failure, one class per cause, in one tree.

PlexSyncError
|- PlexUnavailable          no connection
|  |- PlexBusy              429, 503 (starting, migrating, overloaded)
|  |- PlexTrouble           any other 5xx, or no answer in time: it may lie with what was asked for
|  |  |- PlexTooSlow        an answer was not whole when its time was up
|  |  `- PlexTooLong        an answer was larger than any that Plex should give
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
job that met the error; `core.retry.decide` is its only reader. Standard library alone: the hook imports this.
"""

# What becomes of a job (facts: design.md section 7).
WAIT_FOR_PLEX = "wait_for_plex"
DOUBT_ITEM = "doubt_item"
WAIT_FOR_PERSON = "wait_for_person"
WAIT_FOR_STASH = "wait_for_stash"
LOOK_AGAIN = "look_again"
LOOK_LATER = "look_later"
RECORD_ABSENT = "record_absent"
BURY = "bury"
RETRY = "retry"


class PlexSyncError(Exception):
    """Root of all expected failures."""

    disposition = RETRY


class PlexUnavailable(PlexSyncError):
    disposition = WAIT_FOR_PLEX


class PlexBusy(PlexUnavailable):
    """`retry_after` is what the server asked for, in seconds, or None."""

    def __init__(self, message: str, retry_after: "float | None" = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class PlexTrouble(PlexUnavailable):
    disposition = DOUBT_ITEM


class PlexTooSlow(PlexTrouble):
    pass


class PlexTooLong(PlexTrouble):
    pass


class PlexCertificate(PlexUnavailable):
    pass


class NotPlex(PlexUnavailable):
    pass


class PlexUnauthorized(PlexSyncError):
    disposition = WAIT_FOR_PERSON


class ItemMissing(PlexSyncError):
    disposition = LOOK_AGAIN


class Absent(PlexSyncError):
    disposition = RECORD_ABSENT


class SearchPostponed(PlexSyncError):
    """`delay` in seconds."""

    disposition = LOOK_LATER

    def __init__(self, message: str, delay: float) -> None:
        super().__init__(message)
        self.delay = delay


class Ambiguous(PlexSyncError):
    """`candidates` are sentences that tell the items apart."""

    disposition = BURY

    def __init__(self, message: str, candidates: "tuple[str, ...]" = ()) -> None:
        super().__init__(message)
        self.candidates = candidates


class Rejected(PlexSyncError):
    disposition = BURY

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class BadScene(PlexSyncError):
    disposition = BURY


class StashUnavailable(PlexSyncError):
    disposition = WAIT_FOR_STASH


class StashBusy(StashUnavailable):
    pass


class StashUnauthorized(PlexSyncError):
    disposition = WAIT_FOR_STASH


class StashRejected(PlexSyncError):
    disposition = WAIT_FOR_STASH


class PictureUnavailable(PlexSyncError):
    pass


class PictureUnusable(PlexSyncError):
    """Settles no job: the scene counts as one without a cover."""

    disposition = BURY


class SettingsError(PlexSyncError):
    """`setting` is the name as the settings page shows it."""

    disposition = WAIT_FOR_PERSON

    def __init__(self, setting: str, message: str) -> None:
        super().__init__(message)
        self.setting = setting


class PackagesMissing(PlexSyncError):
    disposition = WAIT_FOR_PERSON


class DatabaseError(PlexSyncError):
    pass


class NewerDatabase(DatabaseError):
    pass


class ForeignDatabase(DatabaseError):
    pass


class IndexRefused(PlexSyncError):
    disposition = BURY


class IndexBusy(IndexRefused):
    pass
