"""Which rights files and folders get, whatever the umask of Stash is: the index for others to read, the rest for nobody."""

import os
import stat
import sys
from collections.abc import Callable, Iterator

import pytest

from tests.integration.orders import NO_PICTURES
from tests.stage import Stage

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such bits")

PRIVATE = (
    "plexsync.db",
    "queue",
    "queue/data.db",
    "queue/spool",
    "log",
    "log/worker.log",
    "preview.txt",
    "worker.lock",
)
SHARED = {"": 0o755, "plex_collection.db": 0o644, "assets/images": 0o755}


@pytest.fixture(params=[0o077, 0o000, 0o022], ids=lambda mask: f"umask {mask:03o}")
def stage(request: pytest.FixtureRequest, open_stage: Callable[..., Stage]) -> Iterator[Stage]:
    before = os.umask(request.param)
    try:
        yield open_stage(settings={**NO_PICTURES, "index_interval": -1})
    finally:
        os.umask(before)


def test_rights_do_not_follow_the_umask(stage: Stage) -> None:
    stage.edit(1, title="After")
    stage.wait_title(1, "After")
    stage.run_task("Preview Changes")
    stage.run_task("Index Plex Library")
    modes = {
        os.path.relpath(os.path.join(root, name), stage.data): stat.S_IMODE(
            os.stat(os.path.join(root, name)).st_mode
        )
        for root, folders, files in os.walk(stage.data)
        for name in (*folders, *files)
    }
    assert stat.S_IMODE(stage.data.stat().st_mode) == SHARED[""]
    assert modes["plex_collection.db"] == SHARED["plex_collection.db"]
    assert [name for name, mode in modes.items() if mode & 0o022] == [], "others may write to these"
    assert {name: oct(modes[name] & 0o077) for name in PRIVATE} == dict.fromkeys(PRIVATE, "0o0")
    images = [name for name in modes if name.startswith("assets")]
    assert [name for name in images if modes[name] & 0o044 != 0o044] == []
