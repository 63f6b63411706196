"""What can happen between Stash, PlexSync and Plex: the two sides' changes, and the worker's life. Drawn by hypothesis."""

import hashlib
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from tests.property.sync_plex_changes import PERSONS, PlexChanges
from tests.property.sync_stash_changes import COVERS, S_VALUES, StashChanges
from tests.property.sync_watch import Watch
from tests.property.sync_world import SyncWorld

UPLOADS, P_UPLOADS = (
    {
        f"upload://{element}/{hashlib.sha1(data).hexdigest()}"
        for data in some
        for element in ("posters", "arts")
    }
    for some in (COVERS, PERSONS)
)
# What Stash tells of by its hooks, and what may happen to the worker meanwhile.
TOLD = (
    "stash_edit", "stash_cover", "stash_bulk", "stash_rename", "stash_destroy", "stash_merge_tags", "stash_performer",
    "sync_works", "sync_settles", "sync_is_killed", "sync_meets", "sync_loses",
)  # fmt: skip
THEMES = {
    "anything": ("stash_", "plex_", "sync_"),
    "saves": TOLD,
    "pictures": (
        "stash_bulk_edit", "stash_cover", "plex_choose", "plex_edit_text", "sync_works", "sync_order", "sync_undo", "sync_prefers",
        "sync_is_killed", "sync_meets_trouble",
    ),
    "a person in Plex": (
        "plex_edit", "plex_add_tag", "plex_remove_tag", "plex_choose", "plex_unlock", "plex_refresh", "stash_bulk",
        "stash_cover", "sync_undo", "sync_order", "sync_prefers", "sync_is_killed_writing",
    ),
}  # fmt: skip


