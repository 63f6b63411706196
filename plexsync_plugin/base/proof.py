"""Prove in a process of its own that the packages can be imported, before anybody relies on them.

Metadata says what was installed, not whether it works: a package may be half there, built for another C library, or not fit
its neighbour, and a compiled one that does not fit can take its whole process with it. Standard library alone.
"""

import json
import os
import sys
from collections.abc import Sequence

from plexsync_plugin.base.child import run_python
from plexsync_plugin.base.requirements import Requirement

PATIENCE = 120.0  # seconds; a slow disk reads some 3 000 files for the first time
SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "prove_imports.py")
# A package's own name says little: these are what we use of it.
IMPORTS = {
    "stashapp-tools": ("stashapi.stashapp", "stashapi.log"),
    "plexapi": ("plexapi.server",),
    "requests": ("requests.adapters",),
    "Pillow": ("PIL.Image", "PIL.ImageFilter"),
}


def flaw(needs: Sequence[Requirement], path: Sequence[str]) -> str:
    """What is wrong with these packages on this import path; "" where all is well."""
    absent = [need.text for need in needs if not need.met(path)]
    if absent:
        return f"{', '.join(absent)} is not among them"
    names = [name for need in needs for name in IMPORTS.get(need.name, (need.import_name,))]
    document = json.dumps({"path": list(path), "names": names})
    try:
        ended = run_python([SCRIPT], document=document, patience=PATIENCE, folder=os.path.dirname(SCRIPT))
    except OSError as error:
        return f"{sys.executable} cannot be started: {error}"
    if ended.code is None:
        return f"importing them did not end within {PATIENCE:.0f} seconds"
    if not ended.well:
        last = ended.errors.strip().splitlines()[-1:]
        return f"importing them ends Python with {ended.code}{': ' + last[0] if last else ''}"
    return ended.output.strip()
