"""*Check Setup*: each mistake is found and comes with its fix; missing settings get their defaults, and nothing else."""

import os
import sys
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from plexsync_plugin.base.rules import PathRule
from plexsync_plugin.base.settings import Settings, read_settings
from plexsync_plugin.jobs.learned import ENOUGH, observe
from plexsync_plugin.jobs.state import open_state
from plexsync_plugin.stash.defaults import missing_defaults
from plexsync_plugin.tasks.context import task_context
from plexsync_plugin.tasks.setup.check import check
from tests.rig import Rig
from tests.sim.plex.server_info import DEFAULTS
from tests.stage import PLEX_LIBRARY, STASH_LIBRARY, TOKEN, Stage, item_key


def lines_of(stage: Stage) -> list[str]:
    """What the check says. The worker that it wakes speaks on the same page of Stash, sometimes after the check's last line."""
    before = len(stage.log_lines())
    stage.run_task("Check Setup")
    lines = stage.log_lines()[before:]
    (ended,) = [place for place, line in enumerate(lines) if line.startswith("Check Setup: ")]
    assert not [line for line in lines[ended + 1 :] if line.startswith(("Good: ", "Problem: "))]
    return lines[: ended + 1]


def problems(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith("Problem: ")]


def stored(stage: Stage) -> dict[str, Any]:
    found: dict[str, Any] = stage.gql('{configuration{plugins(include:["PlexSync"])}}')["configuration"][
        "plugins"
    ]["PlexSync"]
    return found


def test_setup_that_fits_is_called_well_and_writes_nothing_to_plex(stage: Stage) -> None:
    lines = lines_of(stage)
    assert problems(lines) == []
    assert lines[-1] == "Check Setup: all is well."
    assert {request.split()[0] for request in stage.plex_requests()} == {"GET"}
    assert sum(line.startswith("Good: Scene ") for line in lines) == 10
    assert any("Stash answers, v0.30.1, with 40 scenes" in line for line in lines)
    assert not any(TOKEN in line for line in lines)


MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"plex_token": "wrong"}, "Put a fresh token of the server's owner into the setting plex_token."),
    ({"plex_token": ""}, "The setting plex_token is empty. Put the token of your Plex server's owner there."),
    ({"plex_library": "Scnes"}, "no video library 'Scnes', which the setting plex_library names. Put there one or several of: 'Scenes'."),
    ({"path_map": "/mnt/x => /media/videos"}, "Stash has no file below /mnt/x. Write the folder as Stash names it, as in /data/videos/scene 1.mp4."),
    ({"path_map": "/data => /volume1"}, "no Plex library has the folder /volume1. Write it as Plex names it, one of: /media/videos."),
    ({"max_retries": "many"}, "The setting max_retries, 'many', is not a number. Empty it for the default (5)."),
    ({"plex_url": "http://127.0.0.1:1"}, "Plex at http://127.0.0.1:1 cannot be reached"),
    ({"enabled": False}, "Switch the setting enabled on."),
]  # fmt: skip


@pytest.mark.parametrize(("mistake", "fix"), MISTAKES, ids=[str(mistake) for mistake, _ in MISTAKES])
def test_mistake_is_one_problem_with_its_fix(
    mistake: dict[str, Any], fix: str, open_stage: Callable[..., Stage]
) -> None:
    stage = open_stage(settings=mistake)
    lines = lines_of(stage)
    (problem,) = problems(lines)
    assert fix in problem
    assert lines[-1].startswith("Check Setup: 1 problem found")
    assert any("worker" in line for line in lines), "a problem does not end the check"


