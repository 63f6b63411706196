"""Fits a cover to its slot: as it is where Plex takes it, else made anew with Pillow where that is installed."""

import importlib
import importlib.util
from collections.abc import Callable
from typing import Any

from plexsync_plugin.base.errors import PictureUnusable
from plexsync_plugin.core.picture import LIMIT, is_taken_as_it_is


def pillow_is_there() -> bool:
    """Whether Pillow can be imported, found out without importing it."""
    return importlib.util.find_spec("PIL") is not None


def load_pillow_covers() -> Any:
    """The module that makes pictures, or None where Pillow is missing or broken."""
    try:
        return importlib.import_module("plexsync_plugin.worker.pictures.pillow_covers")
    except ImportError:
        return None


class CoverFitter:
    """Raises PictureUnusable with the reason as a clause: "it is too large"."""

    def __init__(self, load: Callable[[], Any] = load_pillow_covers) -> None:
        self._load = load

    def plain(self, data: bytes) -> bytes:
        if is_taken_as_it_is(data):
            return data
        pillow_covers = self._load()
        if pillow_covers is None:
            problem = "is of a kind that Plex may not show"
            if len(data) > LIMIT:
                problem = "is larger than the 10 MB that Plex takes"
            raise PictureUnusable(f"it {problem}, and without the package Pillow it cannot be made anew")
        copy: bytes = pillow_covers.smaller(data)
        return copy

    def portrait(self, data: bytes) -> bytes:
        """A poster of a landscape cover; any other cover as it is."""
        pillow_covers = self._load()
        poster: bytes | None = pillow_covers.portrait(data) if pillow_covers is not None else None
        return self.plain(data) if poster is None else poster
