"""What a worker does once before its work: show on Stash's settings page what is in force, and look for another PlexSync.

Stash shows an untouched switch as off, also one that means on (docs/facts/stash.md section 8). So the first worker of a data folder
writes the defaults of what was never saved; later ones leave the page alone, as do all where Stash cannot be asked just now.
"""

import logging
import os

from plexsync_plugin.base.errors import PlexSyncError
from plexsync_plugin.base.neighbours import others_of_our_id, twin_sentence
from plexsync_plugin.jobs.records import Records
from plexsync_plugin.stash.client import StashClient
from plexsync_plugin.stash.defaults import write_defaults
from plexsync_plugin.worker.neighbours.notices import Notices
from plexsync_plugin.worker.neighbours.stash_session import StashSession

SHOWN = "defaults_shown"  # the fact that the defaults were written once
TWIN = "another_plexsync"  # the cause of the notice

_log = logging.getLogger(__name__)


class FirstRun:
    def __init__(self, records: Records, notices: Notices, plugin: str) -> None:
        self._records = records
        self._notices = notices
        self._plugin = plugin

    def look(self, stash: StashSession) -> None:
        """Leaves all as it is where Stash does not answer as it should; the client asks it as soon as it is made."""
        try:
            client = stash.client
            self._show_defaults(client)
            self._look_for_twins(client.plugins_folder())
        except PlexSyncError as error:
            _log.info(
                "the settings page is left as it is: %s", error
            )  # the loop says what is wrong, and the next worker looks

    def _show_defaults(self, client: StashClient) -> None:
        if self._records.fact(SHOWN):
            return
        filled = write_defaults(client)
        self._records.set_fact(SHOWN, "1")
        _log.info("defaults written to Stash's settings page: %s", ", ".join(filled) or "none")

    def _look_for_twins(self, plugins_folder: str) -> None:
        found = others_of_our_id(plugins_folder, self._plugin) if os.path.isabs(plugins_folder) else []
        if found:
            self._notices.tell(TWIN, "warning", twin_sentence(found))
        else:
            self._notices.clear(TWIN, "The other plugin PlexSync is gone.")
