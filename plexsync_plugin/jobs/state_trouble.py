"""Says in a sentence what keeps plexsync.db from being read: which file, what is lost, what to do. For whoever only reads it."""

import sqlite3

from plexsync_plugin.base.file_trouble import FileTrouble, trouble_of
from plexsync_plugin.jobs.state import missing_steps

_MENDING = (
    "As soon as the worker meets the damage, it carries over into a new file what can be read, puts the damaged one aside, and compares "
    "all scenes. What cannot be read is lost, such as what Undo needs for some items. Any edit starts a worker, and so does the task "
    "Process Queue."
)


def trouble_sentence(path: str, error: Exception) -> str:
    """`error` is what opening or reading `path` raised."""
    trouble = trouble_of(error)
    if trouble is FileTrouble.LOCKED:
        return f"{path} is kept locked by another program, so less is told here."
    told = str(error).rstrip(".")
    if trouble is FileTrouble.UNWRITABLE:
        return (
            f"{path} cannot be read as a whole ({told}), so less is told here. See that there is room on its disk, and that the user that "
            "Stash runs as may read and write the file and its folder."
        )
    return f"{path} cannot be read as a whole ({told}), so less is told here. {_MENDING}"


def version_sentence(path: str, connection: sqlite3.Connection) -> str:
    """For a file of another version of PlexSync; "" for one of this."""
    missing = missing_steps(connection)
    if missing > 0:
        return (
            f"{path} is of an earlier version of PlexSync, so less is told here. The worker brings it up to date as soon as it runs: any "
            "edit starts one, and so does the task Process Queue. If an older copy was put in its place, what was written since is not "
            "known any more; run Reconcile."
        )
    if missing < 0:
        return f"{path} was written by a newer version of PlexSync, so no worker uses it. Update PlexSync, or move the file away."
    return ""
