"""The options of the command line, their help, and which do not go together. What they lead to is in `cli`."""

import argparse
import os
from collections.abc import Sequence

from indexer.answers.export import FORMS
from indexer.answers.search import KINDS, ROWS

EPILOG = """\
read from the environment, or from the file .env beside plex_sync.py (the environment wins):
  PLEX_URL             address of the Plex server
  PLEX_TOKEN           token of its owner
  PLEX_LIBRARY_NAMES   titles of the libraries to index, comma-separated; empty: all
  DB_PATH              the index file, default ./data/plex_collection.db

A relative path in an option is below the folder in which you stand. A relative DB_PATH, and the default paths,
are below the folder of plex_sync.py, wherever it is called from.

exit codes:
  0 done   1 a bug   2 settings, options, SQL or a Python package   3 Plex is away or busy: try again later
  4 Plex refuses the token   5 refused: a run that would do harm, or a file that cannot be used
  130 interrupted
"""


def read_options(arguments: Sequence[str]) -> argparse.Namespace:
    """Ends the process with a sentence and code 2 where they make no sense, with 0 after --help."""
    parser = _parser()
    given, words = parser.parse_known_args(arguments)
    if words and (given.command != "search" or any(word.startswith("--") for word in words)):
        parser.error(f"unrecognized arguments: {' '.join(words)}")
    if words:  # `search rock -roll`
        given.words += words
    _refuse_contradictions(parser, given)
    return given


def _refuse_contradictions(parser: argparse.ArgumentParser, given: argparse.Namespace) -> None:
    if given.command and (given.export or given.report or given.watch):
        parser.error(f"{given.command} goes with none of --export, --report and --watch")
    if given.watch and (given.export or given.report):
        parser.error("--watch goes with indexing, not with --export and --report")
    if given.no_images and given.episode_thumbs:
        parser.error("--no-images fetches no pictures, and --episode-thumbs some")
    if given.to and not given.export:
        parser.error("--to says where --export writes, and there is no --export")
    idle = [option for option, name in _INDEXING.items() if getattr(given, name)]
    if idle and (given.command or given.export or given.report):
        parser.error(
            f"{' and '.join(idle)}: nothing is indexed when the index is only read (--export, --report, query, search). "
            "Run plex_sync.py first"
        )


_INDEXING = {
    "--fast": "fast",
    "--no-parallel": "no_parallel",
    "--library": "library",
    "--no-images": "no_images",
    "--no-lists": "no_lists",
    "--no-history": "no_history",
    "--art": "art",
    "--episode-thumbs": "episode_thumbs",
    "--image-folder": "image_folder",
    "--rebuild-db": "rebuild_db",
    "--allow-empty": "allow_empty",
}


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="plex_sync.py",
        description="Keep one SQLite file as a mirror of the libraries of a Plex server.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,  # --all would allow empty libraries
    )
    _add_files(made)
    _add_indexing(made)
    _add_other_work(made)
    return made


def _named(text: str) -> str:
    """An empty value comes from a variable of a script that is not set, and never means the default."""
    if not text.strip():
        raise argparse.ArgumentTypeError("it is empty")
    return text


def _utf8(text: str) -> str:
    """As it was typed: where the system claims another encoding, Python leaves halves of characters in it."""
    return os.fsencode(text).decode("utf-8", "replace")


def _seconds(text: str) -> float:
    try:
        given = float(text)
    except ValueError:
        given = -1.0
    if not 0 < given < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0")
    return given


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text) < 2**31):
        raise argparse.ArgumentTypeError(f"{text!r} is no number above 0")
    return int(text)


def _add_files(made: argparse.ArgumentParser) -> None:
    _add_db_path(made, default=None)
    made.add_argument(
        "--log-file", metavar="FILE", type=_named, default=None, help="write each step there as well"
    )
    words = made.add_mutually_exclusive_group()
    words.add_argument("--verbose", action="store_true", help="tell each step")
    words.add_argument("--quiet", action="store_true", help="tell nothing but trouble")


def _add_db_path(made: argparse.ArgumentParser, default: str | None) -> None:
    made.add_argument(
        "--db-path", metavar="FILE", type=_named, default=default, help="the index file; wins over DB_PATH"
    )


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
        type=_named,
        action="append",
        default=[],
        help="index this library alone; may be given again; wins over PLEX_LIBRARY_NAMES",
    )
    group.add_argument(
        "--rebuild-db",
        action="store_true",
        help="read everything anew, put a damaged index aside, and drop what Plex no longer lists",
    )
    group.add_argument(
        "--allow-empty",
        action="store_true",
        help="accept a library that lists nothing where the index has items",
    )
    group.add_argument(
        "--no-lists",
        action="store_true",
        help="leave out collections and playlists (a request for each that is new or has changed)",
    )
    group.add_argument(
        "--no-history", action="store_true", help="leave out who has played what (one request a run)"
    )
    group.add_argument(
        "--watch", action="store_true", help="stay, and index again whenever Plex says that something changed"
    )
    pictures = group.add_mutually_exclusive_group()
    pictures.add_argument("--no-images", action="store_true", help="fetch no pictures")
    pictures.add_argument("--art", action="store_true", help="fetch backgrounds besides posters")
    group.add_argument(
        "--episode-thumbs", action="store_true", help="fetch pictures of episodes, which show a scene of each"
    )
    group.add_argument(
        "--image-folder",
        metavar="FOLDER",
        type=_named,
        default=None,
        help="where pictures are kept; default: assets/images",
    )


def _add_other_work(made: argparse.ArgumentParser) -> None:
    group = made.add_argument_group("from the index as it is, without asking Plex")
    group.add_argument("--export", choices=FORMS, help="write each table into a file of its own")
    group.add_argument(
        "--to",
        metavar="FOLDER",
        type=_named,
        default=None,
        help="where --export writes; default: export, beside the index",
    )
    group.add_argument(
        "--report",
        metavar="FILE.html",
        type=_named,
        default=None,
        help="write a page about the library that opens without a network",
    )
    commands = made.add_subparsers(dest="command", title="command", metavar="query SQL | search WORDS")
    query = commands.add_parser(
        "query",
        help='answer a question in SQL, like query "SELECT title FROM movies"; as CSV when piped',
        description="Answer a question in SQL from the index: as a table on a terminal, as CSV when piped. "
        "docs/schema.md lists every table and column.",
        allow_abbrev=False,
    )
    query.add_argument("sql", metavar="SQL", type=_utf8, help="one statement that reads")
    query.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=_seconds,
        default=0.0,
        help="give up after so long; default: never",
    )
    _add_db_path(query, default=argparse.SUPPRESS)
    _add_search(commands)


def _add_search(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    search = commands.add_parser(
        "search",
        help="find items by what you type, like search amelie; as CSV when piped",
        description="Find items by words of titles, people and summaries and by parts of titles; accents and case do not "
        'matter. -word leaves out what holds that word, "two words" stand together.',
        allow_abbrev=False,
        add_help=False,  # -heaven is a word
    )
    search.add_argument("--help", action="help", help="show this and end")
    search.add_argument("words", metavar="WORDS", type=_utf8, nargs="+", help="what to look for")
    search.add_argument("--json", action="store_true", help="answer with a list of objects")
    search.add_argument(
        "--limit", metavar="N", type=_number, default=ROWS, help=f"at most so many; default: {ROWS}"
    )
    search.add_argument(
        "--kind", choices=KINDS, action="append", default=[], help="this kind alone; may be given again"
    )
    _add_db_path(search, default=argparse.SUPPRESS)
