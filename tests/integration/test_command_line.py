"""`python -m plexsync_plugin`: what each command says, to people and as JSON, and its exit code."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from plexsync_plugin.command_line.commands import COMMANDS
from tests.stage import PLEX_LIBRARY, TOKEN, Stage, item_key

NOWHERE = "http://127.0.0.1:1"


@dataclass(frozen=True, slots=True)
class Said:
    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


def call(stage: Stage, *arguments: str, **environment: str | None) -> Said:
    """Run the installed plugin's command line as a person does, in its folder; None takes a variable away."""
    given = {"PLEXSYNC_DATA": str(stage.data), "STASH_URL": stage.stash.url, **environment}
    environ = {**os.environ, **{name: value for name, value in given.items() if value is not None}}
    for name in [name for name, value in given.items() if value is None]:
        environ.pop(name, None)
    result = subprocess.run(
        [sys.executable, "-m", "plexsync_plugin", *arguments],
        cwd=stage.config / "plugins" / "PlexSync",
        env=environ,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert "Traceback" not in result.stderr, result.stderr
    return Said(result.returncode, result.stdout, result.stderr)


def with_failed_scene(open_stage: Callable[..., Stage]) -> Stage:
    section = PLEX_LIBRARY["sections"][0]
    double = {
        "ratingKey": 900,
        "title": "double",
        "file": "/media/other/videos/scene 1.mp4",
        "size": 1_000_001,
    }
    stage = open_stage(plex={"sections": [{**section, "items": [*section["items"], double]}]})
    stage.edit(1, title="Which?")
    stage.wait(lambda: len(stage.rows("SELECT * FROM dead_letters")) == 1, "a dead letter")
    return stage


def test_status_before_anything_happened_needs_neither_stash_nor_state(stage: Stage) -> None:
    said = call(stage, "status", STASH_URL=NOWHERE)
    assert (said.code, said.out.splitlines()[0]) == (
        0,
        "In sync: 0 scenes. Waiting: 0. In hand: 0. Failed: 0.",
    )
    assert call(stage, "status", "--json", STASH_URL=NOWHERE).json()["waiting"] == 0
    assert stage.stash.log("POST") == stage.stash.log("POST /graphql")


def test_failed_scene_is_listed_explained_and_retried(open_stage: Callable[..., Stage]) -> None:
    stage = with_failed_scene(open_stage)
    status = call(stage, "status")
    assert status.code == 5
    assert "Failed, Ambiguous: 1 entry. Remove duplicates in Plex" in status.out
    assert status.out.count("Several Plex items could be 'scene 1.mp4'.") == 1
    failed = call(stage, "failed", "--json")
    (letter,) = failed.json()
    assert (failed.code, letter["scene_id"], letter["reason"], len(letter["candidates"])) == (
        5,
        1,
        "Ambiguous",
        2,
    )
    assert "Scene 1: Several Plex items could be" in call(stage, "failed").out
    explained = call(stage, "explain", "1").out
    assert "Scene 1 (Which?), files: /data/videos/scene 1.mp4." in explained
    assert "Its job failed." in explained
    assert "What to do: Remove duplicates in Plex" in explained
    stage.plex.control("remove_item", {"ratingKey": 900})
    assert call(stage, "retry", "--reason", "Rejected").out == (
        "No scene is on the list of failed scenes for the reason Rejected.\n"
    )
    assert call(stage, "retry", "2").out == "Scene 2 is not on the list of failed scenes.\n"
    retried = call(stage, "retry", "1")
    assert (retried.code, retried.out) == (0, "Tried again: 1 failed scene.\n")
    stage.wait_title(1, "Which?")
    assert call(stage, "failed").code == 0


def test_explain_tells_what_was_written_and_saved(stage: Stage) -> None:
    stage.edit(1, title="One", performer_ids=["1"])
    stage.wait_synced(1)
    found = call(stage, "explain", "1", "--json").json()
    (item,) = found["items"]
    assert (item["rating_key"], item["matched"]) == (101, True)
    assert item["fields"]["title"] == {"wrote": "One", "saved": "scene 1", "saved_locked": False}
    assert item["fields"]["actor"]["wrote"] == ["Ann Alpha"]
    assert item["fields"]["actor"]["saved"] == ["Old Actor"]
    assert (found["job"]["state"], found["failed"], found["stash"]["left_out"]) == ("done", None, "")
    lines = call(stage, "explain", "1").out
    assert '  title: PlexSync wrote "One"; before: "scene 1"' in lines


def test_explain_says_why_a_scene_is_left_out(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage(settings={"only_organized": True})
    said = call(stage, "explain", "3")
    assert "It is not synced: it is not organized (setting only_organized)." in said.out
    assert "It has no job: no event about it has come." in said.out


def test_explain_without_stash_tells_what_the_files_know(stage: Stage) -> None:
    stage.edit(1, title="One")
    stage.wait_synced(1)
    said = call(stage, "explain", "1", STASH_URL=NOWHERE)
    assert said.code == 0
    assert "Stash was not asked: Stash at http://127.0.0.1:1 cannot be reached." in said.out
    assert "Plex item 101 (matched)." in said.out


def test_explain_of_a_scene_that_stash_does_not_have(stage: Stage) -> None:
    assert (
        call(stage, "explain", "4711").out.splitlines()[0] == "Scene 4711. Stash has no scene of this number."
    )


@pytest.mark.parametrize("command", ["wake", "sync", "undo", "check"])
def test_command_with_the_data_folder_of_one_stash_and_the_address_of_another_is_refused(
    open_stage: Callable[..., Stage], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    """As from cron on a machine with two: what one has edited would be written as the other's."""
    monkeypatch.setenv("PLEXSYNC_DATA", str(tmp_path / "data"))
    first, second = open_stage(), open_stage()
    first.data = second.data = tmp_path / "data"
    first.edit(1, title="Of the first")
    first.wait_title(1, "Of the first")
    first.kill_workers()
    said = call(first, command, STASH_URL=second.stash.url)
    assert said.code == 2
    assert f"belongs to another Stash, the one with the configuration folder {first.config}." in said.err
    assert "STASH_URL" in said.err
    assert first.workers() == []
    assert not first.rows("SELECT 1 FROM orders WHERE name IN ('sync_all', 'undo')")
    assert call(first, "wake").out == "A worker was started.\n"


def test_sync_says_how_many_scenes_are_in_line(stage: Stage) -> None:
    said = call(stage, "sync")
    assert (said.code, said.out) == (0, "Put in line: 40 scenes.\n")
    assert call(stage, "sync", "1", "2").out == "Put in line: 2 scenes.\n"


def test_sync_of_scenes_that_stash_does_not_have_says_so_and_puts_the_others_in_line(stage: Stage) -> None:
    said = call(stage, "sync", "99")
    assert (said.code, said.out) == (5, "Stash has no scene 99.\n")
    assert stage.workers() == []
    assert not stage.data.joinpath("plexsync.db").exists()

    stage.edit(1, title="Edited")
    stage.wait_title(1, "Edited")
    said = call(stage, "sync", "98", "1", "99", "--json")
    assert said.code == 5
    assert said.json() == {
        "carried_out": True, "message": "Put in line: 1 scene. Stash has no scenes 98, 99.", "lacking": [98, 99],
    }  # fmt: skip
    assert stage.rows("SELECT 1 FROM jobs WHERE scene_id > 40") == []


def test_sync_of_a_scene_that_was_synced_and_is_gone_from_stash_is_carried_out(
    open_stage: Callable[..., Stage],
) -> None:
    stage = open_stage(settings={"take_back": True})
    stage.edit(1, title="Edited")
    stage.wait_title(1, "Edited")
    stage.wait_synced(1)
    stage.stash.control("remove", {"kind": "scene", "id": 1})
    said = call(stage, "sync", "1")
    assert (said.code, said.out) == (5, "Put in line: 1 scene.\nStash has no scene 1.\n")
    stage.wait_title(1, "scene 1")


def test_sync_without_stash_takes_every_number(stage: Stage) -> None:
    said = call(stage, "sync", "99", STASH_URL=NOWHERE)
    assert said.code == 6
    assert said.out.startswith("The order is stored")


def test_undo_of_one_scene_leaves_the_others(stage: Stage) -> None:
    for scene in (1, 2):
        stage.edit(scene, title=f"Title {scene}")
        stage.wait_title(scene, f"Title {scene}")
    stage.wait_synced(2)
    assert call(stage, "undo", "1").code == 0
    stage.wait_title(1, "scene 1")
    assert stage.item(item_key(2))["title"] == "Title 2"
    assert "Undone at" in call(stage, "explain", "1").out


def test_order_without_stash_is_stored_and_carried_out_by_the_next_worker(
    open_stage: Callable[..., Stage],
) -> None:
    stage = with_failed_scene(open_stage)
    stage.kill_workers()
    stage.plex.control("remove_item", {"ratingKey": 900})
    said = call(stage, "retry", "--json", STASH_URL=NOWHERE)
    assert said.code == 6
    assert said.json()["carried_out"] is False
    assert said.json()["message"].startswith(
        "The order is stored, and carried out when a worker can. Stash at "
    )
    assert stage.workers() == []
    assert call(stage, "wake").out == "A worker was started.\n"
    stage.wait_title(1, "Which?")


def test_order_is_carried_out_by_a_running_worker_though_stash_is_not_where_it_was_said(
    open_stage: Callable[..., Stage],
) -> None:
    stage = with_failed_scene(open_stage)
    said = call(stage, "retry", STASH_URL=NOWHERE)
    assert (said.code, said.out) == (0, "Tried again: 1 failed scene.\n")


def test_wake_starts_one_worker(stage: Stage) -> None:
    assert call(stage, "wake", "--json").json() == {"started": True}
    stage.wait(lambda: len(stage.workers()) == 1, "a worker")
    assert call(stage, "wake").out == "A worker runs already.\n"
    assert len(stage.workers()) == 1


def test_wake_without_stash_starts_nothing_and_tells_by_its_code(stage: Stage) -> None:
    said = call(stage, "wake", STASH_URL=NOWHERE)
    assert (said.code, said.out) == (3, "")
    assert "cannot be reached" in said.err
    assert stage.workers() == []


def test_stash_with_a_password_wants_the_key_of_the_environment(stage: Stage) -> None:
    key = stage.stash.control("auth", {"username": "me", "password": "p", "api_key": True})["api_key"]
    refused = call(stage, "wake")
    assert (refused.code, "STASH_API_KEY" in refused.err) == (4, True)
    assert call(stage, "wake", STASH_API_KEY=key).code == 0
    stage.wait(lambda: len(stage.workers()) == 1, "a worker")
    if sys.platform.startswith("linux"):
        (pid,) = stage.workers()
        for name in ("cmdline", "environ"):
            assert key.encode() not in Path(f"/proc/{pid}/{name}").read_bytes()


def test_preview_lists_changes_and_writes_nothing(stage: Stage) -> None:
    stage.stash.control("change", {"kind": "scene", "id": 1, "fields": {"title": "One"}})
    said = call(stage, "preview")
    assert said.code == 0
    assert '  title: "scene 1" -> "One"' in said.out.splitlines()
    document = call(stage, "preview", "--json").json()
    assert document["counts"]["would change"] == 1
    (scene,) = document["scenes"]
    assert scene["items"][0]["changes"] == [{"field": "title", "now": "scene 1", "would_be": "One"}]
    assert stage.puts() == []


def test_check_finds_problems_and_shows_no_token(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage(settings={"plex_library": "Other"})
    said = call(stage, "check", "--json")
    assert said.code == 5
    (problem,) = [line["text"] for line in said.json() if line["level"] == "problem"]
    assert "'Other'" in problem
    stage.configure({**stage.settings, "plex_library": "Scenes"})
    said = call(stage, "check")
    assert (said.code, said.out.splitlines()[-1]) == (0, "Check Setup: all is well.")
    assert TOKEN not in said.out + said.err


def test_check_without_stash_says_so(stage: Stage) -> None:
    said = call(stage, "check", STASH_URL=NOWHERE)
    assert (said.code, said.out) == (3, "")
    assert said.err == (
        "Not done: Stash at http://127.0.0.1:1 cannot be reached. Start it, or put its address into the environment "
        "variable STASH_URL.\n"
    )


def test_data_folder_is_found_beside_stashs_configuration(stage: Stage) -> None:
    stage.edit(1, title="One")
    stage.wait_synced(1)
    (stage.config / "config.yml").write_text("", encoding="utf-8")
    found = call(stage, "status", "--json", PLEXSYNC_DATA=None, STASH_URL=NOWHERE).json()
    assert found["synced"] == 1


def test_data_folder_is_asked_of_stash_where_nothing_else_tells(stage: Stage) -> None:
    stage.edit(1, title="One")
    stage.wait_synced(1)
    assert call(stage, "status", "--json", PLEXSYNC_DATA=None).json()["synced"] == 1
    lost = call(stage, "status", PLEXSYNC_DATA=None, STASH_URL=NOWHERE)
    assert (lost.code, "PLEXSYNC_DATA" in lost.err) == (2, True)
    assert f"Stash at {NOWHERE} cannot be reached" in lost.err


@pytest.mark.parametrize(
    "arguments", [["retry", "x"], ["explain"], ["explain", "0"], ["nonsense"], [], ["wake", "--api-key", "k"]]
)
def test_wrong_usage_is_code_two(arguments: list[str], stage: Stage) -> None:
    said = call(stage, *arguments)
    assert (said.code, said.out) == (2, "")
    assert "usage: python -m plexsync_plugin" in said.err


def test_address_of_stash_that_is_none_is_code_two(stage: Stage) -> None:
    said = call(stage, "status", STASH_URL="gopher://stash/x")
    assert (said.code, "STASH_URL" in said.err) == (2, True)


def test_every_command_has_help_with_json(stage: Stage) -> None:
    for name in COMMANDS:
        said = call(stage, name, "--help")
        assert said.code == 0
        assert "--json" in said.out


def test_help_calls_things_by_the_names_of_the_documentation(stage: Stage) -> None:
    said = " ".join(call(stage, "choose", "--help").out.split())
    assert "Say by hand which Plex item a scene is, or take that back (--none)." in said
    assert "[--file PATH] SCENE [RATING_KEY]" in said


def test_ambiguous_scene_is_settled_by_a_choice_of_hand(open_stage: Callable[..., Stage]) -> None:
    stage = with_failed_scene(open_stage)
    said = call(stage, "choose", "1", "900")
    assert (said.code, said.out) == (
        0,
        "'scene 1.mp4' of scene 1 is the Plex item 'double' (900) from now on.\n",
    )
    stage.wait(lambda: stage.item(900)["title"] == "Which?", "the chosen item")
    explained = call(stage, "explain", "1").out
    assert "is the Plex item 900, matched by the choice of a person." in explained
    assert call(stage, "explain", "1", "--json").json()["chosen"][0]["rating_key"] == 900
    assert call(stage, "choose", "1", "--none").code == 0
    refused = call(stage, "choose", "1", "--none")
    assert (refused.code, refused.out) == (5, "No item was chosen by hand for scene 1.\n")
    assert call(stage, "choose", "1").code == 2
    assert call(stage, "choose", "1", "900", "--none").code == 2
    assert call(stage, "choose", "1", "x").code == 2
