"""Stages and rigs for the integration tests: made per test, closed whatever happens."""

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import SETTINGS, Site, browser
from tests.rig import Rig
from tests.stage import Stage
from tests.watching import Watching

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    with browser() as started:
        yield started


@pytest.fixture(scope="session")
def _shared_site(chromium: "Browser") -> Iterator[Site]:
    with Site(chromium) as site:
        yield site


@pytest.fixture
def site(_shared_site: Site) -> Iterator[Site]:
    """One for all tests, configured, and with no window open after a test."""
    _shared_site.configure(SETTINGS)
    yield _shared_site
    _shared_site.close_windows()


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
def watching(open_rig: Callable[..., Rig], request: pytest.FixtureRequest) -> Watching:
    """Its parameter, where a test gives it one, are settings beside watch_back."""
    return Watching(open_rig(), {"watch_back": True, **getattr(request, "param", {})})


@pytest.fixture
def open_stage() -> Iterator[Callable[..., Stage]]:
    with ExitStack() as stack:

        def make(**arguments: Any) -> Stage:
            return stack.enter_context(Stage(**arguments))

        yield make


@pytest.fixture
def stage(open_stage: Callable[..., Stage]) -> Stage:
    return open_stage()


@pytest.fixture
def heard_interrupts() -> Iterator[None]:
    """What the test starts hears Ctrl-C, also when these tests are a background job of a script.

    A shell has such a job ignore it, and whatever is started inherits that.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
