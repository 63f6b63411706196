"""The options of the command line and their help. What they lead to is in `cli`."""

import argparse

from indexer.export import FORMS

EPILOG = """\
read from the environment, or from the file .env beside plex_sync.py (the environment wins):
  PLEX_URL             address of the Plex server
  PLEX_TOKEN           token of its owner
  PLEX_LIBRARY_NAMES   titles of the libraries to index, comma-separated; empty: all
  DB_PATH              the index file, default ./data/plex_collection.db

Relative paths, in options too, are below the folder of plex_sync.py, wherever it is called from.

exit codes:
  0 done   1 a bug   2 settings, options or SQL   3 Plex is away or busy: try again later
  4 Plex refuses the token   5 refused: a run that would do harm, or a file that cannot be used   130 interrupted
"""


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="plex_sync.py",
        description="Keep one SQLite file as a mirror of the libraries of a Plex server.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_files(made)
    _add_indexing(made)
    _add_other_work(made)
    return made


def _add_files(made: argparse.ArgumentParser) -> None:
    made.add_argument("--db-path", metavar="FILE", help="the index file; wins over DB_PATH")
    made.add_argument("--log-file", metavar="FILE", help="write each step there as well")
    made.add_argument("--verbose", action="store_true", help="tell each step")


def _add_indexing(made: argparse.ArgumentParser) -> None:
    group = made.add_argument_group("indexing")
    speed = group.add_mutually_exclusive_group()
    speed.add_argument("--fast", action="store_true", help="several requests at once (the default)")
    speed.add_argument(
        "--no-parallel", action="store_true", help="one request at a time, for a server that times out"
    )
    group.add_argument(
        "--library",
        metavar="NAME",
        action="append",
        default=[],
        help="index this library alone; may be given again; wins over PLEX_LIBRARY_NAMES",
    )
    pictures = group.add_mutually_exclusive_group()
    pictures.add_argument("--no-images", action="store_true", help="fetch no pictures")
    pictures.add_argument("--art", action="store_true", help="fetch backgrounds besides posters")
    group.add_argument(
        "--rebuild-db", action="store_true", help="read everything anew, and drop what Plex no longer lists"
    )
    group.add_argument(
        "--allow-empty",
        action="store_true",
        help="accept a library that lists nothing where the index has items",
    )
    group.add_argument(
        "--watch", action="store_true", help="stay, and index again whenever Plex says that something changed"
    )


def _add_other_work(made: argparse.ArgumentParser) -> None:
    group = made.add_argument_group("from the index as it is, without asking Plex")
    group.add_argument("--export", choices=FORMS, help="write each table into a file of its own")
    group.add_argument(
        "--to", metavar="FOLDER", help="where --export writes; default: export, beside the index"
    )
    group.add_argument(
        "--report", metavar="FILE.html", help="write a page about the library that opens without a network"
    )
    commands = made.add_subparsers(dest="command", title="commands", metavar="")
    query = commands.add_parser(
        "query", help='answer a question in SQL: query "SELECT title FROM movies"; as CSV when piped'
    )
    query.add_argument("sql", metavar="SQL")
