"""Other plugins in Stash's plugins folder, as far as they concern PlexSync. Standard library alone.

Packages that Stash's plugin manager installs lie in `<plugins>/<source>/<plugin>`, those that a person put there in
`<plugins>/<plugin>` (docs/facts/stash.md section 10).
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


def others_of_our_id(plugins_folder: str, plugin: str = PLUGIN_FOLDER) -> list[str]:
    """Other files that Stash would load as a plugin PlexSync: their name is the id, read without regard to case, and of two
    Stash refuses the second (docs/facts/stash.md section 1)."""
    ours = os.path.realpath(os.path.join(plugin, "PlexSync.yml"))
    found = []
    for folder, below, names in os.walk(plugins_folder, followlinks=True):
        if os.path.relpath(folder, plugins_folder).count(os.sep) >= DEEPEST:
            below.clear()
        found += [os.path.join(folder, name) for name in names if _is_of_our_id(name)]
    return sorted(path for path in found if os.path.realpath(path) != ours)


def _is_of_our_id(name: str) -> bool:
    base, ending = os.path.splitext(name)
    return ending == ".yml" and base.lower() == "plexsync"


def twin_sentence(paths: list[str]) -> str:
    return (
        f"Another plugin with the id PlexSync lies in the plugins folder: {', '.join(paths)}. Stash loads only one of the two. "
        "Uninstall it on Settings > Plugins, or remove its folder, and press Reload plugins."
    )
