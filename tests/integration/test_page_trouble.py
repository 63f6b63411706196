"""What the page's operations say when something is missing, damaged, hostile or secret: never a traceback, and no secret."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from plexsync_plugin.answers.page.dispatch import answer
from plexsync_plugin.answers.page.operations import OPERATIONS
from plexsync_plugin.answers.page.question import Question
from plexsync_plugin.base.lock import FileLock
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.jobs.activity import WRITTEN, Activity, ActivityStore
from plexsync_plugin.jobs.facts import SERVER, Facts
from plexsync_plugin.jobs.reasons import Failure
from plexsync_plugin.jobs.state import open_state
from plexsync_plugin.jobs.store import PERSON, JobStore
from tests.clocks import MovingClock
from tests.page_questions import ask, data, flaws
from tests.stage import Stage

SECRETS = {"cookie": "planted-cookie-5c1e", "key": "planted-key-77ab", "token": "planted-token-9f02"}
HOSTILE = '<img src=x onerror=alert(1)>\x00\u202e\n"; DROP TABLE jobs; --'
NEEDED: dict[str, dict[str, Any]] = {
    "scene": {"id": 1},
    "ticket": {"ticket": "x"},
    "order": {"name": "rule", "args": {"dry": True, "stashPath": "/a/x.mp4", "plexPath": "/b/x.mp4"}},
    "search": {"q": "a"},
    "posters": {"keys": [1]},
}


@pytest.fixture
def question(tmp_path: Path) -> Question:
    folder = DataFolder(str(tmp_path / "plexsync"))
    folder.make()
    stash = {
        "Dir": str(tmp_path),
        "SessionCookie": {"Name": "session", "Value": SECRETS["cookie"]},
        "ApiKey": SECRETS["key"],
    }
    return Question(folder=folder, stash=stash, clock=MovingClock())


def answered(question: Question, name: str, /, **more: Any) -> dict[str, Any]:
    """The answer, in its shape or as a problem with a sentence."""
    found = answer(name, {**NEEDED.get(name, {}), **more}, question)
    text = json.dumps(found)
    assert [kind for kind, secret in SECRETS.items() if secret in text] == []
    assert found["v"] == 1
    if "problem" in found:
        assert found["problem"]["text"]
        assert set(found) == {"v", "problem"}
    else:
        assert list(flaws(OPERATIONS[name].answer, found["data"], name)) == []
    return found


@pytest.mark.parametrize("name", OPERATIONS)
def test_nothing_is_there_yet(question: Question, name: str) -> None:
    found = answered(question, name)
    # What cannot be answered without an index says so; everything else is empty.
    assert ("problem" in found) == (name in ("search", "order"))


@pytest.mark.parametrize("name", OPERATIONS)
def test_files_are_damaged(question: Question, name: str) -> None:
    for path in (question.folder.state, question.folder.index, question.folder.path("preview.db")):
        Path(path).write_bytes(b"SQLite format 3\0" + b"broken" * 4_000)
    assert "Traceback" not in json.dumps(answered(question, name))


@pytest.mark.parametrize("name", ["overview", "activity", "problems", "scene", "ticket"])
def test_file_of_an_earlier_version_is_told_until_the_worker_has_brought_it_up_to_date(
    question: Question, name: str
) -> None:
    open_state(question.folder.state).close()
    connection = sqlite3.connect(question.folder.state)
    connection.execute("PRAGMA user_version = 4")
    connection.close()
    found = answered(question, name)
    assert found["problem"]["action"]["name"] == "wake"


def test_file_of_a_newer_version_is_told(question: Question) -> None:
    open_state(question.folder.state).close()
    connection = sqlite3.connect(question.folder.state)
    connection.execute("PRAGMA user_version = 400")
    connection.close()
    assert "newer version" in answered(question, "overview")["problem"]["text"]


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("nothing", {}),
        ("../../etc/passwd", {}),
        ("__init__", {}),
        ("shapes", {}),
        ("scene", {"id": "x' OR 1=1"}),
        ("scene", {"id": None}),
        ("search", {"q": ["a"]}),
        ("problems", {"kind": "all"}),
        ("activity", {"limit": "many"}),
        ("order", {"name": "format_disk"}),
        ("order", {"name": "undo", "ids": []}),
        ("order", {"name": "choose", "ids": [1]}),
        ("order", {"name": "rule", "args": {"stashPath": "/a;b/x.mp4", "plexPath": "/c/x.mp4"}}),
        ("order", {"name": "rule", "args": {"stashPath": "/a/x.mp4", "plexPath": "/a/x.mp4"}}),
        ("ticket", {"ticket": {}}),
    ],
)
def test_what_makes_no_sense_is_a_problem_and_puts_nothing_in(
    question: Question, name: str, args: dict[str, Any]
) -> None:
    given = {**({} if name in ("order", "scene") else NEEDED.get(name, {})), **args}
    found = answer(name, given, question)
    assert found["problem"]["text"]
    assert not Path(question.folder.inbox).exists()


def test_choice_goes_into_the_inbox_with_scene_item_and_file(question: Question) -> None:
    (Path(question.folder.root) / "worker.lock").touch()
    lock = FileLock(question.folder.worker_lock)
    assert lock.try_acquire()  # as a worker does, so that none is started
    found = answered(question, "order", name="choose", ids=["7"], args={"key": 12, "stashPath": "/a/x.mp4"})
    connection = sqlite3.connect(question.folder.inbox)
    (row,) = connection.execute("SELECT data FROM ack_queue_default").fetchall()
    connection.close()
    lock.release()
    assert json.loads(row[0]) == {
        "v": 1, "kind": "command", "name": "choose", "ids": [7],
        "args": {"key": 12, "path": "/a/x.mp4", "ticket": found["data"]["ticket"]},
    }  # fmt: skip


def test_hostile_titles_come_as_they_are_and_break_nothing(question: Question) -> None:
    connection = open_state(question.folder.state)
    Facts(connection).set_fact(SERVER, HOSTILE)
    ActivityStore(connection).add(
        [
            Activity(
                scene_id=1,
                outcome=WRITTEN,
                title=HOSTILE,
                server=HOSTILE,
                item=3,
                changes=(("title", "", HOSTILE),),
            )
        ],
        1.0,
    )
    store = JobStore(connection)
    store.bump([1], priority=PERSON, now=1.0)
    failure = Failure(reason="Rejected", message=HOSTILE)
    store.bury(store.due(1.0, 1)[0], failure, attempts=1, candidates=json.dumps([HOSTILE]), now=1.0)
    connection.close()
    for name in ("overview", "activity", "problems", "scene"):
        answered(question, name)
    written, failed = answered(question, "activity")["data"]["rows"][::-1]
    assert written["title"] == HOSTILE
    assert written["item"]["url"].startswith("https://app.plex.tv/desktop/#!/server/%3Cimg%20src")
    assert failed["text"] == HOSTILE
    (row,) = answered(question, "problems", kind="refused")["data"]["rows"]
    assert [each["title"] for each in row["candidates"]] == [HOSTILE]


def test_secrets_that_the_page_sends_are_not_kept_nor_sent_back(question: Question) -> None:
    for name in OPERATIONS:
        answered(question, name, token=SECRETS["token"], apikey=SECRETS["key"], reason=SECRETS["token"])
    kept = b"".join(path.read_bytes() for path in Path(question.folder.root).rglob("*") if path.is_file())
    assert [name for name, secret in SECRETS.items() if secret.encode() in kept] == []


def test_overview_without_a_worker_says_so_and_an_order_starts_one(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage()
    assert not data(stage, "overview")["worker"]["alive"]
    ticket = data(stage, "order", name="sync", ids=["1"])["ticket"]
    stage.wait(lambda: bool(data(stage, "overview")["worker"]["alive"]), "the worker")
    stage.wait(lambda: data(stage, "ticket", ticket=ticket)["state"] == "done", "the order's end")
    assert data(stage, "overview")["setUp"] == "ready"


def test_missing_token_is_told_as_set_up_that_is_missing(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage(settings={"plex_token": ""})
    stage.gql('mutation{runPluginOperation(plugin_id:"PlexSync",args:{operation:"wake"})}')
    stage.wait(lambda: data(stage, "overview")["setUp"] == "missing", "the settings' notice")
    (notice,) = [each for each in data(stage, "overview")["notices"] if each["key"] == "setting:plex_token"]
    assert (notice["blocking"], notice["action"]["name"]) == (True, "settings")
    assert "problem" in ask(stage, "search", q="a")
