"""Sends a sentence of the detached worker to Stash's log page. Standard library alone.

The worker's own standard error goes nowhere, so it asks Stash to run the plugin's operation *say*, whose standard
error Stash reads (docs/facts/stash.md section 14).
"""

from plexsync_plugin.base.errors import PlexSyncError
from plexsync_plugin.stash.answer import data_of
from plexsync_plugin.stash.connection import PLUGIN_ID, StashConnection
from plexsync_plugin.stash.plain_http import post

TIMEOUT = 10.0  # seconds
_MUTATION = "mutation($id:ID!,$args:Map){runPluginOperation(plugin_id:$id,args:$args)}"


def say(connection: StashConnection, level: str, text: str) -> bool:
    """True when Stash took it. `level` is one of `base.stashlog.LEVELS`."""
    variables = {"id": PLUGIN_ID, "args": {"operation": "say", "level": level, "text": text}}
    try:
        data_of(*post(connection, {"query": _MUTATION, "variables": variables}, seconds=TIMEOUT))
    except PlexSyncError:
        return False
    return True
