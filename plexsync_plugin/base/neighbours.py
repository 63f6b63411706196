"""Other plugins in Stash's plugins folder, as far as they concern PlexSync. Standard library alone.

Packages that Stash's plugin manager installs lie in `<plugins>/<source>/<plugin>`, those that a person put there in
`<plugins>/<plugin>` (facts/stash.md section 10).
"""

import os
from collections.abc import Iterator

from plexsync_plugin.base.spawn import PLUGIN_FOLDER

DEEPEST = 4  # folders below the plugins folder that are looked into


def plugins_folders(plugin: str = PLUGIN_FOLDER) -> list[str]:
    """What may be Stash's plugins folder: the one around the plugin and, unless Stash's own things lie there, the next."""
    around = os.path.dirname(plugin)
    above = os.path.dirname(around)
    is_config = os.path.isfile(os.path.join(above, "config.yml"))
    return [around] if is_config or above == around else [around, above]


def dep_managers(plugin: str = PLUGIN_FOLDER) -> Iterator[str]:
    """Folders that hold a plugin PythonDepManager, the nearest first."""
    for folder in plugins_folders(plugin):
        for place in (folder, *_folders_in(folder)):
            found = os.path.join(place, "PythonDepManager")
            if all(
                os.path.isfile(os.path.join(found, name)) for name in ("PythonDepManager.yml", "__init__.py")
            ):
                yield found


def _folders_in(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.path for entry in entries if entry.is_dir())
    except OSError:
        return []  # what may not be read holds no plugin either
