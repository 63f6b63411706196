"""`runPluginOperation`: answers a question of Stash's page, or of the worker, in well under a second.

*wake* and *say* use the standard library alone; *status* adds SQLite reading, and so do those of the page inside Stash
(answers/page/).
"""

from plexsync_plugin.base import stashlog
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.folder_owner import refusal
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.spawn import ensure_worker

TYPE_CHECKING = False  # importing typing for it costs milliseconds
if TYPE_CHECKING:
    from typing import Any

Reply = dict[str, object]
LINGER = (
    0.2  # seconds; Stash drops what it has not read when the process ends (docs/facts/stash.md section 3)
)


def run(document: "dict[str, Any]") -> Reply:
    answer = _OPERATIONS.get(str(document["args"]["operation"]))
    return answer(document) if answer is not None else _page(document)


def _wake(document: "dict[str, Any]") -> Reply:
    folder = _folder(document)
    try:
        folder.make()
        foreign = refusal(folder, str(document["server_connection"]["Dir"]))
        if foreign:
            return {"output": None, "error": foreign}
        started = ensure_worker(folder, document["server_connection"])
    except OSError as error:
        return {
            "output": None,
            "error": f"PlexSync cannot use its folder {folder.root}, so its worker is not started: {error.strerror or error}.",
        }
    return {"output": {"started": started}, "error": None}


def _say(document: "dict[str, Any]") -> Reply:
    args = document["args"]
    level = str(args.get("level"))
    stashlog.write(level if level in stashlog.LEVELS else "info", str(args.get("text") or ""))
    Clock().sleep(LINGER)
    return {"output": "said", "error": None}


def _status(document: "dict[str, Any]") -> Reply:
    from plexsync_plugin.answers.status import read_status  # noqa: PLC0415 - the other operations do without

    return {"output": read_status(_folder(document)).document(), "error": None}


def _page(document: "dict[str, Any]") -> Reply:
    """What the page inside Stash asks; whatever comes of it is an answer."""
    from plexsync_plugin.answers.page.dispatch import answer  # noqa: PLC0415 - the other operations do without
    from plexsync_plugin.answers.page.question import Question  # noqa: PLC0415

    question = Question(folder=_folder(document), stash=document["server_connection"], clock=Clock())
    return {"output": answer(str(document["args"]["operation"]), document["args"], question), "error": None}


def _folder(document: "dict[str, Any]") -> DataFolder:
    return DataFolder.of_stash(str(document["server_connection"]["Dir"]))


_OPERATIONS = {"wake": _wake, "say": _say, "status": _status}
