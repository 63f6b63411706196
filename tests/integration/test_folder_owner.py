"""Two Stashes with one data folder, which PLEXSYNC_DATA makes possible: the second is told, and the first is left alone."""

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from plexsync_plugin.base.folder_owner import MARK, refusal, told_another
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.worker.entry import run
from tests.hook_runs import HookFolder, hook_document, run_hook


@pytest.fixture
def hooks(tmp_path: Path) -> Iterator[HookFolder]:
    folder = HookFolder(tmp_path / "data")
    yield folder
    folder.close()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    monkeypatch.setenv("PLEXSYNC_DATA", str(tmp_path / "data"))
    found = DataFolder.of_stash("")
    found.make()
    return found


def stash(path: Path) -> str:
    path.mkdir(parents=True)
    return str(path)


def asked_from_second(hooks: HookFolder, tmp_path: Path, args: Mapping[str, Any]) -> Any:
    """The reply to a second Stash, whose data folder is the first one's."""
    hooks.send(hook_document(1, folder=stash(tmp_path / "first")))
    document = json.loads(hook_document(folder=stash(tmp_path / "second")))
    document["args"] = args
    return run_hook(json.dumps(document).encode(), hooks.root).reply


def test_hook_of_a_second_stash_stores_nothing_and_says_why(hooks: HookFolder, tmp_path: Path) -> None:
    first, second = stash(tmp_path / "first"), stash(tmp_path / "second")
    assert hooks.send(hook_document(1, folder=first)).queued
    answer = hooks.send(hook_document(2, folder=second)).reply
    assert answer["output"] is None
    assert "belongs to another Stash" in answer["error"]
    assert first in answer["error"]
    assert "PLEXSYNC_DATA" in answer["error"]
    assert hooks.send(hook_document(3, folder=first)).queued
    assert [row["ids"] for row in hooks.rows()] == [[1], [3]]


@pytest.mark.parametrize(
    "args", [{"operation": "wake"}, {"task": "check_setup"}, {"task": "sync_all"}, {"task": "index"}]
)
def test_operations_and_tasks_of_a_second_stash_are_refused(
    hooks: HookFolder, tmp_path: Path, args: dict[str, str]
) -> None:
    answer = asked_from_second(hooks, tmp_path, args)
    assert answer["output"] is None
    assert "belongs to another Stash" in answer["error"]
    assert [row["ids"] for row in hooks.rows()] == [[1]]


@pytest.mark.parametrize(
    "args",
    [
        {"operation": "overview"},
        {"operation": "activity"},
        {"operation": "order", "name": "sync", "ids": [1]},
    ],
)
def test_page_of_a_second_stash_shows_nothing_of_the_first(
    hooks: HookFolder, tmp_path: Path, args: dict[str, object]
) -> None:
    answer = asked_from_second(hooks, tmp_path, args)["output"]
    assert "belongs to another Stash" in answer["problem"]["text"]
    assert "data" not in answer
    assert [row["ids"] for row in hooks.rows()] == [[1]]


def test_worker_of_a_second_stash_ends(tmp_path: Path, folder: DataFolder) -> None:
    assert refusal(folder, stash(tmp_path / "first")) == ""
    document = json.loads(hook_document(folder=stash(tmp_path / "second")))
    answer = run({**document, "worker": {"lock": None}})
    assert "belongs to another Stash" in str(answer["error"])


@pytest.mark.parametrize(
    ("told", "another"), [("{}", False), ("{}/", False), (".", False), ("", False), ("/elsewhere", True)]
)
def test_what_stash_tells_of_its_folder_is_compared_where_it_can_be(
    tmp_path: Path, folder: DataFolder, told: str, another: bool
) -> None:
    mine = stash(tmp_path / "first")
    assert told_another(folder, "/elsewhere") == ""  # nobody's yet
    assert refusal(folder, mine) == ""
    assert bool(told_another(folder, told.format(mine))) is another


def test_stash_that_has_moved_keeps_its_folder(tmp_path: Path, folder: DataFolder) -> None:
    before = stash(tmp_path / "before")
    assert refusal(folder, before) == ""
    shutil.move(before, tmp_path / "after")
    assert refusal(folder, str(tmp_path / "after")) == ""
    assert "after" in refusal(folder, stash(tmp_path / "another"))


def test_copy_of_a_stash_is_another_stash(tmp_path: Path, folder: DataFolder) -> None:
    first = stash(tmp_path / "first")
    assert refusal(folder, first) == ""
    shutil.copytree(first, tmp_path / "copy")
    assert "belongs to another Stash" in refusal(folder, str(tmp_path / "copy"))
    assert refusal(folder, first) == ""


def test_two_containers_whose_folders_have_one_name_are_told_apart(
    tmp_path: Path, folder: DataFolder
) -> None:
    place = tmp_path / "root" / "stash"
    assert refusal(folder, stash(place)) == ""
    shutil.rmtree(place)
    assert "belongs to another Stash" in refusal(folder, stash(place))


def test_folder_in_stashs_own_belongs_to_it_without_a_mark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLEXSYNC_DATA", raising=False)
    config = stash(tmp_path / "stash")
    own = DataFolder.of_stash(config)
    own.make()
    assert refusal(own, config) == ""
    assert not (tmp_path / "stash" / MARK).exists()


def test_command_line_that_does_not_know_its_stash_is_not_refused(tmp_path: Path, folder: DataFolder) -> None:
    assert refusal(folder, stash(tmp_path / "first")) == ""
    assert refusal(folder, "") == ""
    assert refusal(folder, folder.root) == ""
