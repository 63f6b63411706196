"""python -m tests.sim.stash --port 0 --config-dir DIR: the simulated Stash as a process of its own."""

import argparse
import json
from pathlib import Path

from tests.sim import server
from tests.sim.stash.application import Stash
from tests.sim.stash.connection import watched_server
from tests.sim.stash.control import load_library
from tests.sim.stash.installation import Context, Installation
from tests.sim.stash.schema import VERSIONS


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.sim.stash")
    server.add_arguments(parser)
    parser.add_argument("--config-dir", type=Path, required=True, help="Dir of server_connection")
    parser.add_argument("--plugins", type=Path, help="default: plugins below the config folder")
    parser.add_argument("--ui", type=Path, help="folder of a page of its own: index.html, assets/")
    parser.add_argument("--library", type=Path, help="JSON in the form of POST /_sim/load")
    parser.add_argument("--version", choices=VERSIONS, default=VERSIONS[0])
    parser.add_argument("--python", help="the configured Python executable path")
    return parser.parse_args()


def main() -> None:
    options = _parse()
    folder = options.config_dir.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    stash = Installation(options.version, folder, options.plugins or folder / "plugins", options.python)
    if options.library is not None:
        load_library(Context(stash=stash), json.loads(options.library.read_text(encoding="utf-8")))
    watched = watched_server(lambda port: setattr(stash.connection, "port", port))
    server.serve(Stash(stash, options.ui), port=options.port, state=options.state, server_class=watched)


if __name__ == "__main__":
    main()
