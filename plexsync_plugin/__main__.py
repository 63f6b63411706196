"""`python -m plexsync_plugin COMMAND`: options in, lines or JSON and an exit code out. Holds no other logic."""

import argparse
import json
import logging
import os
import sys
import traceback
from collections.abc import Sequence

from plexsync_plugin.base import packages
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import (
    PackagesMissing,
    PlexSyncError,
    PlexUnauthorized,
    PlexUnavailable,
    SettingsError,
    StashUnauthorized,
    StashUnavailable,
)
from plexsync_plugin.base.shown_text import block, in_json, one_line
from plexsync_plugin.base.spawn import PLUGIN_FOLDER
from plexsync_plugin.command_line.commands import COMMANDS, Answer, command_context

BUG, SETTINGS, UNAVAILABLE, UNAUTHORIZED, REFUSED, INTERRUPTED = 1, 2, 3, 4, 7, 130

_EXIT_CODES: tuple[tuple[type[PlexSyncError], int], ...] = (
    (SettingsError, SETTINGS),
    (PackagesMissing, SETTINGS),
    (PlexUnavailable, UNAVAILABLE),
    (StashUnavailable, UNAVAILABLE),
    (PlexUnauthorized, UNAUTHORIZED),
    (StashUnauthorized, UNAUTHORIZED),
)

_EPILOG = """\
read from the environment:
  STASH_URL       address of Stash, default http://localhost:9999
  STASH_API_KEY   its API key, where Stash asks for a password (never an option: others could read it)
  PLEXSYNC_DATA   the data folder; without it, the folder plexsync beside Stash's config.yml

exit codes:
  0 done   1 a bug   2 a setting, an option or a package   3 Stash or Plex cannot be reached
  4 the key or the token is refused   5 there is something for you to look at
  6 the order is stored and not carried out yet   7 refused   130 interrupted
"""


def main(arguments: Sequence[str]) -> int:
    _keep_others_out()
    options = _parser().parse_args(arguments)
    logging.getLogger().addHandler(logging.NullHandler())  # what a person is to know is in the answer
    try:
        answer = _run(options)
        _show(answer, as_json=options.json)
    except PlexSyncError as error:
        _complain(f"Not done: {error}")
        return next((code for kind, code in _EXIT_CODES if isinstance(error, kind)), REFUSED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has seen enough
        return 0
    except OSError as error:
        _complain(f"Not done: a file or folder cannot be used: {error}.")
        return SETTINGS
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception:  # noqa: BLE001 - the process boundary: a bug is shown with its traceback and tells by its code
        _complain(traceback.format_exc())
        return BUG
    return answer.code


def _keep_others_out() -> None:
    """A `requests.py` in the plugin's folder, where this command is typed, is not what is asked for (start.py does the same)."""
    foreign = ("", PLUGIN_FOLDER)
    sys.path[:] = [entry for entry in sys.path if entry not in foreign]


def _run(options: argparse.Namespace) -> Answer:
    clock = Clock()
    context = command_context(os.environ, clock)
    # A worker that is started from here gets the key through a pipe, and no process of ours keeps it in its environment.
    os.environ.pop("STASH_API_KEY", None)
    command = COMMANDS[options.command]
    if command.needs_packages:
        packages.ensure(context.folder, clock, install=False)
    return command.run(context, options)


def _show(answer: Answer, *, as_json: bool) -> None:
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr] # a terminal's code page may lack letters
    if as_json:
        sys.stdout.write(in_json(json.dumps(answer.document, ensure_ascii=False, indent=2)) + "\n")
    else:
        sys.stdout.writelines(f"{one_line(line)}\n" for line in answer.lines)
    sys.stdout.flush()


def _complain(text: str) -> None:
    sys.stderr.write(f"{block(text)}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m plexsync_plugin",
        description="Ask and direct PlexSync from a shell.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        sub = commands.add_parser(
            name, help=command.help, description=command.help[0].upper() + command.help[1:] + "."
        )
        sub.add_argument("--json", action="store_true", help="the answer as JSON")
        if command.scene == "several":
            sub.add_argument(
                "scenes", type=_scene, nargs="*", metavar="SCENE", help="numbers of scenes; none: all"
            )
            sub.add_argument("--force", action="store_true", help="plan anew what counts as in sync, too")
        elif command.scene:
            sub.add_argument(
                "scene",
                type=_scene,
                metavar="SCENE",
                nargs=None if command.scene == "required" else "?",
                help="number of the scene",
            )
        if name == "choose":
            meant = sub.add_mutually_exclusive_group(required=True)
            meant.add_argument(
                "item", type=_item, nargs="?", metavar="RATING_KEY", help="rating key of the Plex item"
            )
            meant.add_argument(
                "--none", action="store_true", help="take back what was chosen: the file decides again"
            )
            sub.add_argument(
                "--file",
                metavar="PATH",
                default="",
                help="path of the file that is meant, as Stash names it, where a scene has several",
            )
        if name == "retry":
            sub.add_argument("--reason", help="only scenes that failed for this reason, as `failed` names it")
    return parser


def _scene(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not the number of a scene")
    return int(text)


def _item(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not the rating key of an item")
    return int(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
