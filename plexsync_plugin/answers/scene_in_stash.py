"""One scene as Stash has it now, and whether the settings leave it out."""

import contextlib
from typing import Any

from plexsync_plugin.base.settings import read_settings
from plexsync_plugin.core.options import scope
from plexsync_plugin.core.scene import out_of_scope
from plexsync_plugin.stash.client import StashClient
from plexsync_plugin.stash.connection import StashConnection


def look_up(connection: StashConnection, scene_id: int) -> dict[str, Any]:
    """Raises PlexSyncError."""
    with contextlib.closing(StashClient(connection)) as stash:
        scene = stash.scenes([scene_id]).get(scene_id)
        if scene is None:
            return {"problem": "Stash has no scene of this number."}
        settings = read_settings(stash.state().settings)
    return {
        "title": scene.title,
        "files": [file.path for file in scene.files],
        "left_out": out_of_scope(scene, scope(settings)),
    }
