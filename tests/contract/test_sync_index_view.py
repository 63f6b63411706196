"""What sync sees of the index through `plex/views.py`, in files as the indexer makes them."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from indexer.file.index_file import APPLICATION_ID
from indexer.file.store import migrations
from plexsync_plugin.base import sqlite
from plexsync_plugin.base.errors import DatabaseError
from plexsync_plugin.core.pathmap import PlexPath
from plexsync_plugin.plex.views import IndexView
from tests.contract.index_file import put, put_file, put_item

SERVER = "this-server"


def make_index(path: Path, machine_id: str = SERVER) -> None:
    with contextlib.closing(sqlite.connect(str(path), wal=False)) as connection:
        sqlite.migrate(connection, migrations(), application_id=APPLICATION_ID, path=str(path))
        put(connection, "meta", name="machineId", value=machine_id)
        put(connection, "sections", key=1, title="Films", type="movie")
        add_file(connection, 7)


def add_file(connection: sqlite3.Connection, key: int) -> None:
    put_item(connection, key, 1)
    put_file(connection, key, 10, path=f"/media/{key}.mkv", name=f"{key}.mkv")


def found(view: IndexView, key: int) -> list[int]:
    return [each.rating_key for each in view.at([PlexPath(path=f"/media/{key}.mkv", certain=True)])]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "index.db"
    make_index(path)
    return path


def test_look_ups_of_a_batch_find_what_single_ones_find(path: Path) -> None:
    view = IndexView(str(path), SERVER)
    assert (found(view, 7), found(view, 8)) == ([7], [])
    with view.kept_open():
        assert (found(view, 7), found(view, 8)) == ([7], [])


def test_what_is_published_during_a_batch_is_seen_and_not_held_up(path: Path) -> None:
    view = IndexView(str(path), SERVER)
    with view.kept_open():
        assert found(view, 8) == []
        with contextlib.closing(sqlite.connect(str(path), wal=False, busy_seconds=0.0)) as writer:
            add_file(writer, 8)
        assert found(view, 8) == [8]


def test_after_a_batch_another_file_in_the_place_of_the_index_is_seen(path: Path, tmp_path: Path) -> None:
    view = IndexView(str(path), SERVER)
    with view.kept_open():
        assert found(view, 7) == [7]
    other = tmp_path / "other.db"
    make_index(other, "another-server")
    other.replace(path)
    with view.kept_open():
        assert found(view, 7) == []


def test_an_index_that_comes_during_a_batch_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    view = IndexView(str(path), SERVER)
    with view.kept_open():
        assert found(view, 7) == []
        make_index(path)
        assert found(view, 7) == [7]


def test_an_index_that_is_being_published_for_too_long_is_an_error_of_that_look_up(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plexsync_plugin.plex.views.BUSY_SECONDS", 0.0)
    view = IndexView(str(path), SERVER)
    with view.kept_open():
        with contextlib.closing(sqlite.connect(str(path), wal=False)) as writer:
            assert found(view, 7) == [7]
            with sqlite.transaction(writer, begin="EXCLUSIVE"), pytest.raises(DatabaseError, match="locked"):
                found(view, 7)
        assert found(view, 7) == [7]
