"""An answer is bounded in bytes after decompression: what is longer is cut, and where several items were asked for, halved."""

import contextlib
import gzip
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plexsync_plugin.base.answer_limits import LONGEST
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import PlexTooLong
from plexsync_plugin.plex.gateway import Connection, PlexGateway
from tests.index_runs import World, movie_section, start_plex

SERVER = b'<MediaContainer size="0" machineIdentifier="m" version="1.43.1" friendlyName="S"/>'
BOMB = gzip.compress(b'<MediaContainer size="0">' + b" " * (LONGEST + 1) + b"</MediaContainer>")
LONG = "word " * 40_000  # 200 kB


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        bomb = self.path.startswith("/library/metadata/1?")
        body = BOMB if bomb else SERVER
        self.send_response(200)
        self.send_header("Content-Type", "text/xml;charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if bomb:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        return


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    class Handler(_Handler):
        asked: list[str] = []  # noqa: RUF012 - of this server alone

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        made.daemon_threads = True
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{made.server_port}", Handler.asked
        made.shutdown()


def test_answer_when_it_unpacks_to_too_much_is_cut_and_not_asked_for_again(
    server: tuple[str, list[str]],
) -> None:
    url, asked = server
    assert len(BOMB) < 100_000
    with contextlib.closing(PlexGateway(Connection(url=url, token="t", client_id="c"), Clock())) as gateway:
        with pytest.raises(PlexTooLong, match="32 MB or more"):
            gateway.details([1])
        assert LONGEST < gateway.received < LONGEST + 1_000_000
        # Nothing of the answer that was cut is taken for another one.
        assert gateway.details([2]) == []
        assert gateway.received == len(SERVER)
    assert [path.partition("?")[0] for path in asked] == ["/", "/library/metadata/1", "/library/metadata/2"]


def test_batch_when_its_items_say_far_more_than_others_is_asked_for_in_halves(tmp_path: Path) -> None:
    films = [
        {"ratingKey": key, "title": f"F{key}", "summary": LONG, "file": f"/m/{key}.mkv"}
        for key in range(1, 61)
    ]
    with start_plex(tmp_path, [movie_section(1, "Films", films)]) as plex:
        world = World(plex, tmp_path)
        verdict = world.index(parallel=False)
        # 20 come to more than 3.6 MB; from then on 1.2 MB is asked for.
        sizes = [len(batch) for batch in world.details()]
    assert verdict.total.added == 60
    assert sizes == [20, 10, 10, 5, 5, 5, 5, 5, 5, 5, 5]
