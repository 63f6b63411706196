"""The right to write is taken from the data folder and given back, as a share of a NAS does: what was edited meanwhile arrives by
itself, and a person is told."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.plain_rights import can_be_bound, give_back, python_of_a_user, take_rights
from tests.stage import Stage

pytestmark = [
    pytest.mark.crash,
    pytest.mark.skipif(not can_be_bound(), reason="nothing is read-only for this user"),
]
EDITED = range(2, 6)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Stage(settings={"index_interval": "-1"}, python=python_of_a_user(tmp_path)) as stage:
        stage.edit(1, title="One")
        stage.wait_title(1, "One")
        yield stage


def said(stage: Stage, words: str) -> int:
    return sum(words in line for line in stage.log_lines())


def edit_all(stage: Stage) -> None:
    for scene in EDITED:
        stage.edit(scene, title=f"Edited {scene}")


def all_arrive(stage: Stage) -> None:
    for scene in EDITED:
        stage.wait_title(scene, f"Edited {scene}")


def test_edits_arrive_when_the_worker_lives_through_it(stage: Stage) -> None:
    before = stage.workers()
    rights = take_rights(stage.data)
    try:
        edit_all(stage)
        refused = [entry["message"] for entry in stage.stash.control("plugin_log", {"level": "Error"})]
        assert sum("cannot write to its folder" in message for message in refused) == len(EDITED)
        all_arrive(stage)  # what the worker holds open it may still write, and it compares all scenes at once
    finally:
        give_back(rights)
    assert said(stage, "Edits could not be stored while nothing could be written.") == 1
    assert stage.workers() == before
    assert "worker broke" not in stage.worker_log()


def test_edits_arrive_without_another_when_the_worker_was_killed_before(stage: Stage) -> None:
    """The first hook starts a worker, which needs no right to write in order to wait for it."""
    stage.kill_workers()
    rights = take_rights(stage.data)
    try:
        edit_all(stage)
        stage.wait(lambda: said(stage, "Make room, or make it writable again") >= 1, "the worker's sentence")
    finally:
        give_back(rights)
    all_arrive(stage)
    assert said(stage, "PlexSync can write to its folder again") == 1


def test_opening_stashs_page_starts_the_worker_that_finds_them(stage: Stage) -> None:
    """Where no worker could wait either: its lock's file is gone, and cannot be made."""
    stage.kill_workers()
    (stage.data / "worker.lock").unlink()
    rights = take_rights(stage.data)
    try:
        edit_all(stage)
        assert stage.workers() == []
    finally:
        give_back(rights)
    assert stage.operation(operation="wake") == {"started": True}
    all_arrive(stage)


def test_wake_says_what_hinders_it(stage: Stage) -> None:
    stage.kill_workers()
    (stage.data / "worker.lock").unlink()
    rights = take_rights(stage.data)
    try:
        with pytest.raises(AssertionError, match="cannot use its folder"):
            stage.operation(operation="wake")
    finally:
        give_back(rights)
    assert said(stage, "Traceback") == 0


def test_folder_of_a_backup_that_is_read_only_is_waited_for(stage: Stage) -> None:
    """It lacks a part that is to be made, too."""
    before = stage.workers()
    shutil.copytree(stage.data, stage.folder / "backup")
    for pid in before:
        os.kill(pid, signal.SIGSTOP)
    stage.data.rename(stage.folder / "old")
    (stage.folder / "backup").rename(stage.data)
    shutil.rmtree(stage.data / "log")
    rights = take_rights(stage.data)
    try:
        for pid in before:
            os.kill(pid, signal.SIGCONT)
        stage.wait(lambda: said(stage, "cannot write to its folder") >= 1, "the sentence")
    finally:
        give_back(rights)
    edit_all(stage)
    all_arrive(stage)
    assert said(stage, "worker broke") == 0
