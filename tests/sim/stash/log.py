"""Stash's log page: its own lines and what plugins print on stderr, all levels kept, newest last."""

import threading
from dataclasses import dataclass
from typing import Any

from tests.sim.stash.clock import precise_now

LEVELS = ("Trace", "Debug", "Info", "Progress", "Warning", "Error")


@dataclass(frozen=True, slots=True)
class LogLine:
    """plugin is the name of the plugin that printed the line, "" for Stash's own."""

    time: str
    level: str
    message: str
    plugin: str = ""

    def as_row(self) -> dict[str, Any]:
        return {"time": self.time, "level": self.level, "message": self.message, "plugin": self.plugin}


class Log:
    """Safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lines: list[LogLine] = []

    def write(self, level: str, message: str, plugin: str = "") -> None:
        assert level in LEVELS, level
        prefixed = f"[Plugin / {plugin}] {message}" if plugin else message
        with self._lock:
            self._lines.append(LogLine(precise_now(), level, prefixed, plugin))

    def rows(self, least: str = "Trace") -> list[dict[str, Any]]:
        """Oldest first; `least` is the lowest level wanted (the page of a Stash with the default settings shows Info)."""
        wanted = LEVELS[LEVELS.index(least) :]
        with self._lock:
            return [line.as_row() for line in self._lines if line.level in wanted]

    def load(self, rows: list[dict[str, Any]]) -> None:
        with self._lock:
            self._lines = [LogLine(**row) for row in rows]
