"""Starts the simulated Plex Media Server: python -m tests.sim.plex --token T [--library FILE] [--generate movies=100].

The library's JSON is described in loading.py, the generator in generate.py, the controls in control.py.
"""

import argparse
import gc
import json
from pathlib import Path

from tests.sim.plex.application import PlexApplication
from tests.sim.plex.generate import generate
from tests.sim.plex.loading import load_library
from tests.sim.plex.world import World
from tests.sim.server import add_arguments, serve


def build_world(library: Path | None, numbers: str | None, token: str | None) -> World:
    """The collector rests meanwhile: a large library is many objects that all stay."""
    gc.disable()
    world = World()
    world.settings.token = token or None
    if library is not None:
        document = json.loads(library.read_text(encoding="utf-8"))
        world.about = document.get("server", {})
        load_library(world.library, document)
    if numbers is not None:
        generate(world.library, numbers)
    gc.freeze()
    gc.enable()
    return world


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.sim.plex", description="A simulated Plex Media Server."
    )
    add_arguments(parser)
    parser.add_argument("--token", default=None, help="the owner's token; without it none is asked for")
    parser.add_argument("--library", type=Path, default=None, help="JSON file, see tests/sim/plex/loading.py")
    parser.add_argument("--generate", default=None, metavar="movies=N,shows=N,artists=N")
    options = parser.parse_args()
    kept = options.state is not None and options.state.exists()
    world = World() if kept else build_world(options.library, options.generate, options.token)
    serve(PlexApplication(world), port=options.port, state=options.state)


if __name__ == "__main__":
    main()
