"""Imported by the server from which the simulators are forked: whatever takes them long to get, once for all of them.

The garbage collector then leaves these objects alone, so that the children go on sharing their memory.
"""

import gc

import tests.sim.plex.__main__
import tests.sim.stash.__main__  # noqa: F401  its import is its use
from tests.sim.stash.schema import VERSIONS, load_schema

for version in VERSIONS:
    load_schema(version)
gc.collect()
gc.freeze()
