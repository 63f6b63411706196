"""Stages and rigs for the integration tests: made per test, closed whatever happens."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.rig import Rig
from tests.stage import Stage


@pytest.fixture
def open_rig() -> Iterator[Callable[..., Rig]]:
    """Make a rig with the stage's arguments."""
    with ExitStack() as stack:

        def make(**stage: Any) -> Rig:
            return stack.enter_context(Rig(**stage))

        yield make


@pytest.fixture
def rig(open_rig: Callable[..., Rig]) -> Rig:
    return open_rig()


@pytest.fixture
def open_stage() -> Iterator[Callable[..., Stage]]:
    with ExitStack() as stack:

        def make(**arguments: Any) -> Stage:
            return stack.enter_context(Stage(**arguments))

        yield make


@pytest.fixture
def stage(open_stage: Callable[..., Stage]) -> Stage:
    return open_stage()
