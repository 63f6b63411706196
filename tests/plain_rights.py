"""Runs the plugin with the rights of an ordinary user, for whom a folder can be read-only, also where the tests are root's."""

import os
import stat
import sys
from pathlib import Path

# Linux's numbers (capabilities(7), prctl(2)): who holds neither is bound by the rights of files, whatever his number.
_WRAPPER = """\
#!{python}
import ctypes, os, sys
for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP
os.execv({python!r}, [{python!r}, *sys.argv[1:]])
"""


def can_be_bound() -> bool:
    return sys.platform == "linux" or (sys.platform != "win32" and os.geteuid() != 0)


def python_of_a_user(folder: Path) -> str:
    """The path of a Python whose processes, and those that they start, may do what the rights of files allow."""
    if sys.platform != "win32" and os.geteuid() != 0:
        return sys.executable
    wrapper = folder / "python"
    wrapper.write_text(_WRAPPER.format(python=sys.executable), encoding="utf-8")
    wrapper.chmod(0o755)
    return str(wrapper)


def take_rights(folder: Path) -> dict[Path, int]:
    """Nobody may write to the folder or anything in it any more; returns what the rights were."""
    before = {path: stat.S_IMODE(path.lstat().st_mode) for path in (folder, *folder.rglob("*"))}
    for path, mode in before.items():
        path.chmod(mode & ~0o222)
    return before


def give_back(before: dict[Path, int]) -> None:
    for path, mode in before.items():
        if path.exists():
            path.chmod(mode)
