"""What everything here works with: one Plex server as it answers now, Stash, our own state."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.plex.gateway import PlexGateway
from plexsync_plugin.stash.client import StashClient


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchSide:
    """Made anew for each look. `server` is the machine identifier."""

    gateway: PlexGateway
    server: str
    stash: StashClient
    connection: sqlite3.Connection
    clock: Clock
    come_first: Callable[[], bool]  # whether something else does, between two requests of long work
