"""Tasks that the worker runs as processes of its own: what they need of the machine, and what becomes of them where they lack it."""

import logging
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from plexsync_plugin.jobs import inbox
from plexsync_plugin.jobs.store import PERSON
from plexsync_plugin.worker.by_itself import asked_tasks
from tests.integration.orders import give
from tests.rig import Rig

DAY = 86_400


@pytest.fixture
def lacking(
    open_rig: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Callable[[str], Rig]]:
    """A worker for which something that was good when it began is gone: "temporary", the folder for temporary files; "python", the
    Python that it runs on, which was replaced."""

    def make(what: str) -> Rig:
        rig = open_rig(settings={"index_interval": 24})
        rig.settle()
        if what == "temporary":
            monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
        else:
            monkeypatch.setattr(sys, "executable", str(tmp_path / "python-of-before"))
        return rig

    yield make
    monkeypatch.undo()  # before the stage is taken down


def day_later(rig: Rig) -> None:
    """The index that runs by itself is due, and looked for."""
    rig.clock.sleep(DAY + 60)
    rig.settle()


def said_of_the_index(rig: Rig) -> list[str]:
    return [row["text"] for row in rig.stage.rows("SELECT text FROM notices WHERE cause = 'index'")]


def test_index_by_itself_needs_no_folder_for_temporary_files(lacking: Callable[[str], Rig]) -> None:
    rig = lacking("temporary")
    day_later(rig)
    rig.stage.wait(lambda: (rig.stage.data / "plex_collection.db").exists(), "the index")
    assert said_of_the_index(rig) == []


def test_task_that_the_page_asks_for_needs_no_folder_for_temporary_files(
    lacking: Callable[[str], Rig],
) -> None:
    rig = lacking("temporary")
    row = {"v": 1, "kind": "command", "name": "check_setup", "ids": [], "args": {"ticket": "asked"}}
    inbox.put(rig.folder, row, rig.clock)

    def message() -> str:
        rig.settle()
        return "".join(order["message"] for order in rig.stage.rows("SELECT message FROM orders"))

    rig.stage.wait(lambda: bool(message()), "the end of the task")
    assert "Plex answers at" in message()


def test_index_that_cannot_be_started_is_told_and_tried_again_and_edits_go_on(
    lacking: Callable[[str], Rig],
) -> None:
    rig = lacking("python")
    day_later(rig)
    (text,) = said_of_the_index(rig)
    assert "tried again every hour: it could not be started: " in text
    assert "python-of-before" in text
    rig.worker.store.bump([1], priority=PERSON, now=rig.clock.now())
    rig.settle()
    assert rig.job(1)["state"] == "done"


def test_task_that_cannot_be_started_has_failed_with_the_reason(lacking: Callable[[str], Rig]) -> None:
    order = give(lacking("python"), "check_setup")
    assert order["state"] == "failed"
    assert "could not be started" in order["message"]
    assert "python-of-before" in order["message"]


def test_tasks_of_a_button_that_was_pressed_again_are_one_run(
    open_rig: Callable[..., Rig], caplog: pytest.LogCaptureFixture
) -> None:
    """What was asked for before it began; another limit is another question."""
    caplog.set_level(logging.INFO, asked_tasks.__name__)
    rig = open_rig()
    for number, limit in enumerate((10, 10, 5, 10)):
        args = {"ticket": f"asked {number}", "limit": limit}
        row = {"v": 1, "kind": "command", "name": "preview", "ids": [], "args": args}
        inbox.put(rig.folder, row, rig.clock)

    def ended() -> list[tuple[str, str]]:
        rig.settle()
        rows = rig.stage.rows("SELECT state, message FROM orders WHERE state <> 'waiting' ORDER BY id")
        return [(row["state"], row["message"]) for row in rows]

    rig.stage.wait(lambda: len(ended()) == 4, "the end of all")
    assert [state for state, _ in ended()] == ["done"] * 4
    assert all("scenes would change" in message for _, message in ended())
    assert len([line for line in caplog.messages if line.startswith("task=preview started")]) == 2
