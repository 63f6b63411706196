"""How Plex is reached: the settings and the identifier of this installation, as one value for the gateway."""

import os
import uuid

from plexsync_plugin.base.paths import DataFolder, private
from plexsync_plugin.base.settings import Settings
from plexsync_plugin.plex.gateway import Connection


def client_id(folder: DataFolder) -> str:
    """The identifier by which Plex knows this installation.

    It is kept in a file, so that each start is the same device.
    """
    try:
        with open(folder.client_id, encoding="ascii") as file:
            kept = file.read().strip()
    except FileNotFoundError:
        kept = ""
    if kept:
        return kept
    fresh = str(uuid.uuid4())
    temporary = f"{folder.client_id}.{os.getpid()}"
    with open(temporary, "w", encoding="ascii", opener=private) as file:
        file.write(fresh)
    os.replace(temporary, folder.client_id)
    return fresh


def plex_connection(settings: Settings, folder: DataFolder, *, read_attempts: int = 2) -> Connection:
    return Connection(
        url=settings.plex_url,
        token=settings.plex_token.get_secret_value(),
        client_id=client_id(folder),
        connect_timeout=settings.connect_timeout,
        read_timeout=settings.read_timeout,
        read_attempts=read_attempts,
    )
