"""A rig in which what people do in Plex comes back to Stash: plays, resume points, stars."""

import urllib.request
from typing import Any

from plexsync_plugin.base.clock import utc_text
from plexsync_plugin.worker.from_plex.look import FromPlex
from tests.rig import Rig
from tests.stage import TOKEN, item_key

HISTORY = "GET /status/sessions/history/all"
ACCOUNTS = "GET /accounts"


class Watching:
    """A rig whose scenes 1 to 3 are in sync. Plays count from its first look on."""

    def __init__(self, rig: Rig, settings: dict[str, Any]) -> None:
        self.rig = rig
        self._to_set: dict[str, Any] = settings
        rig.stage.plex.control("accounts", {"7": "Ann", "8": "Bob, the Guest"})
        for scene in (1, 2, 3):
            rig.stage.edit(scene, title=f"Scene {scene}")
        rig.settle()
        self.forget_requests()

    @property
    def now(self) -> int:
        return int(self.rig.clock.now())

    def play(self, scene: int, *, ago: int = 0, account: int = 1, key: int = 0, **options: Any) -> str:
        """Plex notes a play that ended so many seconds ago; the time that Stash should have."""
        at = self.now - ago
        payload = {"ratingKey": key or item_key(scene), "viewedAt": at, "account": account, **options}
        self.rig.stage.plex.control("play", payload)
        return utc_text(at)

    def look(self) -> None:
        """The next look of the schedule; before the first, the settings are saved."""
        if self._to_set:
            configure(self, **self._to_set)
            self._to_set = {}
        self.rig.run_for(301)

    def hear(self, stands: bool) -> None:
        """Whether the stream of events stands, as the worker knows it; here nobody listens."""
        self.rig.worker.live.bell.stands = stands

    def plays(self, scene: int) -> list[str]:
        query = "query($id:ID!){findScene(id:$id){play_history}}"
        return sorted(self.rig.stage.gql(query, id=str(scene))["findScene"]["play_history"])

    def resume(self, scene: int) -> float:
        query = "query($id:ID!){findScene(id:$id){resume_time}}"
        return float(self.rig.stage.gql(query, id=str(scene))["findScene"]["resume_time"])

    def states(self) -> list[str]:
        rows = self.rig.stage.rows("SELECT state FROM plays ORDER BY played_at, account")
        return [row["state"] for row in rows]

    def forget_requests(self) -> None:
        self.rig.stage.plex.clear_log()
        self.rig.stage.stash.clear_log()

    def asked(self, *kinds: str) -> list[str]:
        """Requests to Plex, without what each new connection asks."""
        found = self.rig.stage.plex_paths()
        return [request for request in found if not kinds or request.startswith(kinds)]

    def asked_stash(self) -> int:
        """Queries to Stash but for the looks at its settings, which come every 30 seconds."""
        return len(self.rig.stage.stash.log("POST /graphql"))

    @property
    def from_plex(self) -> FromPlex:
        return self.rig.worker.own_work.from_plex


def configure(watching: Watching, **settings: Any) -> None:
    watching.rig.stage.settings |= settings
    watching.rig.stage.configure(watching.rig.stage.settings)
    watching.rig.run_for(31)


def leave(watching: Watching, scene: int, milliseconds: int, account: int = 1) -> None:
    """Somebody stops in the middle, and the stream of events tells of it."""
    payload = {
        "ratingKey": item_key(scene),
        "viewOffset": milliseconds,
        "account": account,
        "viewedAt": watching.now,
    }
    watching.rig.stage.plex.control("leave", payload)
    watching.from_plex.play_ended(item_key(scene))
    watching.rig.run_for(16)


def ask_plex(watching: Watching, target: str) -> None:
    request = urllib.request.Request(
        f"{watching.rig.stage.plex.url}{target}", headers={"X-Plex-Token": TOKEN}
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200
