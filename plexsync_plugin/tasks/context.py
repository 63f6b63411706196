"""What every task and command needs: the data folder, the connection to Stash, and the settings as Stash has them
now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.settings import Settings, read_settings
from plexsync_plugin.stash.client import StashClient
from plexsync_plugin.stash.connection import connection_of


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskContext:
    """What a task works with."""

    folder: DataFolder
    document: dict[str, Any]  # the connection in Stash's own form, for a worker that is started from here
    stash: StashClient
    clock: Clock

    def stored(self) -> Mapping[str, Any]:
        """The settings as they are stored. Raises StashUnavailable and its kind."""
        return self.stash.state().settings

    def settings(self) -> Settings:
        """Raises SettingsError, StashUnavailable and its kind."""
        return read_settings(self.stored())


def task_context(document: Mapping[str, Any]) -> TaskContext:
    """Made of the document that Stash writes for a task."""
    connection = document["server_connection"]
    folder = DataFolder.of_stash(str(connection["Dir"]))
    folder.make()
    return TaskContext(
        folder=folder, document=connection, stash=StashClient(connection_of(connection)), clock=Clock()
    )
