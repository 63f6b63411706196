"""What is kept of an item belongs to the item, not to its rating key."""

from contextlib import closing
from pathlib import Path

from plexsync_plugin.base import sqlite
from plexsync_plugin.core.ledger import Record
from plexsync_plugin.core.model import File, Item, Kind
from plexsync_plugin.jobs.ledger import LedgerStore
from plexsync_plugin.jobs.state import APPLICATION_ID, migrations, open_state

FIELDS = {"title": Record(wrote=("Ours",))}


def item(*paths: str) -> Item:
    files = tuple(File(path=path, size=5) for path in paths)
    return Item(rating_key=7, section=1, kind=Kind.MOVIE, title="t", files=files)


def test_rating_key_that_was_dealt_anew_starts_without_history(tmp_path: Path) -> None:
    with closing(open_state(str(tmp_path / "plexsync.db"))) as state:
        ledger = LedgerStore(state)
        ledger.save_ledger("s", item("/a/1.mp4", "/a/2.mp4"), 1, FIELDS, 0.0)
        assert ledger.ledger_of("s", item("/a/2.mp4")) == FIELDS
        assert ledger.ledger_of("s", item("/moved/2.mp4")) == FIELDS
        assert ledger.ledger_of("s", item("/a/3.mp4")) == {}
        assert (ledger.is_foreign("s", item("/a/2.mp4")), ledger.is_foreign("s", item("/a/3.mp4"))) == (
            False,
            True,
        )
        assert ledger.scene_written("s", 7) == 1


def test_row_of_a_database_from_before_is_taken_for_true(tmp_path: Path) -> None:
    path = str(tmp_path / "plexsync.db")
    with closing(sqlite.connect(path)) as old:
        sqlite.migrate(old, migrations()[:1], application_id=APPLICATION_ID, path=path)
        old.execute(
            "INSERT INTO ledger (server, rating_key, scene_id, section, kind, fields, written_at) "
            'VALUES (\'s\', 7, 1, 1, 1, \'{"title": {"wrote": ["Ours"], "saved": null}}\', 0)'
        )
    with closing(open_state(path)) as state:
        assert LedgerStore(state).ledger_of("s", item("/any.mp4")) == FIELDS
