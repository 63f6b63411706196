"""The requirements of the program and of its exports name every package that the program imports, and no other."""

import sys

from plexsync_plugin.base.requirements import IMPORT_NAMES, requirements
from tests.architecture.sources import PROGRAM, imports, python_files
from tests.sim.process import ROOT

OURS = {"plexsync_plugin", "indexer", "plex_sync"}
PACKAGE_OF = {module: package for package, module in IMPORT_NAMES.items()} | {"PIL": "Pillow"}


def imported() -> set[str]:
    modules = {name.partition(".")[0] for path in python_files(*PROGRAM) for name in imports(path)}
    return {PACKAGE_OF.get(name, name) for name in modules - OURS - set(sys.stdlib_module_names)}


def test_every_imported_package_is_required_and_every_required_one_imported() -> None:
    extras = requirements(str(ROOT / "requirements-export.txt"))
    assert imported() == {need.name for need in (*requirements(), *extras)}
