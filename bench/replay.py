"""A Plex that answers from memory: what the simulator said the first time is said again, at the cost of sending it.

The simulator makes its answers in Python, slower than the index reads them; a measurement against it would measure the
simulator. Run as a process of its own: `python -m bench.replay URL FOLDER PACE` prints its address and ends with its
standard input. With a folder, its files are what the photo transcoder makes, whatever picture is asked for.
"""

import http.client
import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from tests.sim.process import ROOT

KEPT_HEADERS = ("Content-Type", "Content-Encoding", "X-Plex-Protocol")
PASSED_ON = ("X-Plex-Token", "X-Plex-Container-Start", "X-Plex-Container-Size", "Accept-Encoding")
ASKED = "/_replay/asked"
PICTURE = "/photo/:/transcode"

Answer = tuple[int, list[tuple[str, str]], bytes]


class Replay:
    """The process, while the context lasts; `url` is where it answers."""

    def __init__(self, upstream: str, *, pictures: str = "", pace: int = 0) -> None:
        """`pictures` is the folder, `pace` in bytes a second of each answer, as sent; 0 for as fast as can be."""
        self._arguments = [upstream, pictures, str(pace)]
        self.url = ""

    def __enter__(self) -> Self:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "bench.replay", *self._arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._child.stdout is not None
        self.url = self._child.stdout.readline().strip()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.communicate()

    def asked(self) -> list[tuple[str, dict[str, str]]]:
        """Target and headers of each request since the last call, in order; without the token."""
        with urllib.request.urlopen(self.url + ASKED, timeout=60) as response:
            found: list[Any] = json.loads(response.read())
        return [(target, headers) for target, headers in found]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, upstream: str, pictures: str, pace: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pictures = [path.read_bytes() for path in sorted(Path(pictures).iterdir())] if pictures else []
        self.host = urlsplit(upstream).netloc
        self.pace = int(pace)
        self.known: dict[tuple[str, ...], Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 0
    server: _Server

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""

    def do_GET(self) -> None:
        if self.path == ASKED:
            told, self.server.asked = self.server.asked, []
            self._send((200, [("Content-Type", "application/json")], json.dumps(told).encode()))
            return
        asked = {name: given for name in PASSED_ON if (given := self.headers.get(name)) is not None}
        shown = {name: given for name, given in asked.items() if name != "X-Plex-Token"}
        self.server.asked.append((self.path, shown))
        place = (self.path, *asked.values())
        answer = self.server.known.get(place)
        if answer is None:
            answer = self.server.known[place] = self._made(asked)
        if self.server.pace:
            time.sleep(len(answer[2]) / self.server.pace)
        self._send(answer)

    def _send(self, answer: Answer) -> None:
        status, headers, body = answer
        fields = "".join(f"{name}: {value}\r\n" for name, value in headers)
        head = f"HTTP/1.1 {status} .\r\n{fields}Content-Length: {len(body)}\r\n\r\n"
        self.connection.sendall(head.encode("latin-1") + body)

    def _made(self, asked: dict[str, str]) -> Answer:
        pictures = self.server.pictures
        if not pictures or not self.path.startswith(PICTURE):
            return self._fetched(asked)
        picture = pictures[zlib.crc32(self.path.encode()) % len(pictures)]
        return 200, [("Content-Type", "image/jpeg")], picture

    def _fetched(self, asked: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection(self.server.host, timeout=120)
        try:
            connection.request("GET", self.path, headers=asked)
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        kept = [(name, value) for name in KEPT_HEADERS if (value := response.getheader(name))]
        return response.status, kept, body


def main() -> None:
    server = _Server(*sys.argv[1:4])
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
    while os.read(0, 65536):
        pass


if __name__ == "__main__":
    main()
