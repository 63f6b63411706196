"""How tests speak to a simulated Stash: the child process with a GraphQL client, and the recorder plugin put into its folder.

A client of its own on http.client, so that nothing under test checks itself.
"""

import http.client
import json
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.sim.process import SimProcess
from tests.sim.stash.schema import DATA

SECONDS = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """headers has lower-case names."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class GraphQLError(Exception):
    """The answer holds errors; the text is the first one's message."""


class StashProcess(SimProcess):
    """A simulated Stash whose config folder is `folder`."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.folder = folder
        super().__init__("tests.sim.stash", "--config-dir", str(folder), *arguments)

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)

    def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        connection = self.connect()
        try:
            connection.request(method, path, body=body, headers=dict(headers or {}))
            response = connection.getresponse()
            fields = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, fields, response.read())
        finally:
            connection.close()

    def post(
        self, query: str, variables: dict[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        fields = {"Content-Type": "application/json", "Accept": "application/json"} | dict(headers or {})
        return self.send("POST", "/graphql", fields, encode(query, variables))

    def query(self, query: str, variables: dict[str, Any] | None = None) -> Any:
        """The data. Raises GraphQLError."""
        answer = self.post(query, variables).json
        if answer.get("errors"):
            raise GraphQLError(answer["errors"][0]["message"])
        return answer["data"]

    def wait_for_jobs(self) -> None:
        wait_until(lambda: self.query("{jobQueue{id}}")["jobQueue"] is None, "the job queue is empty")

    def update_scene(self, **given: Any) -> Any:
        return self.query(
            "mutation($i:SceneUpdateInput!){sceneUpdate(input:$i){id updated_at}}", {"i": given}
        )


def wait_until(holds: Callable[[], bool], what: str) -> None:
    """Raises TimeoutError naming `what` after SECONDS."""
    end = time.monotonic() + SECONDS
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.02)


def encode(query: str, variables: dict[str, Any] | None = None) -> bytes:
    return json.dumps({"query": query, "variables": variables or {}}).encode()


class Recorder:
    """The recorder plugin below a config folder's plugins; what it wrote."""

    def __init__(self, config: Path, name: str = "Recorder") -> None:
        self.folder = config / "plugins" / name
        self.folder.mkdir(parents=True)
        shutil.copy(DATA / "recorder" / "Recorder.yaml", self.folder / f"{name}.yml")
        shutil.copy(DATA / "recorder" / "recorder.py", self.folder)

    def set_mode(self, mode: str) -> None:
        (self.folder / "mode").write_text(mode, encoding="utf-8")

    def take(self) -> list[bytes]:
        """The documents since the last call, in the order in which the processes read them."""
        paths = sorted((self.folder / "recorded").glob("*.json"))
        documents = [path.read_bytes() for path in paths]
        for path in paths:
            path.unlink()
        return documents

    def take_events(self) -> list[tuple[str, int]]:
        contexts = [json.loads(document)["args"]["hookContext"] for document in self.take()]
        return [(context["type"], context["id"]) for context in contexts]

    def pids(self) -> list[int]:
        path = self.folder / "pids"
        return [int(line) for line in path.read_text(encoding="utf-8").split()] if path.exists() else []
