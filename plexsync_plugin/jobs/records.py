"""All that sync knows of scenes and items, in one object for those who need most of it. Owns no statement: each table's
module does.
"""

from plexsync_plugin.jobs.facts import Facts
from plexsync_plugin.jobs.file_matches import FileMatches
from plexsync_plugin.jobs.ledger import LedgerStore
from plexsync_plugin.jobs.matches import Matches
from plexsync_plugin.jobs.servers import Servers
from plexsync_plugin.jobs.synced import SyncedScenes


class Records(Servers, Matches, FileMatches, LedgerStore, SyncedScenes, Facts):
    """Keyed by the server's machine identifier: another server at the same address starts without history."""
