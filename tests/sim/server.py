"""The HTTP server under both simulators: one process, threads, keep-alive, a request log, faults, a control interface.

Knows nothing of Plex or Stash: an Application answers the requests, this module carries them. Control interface:

    GET  /_sim/log            [{"at", "method", "target", "path", "status", "ms", "bytes", "connection", "fault"}, ...]
    POST /_sim/clear_log
    POST /_sim/fault          one Fault (faults.py) as JSON
    POST /_sim/clear_faults
    POST /_sim/<other>        Application.control(<other>, payload); ValueError and KeyError answer 400 with the message

In the log "at" is epoch seconds at arrival, "status" is 0 where no whole answer was sent, "bytes" is the size of the body as
sent, "connection" numbers the TCP connections. Tokens and API keys in targets are blanked before anything is stored.
"""

import argparse
import json
import os
import signal
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.sim.faults import Fault, Faults
from tests.sim.message import (
    Application,
    Headers,
    Request,
    Response,
    StatefulApplication,
    blank_secrets,
    compress,
    parse_request,
)

__all__ = [
    "Application",
    "Headers",
    "Request",
    "Response",
    "StatefulApplication",
    "add_arguments",
    "compress",
    "parse_request",
    "serve",
]

LONGEST_LINE = 1 << 22
CONTROL_PREFIX = "/_sim/"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options that SimProcess passes to every simulator."""
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--state", type=Path, default=None, help="file that keeps the state between two runs")


class Server(ThreadingHTTPServer):
    """Listens on loopback and owns the log, the faults and the count of requests in hand."""

    daemon_threads = True
    request_queue_size = 256
    allow_reuse_address = os.name == "posix"

    def __init__(self, application: Application, port: int, unlogged: Callable[[Request], bool]) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.application = application
        self.unlogged = unlogged
        self.faults = Faults()
        self.log: list[dict[str, Any]] = []
        self.connections = 0
        self._idle = threading.Condition()
        self._in_hand = 0
        self._stopping = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error of the simulator; anything else is shown."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    @contextmanager
    def carrying_out(self) -> Iterator[None]:
        """Around each call of the application: the state is dumped only when none is in hand."""
        with self._idle:
            if self._stopping:
                raise ConnectionAbortedError("the simulator is stopping")
            self._in_hand += 1
        try:
            yield
        finally:
            with self._idle:
                self._in_hand -= 1
                self._idle.notify_all()

    def settle(self) -> None:
        with self._idle:
            self._stopping = True
            self.faults.clear()
            self._idle.wait_for(lambda: self._in_hand == 0, timeout=10)

    def load(self, state: Path) -> None:
        kept = json.loads(state.read_text(encoding="utf-8"))
        self.log, self.connections = kept["log"], kept["connections"]
        for options in kept["faults"]:
            self.faults.add(options)
        if isinstance(self.application, StatefulApplication):
            self.application.load_state(kept["application"])

    def dump(self, state: Path, faults: list[dict[str, Any]]) -> None:
        stateful = isinstance(self.application, StatefulApplication)
        kept = {
            "log": self.log,
            "connections": self.connections,
            "faults": faults,
            "application": self.application.dump_state() if stateful else None,  # type: ignore[attr-defined]
        }
        state.write_text(json.dumps(kept), encoding="utf-8")

    def control(self, name: str, payload: Any) -> Any:
        match name:
            case "log":
                return list(self.log)
            case "clear_log":
                self.log.clear()
            case "fault":
                self.faults.add(payload)
            case "clear_faults":
                self.faults.clear()
            case _:
                with self.carrying_out():
                    return self.application.control(name, payload)
        return None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 0
    server: Server

    def log_message(self, format: str, *args: Any) -> None:
        """The log is the list behind /_sim/log, not stderr."""

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1
        self.connection_number = self.server.connections

    def handle_one_request(self) -> None:
        try:
            self.raw_requestline = self.rfile.readline(LONGEST_LINE)
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            self._exchange()
        except ConnectionError:
            self.close_connection = True

    def _exchange(self) -> None:
        arrived, began = time.time_ns(), time.perf_counter()
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = parse_request(self.command, self.path, dict(self.headers.items()), body)
        if request.path.startswith(CONTROL_PREFIX):
            self._send(request, self._control(request))
            return
        target = blank_secrets(request.target)
        fault = self.server.faults.take(f"{request.method} {target}")
        entry: dict[str, Any] = {
            "at": arrived / 1e9,
            "method": request.method,
            "target": target,
            "path": request.path,
            "status": 0,
            "ms": 0.0,
            "bytes": 0,
            "connection": self.connection_number,
            "fault": fault.kind if fault else None,
        }
        if not self.server.unlogged(request):
            self.server.log.append(entry)
        response = self._answer(request, fault)
        if response is not None:
            entry.update(status=response.status, bytes=len(response.body))
            entry["ms"] = round((time.perf_counter() - began) * 1000, 3)
            self._send(request, response, fault)

    def _answer(self, request: Request, fault: Fault | None) -> Response | None:
        """None: the connection is gone, nothing is to be sent."""
        if fault is None or fault.kind in ("truncate", "trickle"):
            return self._ask(request)
        if fault.kind == "status":
            return Response(status=fault.status, headers=dict(fault.headers), body=fault.body.encode())
        if fault.kind == "slow":
            self.server.faults.cleared.wait(fault.seconds)
            return self._ask(request)
        if fault.when == "after":
            self._ask(request)
        if fault.kind == "hang":
            self.server.faults.cleared.wait(fault.seconds)
        else:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self.rfile.close()
        self.connection.close()
        self.close_connection = True
        return None

    def _ask(self, request: Request) -> Response:
        with self.server.carrying_out():
            return self.server.application.answer(request)

    def _control(self, request: Request) -> Response:
        try:
            payload = json.loads(request.body) if request.body else None
            answer = self.server.control(request.path.removeprefix(CONTROL_PREFIX), payload)
        except (ValueError, KeyError) as error:
            return Response(status=400, body=json.dumps(f"{type(error).__name__}: {error}").encode())
        return Response(headers={"Content-Type": "application/json"}, body=json.dumps(answer).encode())

    def _send(self, request: Request, response: Response, fault: Fault | None = None) -> None:
        truncated = fault is not None and fault.kind == "truncate"
        trickle = fault if fault is not None and fault.kind == "trickle" else None
        phrase = _PHRASES.get(response.status, "Unknown")
        framing = (
            {"Transfer-Encoding": "chunked"}
            if response.stream is not None or (trickle and trickle.part == "chunks")
            else {"Content-Length": str(len(response.body))}
        )
        fields = framing | {"Date": formatdate(usegmt=True)} | response.headers
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        body = response.body[: len(response.body) // 2] if truncated else response.body
        if request.method == "HEAD":
            body = b""
        status_line = f"HTTP/1.1 {response.status} {phrase}\r\n"
        start = f"{status_line}{head}\r\n".encode("latin-1", "replace")
        if trickle:
            self._trickle(trickle, start, body)
        else:
            self.connection.sendall(start + body)
        for piece in response.stream or ():
            self.connection.sendall(_chunk(piece))
        self.close_connection = self.close_connection or truncated or fields.get("Connection") == "close"

    def _trickle(self, fault: Fault, start: bytes, body: bytes) -> None:
        cleared = self.server.faults.cleared
        at_once, slow = (b"", start + body) if fault.part == "head" else (start, body)
        self.connection.sendall(at_once)
        for place in range(0, len(slow), fault.size):
            if place:
                cleared.wait(fault.seconds)
            piece = slow[place : place + fault.size]
            self.connection.sendall(_chunk(piece) if fault.part == "chunks" else piece)
        if fault.part == "chunks":
            self.connection.sendall(_chunk(b""))


def _chunk(piece: bytes) -> bytes:
    return f"{len(piece):x}\r\n".encode() + piece + b"\r\n"


_PHRASES = {status.value: status.phrase for status in HTTPStatus}
# Linger on, zero seconds: closing sends RST instead of FIN. Windows has 16-bit fields here.
_NO_LINGER = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)


def _wait_for_the_end() -> None:
    """Returns at EOF on stdin (the parent is gone or wants us gone) or at SIGTERM."""
    over = threading.Event()

    def drain_stdin() -> None:
        # os.read, because a daemon thread inside sys.stdin's buffer lock aborts the interpreter's shutdown.
        while os.read(0, 65536):
            pass
        over.set()

    signal.signal(signal.SIGTERM, lambda _number, _frame: over.set())
    threading.Thread(target=drain_stdin, daemon=True).start()
    while not over.wait(3600):
        pass


def serve(
    application: Application,
    *,
    port: int = 0,
    unlogged: Callable[[Request], bool] = lambda _request: False,
    state: Path | None = None,
    server_class: type[Server] = Server,
) -> None:
    """Prints one line "READY http://127.0.0.1:PORT" and serves until stdin ends or SIGTERM comes."""
    server = server_class(application, port, unlogged)
    if state is not None and state.exists():
        server.load(state)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    sys.stdout.write(f"READY http://127.0.0.1:{server.server_address[1]}\n")
    sys.stdout.flush()
    _wait_for_the_end()
    server.shutdown()
    faults = server.faults.dump()
    server.settle()
    if state is not None:
        server.dump(state, faults)
    server.server_close()
