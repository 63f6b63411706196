"""The order *add_rule*: a path rule that a person accepted goes into Stash's setting path_map, behind those that stand there.

Each setting is read, merged and written: Stash replaces the whole map (docs/facts/stash.md section 6). What waits for its file is
looked for again when the worker sees that the setting has changed.
"""

from plexsync_plugin.base.rules import parse_path_map
from plexsync_plugin.jobs.orders import Order
from plexsync_plugin.worker.orders.orders import Step, StepContext


def add_rule(order: Order, context: StepContext) -> Step:
    """Repeated, it changes nothing."""
    rule = f"{order.args['stash']} => {order.args['plex']}"
    stored = dict(context.stash.state().settings)
    rules = str(stored.get("path_map") or "").strip().rstrip(";").strip()
    if parse_path_map(rule)[0] in parse_path_map(rules):
        return Step(ended=True, message=f"path_map has the rule {rule} already.")
    context.stash.configure({**stored, "path_map": f"{rules}; {rule}" if rules else rule})
    return Step(
        ended=True, message=f"Added to path_map: {rule}. Scenes without an item are looked for again."
    )