class Changes(StashChanges, PlexChanges):
    def __init__(self, world: SyncWorld, watch: Watch, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        super().__init__(world, watch, draw)
        # A few kinds of change per history, so that they meet each other often.
        theme = THEMES[self._draw(st.sampled_from(sorted(THEMES)))]
        names = sorted(name for name in dir(self) if name.startswith(theme))
        some = self._draw(st.lists(st.sampled_from(names), min_size=2, max_size=6, unique=True))
        self.all = [getattr(self, name) for name in ("stash_edit", "sync_settles", *some)]

    def happen(self) -> None:
        action = self._draw(st.sampled_from(self.all))
        self.told.append(action.__name__)
        action()

    @property
    def all_told(self) -> bool:
        """Whether nothing has happened but what Stash tells of, and trouble: then no order is needed."""
        return all(line.split()[0].startswith(TOLD) for line in self.told)

    def sync_works(self) -> None:
        self._world.turns(self._number(1, 12))

    sync_works_again = sync_works

    def sync_settles(self) -> None:
        self._clear_faults()
        if self._world.settings.enabled:
            self._world.settle()

    sync_settles_again = sync_settles

    def sync_is_killed(self) -> None:
        if self._world.turns(12, fuse=self._number(0, self._pick([5, 20, 150]))):
            self._tell("killed")

    def sync_is_killed_writing(self) -> None:
        """In one of the first steps after a request that writes has reached Plex; then the person may take the edit back."""
        scene = self._scene()
        if scene is None:
            return
        kept = {
            name: self._world.stash.library.tables["scene"][scene][name]
            for name in ("title", "details", "rating100")
        }
        values = {name: self._draw(S_VALUES[name]) for name in kept}
        self._tell(values)
        self._update(scene, values)
        steps = self._number(0, 6)
        self._watch.skip, self._watch.fuse = (
            self._number(0, 2),
            lambda: setattr(self._world.clock, "fuse", steps),
        )
        if self._world.turns(12):
            self._tell("killed")
        self._watch.fuse = None
        if self._draw(st.booleans()):
            self._tell("taken back")
            self._update(scene, kept)

    sync_is_killed_writing_again = sync_is_killed_writing_more = sync_is_killed_writing

    def _fault(self, **fault: Any) -> None:
        self._world.plex_server.faults.add(fault)

    def sync_meets_trouble(self) -> None:
        kind = self._pick(["before", "after", "500", "503", "truncate"])
        match = self._pick(["", "PUT", "POST", "GET /library/metadata", "GET /library/sections"])
        count = {"match": match, "skip": self._number(0, 3), "times": self._number(1, 4)}
        if kind in ("before", "after"):
            self._fault(kind="reset", when=kind, **count)
        elif kind == "truncate":
            self._fault(kind="truncate", **count)
        else:
            self._fault(kind="status", status=int(kind), **count)

    sync_meets_trouble_again = sync_meets_trouble

    def sync_meets_trouble_at_stash(self) -> None:
        kind, match = self._pick(["before", "after", "500"]), self._pick(["POST /graphql", "GET /scene"])
        count = {"match": match, "skip": self._number(0, 3), "times": self._number(1, 3)}
        fault = {"kind": "status", "status": 500} if kind == "500" else {"kind": "reset", "when": kind}
        self._world.stash_server.faults.add({**fault, **count})
        self._world.turns(6)
        self._world.stash_server.faults.clear()

    def sync_meets_no_plex(self) -> None:
        self._fault(kind="reset")

    def _clear_faults(self) -> None:
        self._world.plex_server.faults.clear()

    def sync_order(self) -> None:
        self._world.order(
            self._pick(
                ["reconcile", "sync_all", "sync_recent", "retry_failed", "clear_failed", "clear_queue"]
            )
        )

    sync_order_again = sync_order

    def sync_undo(self) -> None:
        """With trouble or a kill on the way, now and then."""
        self._clear_faults()
        if not self._world.settings.enabled:
            return
        self._world.settle()
        ids = self._ids("scene")
        self._watch.undoing = True
        self._world.order("undo", *([self._pick(ids)] if ids and self._draw(st.booleans()) else []))
        how = self._pick(["plain", "killed", "troubled"])
        if how == "troubled":
            self._fault(kind="reset", when=self._pick(["before", "after"]), skip=self._number(0, 6), times=2)
        elif how == "killed":
            self._world.turns(10, fuse=self._number(0, 100))
        self._world.settle()
        self._watch.undoing = False

    def sync_settings(self) -> None:
        name = self._pick(
            [
                "preserve_plex_edits",
                "preserve_plex_edits",
                "skip_title",
                "skip_tags",
                "skip_poster",
                "strict_matching",
                "plex_library",
                "collections",
                "performer_photos",
                "only_organized",
                "title_format",
                "content_rating",
                "ignore_tags",
                "skip_performers",
                "skip_background",
                "enabled",
            ]
        )
        now = self._world.stored.get(name)
        if name == "plex_library":
            value: Any = {"Scenes": "Scenes,Other", "Scenes,Other": "", "": "Scenes"}[str(now or "")]
        elif name == "collections":
            value = {"studio,groups": "parent", "parent": "", "": "studio,groups"}[str(now or "")]
        elif name in ("strict_matching", "enabled"):
            value = now is False
        elif name in ("title_format", "content_rating", "ignore_tags"):
            words = {
                "title_format": "s {studio} - {title}",
                "content_rating": "s X",
                "ignore_tags": "s tag 1,s tag 2",
            }
            value = "" if now else words[name]
        else:
            value = not now
        self._tell(value)
        self._set(name, value)

    sync_settings_again = sync_settings

    def sync_prefers_the_other(self) -> None:
        self._set("preserve_plex_edits", not self._world.settings.preserve_plex_edits)

    def _set(self, name: str, value: Any) -> None:
        self._watch.preserve = {self._world.settings.preserve_plex_edits}
        self._world.configure({name: value})
        self._watch.preserve.add(self._world.settings.preserve_plex_edits)
        self._world.clock.sleep(31.0)
        self._world.turns(2)
        self._watch.preserve = {self._world.settings.preserve_plex_edits}
