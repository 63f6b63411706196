"""One run of a plugin, as Stash runs it (docs/facts/stash.md sections 1 to 3): exec resolved, stdin written, stdout
read to EOF, stderr read by lines with their level, SIGKILL when the caller is gone.

What Go does when a plugin's child outlives it and writes to stderr later (EPIPE) is not reproduced: such lines are dropped.
"""

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from tests.sim.stash.log import Log
from tests.sim.stash.plugin_config import PluginConfig

LONGEST_LINE = 65_536
GRACE = 0.5
_PYTHONS = frozenset({"python", "python3"})
_LEVELS = {b"t": "Trace", b"d": "Debug", b"i": "Info", b"w": "Warning", b"e": "Error"}
_NAMES = {"none": None, "trace": "Trace", "debug": "Debug", "info": "Info", "warning": "Warning"}


class StartFailed(Exception):
    """The process could not be started."""


class Cancelled(Exception):
    """The caller went away; the process has been killed."""


@dataclass(frozen=True, slots=True)
class Result:
    """What the plugin answered; error is None where all is well."""

    output: Any = None
    error: str | None = None


def resolve_command(plugin: PluginConfig, exec_args: tuple[str, ...], python: str | None) -> list[str]:
    """Raises StartFailed for a plugin without exec."""
    words = [*plugin.exec, *exec_args]
    if not words:
        raise StartFailed("empty exec value")
    program, rest = words[0], [word.replace("{pluginDir}", str(plugin.folder)) for word in words[1:]]
    if program in _PYTHONS:
        configured = python if python and os.path.isfile(python) else None
        return [configured or shutil.which("python3") or shutil.which("python") or program, *rest]
    return [shutil.which(program) or str(plugin.folder / program), *rest]


def _environment(plugin: PluginConfig) -> dict[str, str]:
    environment = dict(os.environ)
    if plugin.exec[:1] and plugin.exec[0] in _PYTHONS:
        existing = environment.get("PYTHONPATH")
        parent = os.path.abspath(plugin.folder.parent)
        environment["PYTHONPATH"] = f"{existing}{os.pathsep}{parent}" if existing else parent
    return environment


class PluginProcess:
    """Started by its constructor. Raises StartFailed."""

    def __init__(
        self,
        plugin: PluginConfig,
        command: list[str],
        document: bytes,
        log: Log,
        on_progress: Callable[[float], None] | None = None,
        line_delay: float = 0.0,
    ) -> None:
        self._plugin = plugin
        self._log = log
        self._on_progress = on_progress
        self._line_delay = line_delay
        self._stdout = b""
        self._over = threading.Event()
        self._exited = threading.Event()
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=_environment(plugin),
            )
        except OSError as error:
            raise StartFailed(f"error running plugin: {error}") from error
        assert self._process.stdin is not None
        assert self._process.stderr is not None
        self._start(self._write_stdin, self._process.stdin, document)
        self._reader = self._start(self._read_stderr, self._process.stderr)
        self._start(self._collect)

    @staticmethod
    def _start(work: Callable[..., None], *arguments: Any) -> threading.Thread:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        thread.start()
        return thread

    def wait(self, is_gone: Callable[[], bool]) -> Result:
        """Raises Cancelled, without waiting for the killed process."""
        while not self._over.wait(0.02):
            if is_gone():
                self._process.kill()
                raise Cancelled
        return self._result()

    def _write_stdin(self, stream: IO[bytes], document: bytes) -> None:
        try:
            stream.write(document)
            stream.close()
        except OSError as error:
            self._log.write("Warning", f"error writing input to plugins stdin: {error.strerror}")

    def _collect(self) -> None:
        """stdout until EOF, whoever holds it, and only then the end of the process."""
        assert self._process.stdout is not None
        self._stdout = self._process.stdout.read()
        self._process.wait()
        self._exited.set()
        self._reader.join(GRACE)
        self._process.stdout.close()
        self._over.set()

    def _result(self) -> Result:
        code = self._process.returncode
        failure = f"signal: {_signal(-code)}" if code < 0 else f"exit status {code}" if code else None
        try:
            answer = json.loads(self._stdout)
        except ValueError:
            answer = None
        if isinstance(answer, dict):
            fields = {key.lower(): value for key, value in answer.items()}
            error = fields.get("error")
            if error is None or isinstance(error, str):
                return Result(fields.get("output"), error if error is not None else failure)
        text = self._stdout.decode("utf-8", "replace")
        return Result(text, failure)

    def _read_stderr(self, stream: IO[bytes]) -> None:
        """A line of 64 KiB or more ends the reader and closes the pipe, as Go's scanner does."""
        with stream:
            while line := stream.readline(LONGEST_LINE):
                if len(line.rstrip(b"\n")) >= LONGEST_LINE:
                    return
                # A reader that lags behind loses what is unread when the process ends.
                if self._line_delay and self._exited.wait(self._line_delay):
                    return
                self._take_line(line.rstrip(b"\n").removesuffix(b"\r"))

    def _take_line(self, line: bytes) -> None:
        level = _LEVELS.get(line[1:2]) if _is_prefixed(line) else None
        if _is_prefixed(line) and line[1:2] == b"p":
            self._take_progress(line[3:])
        elif level is not None:
            self._write_log(level, line[3:])
        else:
            self._write_log(_NAMES.get(self._plugin.error_level, "Error"), line)

    def _take_progress(self, text: bytes) -> None:
        try:
            fraction = float(text)
        except ValueError:
            message = f'strconv.ParseFloat: parsing "{text.decode("utf-8", "replace")}": invalid syntax'
            self._log.write("Error", f"Error parsing progress value: {message}", self._plugin.name)
            return
        if self._on_progress is not None:
            self._on_progress(fraction)

    def _write_log(self, level: str | None, message: bytes) -> None:
        if level is not None:
            self._log.write(level, message.decode("utf-8", "replace"), self._plugin.name)


def _is_prefixed(line: bytes) -> bool:
    """A line of less than four bytes is not parsed, so an empty message shows its control characters."""
    return len(line) >= 4 and line[:1] == b"\x01" and line[2:3] == b"\x02"


def _signal(number: int) -> str:
    return {9: "killed", 15: "terminated"}.get(number, str(number))
