"""docs/architecture.md names every room of the repository, and explains no more words than one can keep."""

import re
from pathlib import Path

from tests.architecture.sources import CODE, repository_files
from tests.sim.process import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
MOST_WORDS = 30


def table(section: str) -> list[tuple[str, str]]:
    """The rows of a section's table: the first cell and the second."""
    text = PAGE.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \| (.+) \|$", text, flags=re.MULTILINE)
    return [row for row in rows[1:] if set(row[0]) != {"-"}]


def rooms() -> set[str]:
    folders = {path.parent for path in repository_files() if path.name == "__init__.py"}
    return {f"{folder.as_posix()}/" for folder in folders if folder.parts[0] in CODE}


def test_every_room_is_described() -> None:
    named = {name for cell, _ in table("Rooms") for name in re.findall(r"`([^`]+)`", cell)}
    assert rooms() - named == set(), "folders that docs/architecture.md does not describe"
    gone = {name for name in named if not (ROOT / Path(name)).is_dir()}
    assert gone == set(), "folders that docs/architecture.md describes and that are not there"


def test_glossary_is_short_and_says_each_word_once() -> None:
    words = [word for word, _ in table("Words")]
    assert 20 <= len(words) <= MOST_WORDS
    assert sorted(set(words)) == sorted(words)
    assert [word for word, meaning in table("Words") if len(meaning.split()) < 3] == []
