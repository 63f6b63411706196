"""Every citation in code, tests and pages leads to a page and a section of this repository."""

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.sources import repository_files
from tests.sim.process import ROOT

CITING = {".py", ".sql", ".md", ".yml", ".yaml", ".toml", ".txt", ".js", ""}
HERE = Path("tests/architecture/test_citations.py")  # holds broken ones, to show that they are found
FACTS = Path("docs/facts")  # these pages name files of other projects too
DECISIONS = Path("docs/decisions.md")

_NUMBER = r"\d+(?:\.\d+)?"
_PAGE = re.compile(r"(?<![\w/.-])((?:[\w.-]+/)*[\w.-]+\.md)\b")
_SECTIONS = re.compile(rf",? (?:section|sections|entry) ({_NUMBER}(?:(?:, | and | to |, and ){_NUMBER})*)")
_TITLE = re.compile(r', "([^"]+)"')
_DECISION = re.compile(rf"\bdecisions? ({_NUMBER}(?:(?:, | and | to ){_NUMBER})*)\b", re.IGNORECASE)
_BARE_DECISION = re.compile(r" (\d+)\b")
_LINK = re.compile(r"\]\(([^()\s]+)\)")
_ELSEWHERE = re.compile(r"\.\./recordings|\b(?:design|style|contract|lessons) sections? \d", re.IGNORECASE)
_LINE_BREAK = re.compile(r"\n[ \t]*(?:#|--|//)?[ \t]*")


@cache
def text_of(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def headings(page: Path) -> tuple[str, ...]:
    return tuple(re.findall(r"^#+ (.+)$", text_of(page), flags=re.MULTILINE))


def has_section(page: Path, number: str) -> bool:
    return any(re.match(rf"{re.escape(number)}[. ]", heading) for heading in headings(page))


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings(page))
    return {text.strip().replace(" ", "-") for text in plain}


def page_of(name: str, citing: Path) -> Path | None:
    """The page that a name means: from the root, from the citing file's folder, from docs/ (mkdocs.yaml), or alone as in a list of pages."""
    there = set(repository_files())
    for path in (Path(name), Path(os.path.normpath(citing.parent / name)), Path("docs", name)):
        if path in there:
            return path
    alone = [path for path in there if path.name == name]
    return alone[0] if alone else None


def broken(text: str, citing: Path) -> Iterator[str]:
    """What leads nowhere."""
    plain = _LINE_BREAK.sub(" ", text)
    yield from (f"leads out of the repository: {found}" for found in _ELSEWHERE.findall(plain))
    for found in _PAGE.finditer(plain):
        page = page_of(found.group(1), citing)
        if page is None:
            if FACTS not in citing.parents:
                yield f"no such page: {found.group(1)}"
            continue
        yield from _broken_sections(page, plain[found.end() :])
    for found in _DECISION.finditer(plain):
        yield from _missing(DECISIONS, found.group(1))


def _broken_sections(page: Path, rest: str) -> Iterator[str]:
    """`rest` is what stands behind the page's name."""
    sections, bare = _SECTIONS.match(rest), _BARE_DECISION.match(rest)
    if sections:
        yield from _missing(page, sections.group(1))
    elif bare:
        yield from _missing(page, bare.group(1))
    title = _TITLE.match(rest[sections.end() :] if sections else rest)
    if title and sections and title.group(1) not in text_of(page):
        yield f"{page} does not say {title.group(1)!r}"
    if title and not sections and title.group(1) not in headings(page):
        yield f"{page} has no section {title.group(1)!r}"


def _missing(page: Path, numbers: str) -> Iterator[str]:
    for number in re.findall(_NUMBER, numbers):
        if not has_section(page, number):
            yield f"{page} has no section {number}"


def citing_files() -> list[Path]:
    return [
        path
        for path in repository_files()
        if path.suffix in CITING
        and path.parts[:2] != ("tests", "data")
        and path not in (HERE, Path("LICENSE"))
    ]


def test_every_citation_leads_to_a_page_and_section_of_the_repository() -> None:
    assert [f"{path}: {what}" for path in citing_files() for what in broken(text_of(path), path)] == []


def leads_somewhere(link: str, citing: Path) -> bool:
    name, _, anchor = link.partition("#")
    target = (ROOT / citing.parent / name).resolve() if name else ROOT / citing
    if not target.exists() or not target.is_relative_to(ROOT):
        return False
    return not anchor or anchor in anchors(target.relative_to(ROOT))


def test_every_link_between_pages_leads_somewhere() -> None:
    links = [
        (path, link)
        for path in citing_files()
        if path.suffix == ".md"
        for link in _LINK.findall(text_of(path))
        if not link.startswith(("http://", "https://"))
    ]
    assert len(links) > 10
    assert [f"{path}: {link}" for path, link in links if not leads_somewhere(link, path)] == []


@pytest.mark.parametrize("link", ["nowhere.md", "decisions.md#no-such-heading", "../../outside.md"])
def test_broken_link_is_found(link: str) -> None:
    assert not leads_somewhere(link, Path("docs/architecture.md"))


def test_citations_are_seen() -> None:
    """A pattern that no longer finds anything would call everything sound."""
    seen = [path for path in citing_files() if "docs/facts/" in text_of(path) and path.suffix == ".py"]
    assert len(seen) > 30


@pytest.mark.parametrize(
    "text",
    [
        "(facts: design.md section 7)",
        "measured, style.md 7.2",
        "see docs/facts/nowhere.md section 1",
        "docs/facts/plex.md section 99",
        "docs/facts/plex.md sections 3.1 and 3.99",
        "docs/facts/plex.md\n    # section 99",
        "docs/facts/stash.md 99",
        'docs/facts/stash.md section 2, "What nobody wrote"',
        'docs/architecture.md, "No such section"',
        "docs/decisions.md entry 999",
        "docs/decisions.md 999",
        "(decision 999)",
        "beyond design section 10",
        "../recordings/plex",
    ],
)
def test_broken_citation_is_found(text: str) -> None:
    assert list(broken(text, Path("plexsync_plugin/hook.py"))) != []


@pytest.mark.parametrize(
    "text",
    [
        "docs/facts/plex.md sections 3.1 and 3.5; checked",
        "docs/facts/stash.md sections 1 to 3",
        "docs/facts/plex.md\n    # section 3.5",
        'docs/architecture.md, "Matching"',
        "docs/decisions.md entry 4",
        "(decision 4)",
    ],
)
def test_sound_citation_is_accepted(text: str) -> None:
    assert list(broken(text, Path("plexsync_plugin/hook.py"))) == []
