"""What happens to PlexSync's own files: pages that break, an inbox that is deleted, an older backup put back, a disk that takes nothing.

Beyond `sync_changes`, for the state machine of tests/fire. What may be lost by it is what docs/reliability.md says, and what a person is
told; everything else must hold all the same.
"""

import shutil
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from indexer.app import IndexRequest, run_index
from plexsync_plugin.base.aside import SIDE_FILES
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import PlexSyncError
from plexsync_plugin.base.settings import read_settings
from plexsync_plugin.plex.connection import plex_connection
from tests.property.sync_trouble import TroubleChanges
from tests.property.sync_watch import Watch

PAGE = 4096
TAKEN_BACK = ("sync_undo", "sync_order", "sync_clears", "sync_finds", "sync_settings")
# Whose first page breaks; that of SQLite's list of them is the file's first, and with it goes everything.
TABLES = ("any", "all", "jobs", "jobs", "ledger", "images")
FILLERS = {"zeros": b"\0" * PAGE, "noise": b"\xa5" * PAGE, "ones": b"\xff" * PAGE}


class FileChanges(TroubleChanges):
    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._world.lost = self._hear_of_loss
        self._backup = Path(f"{self._world.folder.root}.backup")
        shutil.rmtree(self._backup, ignore_errors=True)
        self._backed_up = False

    def _hear_of_loss(self, sentence: str) -> None:
        """In the words that a person gets: where they do not say that it is lost, it is not."""
        if "Undo cannot give" in sentence:
            self.forget_history()
        elif "which picture was in Plex" in sentence:
            self.forget_history(pictures_alone=True)

    def watches(self) -> list[Watch]:
        """Of every server."""
        return [self._watch]

    def forget_history(self, **which: bool) -> None:
        for watch in self.watches():
            watch.forget_history(**which)

    def begin_backup(self) -> None:
        for watch in self.watches():
            watch.changed_since.clear()

    # --- each way to lose something -----------------------------------------------------------------------------------

    def _maybe_save(self) -> int | None:
        """An edit that is in the inbox alone, now and then."""
        scene = self._scene()
        if scene is None or not self._draw(st.booleans()):
            return None
        self._tell("saved")
        self._save_title(scene)
        self._world.turns(self._number(0, 1))
        return scene

    def _save_unwritten(self) -> int | None:
        """An edit that waits in plexsync.db, for Plex is away."""
        scene = self._scene()
        if scene is not None:
            self._tell("unwritten")
            self._fault(kind="reset")
            self._save_title(scene)
            self._world.turns(3)
        return scene

    def _show_saved(self, scene: int | None) -> None:
        """A Reconcile finds it; not where a person has undone the scene or cleared the queue before, or another Plex answers."""
        if scene is not None and not any(line.startswith(TAKEN_BACK) for line in self.told):
            self._show(scene)

    def sync_loses_page(self) -> None:
        """Of plexsync.db, while no worker lives."""
        self._world.harmed = True
        scene = self._save_unwritten() if self._draw(st.booleans()) else self._maybe_save()
        table = self._pick(TABLES)
        roots = self._world.rows("SELECT rootpage FROM sqlite_schema WHERE name = ?", table)
        self._world.stop()
        path, filler = Path(self._world.folder.state), self._pick(sorted(FILLERS))
        number = roots[0]["rootpage"] - 1 if roots else 0
        if table == "any":
            number = self._number(0, path.stat().st_size // PAGE - 1)
        with path.open("r+b") as file:
            file.seek(number * PAGE)
            file.write(FILLERS[filler])
        self._world.start()
        self._show_saved(scene)

    def sync_loses_inbox(self) -> None:
        """Deleted under the worker, or while none lives, or broken in its middle."""
        self._world.harmed = True
        scene, path = self._maybe_save(), Path(self._world.folder.inbox)
        how = self._pick(["under the worker", "meanwhile", "broken"])
        if how != "under the worker":
            self._world.stop()
        if how == "broken":
            if path.exists():
                path.write_bytes(path.read_bytes()[:PAGE] + FILLERS["noise"] * 3)
        else:
            for ending in ("", *SIDE_FILES):
                Path(f"{path}{ending}").unlink(missing_ok=True)
        if how != "under the worker":
            self._world.start()
        self._show_saved(scene)

    def sync_loses_index(self) -> None:
        """It never stops sync."""
        path, scene = Path(self._world.folder.index), self._maybe_save()
        if path.exists():
            path.write_bytes(path.read_bytes()[:PAGE] + FILLERS[self._pick(sorted(FILLERS))] * 8)
        self._show_saved(scene)

    def sync_loses_days(self) -> None:
        """The first time a backup is made; later it is put back under the worker, and stays what it is."""
        root = Path(self._world.folder.root)
        if not self._backed_up:
            self._world.stop()
            shutil.copytree(root, self._backup)
            self._backed_up = True
            self.begin_backup()
            self._world.start()
            return
        self._world.harmed = True
        scene = self._maybe_save()
        shutil.rmtree(root)
        shutil.copytree(self._backup, root)
        self.forget_history(changed_alone=True)
        self._world.turns(2)
        self._show_saved(scene)

    def sync_loses_room(self) -> None:
        """The disk takes nothing any more, from some moment of the work on, for as long as this connection lives."""
        self._world.harmed = True
        scene = self._maybe_save()
        worker = self._world.worker
        assert worker is not None
        connection = worker.store._connection
        if self._draw(st.booleans()):
            connection.execute("PRAGMA query_only=ON")
        else:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count={pages}")
        self._world.turns(4)
        self._show_saved(scene)

    # --- the index ----------------------------------------------------------------------------------------------------

    def sync_indexes(self) -> None:
        world = self._world
        request = IndexRequest(
            connection=plex_connection(read_settings(world.stored), world.folder),
            db_path=world.folder.index,
            image_folder=world.folder.images,
            images=False,
            parallel=False,
        )
        try:
            run_index(request, Clock(), lambda _done, _text: None)
        except PlexSyncError as error:
            self._tell(type(error).__name__)

    def sync_indexes_before_edit(self) -> None:
        """What stands at a file's place in the index is the scene's from its next edit on."""
        scene = self._scene()
        if scene is not None and self._rests():
            self.sync_indexes()
            self._save_title(scene)
            self._show(scene)
