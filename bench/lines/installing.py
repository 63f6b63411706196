"""PlexSync installs its packages for itself, from wheels that lie on this machine, against pip alone with the same wheels."""

import shutil
import tempfile
from pathlib import Path

from bench.measuring import RUNS, Line, in_turns
from bench.processes import LIMITS, run
from tests.package_runs import Wheels, bare_python
from tests.stage import install_plugin

GROUP = "Self-install, from wheels on this machine"
_INSTALL = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from plexsync_plugin.base import clock, packages, paths; "
    "packages.ensure(paths.DataFolder(sys.argv[2]), clock.Clock(), install=True, asked=True)"
)


def measure(turns: int = RUNS) -> list[Line]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheels = Wheels(folder / "wheels")
        plugin = folder / "PlexSync"
        install_plugin(plugin)
        wheels.lay_locks(plugin)
        python = str(bare_python(folder / "python"))
        locks = sorted(map(str, (plugin / "plexsync_plugin" / "locks").iterdir()))
        environment = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels.folder)}

        def ours() -> float:
            data = folder / "data"
            took = run(["-c", _INSTALL, str(plugin), str(data)], environment=environment, python=python)
            shutil.rmtree(data)
            return took.seconds

        def pip_alone() -> float:
            target = folder / "target"
            arguments = [str(LIMITS / "pip_alone.py"), str(target), *locks]
            took = run(arguments, environment=environment, python=python)
            shutil.rmtree(target)
            return took.seconds

        times = in_turns({"limit": pip_alone, "ours": ours}, turns)
    return [
        Line(group=GROUP, name="all packages, tried before they are used", unit="s", ours=times["ours"],
             limit="pip alone, the same wheels", limits=times["limit"]),
    ]  # fmt: skip
