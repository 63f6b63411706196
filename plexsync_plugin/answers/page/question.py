"""What an operation has to answer with: files and a clock. Nobody is asked for anything."""

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from plexsync_plugin.answers.page.shapes import Action, Problem
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.jobs.state import missing_steps, read_state


class NoAnswer(Exception):
    """The question cannot be answered as things stand."""

    def __init__(self, text: str, action: Action | None = None) -> None:
        super().__init__(text)
        self.problem = Problem(text=text, action=action or Action())


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`stash` is how a worker reaches Stash, as Stash wrote it."""

    folder: DataFolder
    stash: Mapping[str, Any]
    clock: Clock

    @contextlib.contextmanager
    def state(self) -> Iterator[sqlite3.Connection | None]:
        """plexsync.db, None while no worker has made it. Raises NoAnswer, DatabaseError."""
        connection = read_state(self.folder.state)
        if connection is None:
            yield None
            return
        with contextlib.closing(connection):
            missing = missing_steps(connection)
            if missing < 0:
                raise NoAnswer(
                    "PlexSync's files were written by a newer version. Update PlexSync.",
                    Action(name="reload"),
                )
            if missing > 0:
                raise NoAnswer(
                    "PlexSync was updated; its worker brings its files up to date as soon as it runs.",
                    Action(name="wake"),
                )
            yield connection
