"""plexsync.db, damaged at any of its pages and in any way: what can be read is carried over, what is lost is said, and no other file
is blamed."""

import os
import random
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from plexsync_plugin.base.aside import KEPT, SIDE_FILES, put_aside
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import DatabaseError
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.sqlite import is_damage
from plexsync_plugin.core.ledger import Record, dump
from plexsync_plugin.jobs import inbox
from plexsync_plugin.jobs.drain import Drain
from plexsync_plugin.jobs.report import read_report
from plexsync_plugin.jobs.salvage import replace_damaged
from plexsync_plugin.jobs.state import SALVAGED, open_state
from plexsync_plugin.jobs.store import JobStore
from tests.long_form import IS_LONG, SEED

SCENES = 400
NOW = 1_800_000_000.0
PAGE = 4096
# Rows of which none may be lost on account of a broken page of another table.
COUNTED = ("jobs", "ledger", "undone", "matches", "synced")


def fill(path: str) -> None:
    """As after a sync of all scenes, some of them undone."""
    record = dump({"title": Record(wrote=("What PlexSync wrote, at some length " * 4,), saved=None)})
    with closing(open_state(path)) as state:
        state.execute("BEGIN")
        for n in range(1, SCENES + 1):
            state.execute(
                "INSERT INTO jobs (scene_id, state, priority, due_at, changed_at) VALUES (?, 'done', 0, 1.0, 1.0)",
                (n,),
            )
            state.execute(
                "INSERT INTO ledger VALUES ('m', ?, ?, 1, 1, ?, '', 1.0, '', '')", (100 + n, n, record)
            )
            state.execute("INSERT INTO matches VALUES (?, 'm', ?, 1, 1, '')", (n, 100 + n))
            state.execute("INSERT INTO synced VALUES (?, 'm', 'hash', 'then', 1.0)", (n,))
            state.execute("INSERT INTO undone (scene_id, undone_at) VALUES (?, 1.0)", (n,))
        state.execute("COMMIT")


def counts(path: str) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as state:
        return {name: state.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in COUNTED}


def overwrite(path: str, page: int, content: bytes) -> None:
    with open(path, "r+b") as file:
        file.seek((page - 1) * PAGE)
        file.write(content)


def pages(path: str) -> int:
    return os.path.getsize(path) // PAGE


def mended(path: str) -> tuple[str, str]:
    """The sentence, and where the damaged file is; the new one is whole, tells the sentence once, and compares all scenes."""
    made = replace_damaged(path, NOW)
    with closing(open_state(path)) as state:
        assert state.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert state.execute("PRAGMA foreign_key_check").fetchall() == []
        orders = state.execute("SELECT name FROM orders WHERE state = 'waiting'").fetchall()
        assert [row[0] for row in orders] == ["reconcile"]
        told = state.execute("SELECT text, delivered FROM notices").fetchall()
        assert [tuple(row) for row in told] == [(made.sentence, 0)]
    assert made.sentence.startswith(f"{path} was damaged and is made anew")
    assert made.aside in made.sentence
    return made.sentence, made.aside


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("whole") / "plexsync.db"
    fill(str(path))
    with closing(sqlite3.connect(path)) as state:
        state.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path, whole: bytes) -> str:
    target = tmp_path / "plexsync.db"
    target.write_bytes(whole)
    return str(target)


def has_schema(path: str) -> bool:
    with closing(sqlite3.connect(path)) as state:
        try:
            return len(state.execute("SELECT sql FROM sqlite_schema").fetchall()) > 0
        except sqlite3.DatabaseError:
            return False


@pytest.mark.parametrize("filler", ["random", "zero"])
def test_page_that_is_broken_costs_its_rows_alone(path: str, whole: bytes, filler: str) -> None:
    before = counts(path)
    draw = random.Random(SEED)
    lost_of_any = 0
    for page in range(3, pages(path) + 1, 1 if IS_LONG else 9):
        Path(path).write_bytes(whole)
        overwrite(path, page, draw.randbytes(PAGE) if filler == "random" else bytes(PAGE))
        if not has_schema(path):
            continue  # then the whole file cannot be read
        mended(path)
        lost = {name: before[name] - number for name, number in counts(path).items()}
        touched = [name for name, number in lost.items() if number]
        assert len(touched) <= 1, f"page {page}: {lost}"
        assert sum(lost.values()) <= SCENES
        lost_of_any += sum(lost.values())
    assert lost_of_any, "no page held rows: the test says nothing"