def test_token_that_may_only_read_is_found_without_writing(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage(settings={"plex_token": "guest-token"})
    stage.plex.control("set", {"shared_token": "guest-token"})
    (problem,) = problems(lines_of(stage))
    assert "may read but not write" in problem
    assert "owner's token" in problem
    assert {request.split()[0] for request in stage.plex_requests()} == {"GET"}


@pytest.mark.parametrize(("files", "how"), [(ENOUGH - 1, "by name and size"), (ENOUGH, "by a learned rule")])
def test_rule_is_named_only_once_the_worker_goes_by_it(
    files: int, how: str, open_stage: Callable[..., Stage]
) -> None:
    section = PLEX_LIBRARY["sections"][0]
    items = [{**item, "file": item["file"].replace("/media/", "/moved/")} for item in section["items"]]
    stage = open_stage(plex={"sections": [{**section, "locations": ["/moved"], "items": items}]})
    os.makedirs(stage.data, exist_ok=True)
    with closing(open_state(str(stage.data / "plexsync.db"))) as state:
        observe(state, DEFAULTS["machineIdentifier"], [PathRule(stash="/data", plex="/moved")] * files)
    samples = [line for line in lines_of(stage) if line.startswith("Good: Scene ")]
    assert f"{how}: /data/videos/scene 1.mp4 => /moved/videos/scene 1.mp4" in samples[0]
    assert [line for line in samples if how not in line] == [], "what the samples teach is not the worker's"
    assert len(samples) == 10


def test_sample_tells_by_what_it_was_found(open_stage: Callable[..., Stage]) -> None:
    section = PLEX_LIBRARY["sections"][0]
    files = {1: "/data/videos/scene 1.mp4", 5: "/moved/videos/scene 5.mp4"}
    items = [
        {**item, "file": files.get(item["ratingKey"] - 100, item["file"])}
        for item in section["items"]
        if item["ratingKey"] != item_key(9)
    ]
    stage = open_stage(
        plex={"sections": [{**section, "locations": ["/media/videos", "/moved"], "items": items}]},
        settings={"path_map": "/data/videos => /media/videos", "exclude_tags": "Outdoor"},
    )
    stage.stash.control("change", {"kind": "scene", "id": 17, "fields": {"tag_ids": [1]}})
    text = "\n".join(lines_of(stage))
    assert "Good: Path rule: /data/videos => /media/videos." in text
    assert "Scene 1 is item 101, the same path: /data/videos/scene 1.mp4" in text
    assert (
        "Scene 5 is item 105, by name and size: /data/videos/scene 5.mp4 => /moved/videos/scene 5.mp4" in text
    )
    assert (
        "Scene 13 is item 113, by a rule of path_map: /data/videos/scene 13.mp4 => /media/videos/scene 13.mp4"
        in text
    )
    assert "Problem: Scene 9: " in text
    assert "1 of 10 sample scenes was not found." in text
    assert "Scene 17 is left out: it has a tag of the setting exclude_tags." in text
    assert "found by asking Plex" in text


def test_sample_found_in_the_index_says_so(stage: Stage) -> None:
    stage.run_task("Index Plex Library")
    lines = lines_of(stage)
    assert sum("(found in the index)" in line for line in lines) == 10
    assert not any("none yet" in line for line in lines)


def test_missing_settings_get_their_defaults_and_nothing_else_changes(
    open_stage: Callable[..., Stage],
) -> None:
    kept = {"max_retries": 0, "read_timeout": "", "strict_matching": False, "of_another_version": "stays"}
    stage = open_stage(settings=kept)
    before = stored(stage)
    lines = lines_of(stage)
    after = stored(stage)
    assert {name: after[name] for name in before} == before, "a stored 0 or empty text is the user's"
    assert set(after) == set(Settings.model_fields) | {"of_another_version"}
    assert (after["enabled"], after["poll_interval"], after["reconcile_interval"], after["path_map"]) == (
        True,
        30,
        24,
        "",
    )
    assert any(line.startswith("Filled in with their defaults") and "enabled" in line for line in lines)
    again = lines_of(stage)
    assert stored(stage) == after
    assert not any(line.startswith("Filled in") for line in again)


def test_defaults_as_stored_are_read_back_as_the_same_settings() -> None:
    given = {"plex_url": "http://plex:32400", "plex_token": "t"}
    assert read_settings({**given, **missing_defaults(given)}) == read_settings(given)


def test_other_plugins_settings_are_left_alone(stage: Stage) -> None:
    stage.gql('mutation($i:Map!){configurePlugin(plugin_id:"Other",input:$i)}', i={"secret": "x"})
    lines_of(stage)
    found = stage.gql('{configuration{plugins(include:["Other"])}}')["configuration"]["plugins"]
    assert found == {"Other": {"secret": "x"}}


def test_stash_without_scenes_and_plex_without_libraries_are_said(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage(
        plex={"sections": []}, stash={**STASH_LIBRARY, "scenes": []}, settings={"plex_library": ""}
    )
    lines = lines_of(stage)
    assert any("Plex has no video library." in line for line in problems(lines))


def test_plex_when_marks_count_as_plays_and_users_that_are_unknown_are_problems(
    open_stage: Callable[..., Stage],
) -> None:
    stage = open_stage(settings={"watch_back": True, "watch_users": "owner, Nobody"})
    stage.plex.control("server", {"version": "1.39.2.7877-1a2b3c4d5"})
    assert [line.partition(". ")[0] for line in problems(lines_of(stage))] == [
        "Problem: This Plex, version 1.39.2.7877-1a2b3c4d5, notes a play also where somebody marks an item as played, so marks count "
        "in Stash as plays do",
        "Problem: Plex has no account 'Nobody', which the setting watch_users names",
    ]


def test_queue_when_scenes_are_looked_for_too_is_read_once(
    open_rig: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read twice, a file that a worker mends meanwhile would be ruined in one line and whole in the next."""
    rig = open_rig()
    rig.stage.edit(1, title="Synced")
    rig.settle()
    opened: list[str] = []
    watches = [True]

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if watches[0] and event == "sqlite3.connect" and "plexsync.db" in str(arguments[0]):
            opened.append(str(arguments[0]))

    sys.addaudithook(watch)  # for the life of this process
    monkeypatch.setenv("PLEXSYNC_DATA", rig.folder.root)
    lines = [
        line.text
        for line in check(
            task_context({"server_connection": rig.worker.stash.connection.document(), "args": {}})
        )
    ]
    watches[0] = False
    assert sum(line.startswith("Good: Scene ") for line in lines) == 10
    assert any(line.startswith("In sync: 1 scene.") for line in lines)
    assert len(opened) == 2, "for the queue, and for what scenes are known to be"
