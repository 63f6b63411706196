"""Everything one running Stash consists of, and what outlives its end."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.sim.stash.configuration import Configuration
from tests.sim.stash.documents import Connection
from tests.sim.stash.inputs import InputForm
from tests.sim.stash.jobs import Jobs
from tests.sim.stash.library import Library
from tests.sim.stash.log import Log
from tests.sim.stash.plugins import Plugins
from tests.sim.stash.runner import Caller, Event, Runner
from tests.sim.stash.schema import Schemas
from tests.sim.stash.sessions import Sessions


class Installation:
    def __init__(self, version: str, folder: Path, plugins: Path, python: str | None) -> None:
        self.version = version
        self.refused: tuple[str, str] | None = None
        self.schemas = Schemas(version)
        self.forms = InputForm(self.schemas.running)
        self.log = Log()
        self.library = Library()
        self.sessions = Sessions()
        self.jobs = Jobs()
        self.connection = Connection(version=version, folder=folder)
        self.plugins = Plugins(plugins, self.log)
        self.runner = Runner(self.plugins, self.sessions, self.log, self.connection, python)
        self.configuration = Configuration(folder, plugins, self.sessions)

    def dump(self) -> dict[str, Any]:
        """Jobs are not in it: Stash forgets them when it ends."""
        return {
            "library": self.library.dump(),
            "sessions": self.sessions.dump(),
            "configuration": self.configuration.dump(),
            "disabled": sorted(self.plugins.disabled),
            "log": self.log.rows(),
            "documents": self.runner.documents.rows(),
            "timings": self.runner.timings,
            "line_delay": self.runner.line_delay,
            "both": self.schemas.both,
            "host": self.connection.host,
        }

    def load(self, kept: dict[str, Any]) -> None:
        self.library.load(kept["library"])
        self.sessions.load(kept["sessions"])
        self.configuration.load(kept["configuration"])
        self.plugins.disabled = set(kept["disabled"])
        # What reading the plugins said at this start comes after the lines of the run before.
        self.log.load([*kept["log"], *self.log.rows()])
        self.runner.documents.load(kept["documents"])
        self.runner.timings[:] = kept["timings"]
        self.runner.line_delay = kept["line_delay"]
        self.schemas.both = kept["both"]
        self.connection.host = kept["host"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a resolver gets: the Stash, and who asks."""

    stash: Installation
    caller: Caller = field(default_factory=Caller)

    @property
    def library(self) -> Library:
        return self.stash.library

    def fire(self, event: Event, *, in_order: bool = False) -> None:
        """`in_order`: inputFields as they are; else in Go's random order of a map."""
        self.stash.runner.fire(self.caller, event if in_order else event.shuffled())