def test_scenes_behind_a_broken_page_are_found(path: str) -> None:
    """Rows that are numbered are looked for on both sides of the damage, and between two damages."""
    first, second, third, *_ = leaves(path, "jobs")
    overwrite(path, first, bytes(PAGE))
    overwrite(path, third, bytes(PAGE))
    on_them = rows_on(path, second)
    mended(path)
    assert on_them > 10
    with closing(sqlite3.connect(path)) as state:
        found = {row[0] for row in state.execute("SELECT scene_id FROM jobs")}
    assert len(found) >= on_them - 2  # Python has read the next row when it hands one out
    assert min(found) > 1, "the first page was not broken"


def leaves(path: str, table: str) -> list[int]:
    """Numbers of the pages that hold a table's rows (https://sqlite.org/fileformat2.html#b_tree_pages)."""
    with closing(sqlite3.connect(path)) as state:
        root = state.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()[0]
    page = read(path, root)
    assert page[0] == 5, "the table is too small for the test"
    cells = int.from_bytes(page[3:5], "big")
    at = [int.from_bytes(page[12 + 2 * n : 14 + 2 * n], "big") for n in range(cells)]
    return [int.from_bytes(page[start : start + 4], "big") for start in (*at, 8)]


def rows_on(path: str, page: int) -> int:
    return int.from_bytes(read(path, page)[3:5], "big")


def read(path: str, page: int) -> bytes:
    return Path(path).read_bytes()[(page - 1) * PAGE : page * PAGE]


def test_ledger_that_is_lost_in_part_is_said(path: str) -> None:
    with closing(sqlite3.connect(path)) as state:
        root = state.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'ledger'").fetchone()[0]
    overwrite(path, root, bytes(PAGE))
    sentence, _ = mended(path)
    assert "Undo cannot give that back" in sentence
    assert counts(path)["jobs"] == SCENES


def test_page_of_an_index_loses_nothing_that_undo_needs(path: str) -> None:
    with closing(sqlite3.connect(path)) as state:
        root = state.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'jobs_by_state'").fetchone()[0]
    overwrite(path, root, b"\xff" * PAGE)
    before = {"jobs": SCENES, "ledger": SCENES}
    sentence, _ = mended(path)
    assert {name: counts(path)[name] for name in before} == before
    assert "Nothing of what Undo needs was lost." in sentence


def emptied(path: str) -> None:
    os.truncate(path, 0)


def header(path: str) -> None:
    overwrite(path, 1, b"garbage!" * 16)


def text(path: str) -> None:
    Path(path).write_text("this is no database" * 400)


def folder(path: str) -> None:
    os.remove(path)
    os.mkdir(path)


@pytest.mark.parametrize("ruin", [emptied, header, text, folder])
def test_file_of_which_nothing_can_be_read_is_made_anew_and_that_is_said(path: str, ruin: Any) -> None:
    ruin(path)
    with pytest.raises(DatabaseError) as caught:
        open_state(path).close()
    assert is_damage(caught.value)
    sentence, aside = mended(path)
    assert "Nothing of it could be read: Undo cannot give back what was in Plex before PlexSync" in sentence
    assert os.path.exists(aside)


def test_file_that_was_cut_keeps_what_stands_before_the_cut(path: str) -> None:
    before = sum(counts(path).values())
    os.truncate(path, os.path.getsize(path) - 2 * PAGE - 100)
    mended(path)
    assert before // 2 < sum(counts(path).values()) <= before


