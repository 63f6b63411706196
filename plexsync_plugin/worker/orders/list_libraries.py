"""The order *list_libraries*: asks Plex for its video libraries and keeps their titles, so that a person picks from a list and types
none of them, also before there is an index.
"""

from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.jobs.facts import Facts
from plexsync_plugin.jobs.orders import Order
from plexsync_plugin.worker.orders.orders import Step, StepContext


def list_libraries(_order: Order, context: StepContext) -> Step:
    """Repeated, it asks again. Whether the setting plex_library names any of them does not matter here."""
    server = context.plex.server()
    titles = [each.title for each in context.plex.gateway.sections(fresh=True) if each.item_kind is not None]
    with transaction(context.connection):
        Facts(context.connection).note_libraries(server, titles, context.clock.now())
    listed = ", ".join(titles) or "none. Add one in Plex that holds the folders of your scenes"
    return Step(ended=True, message=f"Video libraries in Plex: {listed}.")
