"""Hypothesis profiles, and the index's world.

Profiles: `check` finds the same on every machine, so that what was green stays green; `explore` draws anew,
and `first failure`, which tools/mutations.py takes, does not look for the smallest example.

`make explore` runs the property tests with the second one, for as long as one likes to look for what `check` never draws.
"""

import compileall
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, settings

if TYPE_CHECKING:
    from tests.index_runs import World

settings.register_profile("check", max_examples=100, deadline=None, derandomize=True)
settings.register_profile(
    "explore", max_examples=int(os.environ.get("PLEXSYNC_EXPLORE", "4000")), deadline=None
)
settings.register_profile(
    "first failure", settings.get_profile("check"), phases=[Phase.explicit, Phase.generate]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "check"))


COMPILED = ("plexsync_plugin", "indexer", "tests")


def pytest_configure(config: pytest.Config) -> None:
    """Compiles once what hundreds of processes of these tests import, also where the environment tells Python to keep nothing."""
    if not hasattr(config, "workerinput"):
        for folder in COMPILED:
            compileall.compile_dir(config.rootpath / folder, quiet=2)


def pytest_xdist_auto_num_workers() -> int:
    """Of `-n auto`: most of these tests wait for other processes half of the time, so three run on two cores."""
    return (os.cpu_count() or 1) * 3 // 2


@pytest.fixture
def sections() -> list[dict[str, Any]] | None:
    """What the world's Plex holds; a module that wants other libraries than index_runs.SECTIONS has its own fixture."""
    return None


@pytest.fixture
def generated() -> str:
    """Numbers of items that the world's Plex makes up, in the form of `python -m tests.sim.plex --generate`."""
    return ""


@pytest.fixture
def world(tmp_path: Path, sections: list[dict[str, Any]] | None, generated: str) -> "Iterator[World]":
    """A Plex and an index file that no run has made yet."""
    from tests.index_runs import World, start_plex

    with start_plex(tmp_path, sections, *(["--generate", generated] if generated else [])) as plex:
        yield World(plex, tmp_path)


@pytest.fixture
def indexed(world: "World") -> "World":
    """The world after a first run; its Plex's log is empty again."""
    world.index()
    world.plex.clear_log()
    return world
