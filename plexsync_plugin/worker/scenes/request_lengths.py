"""How long a request to this server may be: texts and lists that it refused, or is known to refuse, are cut to what it takes."""

import logging
from collections.abc import Callable, Iterable, Mapping

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import Rejected
from plexsync_plugin.core.ledger import Value
from plexsync_plugin.core.plan import Edit, ListEdit
from plexsync_plugin.jobs.server_records import ServerRecords
from plexsync_plugin.plex import edit
from plexsync_plugin.plex.gateway import PlexGateway
from plexsync_plugin.worker.scenes.scene_work import SceneWork

TOO_LONG = (400, 414)  # Plex answers 400, a proxy before it 414

_log = logging.getLogger(__name__)


class RequestLengths:
    """Of one server. `tell` takes a cause and a sentence for a person."""

    def __init__(
        self, gateway: PlexGateway, records: ServerRecords, tell: Callable[[str, str], None], clock: Clock
    ) -> None:
        self._gateway = gateway
        self._records = records
        self._tell = tell
        self._clock = clock

    @property
    def are_limited(self) -> bool:
        """Whether this server is known to refuse long requests."""
        return self._records.longest_target(self._clock.now()) > 0

    def fitted(self, work: SceneWork, desired: Mapping[str, Value], cut: frozenset[str]) -> dict[str, Value]:
        """Values as they stand; where this server is known to refuse long requests, texts are cut at a word and lists at their
        end. `cut` are lists that it refused just now."""
        limit = self._records.longest_target(self._clock.now())
        fitting = dict(desired)
        for name, value in desired.items():
            if isinstance(value, str):
                fitting[name] = edit.fitted(value, limit) if limit else value
            elif limit or name in cut:
                fitting[name] = edit.fitted_list(name, value, limit or edit.LIMIT)
                self._tell_cut(work, name, len(fitting[name]), len(value))
        return fitting

    def _tell_cut(self, work: SceneWork, name: str, shown: int, whole: int) -> None:
        if shown < whole:
            self._tell(
                f"cut:{work.scene.id}:{name}",
                f"Scene {work.scene.id} has {whole} entries in the field {name}, more than Plex takes in one request: the "
                f"first {shown} are written.",
            )

    def learned(self, target: str, refusal: Rejected) -> bool:
        """Whether the refused request may be too long by its text, and this server was not known for it."""
        now = self._clock.now()
        if refusal.status not in TOO_LONG or len(target) <= edit.LIMIT or self._records.longest_target(now):
            return False
        self._records.set_longest_target(edit.LIMIT, self._gateway.server().version, now)
        _log.warning(
            "plex refuses long requests: texts of more than %d characters, encoded, are cut at a word",
            edit.LIMIT - edit.OVERHEAD,
        )
        return True


def too_long_list(target: str, refusal: Rejected, edits: Iterable[Edit | edit.LockEdit]) -> str:
    """The list that made this request too long; "" where it was none."""
    if refusal.status not in TOO_LONG or len(target) <= edit.LIMIT:
        return ""
    lists = [each.field for each in edits if isinstance(each, ListEdit)]
    return next((name for name in lists if f"&{name}[" in target), "")
