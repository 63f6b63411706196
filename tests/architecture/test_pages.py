"""The documentation says what the program does: generated parts are current, every failure is explained, links lead somewhere."""

import inspect
import re
from pathlib import Path

import pytest
import yaml

from plexsync_plugin.base import errors
from plexsync_plugin.base.settings import Settings
from plexsync_plugin.command_line.commands import COMMANDS
from tests.architecture.sources import repository_files
from tests.sim.process import ROOT
from tools import page_settings
from tools.setting_texts import TEXTS
from tools.settings_page import PAGE, render

PAGES = [path for path in repository_files() if path.suffix == ".md" and path.parts[0] != "tests"]
_LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def text(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def anchors(page: str) -> set[str]:
    """As GitHub and MkDocs make them of headings."""
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(page))
    return {re.sub(r"\s+", "-", each.strip()) for each in plain}


def test_tables_of_settings_are_current() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert render(page) == page, "run: python -m tools.settings_page"


def test_settings_of_the_page_inside_stash_are_current() -> None:
    assert page_settings.PATH.read_text(encoding="utf-8") == page_settings.render(), (
        "run: python -m tools.page_settings && make ui"
    )


def test_every_setting_is_on_the_page_with_an_example_and_its_effect() -> None:
    page = text(Path("docs/config.md"))
    assert [name for name in Settings.model_fields if page.count(f"| `{name}` |") != 1] == []
    assert [
        name for name, found in TEXTS.items() if not (found.meaning and found.example and found.effect)
    ] == []


def test_every_task_and_command_is_on_the_page() -> None:
    page = text(Path("docs/config.md"))
    tasks = [task["name"] for task in yaml.safe_load(text(Path("PlexSync.yml")))["tasks"]]
    assert [name for name in tasks if page.count(f"| *{name}* |") != 1] == []
    assert [name for name in COMMANDS if len(re.findall(rf"^\| `{name}\b", page, re.M)) != 1] == []


def test_setting_without_sentences_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"docs/config\.md has no table"):
        render("")


def test_every_class_of_failure_is_in_the_troubleshooting() -> None:
    classes = {
        name
        for name, found in inspect.getmembers(errors, inspect.isclass)
        if issubclass(found, errors.PlexSyncError) and found is not errors.PlexSyncError
    }
    page = text(Path("docs/troubleshoot.md"))
    assert sorted(name for name in classes if not re.search(rf"\b{name}\b", page)) == []


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_links_lead_to_files_and_headings_that_are_there(path: Path) -> None:
    wrong = []
    for target in _LINK.findall(text(path)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        found = (ROOT / path).parent / name if name else ROOT / path
        if not found.exists() or (anchor and anchor not in anchors(found.read_text(encoding="utf-8"))):
            wrong.append(target)
    assert wrong == []


def test_pages_of_the_documentation_link_to_nothing_that_is_not_made_into_one() -> None:
    inside = (path for path in PAGES if path.parts[0] == "docs")
    out = [
        (path.as_posix(), target)
        for path in inside
        for target in _LINK.findall(text(path))
        if not re.match(r"[a-z]+:", target)
        and not (ROOT / path)
        .parent.joinpath(target.partition("#")[0])
        .resolve()
        .is_relative_to(ROOT / "docs")
    ]
    assert out == []


def test_no_table_of_the_documentation_is_cut_in_two() -> None:
    """A row that stands behind an empty line is shown as text, with its strokes."""
    cut = [
        (path.as_posix(), rows[0])
        for path in PAGES
        for block in re.split(r"\n\s*\n", text(path))
        if (rows := block.strip().splitlines()) and rows[0].startswith("|")
        if len(rows) < 2 or not re.fullmatch(r"[|:\- ]+", rows[1])
    ]
    assert cut == []


def test_links_are_looked_at_when_the_pages_are_made() -> None:
    """MkDocs counts the warnings that it shows: with --quiet, strict lets every one of them pass."""
    called = [line for line in text(Path("Makefile")).splitlines() if "mkdocs build" in line]
    assert [("--quiet" in line or "-q " in line) for line in called] == [False]
    assert yaml.safe_load(text(Path("mkdocs.yaml")))["strict"] is True


def test_workflows_are_yaml_and_run_what_the_makefile_has() -> None:
    targets = set(re.findall(r"^([a-z]+):", text(Path("Makefile")), re.MULTILINE))
    for path in sorted((ROOT / ".github" / "workflows").iterdir()):
        assert path.suffix == ".yaml"
        jobs = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]
        runs = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
        made = {word for run in runs if run.startswith("make ") for word in run.split()[1:]}
        assert made <= targets
        assert runs


def test_navigation_of_the_pages_names_files_that_are_there() -> None:
    nav = yaml.safe_load(text(Path("mkdocs.yaml")))["nav"]
    names = re.findall(r"[\w/]+\.md", str(nav))
    assert names
    assert [name for name in names if not (ROOT / "docs" / name).is_file()] == []


def test_what_reliability_rests_on_and_what_shows_it_is_there() -> None:
    """Each file that the page names: from the root, from the plugin's folder, or beside the test named before it."""
    there = {path.as_posix() for path in repository_files()}
    names = re.findall(r"`((?:\w+/)*\w+\.py)`", text(Path("docs/reliability.md")))
    known = {path.rpartition("/")[2] for path in there}
    missing = [
        name
        for name in names
        if not ({name, f"plexsync_plugin/{name}"} & there or ("/" not in name and name in known))
    ]
    assert len(names) > 30
    assert missing == []
