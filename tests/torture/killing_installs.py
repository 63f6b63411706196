"""The installation of packages, killed at any moment: what is in its place can be imported, or there is nothing."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from plexsync_plugin.base.packages import platform_tag
from tests.package_runs import Wheels
from tests.stage import install_plugin

# In a process of its own, whose plugin is a copy with locks that fit the wheels.
_INSTALL = """
import sys
sys.path.insert(0, sys.argv[1])
from plexsync_plugin.base import installing, packages
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.paths import DataFolder
folder = DataFolder(sys.argv[2])
place = installing.Place(own=packages.own_folder(folder))
sys.exit(installing.provide(folder, place, Clock(), asked=True) or None)
"""
_PROVE = "import sys; sys.path.insert(0, sys.argv[1]); import pydantic, plexapi, persistqueue, PIL; print(pydantic.__file__)"


def installs(rng: random.Random, rounds: int) -> str:
    with TemporaryDirectory() as root:
        plugin, data = Path(root) / "plugin", Path(root) / "data"
        install_plugin(plugin)
        wheels = Wheels(Path(root) / "wheels")
        wheels.lay_locks(plugin)
        (plugin / "wheels").symlink_to(wheels.folder)
        own = data / "packages" / platform_tag()
        began = time.monotonic()
        assert _install(plugin, data).wait(600) == 0
        life, there = time.monotonic() - began, 0
        for number in range(rounds):
            if number % 2 == 0 and own.exists():
                own.rename(Path(root) / f"before {number}")
            process = _install(plugin, data)
            time.sleep(rng.uniform(0.0, 1.1 * life))
            process.kill()
            process.wait(60)
            there += own.exists()
            if own.exists():
                _prove(own)
        assert _install(plugin, data).wait(600) == 0
        _prove(own)
        return f"{rounds} killed, {there} left packages that can be imported, the others none"


def _install(plugin: Path, data: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-P", "-c", _INSTALL, str(plugin), str(data)],
        env=os.environ | {"PIP_NO_INDEX": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _prove(own: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-c", _PROVE, str(own)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(own)), done.stdout
