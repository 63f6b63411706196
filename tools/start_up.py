"""`python -m tools.start_up`: does the plugin start on this Python and system, from nothing? Needs no package but what it installs.

The entry answers as Stash would ask it, and the packages of the locks are installed into a folder of their own and imported.
Run where the tests themselves cannot be: in Alpine, in an image without a compiler.
"""

import json
import os
import subprocess
import sys
import tempfile

from plexsync_plugin.base import installing, packages, proof
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.requirements import found_version, requirements
from plexsync_plugin.base.spawn import START


def entry_answer(config: str) -> str:
    """What the entry answers to the task *Status*."""
    document = {
        "server_connection": {"Scheme": "http", "Host": "127.0.0.1", "Port": 9, "Dir": config},
        "args": {"task": "status"},
    }
    done = subprocess.run(
        [sys.executable, START], input=json.dumps(document).encode(), stdout=subprocess.PIPE, check=True
    )
    answer = json.loads(done.stdout)
    if answer["error"] is not None:
        raise SystemExit(f"The entry answers with an error: {answer['error']}")
    return str(answer["output"])


def installed(config: str) -> list[str]:
    """The packages that were installed from nothing, by name and version."""
    folder = DataFolder.of_stash(config)
    own = packages.own_folder(folder)
    problem = installing.provide(folder, installing.Place(own=own), Clock(), asked=True)
    path = [own, *sys.path]
    problem = problem or proof.flaw([need for need in requirements() if need.met([own])], path)
    if problem:
        raise SystemExit(f"The packages cannot be had: {problem}")
    return [f"{need.name} {found_version(need.name, [own]) or '(not there)'}" for need in requirements()]


def main() -> None:
    with tempfile.TemporaryDirectory() as config:
        os.environ.pop("PLEXSYNC_DATA", None)
        print(f"Python {sys.version.split()[0]}, {packages.platform_tag()}")
        print(entry_answer(config))
        print(", ".join(installed(config)))


if __name__ == "__main__":
    main()
