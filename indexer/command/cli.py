"""The command line of the indexer: options in, one line for a person and an exit code out. Holds no other logic."""

import argparse
import contextlib
import dataclasses
import errno
import io
import itertools
import logging
import os
import signal
import sys
import traceback
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

from indexer.answers.export import export_tables
from indexer.answers.query import run_query
from indexer.answers.report import write_report
from indexer.answers.search import run_search
from indexer.app import IndexRequest, run_index
from indexer.command import step_log
from indexer.command.complaint import complaint, in_own_names
from indexer.command.environment import read_db_path, read_environment, resolved
from indexer.command.options import read_options
from indexer.command.progress import Console, open_console
from indexer.command.watch import EVENTS, Watch
from indexer.file import index_file
from plexsync_plugin.base.clock import Clock, utc_text
from plexsync_plugin.base.errors import (
    DatabaseError,
    IndexRefused,
    PackagesMissing,
    PlexSyncError,
    PlexUnauthorized,
    PlexUnavailable,
    SettingsError,
)
from plexsync_plugin.base.names import NameList
from plexsync_plugin.base.shown_text import one_line
from plexsync_plugin.plex.event_stream import EventStream
from plexsync_plugin.plex.gateway import Connection

DONE, BUG, SETTINGS, UNAVAILABLE, UNAUTHORIZED, REFUSED, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130

