"""Titles and paths that would steer a terminal or pass for lines of their own, wherever a person reads of them."""

import copy
import json
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.integration.test_command_line import call
from tests.stage import PLEX_LIBRARY, STASH_LIBRARY, Stage

EVIL = "\x9b31m\x9d0;pwn\x9c\u202ebad\nFORGED: a line of its own\u2028FORGED"
PATH = "/data/videos/\x1b[31mscene 3\x1b]0;T\x07\n\x01e\x02FORGED.mp4"
STEERING = [chr(code) for code in (*range(32), *range(127, 160), 0x202E, 0x2028) if chr(code) != "\n"]


@dataclass(kw_only=True)
class Shown:
    """What was to be read, by where."""

    texts: dict[str, str] = field(default_factory=dict)
    documents: dict[str, Any] = field(default_factory=dict)
    log_lines: list[str] = field(default_factory=list)
    preview_mode: int = 0


def libraries() -> dict[str, Any]:
    plex, stash = copy.deepcopy(PLEX_LIBRARY), copy.deepcopy(STASH_LIBRARY)
    section = plex["sections"][0]
    section["locations"] = ["/media/videos", f"/media/{EVIL}"]
    items = section["items"]
    items[1].update(title=EVIL, summary=EVIL, Genre=[EVIL])
    items.append({**items[3], "ratingKey": 900, "title": EVIL, "file": f"/media/{EVIL}/scene 4.mp4"})
    stash["scenes"][2]["files"] = [{"path": PATH, "size": 5}]
    stash["scenes"][3]["files"] = [{"path": "/x/scene 4.mp4", "size": 1_000_004}]
    return {"plex": plex, "stash": stash}


@pytest.fixture(scope="module")
def shown() -> Iterator[Shown]:
    with Stage(**libraries()) as stage:
        shown = Shown()
        for scene in (2, 3, 4):
            stage.edit(scene, title=f"Title {scene}")
        stage.wait(lambda: len(stage.rows("SELECT * FROM dead_letters")) == 1, "a dead letter")
        stage.wait(
            lambda: len(stage.rows("SELECT * FROM jobs WHERE state = 'waiting' AND looks > 0")) == 1,
            "one that is missing",
        )
        for task in ("Preview Changes", "Check Setup", "Status"):
            stage.run_task(task)
        shown.log_lines = stage.log_lines()
        shown.texts["preview.txt"] = (stage.data / "preview.txt").read_text(encoding="utf-8")
        shown.preview_mode = stat.S_IMODE((stage.data / "preview.txt").stat().st_mode)
        for words in (
            ["status"],
            ["explain", "2"],
            ["explain", "3"],
            ["explain", "4"],
            ["failed"],
            ["preview"],
            ["check"],
        ):
            said = call(stage, *words)
            shown.texts[" ".join(words)] = said.out + said.err
            as_json = call(stage, *words, "--json")
            shown.documents[" ".join(words)] = as_json.json()
            shown.texts[f"{' '.join(words)} --json"] = as_json.out
        shown.texts["worker.log"] = stage.worker_log()
        yield shown


def test_what_was_met_is_spoken_of(shown: Shown) -> None:
    """The other tests would prove nothing without it."""
    for where in ("explain 3", "failed", "preview", "check", "preview.txt", "worker.log"):
        assert r"\x1b[31mscene 3" in shown.texts[where] or r"\u202ebad" in shown.texts[where], where
    assert any(r"\u202e" in line or r"\x1b" in line for line in shown.log_lines)


def test_nothing_that_a_person_reads_steers_a_terminal(shown: Shown) -> None:
    assert [(where, mark) for where, text in shown.texts.items() for mark in STEERING if mark in text] == []
    assert [(line, mark) for line in shown.log_lines for mark in STEERING if mark in line] == []


def test_no_title_makes_a_line_of_its_own(shown: Shown) -> None:
    lines = [line for text in shown.texts.values() for line in text.splitlines()]
    assert [
        line for line in (*lines, *shown.log_lines) if line.lstrip(" |").startswith(("FORGED", "\x01"))
    ] == []


def test_documents_hold_what_is_there(shown: Shown) -> None:
    assert EVIL.partition("\n")[0] in json.dumps(shown.documents["failed"], ensure_ascii=False)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such bits")
def test_list_of_a_preview_is_its_owner_s_alone(shown: Shown) -> None:
    assert shown.preview_mode == 0o600
