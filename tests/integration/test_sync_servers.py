"""Another Plex server at the same address: told apart by its machine identifier, it starts without history."""

import json
from collections.abc import Callable

from tests.integration.orders import NO_PICTURES
from tests.rig import Rig
from tests.stage import item_key

OTHER = "machine-two"


def saved_titles(rig: Rig) -> dict[str, str]:
    """By server, the title of scene 1's item that came before our first write."""
    rows = rig.stage.rows("SELECT server, fields FROM ledger WHERE rating_key = ?", item_key(1))
    return {row["server"]: json.loads(row["fields"])["title"]["saved"]["value"] for row in rows}


def test_other_server_at_the_same_address_starts_with_a_ledger_of_its_own(
    open_rig: Callable[..., Rig],
) -> None:
    rig = open_rig(settings=NO_PICTURES)
    rig.stage.edit(1, title="First")
    rig.settle()
    (first,) = saved_titles(rig)
    rig.stage.plex.control("server", {"machineIdentifier": OTHER})
    rig.start_worker()
    rig.stage.edit(1, title="Second")
    rig.settle()
    assert rig.stage.item(item_key(1))["title"] == "Second"
    assert saved_titles(rig) == {first: "scene 1", OTHER: "First"}
    side = rig.worker.plex
    assert side is not None
    assert side.current().machine_id == OTHER


def test_what_is_bound_to_a_server_is_made_once(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings=NO_PICTURES)
    rig.stage.edit(1, title="First")
    rig.settle()
    assert rig.worker.plex is not None
    bound = rig.worker.plex.current()
    rig.stage.edit(1, title="Second")
    rig.settle()
    assert rig.worker.plex.current() is bound
