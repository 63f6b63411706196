"""Every recorded error, sent over HTTP to the real gateway, becomes the error that the indexer acts upon."""

from collections.abc import Callable

import pytest

from plexsync_plugin.base.errors import (
    ItemMissing,
    PlexBusy,
    PlexSyncError,
    PlexTrouble,
    PlexUnauthorized,
    Rejected,
)
from plexsync_plugin.core.model import Kind
from plexsync_plugin.plex.gateway import PlexGateway
from tests.contract.index_recordings import COMPLETE, Failure, complete_failures, failures
from tests.sim.process import SimProcess

MEANING: dict[int, type[PlexSyncError]] = {
    400: Rejected,
    401: PlexUnauthorized,
    403: PlexUnauthorized,
    404: ItemMissing,
    409: Rejected,
    412: Rejected,
    500: PlexTrouble,
    501: PlexTrouble,
    503: PlexBusy,
    509: PlexTrouble,
}
READS: dict[str, Callable[[PlexGateway], object]] = {
    "GET /library/sections/1/all": lambda gateway: gateway.page(1, int(Kind.MOVIE), start=0, size=100),
    "GET /library/metadata/1": lambda gateway: gateway.details([1]),
}


@pytest.mark.parametrize("target", READS)
@pytest.mark.parametrize("failure", failures(), ids=lambda failure: f"{failure.status} {failure.body[:25]}")
def test_read_when_plex_answers_with_a_recorded_error_raises_its_class(
    empty_plex: SimProcess, gateway: PlexGateway, failure: Failure, target: str
) -> None:
    kind = "application/xml" if failure.body.startswith("<Response") else "text/html"
    empty_plex.fault(
        "status", match=target, status=failure.status, body=failure.body, headers={"Content-Type": kind}
    )
    with pytest.raises(PlexSyncError) as raised:
        READS[target](gateway)
    assert type(raised.value) is MEANING[failure.status]
    assert f"Plex answered {failure.status} to {target}" in str(raised.value)
    assert "<" not in str(raised.value)


def test_read_when_plex_upgrades_its_database_tells_so(empty_plex: SimProcess, gateway: PlexGateway) -> None:
    (failure,) = [each for each in failures() if "Maintenance" in each.body]
    empty_plex.fault("status", match="GET /library/sections", status=failure.status, body=failure.body)
    with pytest.raises(PlexBusy, match="Plex Media Server is currently running database migrations"):
        gateway.sections()


def test_errors_when_recorded_are_of_every_known_status() -> None:
    assert {each.status for each in failures()} == set(MEANING)


@pytest.mark.skipif(not COMPLETE.is_dir(), reason="The complete recordings do not lie beside the repository.")
def test_errors_when_complete_are_none_that_the_excerpts_lack() -> None:
    assert len(complete_failures()) > 10
    assert complete_failures() <= set(failures())
