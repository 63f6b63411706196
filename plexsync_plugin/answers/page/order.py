"""*order*: puts what a person decides into the inbox, like everything else, and sees to it that a worker runs."""

from collections.abc import Mapping
from typing import Any

from plexsync_plugin.answers.page.arguments import OrderArguments, OrderName
from plexsync_plugin.answers.page.order_shapes import OrderGiven
from plexsync_plugin.answers.page.question import NoAnswer, Question
from plexsync_plugin.answers.page.rule_trial import rule_of, trial
from plexsync_plugin.base.spawn import ensure_worker
from plexsync_plugin.jobs.ticket import CHOSEN_FILE, CHOSEN_ITEM, give_order

# What the worker knows each by.
_NAMES: Mapping[OrderName, str] = {
    "sync": "sync_scenes",
    "retry": "retry_failed",
    "discard": "clear_failed",
    "undo": "undo",
    "choose": "choose",
    "rule": "add_rule",
    "check": "check_setup",
    "preview": "preview",
    "compare": "compare_scenes",
    "libraries": "list_libraries",
}
_OF_SCENES = ("sync", "undo", "choose", "compare")  # without any scene they would mean none, or all


def answer(question: Question, arguments: OrderArguments) -> OrderGiven:
    details = arguments.args
    if arguments.name in _OF_SCENES and not arguments.ids:
        raise NoAnswer(f"The order {arguments.name} needs scenes.")
    args: dict[str, Any] = {}
    if arguments.name == "rule":
        rule = rule_of(details.stash_path, details.plex_path)
        if details.dry:
            return OrderGiven(ticket="", rule=trial(question, rule))
        args = {"stash": rule.stash, "plex": rule.plex}
    elif arguments.name in ("retry", "discard"):
        args = {"reason": details.reason, "letters": list(details.letters)}
    elif arguments.name == "choose":
        if len(arguments.ids) != 1 or details.key is None:
            raise NoAnswer("The order choose needs one scene and one item of Plex.")
        args = {CHOSEN_ITEM: details.key, CHOSEN_FILE: details.stash_path}
    elif arguments.name == "preview":
        args = {"limit": details.limit or 0}
    return OrderGiven(ticket=_give(question, arguments, args), rule=None)


def _give(question: Question, arguments: OrderArguments, args: Mapping[str, Any]) -> str:
    """Raises OSError."""
    folder = question.folder
    folder.make()
    given = {name: value for name, value in args.items() if value}
    ticket = give_order(folder, _NAMES[arguments.name], question.clock, ids=arguments.ids, args=given)
    ensure_worker(folder, dict(question.stash))
    return ticket
