"""After a whole run with every kind of trouble, the token, the session and the key are nowhere but where they belong."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from tests.stage import TOKEN, Stage

WRONG_TOKEN = "wrong-token-9d2e"
SECRETS = (TOKEN, WRONG_TOKEN)


class Processes(Thread):
    """Arguments and environments of every process of the plugin that lives while this runs: hooks, tasks, *say*, the worker and
    what they start. Linux alone shows them."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(daemon=True)
        self._plugin = str(stage.config / "plugins").encode()
        self._ended = Event()
        self.seen: dict[str, bytes] = {}
        self.kinds: set[str] = set()

    def run(self) -> None:
        while not self._ended.wait(0.01):
            for folder in Path("/proc").glob("[0-9]*"):
                with contextlib.suppress(OSError):  # it has ended meanwhile
                    self._look(folder)

    def _look(self, folder: Path) -> None:
        arguments = (folder / "cmdline").read_bytes()
        if self._plugin in arguments:
            self.seen[f"{folder.name} cmdline"] = arguments
            self.seen[f"{folder.name} environ"] = (folder / "environ").read_bytes()
            self.kinds.add("worker" if b"\0worker" in arguments else "other")

    def end(self) -> None:
        self._ended.set()
        self.join()


class Seen:
    """Everything that a run left behind, gathered while its worker still lives."""

    def __init__(self, stage: Stage, processes: Processes) -> None:
        self.processes, self.kinds = processes.seen, processes.kinds
        places = (stage.data, stage.config / "plugins" / "PlexSync")
        self.files = {
            str(path.relative_to(place)): path.read_bytes()
            for place in places
            for path in place.rglob("*")
            if path.is_file() and path.suffix not in (".pyc", ".py")
        }
        self.lines = [entry["message"] for entry in stage.stash.control("plugin_log", {"level": "Trace"})]
        self.targets = [entry["target"] for entry in stage.plex.log()]
        self.statuses = {entry["status"] for entry in stage.plex.log()}
        self.report = str(stage.operation(operation="status"))


def refused_token(stage: Stage) -> None:
    stage.configure({**stage.settings, "plex_token": WRONG_TOKEN})
    stage.run_task("Index Plex Library")
    stage.edit(1, title="Refused")
    stage.run_task("Process Queue")
    stage.configure({**stage.settings, "plex_token": [TOKEN]})  # makes no sense, and a sentence about it
    stage.run_task("Process Queue")


def failing_plex(stage: Stage) -> None:
    """500, nothing at all, and a cut answer, each met by one save."""
    faults: tuple[dict[str, Any], ...] = (
        {"kind": "status", "status": 500},
        {"kind": "hang", "seconds": 3.0},
        {"kind": "truncate"},
    )
    for scene, fault in enumerate(faults, start=2):
        stage.plex.fault(**fault, match="PUT /library/", times=1)
        stage.edit(scene, title=f"After {fault['kind']}")
        stage.wait_title(scene, f"After {fault['kind']}")


@pytest.fixture(scope="module")
def seen() -> Iterator[Seen]:
    with Stage(settings={"read_timeout": 1}) as stage:
        processes = Processes(stage)
        if sys.platform.startswith("linux"):
            processes.start()
        stage.edit(1, title="Begun")
        stage.wait_title(1, "Begun")
        refused_token(stage)
        stage.kill_workers()  # the next reads the mended settings at once, and need not be waited for
        stage.configure(stage.settings)
        failing_plex(stage)
        stage.run_task("Index Plex Library")
        stage.run_task("Check Setup")
        stage.run_task("Status")
        if sys.platform.startswith("linux"):
            processes.end()
        yield Seen(stage, processes)


def found_in(texts: dict[str, bytes]) -> list[str]:
    return [name for name, text in texts.items() for secret in SECRETS if secret.encode() in text]


def test_run_met_every_trouble(seen: Seen) -> None:
    """The other tests would prove nothing without it."""
    assert {401, 500} <= seen.statuses
    assert {"plexsync.db", "plex_collection.db", "log/worker.log", "queue/data.db"} <= {
        name.replace("\\", "/") for name in seen.files
    }
    assert any("401" in line or "token" in line for line in seen.lines)


def test_no_file_of_the_data_folder_holds_a_token(seen: Seen) -> None:
    assert found_in(seen.files) == []


def test_no_line_of_stashs_log_holds_a_token(seen: Seen) -> None:
    assert seen.lines
    assert found_in({line: line.encode() for line in seen.lines}) == []


def test_no_request_to_plex_has_the_token_in_its_target(seen: Seen) -> None:
    """The simulator blanks the value before it keeps a target, but not the name."""
    assert seen.targets
    assert [target for target in seen.targets if "token" in target.lower()] == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_no_process_has_the_token_in_argv_or_environment(seen: Seen) -> None:
    assert seen.kinds == {"worker", "other"}
    assert len(seen.processes) > 10
    assert found_in(seen.processes) == []


def test_status_shows_no_token(seen: Seen) -> None:
    assert found_in({"status": seen.report.encode()}) == []
