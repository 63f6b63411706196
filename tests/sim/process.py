"""A simulator as a child process, for tests and the demo: start, stop, take down and bring back, read its log, make faults.

Holds no state of its own but the port and a state file; talks to the child over the control interface of server.py.
How the child is started is `start.py`'s.
"""

import http.client
import json
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.sim.faults import matches
from tests.sim.start import Child, start

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
CONTROL_SECONDS = 60


class SimulatorError(Exception):
    """A simulator did not start, or refused a control request."""


class SimProcess:
    """A running child process from construction to stop(); paths in the arguments must be absolute."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._module = module
        self._arguments = arguments
        self._folder = tempfile.TemporaryDirectory(prefix="sim-")
        self._child: Child | None = None
        self.port = 0
        self.url = ""
        self.up()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def up(self) -> None:
        """Starts the process, on the port and with the state it had before."""
        if self._child is not None:
            raise SimulatorError(f"{self._module} is already up")
        state = str(Path(self._folder.name, "state.json"))
        child = start(self._module, ["--port", str(self.port), "--state", state, *self._arguments])
        self._child = child
        watch = threading.Timer(START_SECONDS, child.kill)
        watch.start()
        line = child.first_line()
        watch.cancel()
        if not line.startswith("READY "):
            self.stop()
            raise SimulatorError(f"{self._module} did not start; exit code {child.exit_code}, said {line!r}")
        self.url = line.split()[1]
        self.port = int(self.url.rpartition(":")[2])

    def down(self) -> None:
        """Ends the process; connections are refused until up()."""
        if self._child is None:
            return
        child, self._child = self._child, None
        child.end(CONTROL_SECONDS)

    def stop(self) -> None:
        try:
            self.down()
        finally:
            self._folder.cleanup()

    @property
    def pid(self) -> int:
        if self._child is None:
            raise SimulatorError(f"{self._module} is down")
        return self._child.pid

    def log(self, match: str = "") -> list[dict[str, Any]]:
        """The requests so far whose "METHOD target" begins with `match` (plain text or regular expression)."""
        entries: list[dict[str, Any]] = self._call("GET", "log", None)
        return [entry for entry in entries if matches(match, f"{entry['method']} {entry['target']}")]

    def clear_log(self) -> None:
        self.control("clear_log")

    def fault(self, kind: str, **options: Any) -> None:
        self.control("fault", {"kind": kind, **options})

    def clear_faults(self) -> None:
        self.control("clear_faults")

    def control(self, name: str, payload: Any = None) -> Any:
        return self._call("POST", name, payload)

    def _call(self, method: str, name: str, payload: Any) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=CONTROL_SECONDS)
        try:
            body = None if payload is None else json.dumps(payload)
            connection.request(method, f"/_sim/{name}", body=body)
            response = connection.getresponse()
            answer = json.loads(response.read())
        finally:
            connection.close()
        if response.status != http.client.OK:
            raise SimulatorError(f"{self._module} refused {name}: {answer}")
        return answer