def test_damage_in_the_log_that_sqlite_keeps_beside_the_file_is_survived(path: str) -> None:
    """What was only there is lost, or not used: never half of it."""
    with closing(open_state(path)) as state:
        state.execute("PRAGMA wal_autocheckpoint=0")
        state.execute("DELETE FROM undone")
        wal = Path(path + "-wal").read_bytes()
        main = Path(path).read_bytes()
    Path(path).write_bytes(main)
    Path(path + "-wal").write_bytes(wal[:64] + b"\x5a" * (len(wal) - 64))
    with closing(open_state(path)) as state:
        assert state.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert state.execute("SELECT count(*) FROM undone").fetchone()[0] == SCENES


def test_text_that_nobody_wrote_is_damage_of_the_file_and_no_fault_of_a_scene(path: str) -> None:
    with closing(sqlite3.connect(path)) as state:
        state.execute("UPDATE ledger SET fields = '{' WHERE scene_id = 3")
        state.execute("UPDATE ledger SET fields = CAST(x'fffe41' AS TEXT) WHERE scene_id = 4")
        state.commit()
    sentence, _ = mended(path)
    assert counts(path)["ledger"] >= SCENES - 2 - SCENES // 2
    assert "Undo cannot give that back" in sentence


def test_worker_that_is_killed_before_the_new_file_has_its_name_goes_on_with_it(path: str) -> None:
    overwrite(path, 4, bytes(PAGE))
    replace_damaged(path, NOW)
    os.replace(path, path + SALVAGED)  # as if the last step had not been done
    with closing(open_state(path)) as state:
        assert state.execute("SELECT count(*) FROM notices").fetchone()[0] == 1
    assert not os.path.exists(path + SALVAGED)


def test_failing_disk_does_not_fill_itself_with_copies(tmp_path: Path) -> None:
    path = tmp_path / "plexsync.db"
    for number in range(KEPT + 3):
        path.write_bytes(b"x")
        Path(f"{path}-wal").write_bytes(b"x")
        put_aside(str(path), NOW + number)
    mains = sorted(entry.name for entry in tmp_path.iterdir() if not entry.name.endswith(SIDE_FILES))
    assert len(mains) == KEPT
    assert len(list(tmp_path.iterdir())) == 2 * KEPT


def test_damage_of_plexsync_db_leaves_the_inbox_alone(tmp_path: Path) -> None:
    data = DataFolder(str(tmp_path))
    data.make()
    fill(data.state)
    with closing(sqlite3.connect(data.state)) as state:
        state.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        root = state.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'jobs'").fetchone()[0]
    overwrite(data.state, root, b"\xaa" * PAGE)
    inbox.put(data, {"v": 1, "kind": "scene", "name": "Scene.Update.Post", "ids": [3], "args": {}}, Clock())
    with (
        closing(open_state(data.state)) as state,
        closing(Drain(data, state, JobStore(state), Clock())) as drain,
    ):
        with pytest.raises(sqlite3.DatabaseError) as caught:
            drain.run()
        assert is_damage(caught.value)
    assert [name for name in os.listdir(data.queue) if "damaged" in name] == []
    mended(data.state)
    with (
        closing(open_state(data.state)) as state,
        closing(Drain(data, state, JobStore(state), Clock())) as drain,
    ):
        assert drain.run() == 1
        assert state.execute("SELECT generation FROM jobs WHERE scene_id = 3").fetchone()[0] >= 1


def test_status_tells_what_it_can_of_a_damaged_file(path: str) -> None:
    with closing(sqlite3.connect(path)) as state:
        root = state.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'ledger'").fetchone()[0]
        jobs = state.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'jobs_by_state'").fetchone()[0]
    overwrite(path, root, bytes(PAGE))
    assert (read_report(path).synced, read_report(path).problem) == (SCENES, "")
    overwrite(path, jobs, bytes(PAGE))
    report = read_report(path)
    assert (report.synced, report.undone) == (SCENES, SCENES)
    assert "cannot be read as a whole" in report.problem
    header(path)
    report = read_report(path)
    assert (report.synced, report.problem.startswith(path)) == (0, True)


def test_new_file_is_private(path: str) -> None:
    if os.name != "posix":
        pytest.skip("has no such bits")
    old = os.umask(0)
    try:
        overwrite(path, 4, bytes(PAGE))
        replace_damaged(path, NOW)
    finally:
        os.umask(old)
    assert os.stat(path).st_mode & 0o777 == 0o600
