"""The plugins that this Stash has loaded: every *.yml below the plugins folder, their settings' description, on or off.

Reads files and writes the log; runs nothing.
"""

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.sim.stash.log import Log
from tests.sim.stash.plugin_config import Operation, PluginConfig, PluginRefused, read_config
from tests.sim.stash.web_addresses import addresses


class Plugins:
    def __init__(self, folder: Path, log: Log) -> None:
        self.folder = folder
        self.disabled: set[str] = set()
        self._log = log
        self._lock = threading.Lock()
        self._plugins: list[PluginConfig] = []
        self.reload()

    def reload(self) -> None:
        """A refused file costs one error line and that plugin alone; of two equal ids the first in the walk wins."""
        loaded: list[PluginConfig] = []
        for path in _walk(self.folder):
            try:
                plugin = read_config(path)
            except PluginRefused as error:
                self._log.write("Error", f"Error loading plugin {path}: {error}")
                continue
            if any(plugin.id.lower() == other.id.lower() for other in loaded):
                message = f"Error loading plugin {path}: plugin ID {plugin.id} already exists"
                self._log.write("Error", message)
                continue
            loaded.append(plugin)
        with self._lock:
            self._plugins = loaded

    def __iter__(self) -> Iterator[PluginConfig]:
        with self._lock:
            return iter(list(self._plugins))

    def enabled(self) -> list[PluginConfig]:
        return [plugin for plugin in self if plugin.id not in self.disabled]

    def find(self, name: str) -> PluginConfig | None:
        """An enabled plugin, by its id as spelt."""
        return next((plugin for plugin in self.enabled() if plugin.id == name), None)

    def rows(self, base: str = "") -> list[dict[str, Any]]:
        """`base` is the address under which the client reached Stash."""
        return [_row(plugin, plugin.id not in self.disabled, base) for plugin in self]


def _walk(folder: Path) -> Iterator[Path]:
    """In lexical order, links followed, hidden folders as well; the ending is compared exactly."""
    if not folder.is_dir():
        return
    for name in sorted(os.listdir(folder)):
        path = folder / name
        if path.is_dir():
            yield from _walk(path)
        elif path.suffix == ".yml":
            yield path


def _row(plugin: PluginConfig, enabled: bool, base: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": plugin.id,
        "name": plugin.label,
        "description": plugin.description or None,
        "url": plugin.url or None,
        "version": plugin.version or None,
        "enabled": enabled,
        "settings": [
            {
                "name": each.name,
                "display_name": each.display_name,
                "description": each.description,
                "type": each.type,
            }
            for each in plugin.settings
        ],
        "requires": list(plugin.ui.get("requires", ())) or None,
        "paths": {what: addresses(plugin, what, base) for what in ("javascript", "css")},
    }
    row["tasks"] = [_operation_row(each, row) for each in plugin.tasks]
    row["hooks"] = [_operation_row(each, row) | {"hooks": list(each.triggered_by)} for each in plugin.hooks]
    return row


def _operation_row(operation: Operation, plugin: dict[str, Any]) -> dict[str, Any]:
    return {"name": operation.name, "description": operation.description, "plugin": plugin}
