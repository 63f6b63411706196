"""Command line of the indexer: `python plex_sync.py --help`. Nothing but the way in; the work is in `indexer`.

Parses on Python 3.8, so that an old interpreter gets a sentence and not a syntax error.
"""

import os
import sys

FOLDER = os.path.dirname(os.path.realpath(__file__))
SETTINGS, INTERRUPTED = 2, 130


def main() -> int:
    if sys.version_info < (3, 11):
        found = ".".join(map(str, sys.version_info[:2]))
        return _refused(f"PlexSync needs Python 3.11 or newer; {sys.executable} is {found}.")
    try:
        from pathlib import Path

        from indexer.command.cli import run
    except ImportError as error:
        return _refused(_missing(error))
    except KeyboardInterrupt:
        return INTERRUPTED
    return run(Path(FOLDER))


def _missing(error: ImportError) -> str:
    name = (error.name or "").partition(".")[0]
    if name in ("indexer", "plexsync_plugin"):
        return f"plex_sync.py needs the folders indexer and plexsync_plugin beside it: {error}."
    return (
        f"A Python package is missing or too old ({error}). Install what PlexSync needs: {sys.executable} -m pip "
        f"install -r {os.path.join(FOLDER, 'requirements.txt')}. Where pip refuses that, make a virtual environment first: "
        "docs/install.md."
    )


def _refused(sentence: str) -> int:
    sys.stderr.write(f"Not done: {sentence}\n")
    return SETTINGS


def _keep_others_out() -> None:
    """A `requests.py` beside this file is not what the indexer asks for: of this folder our two packages are taken, no more."""
    sys.path[0] = FOLDER
    for package in ("plexsync_plugin", "indexer"):
        try:
            __import__(package)  # what is in it is found by its own folder from now on
        except ImportError:
            return  # main() says which is missing
    del sys.path[0]


if __name__ == "__main__":
    _keep_others_out()
    sys.exit(main())
