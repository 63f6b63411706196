"""Stash's configuration as far as a plugin sees it: plugins' settings, the library folders, paths, and the sign-in fields."""

import copy
from pathlib import Path
from typing import Any

from tests.sim.stash.gojson import normalise
from tests.sim.stash.sessions import Sessions

_GENERAL: dict[str, Any] = {
    "stashes": [],
    "databasePath": "stash-go.sqlite",
    "backupDirectoryPath": "",
    "deleteTrashPath": "",
    "generatedPath": "generated",
    "metadataPath": "",
    "configFilePath": "config.yml",
    "scrapersPath": "scrapers",
    "pluginsPath": "plugins",
    "cachePath": "cache",
    "blobsPath": "blobs",
    "blobsStorage": "FILESYSTEM",
    "ffmpegPath": "",
    "ffprobePath": "",
    "calculateMD5": False,
    "videoFileNamingAlgorithm": "OSHASH",
    "parallelTasks": 1,
    "logOut": True,
    "logLevel": "Info",
    "logAccess": True,
    "pythonPath": "",
    "excludes": [],
    "imageExcludes": [],
    "videoExtensions": ["mp4", "mkv", "avi", "wmv", "mov", "webm", "m4v"],
    "imageExtensions": ["png", "jpg", "jpeg", "gif", "webp"],
    "galleryExtensions": ["zip", "cbz"],
    "stashBoxes": [],
    "scraperPackageSources": [],
    "pluginPackageSources": [],
}
# Kept by Sessions, under the names that configureGeneral gives them.
_SIGN_IN = {"username": "username", "password": "password", "maxSessionAge": "max_age"}


class Configuration:
    def __init__(self, folder: Path, plugins_folder: Path, sessions: Sessions) -> None:
        self._sessions = sessions
        self.plugins: dict[str, dict[str, Any]] = {}
        self.ui: dict[str, Any] = {}
        self._general = copy.deepcopy(_GENERAL)
        for name in ("databasePath", "generatedPath", "configFilePath", "scrapersPath", "cachePath"):
            self._general[name] = str(folder / _GENERAL[name])
        self._general["pluginsPath"] = str(plugins_folder)

    def general(self) -> dict[str, Any]:
        return self._general | {
            "apiKey": self._sessions.api_key,
            "username": self._sessions.username,
            # Stash answers with the hash of the password.
            "password": "$2a$04$simulated" if self._sessions.password else "",
            "maxSessionAge": self._sessions.max_age,
        }

    def configure_general(self, given: dict[str, Any]) -> None:
        """Raises KeyError for what the simulator does not keep."""
        for name, value in given.items():
            if name in _SIGN_IN:
                setattr(self._sessions, _SIGN_IN[name], value)
            elif name in self._general:
                self._general[name] = value
            else:
                raise KeyError(name)

    def configure_plugin(self, plugin_id: str, given: dict[str, Any]) -> dict[str, Any]:
        """The whole map is replaced, and nothing is checked against the plugin's YAML."""
        self.plugins[plugin_id] = normalise(given)
        return self.plugins[plugin_id]

    def select_plugins(self, include: list[str] | None) -> dict[str, Any]:
        """All of them for an empty list; a plugin never saved has no key."""
        return {name: values for name, values in self.plugins.items() if not include or name in include}

    def dump(self) -> dict[str, Any]:
        return {"plugins": self.plugins, "ui": self.ui, "general": self._general}

    def load(self, given: dict[str, Any]) -> None:
        """Replaces plugins and ui, adds to general. Raises ValueError for another key."""
        unknown = set(given) - {"plugins", "ui", "general"}
        if unknown:
            raise ValueError(f"configuration has plugins, ui and general, not {sorted(unknown)}")
        self.plugins = given.get("plugins", {})
        self.ui = given.get("ui", {})
        self._general |= given.get("general", {})
