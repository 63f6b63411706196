"""Finds the operation that the page asks for, reads its arguments, and puts the answer into its form. An expected failure becomes a
problem with a sentence, so that Stash logs no arguments (docs/facts/stash-ui.md section 9).
"""

import importlib
import sqlite3
from collections.abc import Mapping
from typing import Any

from plexsync_plugin.answers.page.form import BadArguments, plain, read
from plexsync_plugin.answers.page.operations import OPERATIONS
from plexsync_plugin.answers.page.question import NoAnswer, Question
from plexsync_plugin.answers.page.shapes import Action, Problem
from plexsync_plugin.base.errors import PlexSyncError
from plexsync_plugin.base.folder_owner import refusal

VERSION = 1  # of the form of answers; a page of another version asks to be loaded anew


def answer(name: str, given: Mapping[str, Any], question: Question) -> dict[str, Any]:
    """`{"v", "data"}` or `{"v", "problem"}`."""
    operation = OPERATIONS.get(name)
    if operation is None:
        return _problem(
            Problem(text=f"PlexSync has no operation {name[:40]!r}.", action=Action(name="reload"))
        )
    # Also before anything is read: what another Stash's folder tells is of that one's scenes.
    foreign = refusal(question.folder, str(question.stash["Dir"]))
    if foreign:
        return _problem(Problem(text=foreign, action=Action()))
    try:
        arguments: Any = read(operation.arguments, given)
        module = importlib.import_module(
            f"plexsync_plugin.answers.page.{name}"
        )  # each needs little of the others
        return {"v": VERSION, "data": plain(module.answer(question, arguments))}
    except BadArguments as error:
        return _problem(Problem(text=str(error), action=Action(name="reload")))
    except NoAnswer as error:
        return _problem(error.problem)
    except PlexSyncError as error:
        return _problem(Problem(text=str(error), action=Action()))
    except (sqlite3.Error, OSError) as error:
        return _problem(
            Problem(
                text=f"PlexSync's files cannot be read: {error}. The task Check Setup says more.",
                action=Action(name="check"),
            )
        )


def _problem(problem: Problem) -> dict[str, Any]:
    return {"v": VERSION, "problem": plain(problem)}
