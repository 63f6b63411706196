"""What PlexSync knows outlives the places it is in: a moved data folder, a replaced plugin folder."""

import shutil

import pytest

from tests.stage import Stage, install_plugin


def test_moved_data_folder_and_replaced_plugin_folder_keep_what_is_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Stage() as stage:
        stage.edit(1, title="First")
        stage.wait_title(1, "First")
        stage.wait_synced(1)
        stage.stash.down()
        stage.kill_workers()

        moved = stage.folder / "elsewhere" / "plexsync"
        moved.parent.mkdir()
        stage.data.rename(moved)
        plugin = stage.config / "plugins" / "PlexSync"
        shutil.rmtree(plugin)
        install_plugin(plugin)
        monkeypatch.setenv("PLEXSYNC_DATA", str(moved))
        stage.data, old = moved, stage.data
        stage.stash.up()

        before = len(stage.puts())
        stage.edit(1, title="First")  # in sync, as it knows
        stage.edit(2, title="Second")
        stage.wait_title(2, "Second")
        stage.wait_synced(2)
        assert len(stage.puts()) == before + 1
        stage.run_task("Undo")
        assert stage.item(101)["title"] == "scene 1"
        assert not old.exists()
