"""Servers that answer as no honest one does, in threads of the test: a handler decides per request what goes out.

Keeps what it was sent, so that a test can tell whether a secret was among it.
"""

import contextlib
import functools
import http.server
import threading
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

ROOT = b'<MediaContainer machineIdentifier="abc" version="1.43" friendlyName="x"/>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request: `text` is its first line and all its headers, `body` what came with it."""

    method: str
    target: str
    headers: dict[str, str]
    text: str
    body: bytes


class Exchange(http.server.BaseHTTPRequestHandler):
    """What a handler of a test gets."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body go out separately
    server: "HostileServer"

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed."""

    def answer(
        self, body: bytes, *, status: int = 200, kind: str = "text/xml", headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def redirect(self, status: int, place: str) -> None:
        self.answer(b"", status=status, headers={"Location": place})

    def endless(self, piece: bytes, kind: str = "text/xml") -> None:
        """Until the client has had enough."""
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while True:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))

    def _take(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        text = f"{self.requestline}\n{self.headers}"
        asked = Asked(method=self.command, target=self.path, headers=headers, text=text, body=body)
        self.server.asked.append(asked)
        try:
            self.server.handle_asked(self, asked)
        except OSError:
            self.close_connection = True  # the client went away, as it may

    do_GET = do_POST = do_PUT = do_DELETE = _take


@dataclass(eq=False)
class HostileServer(http.server.ThreadingHTTPServer):
    """Listens on loopback; `port` 0 is any that is free."""

    handle_asked: Callable[[Exchange, Asked], None]
    port: int = 0
    asked: list[Asked] = field(default_factory=list)

    daemon_threads = True
    allow_reuse_address = True

    def __post_init__(self) -> None:
        super().__init__(("127.0.0.1", self.port), Exchange)
        self.port = self.server_port
        self.url = f"http://127.0.0.1:{self.port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients break off here: that is what is tested."""


@contextlib.contextmanager
def hostile_server(handle: Callable[[Exchange, Asked], None], port: int = 0) -> Iterator[HostileServer]:
    server = HostileServer(handle, port)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@functools.cache
def gzip_bomb(piece: bytes, times: int) -> bytes:
    """So many pieces, packed."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*(packer.compress(piece) for _ in range(times)), packer.flush()])