_EXIT_CODES: tuple[tuple[type[PlexSyncError], int], ...] = (
    (SettingsError, SETTINGS),
    (PackagesMissing, SETTINGS),
    (PlexUnavailable, UNAVAILABLE),
    (PlexUnauthorized, UNAUTHORIZED),
    (IndexRefused, REFUSED),
    (DatabaseError, REFUSED),
)
_OUTPUT_FAILS = (errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
# Not below "indexer": what is said to a person is not shown once more by --verbose.
_log = logging.getLogger("plex_sync")


def main(
    folder: Path, arguments: Sequence[str], environ: Mapping[str, str], out: TextIO, errors: TextIO
) -> int:
    """`folder` is that of plex_sync.py. Returns the exit code. Raises OSError when `out` cannot be written."""
    given = read_options(arguments)
    clock = Clock()
    console = open_console(errors, clock, verbose=given.verbose, quiet=given.quiet)
    try:
        log_file = typed(given.log_file) if given.log_file else ""
        step_log.start(log_file, errors if given.verbose else None)
        return _Work(folder, given, environ, clock, console, out).go()
    except PlexSyncError as error:
        console.close()
        _log.error("%s", error)  # an expected failure: its sentence says all
        console.say(complaint(error))
        return next((code for kind, code in _EXIT_CODES if isinstance(error, kind)), REFUSED)
    except KeyboardInterrupt:
        console.close()
        kept = "" if _only_reads(given) else " What was read is kept; the next run goes on from here."
        console.say(f"Interrupted.{kept}")
        return INTERRUPTED
    except OSError as error:
        if error.errno in _OUTPUT_FAILS and error.filename is None:
            raise
        return _bug(console)
    except Exception:  # noqa: BLE001 - the process boundary: a bug is shown with its traceback and tells by its code
        return _bug(console)
    finally:
        console.close()


def _bug(console: Console) -> int:
    """To be called where the exception is caught."""
    console.close()
    _log.exception("a bug")
    console.say(traceback.format_exc())
    return BUG


def _only_reads(given: argparse.Namespace) -> bool:
    return bool(given.command or given.export or given.report)


class _Work:
    """One call of the command line, its options read."""

    def __init__(
        self,
        folder: Path,
        given: argparse.Namespace,
        environ: Mapping[str, str],
        clock: Clock,
        console: Console,
        out: TextIO,
    ) -> None:
        self._folder = folder
        self._given = given
        self._environ = environ
        self._clock = clock
        self._console = console
        self._out = out

    def go(self) -> int:
        if self._given.command == "search":
            self._search()
        elif self._given.command:
            limit = self._given.timeout
            run_query(self._db_path(), self._given.sql, self._out, self._clock, limit=limit)
        elif _only_reads(self._given):
            self._write_files()
        elif self._given.watch:
            self._watch()
        else:
            self._index()
        return DONE

    def _search(self) -> None:
        given = self._given
        run_search(
            self._db_path(),
            " ".join(given.words),
            self._out,
            kinds=given.kind,
            limit=given.limit,
            as_json=given.json,
        )

    def _write_files(self) -> None:
        if self._given.export:
            target = typed(self._given.to or str(Path(self._db_path()).parent / "export"))
            needed = str(self._folder / "requirements-export.txt")
            written = export_tables(self._db_path(), self._given.export, target, needed)
            self._tell(f"{len(written)} tables written to {target}.")
        if self._given.report:
            page = typed(self._given.report)
            write_report(self._db_path(), page, utc_text(self._clock.now()))
            self._tell(f"Report written to {page}.")

    def _index(self) -> None:
        request = self._request()
        self._tell(run_index(request, self._clock, self._console).sentence)

    def _watch(self) -> None:
        """Until Ctrl-C or SIGTERM, which are its usual end."""
        request = self._request()
        again = dataclasses.replace(request, rebuild=False, allow_empty=False)
        requests = itertools.chain((request,), itertools.repeat(again))
        stream = EventStream(request.connection, self._clock, filters=EVENTS)
        try:
            Watch(
                stream,
                lambda: self._refresh(next(requests)),
                self._say,
                self._clock,
                quiet=self._given.quiet,
            ).run()
        except KeyboardInterrupt:
            self._tell("Watching has ended.")

    def _refresh(self, request: IndexRequest) -> None:
        """A run that found nothing new is not worth a line to a person."""
        verdict = run_index(request, self._clock, self._console)
        if verdict.sections_read or verdict.notes:
            self._tell(verdict.sentence)
        else:
            _log.info("%s", verdict.sentence)

    def _say(self, sentence: str) -> None:
        self._console.close()
        _log.info("%s", sentence)
        self._console.say(in_own_names(sentence))

    def _tell(self, sentence: str) -> None:
        self._console.close()
        _log.info("%s", sentence)
        if not self._given.quiet:
            self._out.write(f"{one_line(sentence, undecodable=True)}\n")
            self._out.flush()

    def _db_path(self) -> str:
        if self._given.db_path:
            return typed(self._given.db_path)
        return read_db_path(self._folder, self._environ)

    def _image_folder(self) -> str:
        if self._given.image_folder:
            return typed(self._given.image_folder)
        return resolved(self._folder, "assets/images")

    def _request(self) -> IndexRequest:
        given, db_path = self._given, self._db_path()
        settings = read_environment(self._folder, self._environ)
        index_file.prepare(db_path, rebuild=given.rebuild_db)
        return IndexRequest(
            connection=Connection(
                url=settings.PLEX_URL,
                token=settings.PLEX_TOKEN.get_secret_value(),
                client_id=_client_id(Path(db_path).parent / "client_id"),
                read_timeout=120.0 if given.no_parallel else 60.0,
            ),
            db_path=db_path,
            image_folder=self._image_folder(),
            libraries=NameList(runs=tuple((title,) for title in given.library))
            or settings.PLEX_LIBRARY_NAMES,
            parallel=not given.no_parallel,
            images=not given.no_images,
            art=given.art,
            episode_thumbs=given.episode_thumbs,
            rebuild=given.rebuild_db,
            allow_empty=given.allow_empty,
            lists=not given.no_lists,
            history=not given.no_history,
        )


def typed(path: str) -> str:
    """A path as a person names it on the command line: relative to where they stand. Raises SettingsError."""
    try:
        return resolved(Path(), path)
    except FileNotFoundError as error:  # of the folder itself, by which a relative path is resolved
        raise SettingsError(path, f"{path} is relative to a folder that is no longer there.") from error


def _client_id(path: Path) -> str:
    """Kept beside the index, so that Plex sees one device and not a new one at each run."""
    try:
        if path.is_file() and (known := path.read_text("ascii").strip()):
            return known
        fresh = str(uuid.uuid4())
        path.write_text(fresh + "\n", "ascii")
    except (OSError, UnicodeError) as error:
        raise DatabaseError(f"{path} cannot be used: {getattr(error, 'strerror', None) or error}.") from error
    return fresh


def run(folder: Path) -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # service managers end it as Ctrl-C does
    out = _standard_output()
    sys.stderr = sys.stderr or _nowhere()  # the parser of options and Python itself complain there
    try:
        code = main(folder, sys.argv[1:], os.environ, out, sys.stderr)
        out.flush()
    except BrokenPipeError:
        code = DONE  # whoever read has seen enough (`| head`)
    except OSError as error:
        with contextlib.suppress(OSError):  # a log that is on the same disk
            sys.stderr.write(f"Not done: the output cannot be written: {error.strerror}.\n")
        code = REFUSED
    finally:
        _end(out)
        _end(sys.stderr)
    return code


def _end(stream: TextIO) -> None:
    """Python would complain once more when it closes a stream that cannot be written, and end with a code of its own."""
    try:
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _nowhere() -> TextIO:
    """In place of a stream that the caller has closed."""
    return open(os.devnull, "w", encoding="utf-8")


def _standard_output() -> TextIO:
    """Titles are of any script: a terminal shows what it can, files and pipes get UTF-8 whatever the system prefers."""
    if sys.stdout is None:
        return _nowhere()
    if isinstance(sys.stdout, io.TextIOWrapper):
        if sys.stdout.isatty():
            sys.stdout.reconfigure(errors="replace")
        else:
            # Paths that are not in UTF-8 go out as they came in.
            sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape")
    return sys.stdout
