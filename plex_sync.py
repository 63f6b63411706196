"""Command line of the indexer: `python plex_sync.py --help`. Nothing but the way in; the work is in `indexer`."""

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent

if __name__ == "__main__":
    sys.path[0] = str(FOLDER)
    from indexer.cli import run

    sys.exit(run(FOLDER))
