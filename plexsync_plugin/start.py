"""What Stash runs. Keeps foreign code out of the import path, checks the Python, and passes the document on standard input on.

Parses on Python 3.8, so that an old interpreter gets a sentence and not a syntax error. Writes exactly one JSON
object to standard output. Keep it small: a script is compiled anew at each start.
"""

import os
import sys

LONG = 500_000  # bytes; below, reading pictures costs less than an import
TYPE_CHECKING = False  # importing typing for it costs the hook milliseconds
if TYPE_CHECKING:
    from typing import Any


def _keep_others_out() -> None:
    """Before anything else is imported: nothing but Python's own modules, installed packages and our two packages.

    A `json.py` or `requests.py` in Stash's current folder (an empty entry of PYTHONPATH), beside the plugin (Stash adds that
    folder) or among the plugin's own files would be run instead. And whatever Stash's umask is, dashboards of other users read
    the index, and nobody else writes to what is made here. What is private says so where it is made.
    """
    os.umask(0o022)
    plugin = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path[0] = plugin
    for package in ("plexsync_plugin", "indexer"):
        try:  # noqa: SIM105 - contextlib would be imported for it
            __import__(package)  # what is in it is found by its own folder from now on
        except ImportError:
            pass  # in the middle of an update; who needs it says so
    foreign = ["", plugin, os.path.dirname(plugin), _current_folder()]
    sys.path[:] = [entry for entry in sys.path if entry not in foreign]


def _current_folder() -> str:
    try:
        return os.getcwd()
    except OSError:
        return ""  # it was deleted


def _run(document: "dict[str, Any]") -> "dict[str, object]":
    args = document.get("args")
    if not isinstance(args, dict):
        args = document["args"] = {}
    if sys.argv[1:2] == ["worker"]:
        from plexsync_plugin.worker.entry import run
    elif "hookContext" in args:
        from plexsync_plugin.hook import run
    elif "operation" in args:
        from plexsync_plugin.operation import run
    else:
        from plexsync_plugin.tasks.button import run
    return run(document)


def _answer() -> "dict[str, object]":
    if sys.version_info < (3, 11):
        return _refused(
            "PlexSync needs Python 3.11 or newer; Stash runs %s, which is %d.%d. Set another one in Stash, "
            "Settings > System > Python executable path."
            % (sys.executable, sys.version_info[0], sys.version_info[1])
        )
    from plexsync_plugin.base.quick_json import loads

    try:
        document = loads(_read(sys.stdin.buffer.read()).decode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        return _refused("PlexSync cannot read what Stash sent: %s." % error)
    if not isinstance(document, dict):
        return _refused("PlexSync got something on standard input that is not Stash's document.")
    try:
        return _run(document)
    except Exception as error:  # noqa: BLE001 - the process boundary; Stash logs the traceback
        import traceback

        from plexsync_plugin.base.log import Redaction
        from plexsync_plugin.base.shown_text import block, one_line

        hidden = Redaction()
        hidden.hide(*_credentials(document.get("server_connection")))
        sys.stderr.write(block(hidden.text(traceback.format_exc())) + "\n")
        told = "PlexSync met a bug of its own (%s: %s)." % (type(error).__name__, error)
        return _refused(one_line(hidden.text(told)))


def _credentials(connection: "Any") -> "list[str]":
    """A traceback may name what the bug met, and Stash's log page shows it."""
    if not isinstance(connection, dict):
        return []
    cookie = connection.get("SessionCookie")
    found = [connection.get("ApiKey"), cookie.get("Value") if isinstance(cookie, dict) else None]
    return [each for each in found if isinstance(each, str)]


def _read(document: bytes) -> bytes:
    if len(document) < LONG:
        return document
    from plexsync_plugin.base.long_document import without_pictures

    return without_pictures(document)


def _refused(sentence: str) -> "dict[str, object]":
    return {"output": None, "error": sentence}


if __name__ == "__main__":
    _keep_others_out()
    from plexsync_plugin.base.quick_json import dumps

    reply = dumps(_answer()).encode("utf-8") + b"\n"
    sys.stdout.buffer.write(reply)
    sys.stdout.buffer.flush()
    if "plexsync_plugin.hook" in sys.modules:
        sys.stderr.flush()
        os._exit(0)  # a person waits for the hook, and taking the interpreter down would be a tenth of it
