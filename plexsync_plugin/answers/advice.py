"""What a person can do about a failure, by its reason: some sentences each. Pure."""

from plexsync_plugin.base.errors import (
    Ambiguous,
    BadScene,
    ItemMissing,
    PlexTooLong,
    PlexTooSlow,
    PlexTrouble,
    PlexUnavailable,
    Rejected,
    StashRejected,
)
from plexsync_plugin.jobs.reasons import UNREADABLE_ROW

_ADVICE = {
    ItemMissing.reason: "Not in Plex: let Plex scan the folder, or check plex_library and path_map; it is found by itself "
    "once the index shows the file. For a partial Plex library switch on skip_unmatched.",
    Ambiguous.reason: "Remove duplicates in Plex, write a rule for the folder into path_map, split items that hold two scenes, "
    "or switch strict_matching off; Reconcile tries it again.",
    Rejected.reason: "Plex refuses what was sent: see the message, mend the scene in Stash, and it is tried again.",
    BadScene.reason: "Mend the scene in Stash; saving it is enough to try it again.",
    PlexTrouble.reason: "Plex fails on these items alone: open them in Plex, refresh or analyze them, then run Retry Failed.",
    PlexUnavailable.reason: "Plex breaks off at these items alone: open them in Plex, refresh or analyze them, then run Retry Failed.",
    PlexTooSlow.reason: "Plex never finishes its answers about these items: open them in Plex, refresh or analyze them, then run "
    "Retry Failed; if Plex is only slow, raise read_timeout.",
    PlexTooLong.reason: "Plex's answers about these items are longer than PlexSync reads: see what they hold in Plex, refresh them, "
    "then run Retry Failed.",
    StashRejected.reason: "Stash refuses what PlexSync asks it: see the message and Stash's log; then run Retry Failed.",
    UNREADABLE_ROW: "An entry of the queue's file was damaged; Reconcile or Sync All Scenes makes up for it, then Clear Failed.",
}
_OTHER = "Run Retry Failed; if it comes again, report it with the lines of log/worker.log."

# What is done by hand is done in another way in a shell than on the page, which has a button for it.
_IN_A_SHELL = {
    Ambiguous.reason: " Or say by hand which item it is: python -m plexsync_plugin choose SCENE RATING_KEY; what was chosen is taken "
    "back by choose SCENE --none.",
}
_ON_THE_PAGE = {Ambiguous.reason: " Or choose the right item here."}


def advice(reason: str, *, on_page: bool = False) -> str:
    """`reason` as the list of failed scenes keeps it."""
    by_hand = _ON_THE_PAGE if on_page else _IN_A_SHELL
    return _ADVICE.get(reason, _OTHER) + by_hand.get(reason, "")
