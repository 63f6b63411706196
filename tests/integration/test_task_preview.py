"""*Preview Changes*: a list of what would change that is true, and a Plex that was only read."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.settings import read_settings
from plexsync_plugin.core.scene import scene_of
from plexsync_plugin.tasks.dry_run import DryRun, DryRunResult, open_dry_run
from tests.stage import PLEX_LIBRARY, STASH_LIBRARY, Stage, item_key


def change(stage: Stage, scene: int, **fields: Any) -> None:
    """An edit that no event tells of."""
    stage.stash.control("change", {"kind": "scene", "id": scene, "fields": fields})


def verdict(stage: Stage) -> str:
    before = len(stage.log_lines())
    stage.run_task("Preview Changes")
    return next(line for line in stage.log_lines()[before:] if line.startswith("Preview Changes:"))


def preview_file(stage: Stage) -> str:
    return (stage.data / "preview.txt").read_text(encoding="utf-8")


def test_preview_lists_scene_item_and_field_and_writes_nothing(stage: Stage) -> None:
    change(stage, 2, title="Two", performer_ids=[1, 2], tag_ids=[2])
    assert verdict(stage).startswith(
        "Preview Changes: 1 of 40 scenes would change, 39 show what they should. Nothing was written. The list: "
    )
    lines = preview_file(stage).splitlines()
    assert lines[0] == "1 of 40 scenes would change, 39 show what they should. Nothing was written."
    assert "Scene 2 (Two), Plex item 102 (scene 2):" in lines
    assert '  title: "scene 2" -> "Two"' in lines
    assert '  cast: "Old Actor" -> "Ann Alpha, Bea Beta"' in lines
    assert '  genres: "Drama, Comedy, Crime" -> "Comma, Inside"' in lines
    assert '  title: "scene 2" -> "Two"' in stage.log_lines()
    assert {request.split()[0] for request in stage.plex_requests()} == {"GET"}
    assert stage.rows("SELECT * FROM jobs") == []
    assert not (stage.data / "preview.txt.part").exists()


def test_preview_says_what_syncing_then_does(stage: Stage) -> None:
    change(stage, 1, title="One", details="First.\n\nSecond.", date="2021", rating100=80, studio_id=1)
    # Else the worker hears of the edit in Plex, and answers it before the preview is made.
    stage.plex.fault("status", status=404, match="GET /:/eventsource", times=None)
    stage.edit(3, title="Three")
    stage.wait_title(3, "Three")
    stage.plex.control("edit_item", {"ratingKey": item_key(3), "fields": {"title": "By hand"}})
    stage.run_task("Preview Changes")
    text = preview_file(stage)
    assert '  title: "By hand" -> "Three"' in text
    stage.run_task("Sync All Scenes")
    item = stage.item(item_key(1))
    for field, name in (("title", "title"), ("originallyAvailableAt", "date"), ("studio", "studio")):
        assert f'-> "{item[field]}"' in next(
            line for line in text.splitlines() if line.startswith(f"  {name}: ")
        )
    assert verdict(stage).startswith(
        "Preview Changes: 0 of 40 scenes would change, 40 show what they should."
    )


def test_preview_counts_what_is_left_out_missing_or_unclear(open_stage: Callable[..., Stage]) -> None:
    section = PLEX_LIBRARY["sections"][0]
    double = {
        "ratingKey": 900,
        "title": "double",
        "file": "/media/other/videos/scene 5.mp4",
        "size": 1_000_005,
    }
    items = [item for item in section["items"] if item["ratingKey"] != item_key(4)]
    stage = open_stage(
        plex={"sections": [{**section, "items": [*items, double]}]}, settings={"exclude_tags": "Outdoor"}
    )
    change(stage, 1, tag_ids=[1])
    assert verdict(stage).startswith(
        "Preview Changes: 0 of 40 scenes would change, 37 show what they should, 1 left out by the settings, "
        "1 not in Plex, 1 with several items that could be meant."
    )
    assert "/media/other/videos/scene 5.mp4" in preview_file(stage) or "scene 5.mp4" in preview_file(stage)
    assert stage.rows("SELECT * FROM dead_letters") == []


def test_preview_leaves_an_item_of_two_scenes_to_its_first(open_stage: Callable[..., Stage]) -> None:
    """As syncing does, which asks Stash whose the other file is."""
    section = PLEX_LIBRARY["sections"][0]
    six, five = (next(item for item in section["items"] if item["ratingKey"] == item_key(n)) for n in (6, 5))
    files = [{"file": item["file"], "size": item["size"]} for item in (six, five)]
    items = [item for item in section["items"] if item not in (six, five)]
    both = {"ratingKey": 900, "title": "both", "files": files}
    stage = open_stage(
        plex={"sections": [{**section, "items": [*items, both]}]}, settings={"exclude_tags": "Outdoor"}
    )
    change(stage, 5, title="Five")
    change(stage, 6, tag_ids=[1])
    assert verdict(stage).startswith("Preview Changes: 0 of 40 scenes would change, 38 show what they should")
    assert '-> "Five"' not in preview_file(stage)


def test_preview_names_the_first_twenty_in_the_log_and_all_in_the_file(stage: Stage) -> None:
    for scene in range(1, 41):
        change(stage, scene, title=f"Title {scene}")
    stage.run_task("Preview Changes")
    assert sum("Plex item" in line for line in stage.log_lines()) == 20
    assert preview_file(stage).count("Plex item") == 40


def test_preview_goes_on_from_its_place_with_its_counts(stage: Stage) -> None:
    for scene in (1, 40):
        change(stage, scene, title=f"Title {scene}")
    (stage.data).mkdir(exist_ok=True)
    (stage.data / "preview.txt.part").write_text("Scene 1, from the first part\n", encoding="utf-8")
    progress = {"after": 39, "logged": 1, "counts": {"seen": 39, "would change": 1, "in sync": 38}}
    stage.gql(
        'mutation($a:Map){runPluginTask(plugin_id:"PlexSync",task_name:"Preview Changes",args_map:$a)}',
        a={"progress": progress},
    )
    stage.wait(lambda: (stage.data / "preview.txt").exists(), "the list")
    lines = preview_file(stage).splitlines()
    assert lines[0].startswith("2 of 40 scenes would change, 38 show what they should.")
    assert "Scene 1, from the first part" in lines
    assert any(line.startswith("Scene 40 (Title 40)") for line in lines)


def test_preview_with_plex_away_says_so(stage: Stage) -> None:
    stage.plex.down()
    stage.run_task("Preview Changes")
    errors = [entry["message"] for entry in stage.stash.control("plugin_log", {"level": "Error"})]
    assert any("cannot be reached" in line for line in errors)


def looked_at(stage: Stage, folder: Path, **settings: Any) -> tuple[list[DryRunResult], DryRun]:
    """A dry run in this process over scene 1."""
    data = DataFolder(str(folder))
    data.make()
    scene = scene_of(
        {"id": "1", "title": "One", "files": [{"path": "/data/videos/scene 1.mp4", "size": 1_000_001}]}
    )
    with open_dry_run(read_settings({**stage.settings, **settings}), data, Clock()) as run:
        return run.look({1: scene}), run


def test_nothing_but_reads_leaves_a_dry_run_whatever_asks_for_it(stage: Stage, tmp_path: Path) -> None:
    data = DataFolder(str(tmp_path))
    data.make()
    with open_dry_run(read_settings(stage.settings), data, Clock()) as run:
        run.gateway.put("/library/sections/1/all?type=1&id=101&title.value=Harm&title.locked=1")
        run.gateway.server()
        session = run.gateway._session()
        for method, path in (
            ("POST", "/library/metadata/101/posters"),
            ("GET", "/library/sections/1/refresh"),
            ("DELETE", "/library/metadata/101"),
        ):
            assert session.request(method, stage.plex.url + path).status_code == 200
        assert [held.method for held in run.gateway.take_writes()] == ["PUT", "POST", "GET", "DELETE"]
    assert [request for request in stage.plex_requests() if "sections/1" in request or "101" in request] == []
    assert stage.item(101)["title"] == "scene 1"


def test_dry_run_leaves_the_state_as_it_was(stage: Stage) -> None:
    stage.edit(1, title="Synced")
    stage.wait_title(1, "Synced")
    stage.wait_synced(1)
    tables = ("jobs", "ledger", "matches", "synced", "orders", "dead_letters")
    before = {table: stage.rows(f"SELECT * FROM {table}") for table in tables}
    change(stage, 1, title="Another")
    change(stage, 2, title="Another")
    stage.run_task("Preview Changes")
    assert {table: stage.rows(f"SELECT * FROM {table}") for table in tables} == before


def test_dry_run_works_before_any_worker_has_made_a_state(stage: Stage, tmp_path: Path) -> None:
    (result,), run = looked_at(stage, tmp_path)
    assert [item.rating_key for item in result.items] == [101]
    assert run.counts["would change"] == 1
    assert not (tmp_path / "plexsync.db").exists()


def test_scene_texts_of_any_script_reach_the_list(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage(
        stash={**STASH_LIBRARY, "scenes": [{**STASH_LIBRARY["scenes"][0], "title": "Тест 日本 \U0001f600"}]}
    )
    stage.run_task("Preview Changes")
    assert '-> "Тест 日本 \U0001f600"' in preview_file(stage)
