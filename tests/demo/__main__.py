"""`make demo`: the real plugin between a simulated Stash and a simulated Plex, told to a person in a minute.

Exit code 0 means that everything shown was checked. The one thing left behind is the index file, for the reader to open.
"""

import shutil
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

from tests.demo.library import plex_library, stash_library
from tests.sim.process import ROOT
from tests.stage import Stage

KEPT = ROOT / "build" / "demo" / "plex_collection.db"
EDITS: list[tuple[int, str, dict[str, Any]]] = [
    (
        1,
        "gives scene 1 a title, a studio, a date, two performers, two tags and a description",
        {
            "title": "Harbour Lights",
            "studio_id": "1",
            "date": "2021-05-14",
            "performer_ids": ["1", "2"],
            "tag_ids": ["1", "2"],
            "details": "An evening at the quay.\n\nShot in one take.",
        },
    ),
    (2, "gives scene 2 a title and a performer", {"title": "Night Train to Lisbon", "performer_ids": ["3"]}),
    (1, "changes the title of scene 1 once more", {"title": "Harbour Lights (restored)"}),
    (1, "saves scene 1 again without changing anything", {"title": "Harbour Lights (restored)"}),
]
FIELDS = ("title", "studio", "originallyAvailableAt", "summary", "Genre", "Role")
QUERIES = (
    (
        "What takes the most space?",
        "SELECT title, sizeHuman, durationHuman FROM movies ORDER BY sizeBytes DESC LIMIT 3",
    ),
    ("How big is each show?", "SELECT title, seasonCount, totalEpisodes, totalSizeBytes FROM tv_shows"),
)


def main() -> int:
    say("PlexSync demo: a simulated Stash and a simulated Plex, with the real plugin between them.\n")
    with Stage(plex=plex_library(), stash=stash_library()) as stage:
        index_library(stage)
        failures = sum(not carry_over(stage, step, *edit) for step, edit in enumerate(EDITS, 2))
        failures += not bulk_edit(stage, len(EDITS) + 2)
        failures += not show_index(stage, len(EDITS) + 3)
        stage.run_task("Status")
        say(f"Stash's log page says:\n    {stage.log_lines()[-1]}\n")
    say(
        "Everything arrived in Plex as it was saved in Stash."
        if not failures
        else f"{failures} edits did not arrive."
    )
    return 1 if failures else 0


def index_library(stage: Stage) -> None:
    say("1. The task Index Plex Library mirrors every Plex library into one SQLite file.")
    stage.run_task("Index Plex Library")
    say(f"    {stage.log_lines()[-1]}\n")


def carry_over(stage: Stage, step: int, scene: int, what: str, fields: dict[str, Any]) -> bool:
    """One edit through Stash's GraphQL, shown before and after; whether Plex shows all of it, by one PUT or none."""
    key = 500 + scene
    before = stage.item(key)
    stage.plex.clear_log()
    saved = time.monotonic()
    say(f"{step}. A person {what}.")
    stage.edit(scene, **fields)
    answered = time.monotonic()
    arrived = wait_until(lambda: stage.item(key).get("title") == fields["title"])
    repeated = before.get("title") == fields["title"]
    if repeated:
        time.sleep(1.0)  # nothing is to happen; give it the time to
    took, after = time.monotonic() - saved, stage.item(key)
    changed = [name for name in FIELDS if shown(before, name) != shown(after, name)]
    for name in changed:
        say(f"    {name:22} {shown(before, name)!r}  ->  {shown(after, name)!r}")
    requests = stage.plex_requests()
    writes = sum(request.startswith("PUT") for request in requests)
    outcome = f"in Plex {took:.1f} s after the save began" if changed else "nothing to do"
    say(f"    {outcome}; the save itself took {answered - saved:.2f} s; {counted(requests, writes)}.\n")
    return arrived and as_saved(after, fields) and writes == (0 if repeated else 1)


def as_saved(item: dict[str, Any], fields: dict[str, Any]) -> bool:
    """Whether the item shows every value of the edit."""
    names = {
        kind: {entry["id"]: entry["name"] for entry in entries}
        for kind, entries in stash_library().items()
        if kind != "scenes"
    }
    wanted = {
        "title": fields.get("title"),
        "summary": fields.get("details"),
        "originallyAvailableAt": fields.get("date"),
        "studio": names["studios"].get(int(fields.get("studio_id", 0))),
    }
    lists = {
        "Role": [names["performers"][int(number)] for number in fields.get("performer_ids", [])],
        "Genre": [names["tags"][int(number)] for number in fields.get("tag_ids", [])],
    }
    return all(item.get(name) == value for name, value in wanted.items() if value) and all(
        sorted(tag["tag"] for tag in item.get(name, [])) == sorted(values)
        for name, values in lists.items()
        if values
    )


def counted(requests: list[str], writes: int) -> str:
    plural = "request" if len(requests) == 1 else "requests"
    return f"{len(requests)} {plural}, {writes} of them writing"


def bulk_edit(stage: Stage, step: int) -> bool:
    say(f"{step}. A person puts six scenes into one studio, in one bulk edit.")
    stage.plex.clear_log()
    scenes = list(range(3, 9))
    saved = time.monotonic()
    stage.bulk_edit(scenes, studio_id="2")
    arrived = wait_until(lambda: all(stage.item(500 + scene).get("studio") == "Studio 7" for scene in scenes))
    writes = len(stage.puts())
    say(
        f"    All six in Plex {time.monotonic() - saved:.1f} s after the save began; "
        f"{counted(stage.plex_requests(), writes)}.\n"
    )
    return arrived and writes == len(scenes)


def show_index(stage: Stage, step: int) -> bool:
    """Whether every question found an answer."""
    stage.run_task("Index Plex Library")  # so that it shows what sync has written
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(stage.data / "plex_collection.db", KEPT)
    say(f"{step}. The index file is kept for you to open: {KEPT.relative_to(ROOT)}")
    answered = True
    for question, query in QUERIES:
        rows = ask(KEPT, query)
        answered = answered and bool(rows)
        say(f"    {question}\n      {query}")
        for row in rows:
            say(f"      {'  |  '.join(map(str, row))}")
    say("")
    return answered


def ask(path: Path, query: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def shown(item: dict[str, Any], name: str) -> str:
    value = item.get(name, "")
    return ", ".join(tag["tag"] for tag in value) if isinstance(value, list) else str(value)


def wait_until(condition: Any, patience: float = 20.0) -> bool:
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
