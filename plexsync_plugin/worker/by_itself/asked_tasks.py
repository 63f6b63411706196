"""Tasks of Stash's task page that the page inside Stash asks for: *Check Setup* and *Preview Changes*.

Each is a process of its own, fed with the document that Stash writes for the task: *Check Setup* must run also while the settings
make no sense, and the worker goes on syncing meanwhile. What it says becomes the message of its order: the verdict, then for
*Check Setup* its lines.
"""

import json
import logging
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import IO, Any

from plexsync_plugin.base import spawn
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.jobs.orders import Order
from plexsync_plugin.stash.connection import StashConnection
from plexsync_plugin.worker.orders.orders import Orders

PATIENCE = 3_600.0  # seconds; a preview of a large library takes minutes
SHOWN = ("i", "w", "e")  # levels of Stash's log that a person is told
LONGEST = 60_000  # characters of a message

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Child:
    order: Order
    process: "subprocess.Popen[bytes]"
    output: IO[bytes]
    lines: IO[bytes]
    until: float  # on the monotonic clock


class AskedTasks:
    def __init__(self, orders: Orders, clock: Clock) -> None:
        self._orders = orders
        self._clock = clock
        self._child: _Child | None = None

    def look(self, connection: StashConnection) -> None:
        """Start the next one, or note the end of the one that runs."""
        if self._child is None:
            order = self._orders.next_asked()
            if order is not None:
                self._child = self._start(order, connection)
        elif self._child.process.poll() is not None or self._clock.monotonic() > self._child.until:
            child, self._child = self._child, None
            self._end(child)

    def close(self) -> None:
        """End it with the worker; the next one starts it again."""
        if self._child is not None:
            self._child.process.kill()
            self._child.process.wait()
            self._child.output.close()
            self._child.lines.close()
            self._child = None

    def _start(self, order: Order, connection: StashConnection) -> _Child:
        args: dict[str, Any] = {"task": order.name, "asked": True, **order.args, "ids": list(order.ids)}
        document = {"server_connection": connection.document(), "args": args}
        output, lines = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115 - read at its end
        process = subprocess.Popen(
            [sys.executable, spawn.START], stdin=subprocess.PIPE, stdout=output, stderr=lines
        )
        assert process.stdin is not None  # PIPE was asked for
        with process.stdin as pipe:
            pipe.write(json.dumps(document).encode())
        _log.info("task=%s started pid=%d", order.name, process.pid)
        return _Child(
            order=order,
            process=process,
            output=output,
            lines=lines,
            until=self._clock.monotonic() + PATIENCE,
        )

    def _end(self, child: _Child) -> None:
        if child.process.poll() is None:
            child.process.kill()
        code = child.process.wait()
        with child.output as output, child.lines as lines:
            answer, said = _answer(output), _lines(lines)
        trouble = answer.get("error")
        text = str(answer.get("output") or trouble or f"It ended with code {code} and without a word.")
        if child.order.name == "check_setup":
            text = "\n".join([text, *said])
        _log.info("task=%s ended code=%d", child.order.name, code)
        self._orders.end_asked(child.order, text[:LONGEST], failed=not answer.get("output"))


def _answer(file: IO[bytes]) -> dict[str, Any]:
    """What start.py writes: `output` or `error`. Empty when it was killed."""
    file.seek(0)
    try:
        answer = json.loads(file.read())
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _lines(file: IO[bytes]) -> list[str]:
    """Of Stash's log, as base.stashlog writes them."""
    file.seek(0)
    found = []
    for line in file.read().decode("utf-8", "replace").splitlines():
        level, mark, text = line[1:2], line[2:3], line[3:]
        if line[:1] == "\x01" and mark == "\x02" and level in SHOWN:
            found.append(text)
    return found
