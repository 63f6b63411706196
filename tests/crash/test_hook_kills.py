"""Hooks in a crowd and hooks that are killed: an event that Stash was told is queued is on the disk."""

import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.hook_runs import (
    HookFolder,
    finish,
    hook_document,
    run_hooks_at_once,
    spooled_rows,
    start_process,
    stored_rows,
)
from tests.long_form import SEED, rounds

pytestmark = pytest.mark.crash


def stored_ids(root: Path) -> list[int]:
    return sorted(row["ids"][0] for row in stored_rows(root) + spooled_rows(root))


def intact(root: Path) -> bool:
    with closing(sqlite3.connect(root / "queue" / "data.db")) as connection:
        return bool(connection.execute("PRAGMA integrity_check").fetchone() == ("ok",))


@pytest.mark.parametrize("attempt", range(rounds(3, 100)))
def test_no_row_is_lost_when_64_hooks_meet_on_a_fresh_folder(tmp_path: Path, attempt: int) -> None:
    folder = HookFolder(tmp_path / f"fresh {attempt}")
    answers = run_hooks_at_once([hook_document(number) for number in range(1, 65)], folder.root)
    folder.close()
    assert [answer.reply for answer in answers if not answer.queued] == []
    assert stored_ids(folder.root) == list(range(1, 65))
    assert intact(folder.root)


@pytest.mark.parametrize("seed", [SEED + number for number in range(rounds(2, 60))])
def test_every_answered_hook_is_durable_when_hooks_are_killed(tmp_path: Path, seed: int) -> None:
    """Stash kills a hook when the browser tab is closed. Two at a time, at moments spread over their life."""
    rng, folder, answered = random.Random(seed), HookFolder(tmp_path / "data"), set()
    began = time.monotonic()
    assert folder.send(hook_document(1)).queued
    life = time.monotonic() - began  # so that the kills meet every part of it, however fast the machine
    for first in range(2, 62, 2):
        pair = {number: start_process(folder.root) for number in (first, first + 1)}
        for number, process in pair.items():
            assert process.stdin is not None
            process.stdin.write(hook_document(number))
            process.stdin.close()
            process.stdin = None
        for number, process in pair.items():
            time.sleep(rng.uniform(0.0, 2 * life))
            process.kill()
            answer = finish(process, b"")
            if answer.stdout:
                assert answer.reply == {"output": "queued", "error": None}
                answered.add(number)
    assert 0 < len(answered) < 60, "the kills are all before or all after the answers"
    stored = stored_ids(folder.root)
    folder.close()
    assert answered | {1} <= set(stored)
    assert len(stored) == len(set(stored))
    assert intact(folder.root)
