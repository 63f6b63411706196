"""The first worker of a data folder shows the defaults on Stash's page; each worker says where another PlexSync lies."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.rig import Rig
from tests.stage import STASH_LIBRARY, Stage, item_key


def stored(stage: Stage) -> dict[str, object]:
    found: dict[str, object] = stage.gql('{configuration{plugins(include:["PlexSync"])}}')["configuration"][
        "plugins"
    ]["PlexSync"]
    return found


def test_settings_page_tells_the_truth_after_the_first_edit_and_is_then_left_alone() -> None:
    with Stage() as stage:
        stage.edit(1, title="First")
        stage.wait_title(1, "First")
        assert stored(stage)["enabled"] is True
        assert stored(stage)["strict_matching"] is True
        assert stored(stage)["max_retries"] == 5
        assert stored(stage)["plex_url"] == stage.plex.url

        stage.configure(stage.settings)
        stage.kill_workers()
        stage.edit(2, title="Second")
        stage.wait_title(2, "Second")
        assert "enabled" not in stored(stage)


def test_another_plugin_of_the_same_id_is_said_in_the_log_and_by_check_setup() -> None:
    with Stage() as stage:
        other = stage.config / "plugins" / "community" / "PlexSync" / "PlexSync.yml"
        other.parent.mkdir(parents=True)
        other.write_text("name: Plex Sync\n", encoding="utf-8")
        said = f"Another plugin with the id PlexSync lies in the plugins folder: {other}."
        stage.edit(1, title="First")
        stage.wait(lambda: any(said in line for line in stage.log_lines()), said)
        stage.run_task("Check Setup")
        assert [line for line in stage.log_lines() if line.startswith(f"Problem: {said}")]

        other.unlink()
        stage.kill_workers()
        stage.edit(2, title="Second")
        gone = "The other plugin PlexSync is gone."
        stage.wait(lambda: gone in stage.log_lines(), gone)


@pytest.mark.parametrize(
    "fault", [{"kind": "status", "status": 503}, {"kind": "status", "status": 404}, {"kind": "reset"}]
)
def test_stash_that_does_not_answer_as_it_should_at_a_workers_first_question_does_not_end_it(
    open_rig: Callable[..., Rig], fault: dict[str, Any]
) -> None:
    """Busy after its own start, say, or behind a proxy that is. Nobody would start another worker before the next edit."""
    rig = open_rig()
    rig.stage.edit(1, title="First")
    rig.stage.stash.fault(**fault, match="POST /graphql", times=None)
    rig.worker.own_work.begin(rig.worker.stash)
    rig.stage.stash.clear_faults()
    rig.run_until(lambda: rig.stage.item(item_key(1))["title"] == "First", "the title in Plex")
    assert rig.stage.rows("SELECT count(*) AS n FROM dead_letters") == [{"n": 0}]


def said_missing(stage: Stage) -> bool:
    return "No Plex item holds the file" in stage.worker_log()


def test_log_names_no_path_where_the_setting_says_so() -> None:
    library = {
        **STASH_LIBRARY,
        "scenes": [{"id": 1, "files": [{"path": "/secret place/nowhere.mp4", "size": 5}]}],
    }
    for obfuscated in (False, True):
        with Stage(stash=library, settings={"obfuscate_paths": obfuscated}) as stage:
            stage.edit(1, title="First")
            stage.wait(partial(said_missing, stage), "a line about the scene")
            assert ("nowhere" in stage.worker_log()) == (not obfuscated)
