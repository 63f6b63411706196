"""The tasks that index: run the indexer in the foreground, with Stash's settings and progress bar.

The one place of the plugin that imports the indexer.
"""

from dataclasses import dataclass
from typing import Any

from indexer.app import IndexRequest, run_index
from plexsync_plugin.base import stashlog
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import IndexBusy
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.settings import read_settings
from plexsync_plugin.plex.connection import plex_connection
from plexsync_plugin.stash.client import StashClient
from plexsync_plugin.stash.connection import connection_of
from plexsync_plugin.tasks.follow_order import Yielding

BY_ITSELF = (
    "by_itself"  # the argument of a run that the worker has started: no job of Stash waits for its end
)
READ_ATTEMPTS = 4
STEP = 0.002  # of the progress bar


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexTask:
    """`name` is the task's on Stash's page."""

    name: str
    images: bool = True
    rebuild: bool = False


INDEX = IndexTask(name="Index Plex Library")
REBUILD = IndexTask(name="Rebuild Plex Index", rebuild=True)
WITHOUT_IMAGES = IndexTask(name="Index Without Images", images=False)


def run(document: dict[str, Any], task: IndexTask = INDEX) -> str:
    """Run the indexer over every library of the server, whatever plex_library names (docs/config.md, "Plex").

    Returns the verdict.
    """
    clock = Clock()
    connection = document["server_connection"]
    folder = DataFolder.of_stash(str(connection["Dir"]))
    folder.make()
    client = StashClient(connection_of(connection))
    settings = read_settings(client.state().settings)
    yielding = Yielding(client=client, clock=clock, started=clock.monotonic())
    in_queue = not document["args"].get(BY_ITSELF)
    request = IndexRequest(
        connection=plex_connection(settings, folder, read_attempts=READ_ATTEMPTS),
        db_path=folder.index,
        image_folder=folder.images,
        images=task.images,
        rebuild=task.rebuild,
    )
    try:
        result = run_index(request, clock, _Bar(), yielding.wanted if in_queue else lambda: False)
    except IndexBusy:
        if in_queue:
            raise
        return f"{task.name}: another run is at work on it already."
    if result.yielded:
        # What a rebuild has read is in the index; it is not read once more for lists and pictures that are left.
        client.run_task(INDEX.name if result.libraries_done else task.name, {})
    return f"{task.name}: {result.sentence} The file: {folder.index}"


class _Bar:
    """Stash's progress bar; thousands of pictures are not thousands of lines."""

    def __init__(self) -> None:
        self._shown = -1.0

    def __call__(self, done: float, text: str) -> None:  # noqa: ARG002 - the indexer's protocol; Stash shows no text
        if abs(done - self._shown) >= STEP or done >= 1:
            self._shown = done
            stashlog.write_progress(done)
