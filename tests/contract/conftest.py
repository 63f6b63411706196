"""What several contract tests start."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

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
