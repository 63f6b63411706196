"""Workers that are killed at any moment of a long evening of edits: nothing is lost, and nothing done twice shows."""

import random
import sqlite3
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.long_form import SEED, rounds
from tests.stage import TOKEN, Stage, item_key

pytestmark = pytest.mark.crash

SCENES = range(1, 31)
KILLS = rounds(12, 300)
TAGS = {"1": "Outdoor", "2": "Comma, Inside"}
STUDIOS = {"1": "Studio One", "2": "Studio Two"}


def random_edit(stage: Stage, rng: random.Random, number: int, newest: dict[int, dict[str, Any]]) -> None:
    """One save of a person, or a bulk edit; `newest` is what each scene is to show in the end."""
    if rng.random() < 0.2:
        scenes, studio = sorted(rng.sample(SCENES, 6)), rng.choice(sorted(STUDIOS))
        stage.bulk_edit(scenes, studio_id=studio)
        for scene in scenes:
            newest.setdefault(scene, {})["studio"] = STUDIOS[studio]
        return
    scene, tags = rng.choice(SCENES), rng.sample(sorted(TAGS), rng.randint(1, 2))
    title = f"Edit {number} of {scene}"
    stage.edit(scene, title=title, details=f"Said {number}.\n\nTwice & more; 100 %.", tag_ids=tags)
    newest.setdefault(scene, {}).update(
        title=title,
        summary=f"Said {number}.\n\nTwice & more; 100 %.",
        Genre=sorted(TAGS[tag] for tag in tags),
    )


def shown(item: dict[str, Any], names: Iterator[str]) -> dict[str, Any]:
    values = {name: item.get(name, "") for name in names}
    return {
        name: sorted(tag["tag"] for tag in value) if isinstance(value, list) else value
        for name, value in values.items()
    }


def intact(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        return bool(connection.execute("PRAGMA integrity_check").fetchone() == ("ok",))


def evening(stage: Stage, rng: random.Random, kills: int = KILLS) -> dict[int, dict[str, Any]]:
    """Edits and kills; returns what every scene is to show."""
    newest: dict[int, dict[str, Any]] = {}
    for scene in SCENES:
        stage.edit(scene, title=f"First of {scene}")
        newest[scene] = {"title": f"First of {scene}"}
    for number in range(kills):
        for _ in range(3):
            random_edit(stage, rng, number, newest)
        time.sleep(
            rng.uniform(0.2, 1.2)
        )  # from before the worker has its packages to the middle of its writes
        stage.kill_workers()
    stage.edit(1, title="The last of all")
    newest[1]["title"] = "The last of all"
    return newest


def wait_until_nothing_is_left(stage: Stage) -> None:
    query = "SELECT count(*) AS n FROM jobs WHERE state <> 'done'"
    stage.wait(
        lambda: stage.rows(query) == [{"n": 0}] and waiting_rows(stage) == 0, "all jobs", patience=60.0
    )


def waiting_rows(stage: Stage) -> int:
    with closing(sqlite3.connect(stage.data / "queue" / "data.db", timeout=10)) as inbox:
        count: int = inbox.execute("SELECT count(*) FROM ack_queue_default WHERE status < 5").fetchone()[0]
    return count + len(list((stage.data / "queue" / "spool").glob("*.json")))


def put_again(stage: Stage, target: str) -> None:
    """As a worker does that was killed between its request and its note of it."""
    request = urllib.request.Request(
        f"{stage.plex.url}{target}", method="PUT", headers={"X-Plex-Token": TOKEN}
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        assert response.status == 200


def content(item: dict[str, Any]) -> dict[str, Any]:
    """Without the stamps that Plex sets at every write (image paths hold one), and without order and ids of tags."""
    stamps = {"updatedAt", "lastEditedAt", "contentChangedAt", "thumb", "art", "Image"}
    kept = {name: value for name, value in item.items() if name not in stamps}
    return {
        name: sorted(tag["tag"] for tag in value)
        if isinstance(value, list) and value and isinstance(value[0], dict) and "tag" in value[0]
        else sorted(value)
        if name == "locked"
        else value
        for name, value in kept.items()
    }


def test_plex_shows_the_newest_of_every_scene_when_workers_are_killed() -> None:
    with Stage(settings={"poll_interval": 1}) as stage:
        stage.plex.fault("slow", seconds=0.03, match="", times=None)
        newest = evening(stage, random.Random(SEED))
        wait_until_nothing_is_left(stage)
        for scene, expected in newest.items():
            assert shown(stage.item(item_key(scene)), iter(expected)) == expected, f"scene {scene}"
        assert stage.rows("SELECT * FROM dead_letters") == []
        assert stage.rows("SELECT count(*) AS n FROM jobs") == [{"n": len(SCENES)}]
        assert stage.worker_log().count("worker starts") > KILLS / 2
        assert "worker broke" not in stage.worker_log()
        stage.plex.clear_faults()
        check_that_repeating_changes_nothing(stage)
        stage.kill_workers()
        assert intact(stage.data / "plexsync.db")
        assert intact(stage.data / "queue" / "data.db")


def check_that_repeating_changes_nothing(stage: Stage) -> None:
    """The last write to each item once more, and then everything once more through Sync All."""
    last = {target.split("id=")[1].split("&")[0]: target for target in map(target_of, stage.puts())}
    assert len(last) == len(SCENES)
    before = {key: content(stage.item(int(key))) for key in last}
    for target in last.values():
        put_again(stage, target)
    assert {key: content(stage.item(int(key))) for key in last} == before
    stage.plex.clear_log()
    stage.run_task("Sync All Scenes")
    assert stage.puts() == []


def target_of(request: str) -> str:
    return request.partition(" ")[2]


def test_work_goes_on_where_the_kill_met_it_when_nothing_else_happens() -> None:
    """Killed in the middle of its writes; the task wakes the next worker, which writes what is missing and no more."""
    with Stage() as stage:
        stage.bulk_edit(list(SCENES), studio_id="1")
        stage.wait_synced(len(SCENES))
        stage.plex.clear_log()
        # So slow that writes are left when the bulk edit returns: after a hook for each scene, seconds on a busy machine.
        stage.plex.fault("slow", seconds=0.5, match="PUT /library/", times=None)
        stage.bulk_edit(list(SCENES), studio_id="2")
        stage.wait(lambda: len(stage.puts()) >= 5, "some writes")
        stage.kill_workers()
        written = len(stage.puts())
        assert written < len(SCENES)
        stage.plex.clear_faults()
        stage.run_task("Process Queue")
        stage.wait_synced(len(SCENES))
        puts = Counter(target_of(request) for request in stage.puts())
        assert len(puts) == len(SCENES)
        assert sum(puts.values()) <= len(SCENES) + 1, "more than the one write in hand was repeated"
        assert {stage.item(item_key(scene))["studio"] for scene in SCENES} == {"Studio Two"}


def test_first_worker_goes_on_when_it_is_killed_while_making_its_files() -> None:
    """Each kill a little later in the worker's first second: packages, log, plexsync.db, first requests."""
    with Stage() as stage:
        for number in range(rounds(8, 100)):
            stage.edit(1, title=f"Try {number}")
            stage.wait(lambda: bool(stage.workers()), "a worker")
            time.sleep(0.12 * (number % 8))
            stage.kill_workers()
        stage.edit(2, title="At last")
        stage.wait_title(2, "At last")
        stage.wait_title(1, "Try 7")
        assert intact(stage.data / "plexsync.db")
