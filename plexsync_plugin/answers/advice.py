"""What a person can do about a class of failure: one sentence each. Pure."""

_ADVICE = {
    "ItemMissing": "Not in Plex: let Plex scan the folder, or check plex_library and path_map; it is found by itself "
    "once the index shows the file. For a partial Plex library switch on skip_unmatched.",
    "Ambiguous": "Remove duplicates in Plex, split items that hold two scenes, or switch strict_matching off.",
    "Rejected": "Plex refuses what was sent: see the message, mend the scene in Stash, and it is tried again.",
    "BadScene": "Mend the scene in Stash; saving it is enough to try it again.",
    "PlexTrouble": "Plex fails on these items alone: open them in Plex, refresh or analyze them, then run Retry Failed.",
    "PlexUnavailable": "Plex breaks off at these items alone: open them in Plex, refresh or analyze them, then run Retry Failed.",
    "PlexTooSlow": "Plex never finishes its answers about these items: open them in Plex, refresh or analyze them, then run "
    "Retry Failed; if Plex is only slow, raise read_timeout.",
    "PlexTooLong": "Plex's answers about these items never come to an end: see their pages in Plex, refresh them, then run Retry "
    "Failed.",
    "StashRejected": "Stash refuses what PlexSync asks it: see the message and Stash's log; then run Retry Failed.",
    "UnreadableRow": "An entry of the queue's file was damaged; Reconcile or Sync All Scenes makes up for it, then Clear Failed.",
}
_OTHER = "Run Retry Failed; if it comes again, report it with the lines of log/worker.log."


def advice(reason: str) -> str:
    """`reason` is the class of the failure, as the list of failed scenes keeps it."""
    return _ADVICE.get(reason, _OTHER)
