"""Which failed reads are sent again at once, and after what wait. Sends nothing itself."""

from collections.abc import Callable
from typing import TypeVar

import tenacity

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import PlexTooLong, PlexTooSlow, PlexUnavailable

A = TypeVar("A")


def retrying(read: Callable[[], A], attempts: int, clock: Clock) -> A:
    """`read`, again after a short wait while the connection breaks; the last failure is raised as it is.

    What took too long or was too much is not asked for again: it would be so again. Its caller may ask for less.
    """
    return tenacity.Retrying(
        retry=tenacity.retry_if_exception(_breaks),
        stop=tenacity.stop_after_attempt(attempts),
        wait=tenacity.wait_exponential(multiplier=0.25, max=4),
        sleep=clock.sleep,
        reraise=True,
    )(read)


def _breaks(error: BaseException) -> bool:
    return isinstance(error, PlexUnavailable) and not isinstance(error, PlexTooSlow | PlexTooLong)
