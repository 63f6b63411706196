"""The command line of the indexer: options in, one line for a person and an exit code out. Holds no other logic."""

import argparse
import logging
import os
import sys
import traceback
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

from indexer.app import IndexRequest, run_index
from indexer.environment import read_environment, resolved
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import (
    DatabaseError,
    IndexRefused,
    PlexSyncError,
    PlexUnauthorized,
    PlexUnavailable,
    SettingsError,
)
from plexsync_plugin.plex.gateway import Connection

DONE, BUG, SETTINGS, UNAVAILABLE, UNAUTHORIZED, REFUSED, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130

_EXIT_CODES: tuple[tuple[type[PlexSyncError], int], ...] = (
    (SettingsError, SETTINGS),
    (PlexUnavailable, UNAVAILABLE),
    (PlexUnauthorized, UNAUTHORIZED),
    (IndexRefused, REFUSED),
    (DatabaseError, REFUSED),
)

_EPILOG = """\
read from the environment, or from the file .env beside plex_sync.py (the environment wins):
  PLEX_URL             address of the Plex server
  PLEX_TOKEN           token of its owner
  PLEX_LIBRARY_NAMES   titles of the libraries to index, comma-separated; empty: all
  DB_PATH              the index file, default ./data/plex_collection.db; relative to the folder of plex_sync.py

exit codes:
  0 done   1 a bug   2 settings or options   3 Plex is away or busy: try again later
  4 Plex refuses the token   5 refused: a run that would do harm, or a file that cannot be used   130 interrupted
"""


def main(
    folder: Path, arguments: Sequence[str], environ: Mapping[str, str], out: TextIO, errors: TextIO
) -> int:
    """`folder` is that of plex_sync.py. Returns the exit code."""
    options = _parser().parse_args(arguments)
    clock = Clock()
    console = _Console(errors, clock, verbose=options.verbose)
    try:
        request = _request(folder, environ, options)
        verdict = run_index(request, clock, console)
    except PlexSyncError as error:
        console.say(f"Not done: {error}")
        return next((code for kind, code in _EXIT_CODES if isinstance(error, kind)), REFUSED)
    except KeyboardInterrupt:
        console.say("Interrupted. What was read is kept; the next run goes on from here.")
        return INTERRUPTED
    except Exception:  # noqa: BLE001 - the process boundary: a bug is shown with its traceback and tells by its code
        console.say(traceback.format_exc())
        return BUG
    out.write(f"{verdict.sentence}\n")
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="plex_sync.py",
        description="Keep one SQLite file as a mirror of the libraries of a Plex server.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    speed = parser.add_mutually_exclusive_group()
    speed.add_argument("--fast", action="store_true", help="several requests at once (the default)")
    speed.add_argument(
        "--no-parallel", action="store_true", help="one request at a time, for a server that times out"
    )
    parser.add_argument(
        "--no-images",
        action="store_true",
        help="leave artwork out (this version fetches none yet, so the option changes nothing)",
    )
    parser.add_argument("--verbose", action="store_true", help="tell each step")
    parser.add_argument(
        "--rebuild-db",
        action="store_true",
        help="read everything anew, and drop what Plex no longer lists",
    )
    parser.add_argument(
        "--allow-empty",
        action="store_true",
        help="accept a library that lists nothing where the index has items",
    )
    return parser


def _request(folder: Path, environ: Mapping[str, str], options: argparse.Namespace) -> IndexRequest:
    settings = read_environment(folder, environ)
    db_path = resolved(folder, settings.DB_PATH)
    return IndexRequest(
        connection=Connection(
            url=settings.PLEX_URL,
            token=settings.PLEX_TOKEN.get_secret_value(),
            client_id=_client_id(Path(db_path).parent / "client_id"),
            read_timeout=120.0 if options.no_parallel else 60.0,
        ),
        db_path=db_path,
        image_folder=resolved(folder, "assets/images"),
        libraries=settings.PLEX_LIBRARY_NAMES,
        parallel=not options.no_parallel,
        images=not options.no_images,
        rebuild=options.rebuild_db,
        allow_empty=options.allow_empty,
    )


def _client_id(path: Path) -> str:
    """Kept beside the index, so that Plex sees one device and not a new one at each run."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file() and (known := path.read_text("ascii").strip()):
            return known
        fresh = str(uuid.uuid4())
        path.write_text(fresh + "\n", "ascii")
    except (OSError, UnicodeError) as error:
        raise DatabaseError(f"{path} cannot be used: {error}.") from error
    return fresh


class _Console:
    """What a person sees while it runs: each step with --verbose, else a line every few seconds."""

    PAUSE = 5.0  # seconds

    def __init__(self, stream: TextIO, clock: Clock, *, verbose: bool) -> None:
        self._stream = stream
        self._clock = clock
        self._verbose = verbose
        self._said = clock.monotonic()
        if verbose:
            logging.basicConfig(stream=stream, format="%(name)s %(message)s")
            logging.getLogger("indexer").setLevel(logging.DEBUG)

    def __call__(self, done: float, text: str) -> None:
        now = self._clock.monotonic()
        if self._verbose or (done < 1 and now - self._said >= self.PAUSE):
            self._said = now
            self.say(f"{done:4.0%} {text}")

    def say(self, text: str) -> None:
        self._stream.write(f"{text}\n")
        self._stream.flush()


def run(folder: Path) -> int:
    return main(folder, sys.argv[1:], os.environ, sys.stdout, sys.stderr)
