"""plexsync.db, ruined by another program while a worker has it open: noticed by a look of its own, and not with the next start."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from plexsync_plugin.base.errors import DatabaseError
from plexsync_plugin.base.sqlite import is_damage
from plexsync_plugin.worker.neighbours.own_files import OPEN_EVERY
from tests.integration.orders import NO_PICTURES
from tests.libraries import plex_library, stash_library
from tests.rig import Rig

# In a process of its own: to open and close the file here would take away the rig's locks on it.
RUIN = "import sys; file = open(sys.argv[1], 'r+b'); file.write(b'garbage!' * 16)"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody write to an open file's begin so")
def test_header_that_is_overwritten_is_met_within_half_a_minute(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=plex_library(2), stash=stash_library(2), settings=NO_PICTURES)
    rig.stage.edit(1, title="One")
    rig.settle()
    subprocess.run([sys.executable, "-c", RUIN, rig.folder.state], check=True)
    # The worker's own connection has the page in the write-ahead log, and goes on.
    with pytest.raises(DatabaseError) as caught:
        rig.run_for(OPEN_EVERY + 1)
    assert is_damage(caught.value)
