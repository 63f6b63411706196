"""What several contract tests start."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.plex.gateway import Connection, PlexGateway
from tests.contract.plex_client import LIBRARY, Client
from tests.sim.process import SimProcess


@pytest.fixture
def plex(tmp_path: Path) -> Iterator[Client]:
    file = tmp_path / "library.json"
    file.write_text(json.dumps(LIBRARY), encoding="utf-8")
    with SimProcess("tests.sim.plex", "--token", "T", "--library", str(file)) as sim:
        client = Client(sim)
        yield client
        client.session.close()


@pytest.fixture(scope="module")
def empty_plex() -> Iterator[SimProcess]:
    """Has no library: what it answers is put into it as a fault."""
    with SimProcess("tests.sim.plex", "--token", "T") as sim:
        yield sim


@pytest.fixture
def gateway(empty_plex: SimProcess) -> Iterator[PlexGateway]:
    """Connected to `empty_plex`."""
    empty_plex.clear_faults()
    connection = Connection(url=empty_plex.url, token="T", client_id="test", read_attempts=1)
    with contextlib.closing(PlexGateway(connection, Clock())) as gateway:
        yield gateway
