"""Runs plugins: the hooks of an event inside the save, tasks inside a job, operations inside a request.

Decides who is run with which document; the process itself is plugin_process.py's.
"""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tests.sim.stash.documents import Connection, Documents, hook_arguments, task_arguments
from tests.sim.stash.gojson import dump_text, normalise
from tests.sim.stash.jobs import JobFailed
from tests.sim.stash.log import Log
from tests.sim.stash.plugin_config import Operation, PluginConfig
from tests.sim.stash.plugin_process import Cancelled, PluginProcess, Result, StartFailed, resolve_command
from tests.sim.stash.plugins import Plugins
from tests.sim.stash.sessions import Sessions, Visited

DEEPEST_LOOP = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """On whose behalf something runs: a request, or a job. base is the address under which the client reached Stash."""

    base: str = ""
    user: str = ""
    visited: tuple[tuple[str, str], ...] = ()
    is_gone: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One hook to fire. given is the GraphQL input as Stash writes it, fields the keys that were sent."""

    type: str
    id: int
    given: Any = None
    fields: tuple[str, ...] = ()

    def shuffled(self) -> "Event":
        return replace(self, fields=tuple(_random.sample(self.fields, len(self.fields))))


_random = random.Random()


class Runner:
    def __init__(
        self, plugins: Plugins, sessions: Sessions, log: Log, connection: Connection, python: str | None
    ) -> None:
        self.documents = Documents()
        self.line_delay = 0.0
        self.python = python
        self.timings: list[dict[str, Any]] = []
        self._plugins = plugins
        self._sessions = sessions
        self._log = log
        self._connection = connection
        self._lock = threading.Lock()

    def fire(self, caller: Caller, event: Event) -> None:
        """Every matching hook of every plugin, one after the other; ends early when the caller is gone or one cannot start."""
        for plugin in self._plugins.enabled():
            hooks = [each for each in plugin.hooks for name in each.triggered_by if name == event.type]
            if not hooks or self._is_loop(caller, plugin, event):
                continue
            for hook in hooks:
                try:
                    self._run_hook(caller, plugin, hook, event)
                except StartFailed as error:
                    self._log.write("Error", f"error executing post hooks for {event.type}: {error}")
                    return
                except Cancelled:
                    self._log.write("Error", "error executing post hooks: operation cancelled")
                    return

    def _is_loop(self, caller: Caller, plugin: PluginConfig, event: Event) -> bool:
        if caller.visited.count((plugin.id, event.type)) < DEEPEST_LOOP:
            return False
        self._log.write("Debug", f"plugin ID '{plugin.id}' already triggered, not re-triggering")
        return True

    def _run_hook(self, caller: Caller, plugin: PluginConfig, hook: Operation, event: Event) -> None:
        arguments = hook_arguments(hook.default_args, event.type, event.id, event.given, list(event.fields))
        began = time.perf_counter()
        visited = [*caller.visited, (plugin.id, event.type)]
        try:
            process = self._start(plugin, hook.exec_args, arguments, (caller.user, visited))
            result = process.wait(caller.is_gone)
        finally:
            self._note_time(plugin, event, began)
        self._log_result(f"{event.type} [{plugin.name}]: returned", result)

    def _note_time(self, plugin: PluginConfig, event: Event, began: float) -> None:
        took = round((time.perf_counter() - began) * 1000, 3)
        with self._lock:
            self.timings.append({"plugin": plugin.id, "type": event.type, "id": event.id, "ms": took})

    def _start(
        self,
        plugin: PluginConfig,
        exec_args: tuple[str, ...],
        arguments: dict[str, Any],
        session: tuple[str, Visited],
        on_progress: Callable[[float], None] | None = None,
    ) -> PluginProcess:
        """`session` is the user and the hooks visited so far, for the cookie."""
        command = resolve_command(plugin, exec_args, self.python)
        described = self._connection.describe(self._sessions.make_cookie(*session), plugin.folder)
        document = self.documents.write(plugin.id, described, arguments)
        return PluginProcess(plugin, command, document, self._log, on_progress, self.line_delay)

    def _log_result(self, subject: str, result: Result) -> None:
        if result.error is not None:
            self._log.write("Error", f"{subject} error: {result.error}")
        elif result.output is not None:
            self._log.write("Debug", f"{subject}: {result.output}")

    def run_task(
        self,
        caller: Caller,
        names: tuple[str, str | None],
        given: dict[str, Any],
        on_progress: Callable[[float], None],
    ) -> None:
        """`names` is the plugin's id and the task's name. Raises JobFailed; an error of the plugin is only logged."""
        plugin, task = self._find_task(*names)
        arguments = task_arguments(given, task.default_args)
        session = (caller.user, list(caller.visited))
        try:
            process = self._start(plugin, task.exec_args, arguments, session, on_progress)
            result = process.wait(caller.is_gone)
        except StartFailed as error:
            raise JobFailed(f"Error running plugin task: {error}") from error
        except Cancelled:
            return
        self._log_result("Plugin returned", result)

    def _find_task(self, plugin_id: str, name: str | None) -> tuple[PluginConfig, Operation]:
        plugin = self._plugins.find(plugin_id)
        if plugin is None:
            raise JobFailed(f"Error creating plugin task: no plugin with ID {plugin_id}")
        if name is None:
            return plugin, Operation()
        task = next((each for each in plugin.tasks if each.name == name), None)
        if task is None:
            message = f"no task with name {name} in plugin {plugin.label}"
            raise JobFailed(f"Error creating plugin task: {message}")
        return plugin, task

    def run_operation(self, caller: Caller, plugin: PluginConfig, given: dict[str, Any]) -> Result:
        """Raises StartFailed and Cancelled. Default arguments do not apply here."""
        arguments = task_arguments(given, {})
        process = self._start(plugin, (), arguments, (caller.user, list(caller.visited)))
        result = process.wait(caller.is_gone)
        if result.error is not None:
            self._log.write("Error", result.error)
            self._log.write("Debug", f"runPluginOperation args: {dump_text(normalise(given, ordered=True))}")
        return result
