"""The order *add_rule*: a path rule that a person accepted goes into Stash's setting path_map, behind those that stand there.

What waits for its file is looked for again when the worker sees that the setting has changed.
"""

from plexsync_plugin.base.rules import parse_path_map
from plexsync_plugin.jobs.orders import Order
from plexsync_plugin.stash.client import StashClient
from plexsync_plugin.stash.own_settings import Stored, change_settings
from plexsync_plugin.worker.orders.orders import Step, StepContext

PATH_MAP = "path_map"


def add_rule(order: Order, context: StepContext) -> Step:
    """Repeated, it changes nothing."""
    return put_rule(context.stash, f"{order.args['stash']} => {order.args['plex']}")


def put_rule(stash: StashClient, rule: str) -> Step:
    added = False

    def additions(stored: Stored) -> Stored:
        nonlocal added
        if _holds(stored, rule):
            return {}
        added = True
        rules = _rules(stored)
        return {PATH_MAP: f"{rules}; {rule}" if rules else rule}

    if not _holds(change_settings(stash, additions), rule):
        told = f"Others saved PlexSync's settings at the same moment, and path_map lacks the rule {rule}. Add it once more."
        return Step(ended=True, message=told, refused=True)
    if not added:
        return Step(ended=True, message=f"path_map has the rule {rule} already.")
    return Step(
        ended=True, message=f"Added to path_map: {rule}. Scenes without an item are looked for again."
    )


def _holds(stored: Stored, rule: str) -> bool:
    return parse_path_map(rule)[0] in parse_path_map(_rules(stored))


def _rules(stored: Stored) -> str:
    return str(stored.get(PATH_MAP) or "").strip().rstrip(";").strip()
