"""What Stash runs. Fixes the import path, checks the Python, and passes the document on standard input on.

Parses on Python 3.8, so that an old interpreter gets a sentence and not a syntax error. Writes exactly one JSON
object to standard output. Keep it small: a script is compiled anew at each start.
"""

import json
import os
import sys

TYPE_CHECKING = False  # importing typing for it costs the hook milliseconds
if TYPE_CHECKING:
    from typing import Any


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
    try:
        document = json.loads(sys.stdin.buffer.read().decode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        return _refused("PlexSync cannot read what Stash sent: %s." % error)
    if not isinstance(document, dict):
        return _refused("PlexSync got something on standard input that is not Stash's document.")
    try:
        return _run(document)
    except Exception as error:  # noqa: BLE001 - the process boundary; Stash logs the traceback
        import traceback

        traceback.print_exc()
        return _refused("PlexSync met a bug of its own (%s: %s)." % (type(error).__name__, error))


def _refused(sentence: str) -> "dict[str, object]":
    return {"output": None, "error": sentence}


if __name__ == "__main__":
    # Whatever Stash's is: dashboards of other users read the index, and nobody else writes to what is made here, packages
    # for one. What is private says so where it is made.
    os.umask(0o022)
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    reply = json.dumps(_answer()).encode("utf-8") + b"\n"
    sys.stdout.buffer.write(reply)
    sys.stdout.buffer.flush()
