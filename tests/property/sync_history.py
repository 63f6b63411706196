"""A history between Stash, PlexSync and Plex, and what must hold at its end: Plex shows what Stash says, nothing is left to do, and
after Undo everything stands as others left it. Who owns what is known by `Watch`, which asks nothing of the plugin."""

from collections.abc import Callable, Collection
from typing import Any

from hypothesis import strategies as st

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.core.ledger import Value
from plexsync_plugin.core.model import Scene
from plexsync_plugin.core.options import field_options, scope
from plexsync_plugin.core.scene import desired_state, out_of_scope
from plexsync_plugin.stash.client import StashClient
from plexsync_plugin.tasks.dry_run import open_dry_run
from tests.pictures import sha1
from tests.property.sync_changes import P_UPLOADS, UPLOADS, Changes
from tests.property.sync_plex_changes import plex_document
from tests.property.sync_stash_changes import stash_document
from tests.property.sync_watch import ELEMENTS, LISTS, TEXTS, Watch, is_stash, selected_of, tags_of, text_of
from tests.property.sync_world import SyncWorld
from tests.sim.plex.model import Item

WITHOUT_ITEM = ("ItemMissing", "Ambiguous", "BadScene")  # why a scene may be on the list of failed ones

Draw = Callable[[st.SearchStrategy[Any]], Any]


class History:
    def __init__(
        self, world: SyncWorld, draw: Draw, changes: type[Changes] = Changes, **settings: Any
    ) -> None:
        self.world, self.watch = world, Watch()
        self.looked = False  # whether Reconcile has looked at every item since anybody did anything
        self.weaker: list[Item] = []  # items that hold a scene's file, which another holds at its exact place
        usual = {"plex_library": "Scenes", "collections": "studio,groups"}
        world.begin(plex_document(), stash_document(), usual | settings)
        world.world.settings.change(
            {
                "tag_mode": draw(st.sampled_from(["append", "replace"])),
                "missing_id_status": draw(st.sampled_from([404, 200])),
                "upload_locks": draw(st.booleans()),
            }
        )
        self.watch.begin(world.world.library)
        self.watch.covers = set(UPLOADS)
        if draw(st.booleans()):
            world.configure({"preserve_plex_edits": True})
        self.watch.preserve = {world.settings.preserve_plex_edits}
        world.plex.before, world.plex.after = self.watch.before, self.watch.after
        self.changes = changes(world, self.watch, draw)

    # --- the end ------------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        self.world.settle()
        self.check()

    def check(self) -> None:
        assert self.watch.problems == [], self.watch.problems

    def quiet(self) -> None:
        self.world.plex_server.faults.clear()
        self.watch.meanwhile.clear()
        if not self.world.settings.enabled:
            self.changes._set("enabled", True)
        self.settle()

    def reconcile(self) -> None:
        """It finds what a person has chosen in Plex, unless that was while a batch was written: that passes for ours."""
        self.world.order("reconcile")
        self.settle()
        self.looked = not self.changes.chosen_meanwhile
        self.check_shown()

    def no_writes(self, order: str) -> None:
        self.watch.writes.clear()
        self.world.order(order)
        self.settle()
        assert self.watch.writes == [], f"{order} wrote {self.watch.writes}"

    def preview(self) -> None:
        self.watch.writes.clear()
        before = self.world.rows("SELECT * FROM jobs")
        client = StashClient(self.world.worker.stash.connection)  # type: ignore[union-attr]
        try:
            scenes = client.scenes(sorted(self.world.stash.library.tables["scene"]))
            with open_dry_run(self.world.settings, self.world.folder, Clock(), client.files_like) as run:
                findings = run.look(scenes)
        finally:
            client.close()
        assert self.watch.writes == []
        assert self.world.rows("SELECT * FROM jobs") == before
        self.found = [finding for finding in findings if finding.error is None]

    def scenes(self) -> dict[int, Scene]:
        client = StashClient(self.world.worker.stash.connection)  # type: ignore[union-attr]
        try:
            return client.scenes(sorted(self.world.stash.library.tables["scene"]))
        finally:
            client.close()

    # --- who has which item -------------------------------------------------------------------------------------------

    def items(self) -> list[Item]:
        names = self.world.settings.plex_library.spellings
        library = self.world.world.library
        return [
            item
            for item in library.items.values()
            if item.kind == "movie"
            and (not names or library.sections[item.section].title.casefold() in names)
        ]

    @staticmethod
    def names(item: Item) -> list[str]:
        return [part.file.rpartition("/")[2] for medium in item.media for part in medium.parts]

    def expected(self, scenes: dict[int, Scene]) -> dict[int, list[Item]]:
        """Items of the scenes for which nothing is doubtful."""
        holders: dict[str, list[Item]] = {}
        there = [item for item in self.items() if not item.trashed]
        for item in there:
            for name in dict.fromkeys(self.names(item)):
                holders.setdefault(name, []).append(item)
        # In the trash alone, an item counts at its exact place: nothing is said of those.
        trashed = {name for item in self.items() if item.trashed for name in self.names(item)} - set(holders)
        owners = {file.path.rpartition("/")[2]: scene.id for scene in scenes.values() for file in scene.files}
        self._keep_exact(holders)
        found: dict[int, list[Item]] = {}
        for scene in scenes.values():
            mine = [file.path.rpartition("/")[2] for file in scene.files]
            held = [item for name in mine for item in holders.get(name, [])]
            if any(len(holders.get(name, [])) > 1 or name in trashed for name in mine):
                continue
            if any(self._is_doubtful(item, scene.id, owners) for item in held):
                continue
            found[scene.id] = list({item.key: item for item in held}.values())
        return found

    def _keep_exact(self, holders: dict[str, list[Item]]) -> None:
        """Where a rule of the user says how Plex names the folder, an item at the very place leaves the others out."""
        self.weaker = []
        for rule in self.world.settings.path_map:
            for name, items in holders.items():
                place = f"{rule.plex.rstrip('/')}/{name}"
                exact = [
                    item
                    for item in items
                    if any(part.file == place for medium in item.media for part in medium.parts)
                ]
                if exact:
                    self.weaker += [
                        item for item in items if item not in exact and len(self.names(item)) == 1
                    ]
                    holders[name] = exact

    def _lacks_one(self, scene: Scene) -> bool:
        """Whether Plex has no item for one of the scene's files: that is listed, though the others are in sync."""
        held = {name for item in self.items() if not item.trashed for name in self.names(item)}
        return any(file.path.rpartition("/")[2] not in held for file in scene.files)

    def _is_doubtful(self, item: Item, scene_id: int, owners: dict[str, int]) -> bool:
        """An item of two scenes is the scene's of the first file that any scene has."""
        return next(owners[name] for name in self.names(item) if name in owners) != scene_id

    # --- what Plex should show ----------------------------------------------------------------------------------------

    def check_shown(
        self, *, lists: bool = True, only: Collection[int] | None = None, soon: bool = False
    ) -> None:
        """Of all scenes, or of these; `soon`: where an item is still looked for, nothing is said yet. Without `lists` after an order alone: listings show no locks and cut lists, an item that came for another file of a
        scene in sync is found with its next edit, and a library that lists nothing proves nothing."""
        scenes, letters = self.scenes(), self._letters()
        for scene_id, items in self.expected(scenes).items():
            if (only is not None and scene_id not in only) or (soon and not items):
                continue
            if out_of_scope(scenes[scene_id], scope(self.world.settings)):
                continue
            if not lists and (len(scenes[scene_id].files) > 1 or not self.items()):
                continue
            self._check_scene(scenes[scene_id], items, letters.get(scene_id), lists=lists)
        if only is not None:
            return
        for item in self.weaker if lists else ():
            assert not is_stash("title", text_of(item, "title")), (
                f"item {item.key} of a weaker match still shows ours"
            )
        for scene_id, reason in letters.items():
            assert reason in WITHOUT_ITEM, (scene_id, reason)

    def _letters(self) -> dict[int, str]:
        """Why scenes are on the list of failed ones."""
        rows = self.world.rows("SELECT scene_id, reason FROM dead_letters")
        return {row["scene_id"]: row["reason"] for row in rows}

    def _check_scene(self, scene: Scene, items: list[Item], letter: str | None, *, lists: bool) -> None:
        assert not items or letter is None or self._lacks_one(scene), (scene.id, letter)
        assert items or letter in WITHOUT_ITEM, (scene.id, letter)
        desired = desired_state(scene, field_options(self.world.settings))
        for item in items:
            for name, value in desired.items():
                if lists or name in TEXTS:
                    self._check_field(item, name, value, locks=lists)
            self._check_pictures(scene.id, item)

    def _check_field(self, item: Item, name: str, value: Value, *, locks: bool) -> None:
        preserve, locked = self.world.settings.preserve_plex_edits, name in item.locks
        where, left = (item.key, name), self.watch.left(item.key)
        if name in TEXTS and isinstance(value, str):
            shown = text_of(item, name)
            if preserve and locked and shown and (not is_stash(name, shown) or shown in left.texts):
                return
            if value:
                assert (shown, locked or not locks) == (value, True), (where, shown, locked, value)
            else:
                assert not shown or not is_stash(name, shown) or shown in left.texts, (where, shown)
        elif name in LISTS and not isinstance(value, str):
            tags, wanted = tags_of(item, name), {tag.key for tag in value}
            ours = {tag for tag in tags if is_stash(name, tag)}
            assert ours | left.tags == wanted | left.tags, (where, tags, wanted)
            assert wanted <= tags or preserve, (where, tags, wanted)
            if wanted:
                assert locked, where
                if name != "collection" and not preserve:
                    assert tags == wanted, (where, tags, wanted)

    def _check_pictures(self, scene_id: int, item: Item) -> None:
        """Only ours, or a person's: another scene's, or an older one, is wrong."""
        cover = self.world.stash.library.images.get(f"scene/{scene_id}")
        for element in ELEMENTS:
            if getattr(self.world.settings, {"posters": "skip_poster", "arts": "skip_background"}[element]):
                continue
            selected = selected_of(item, element)
            wanted = f"upload://{element}/{sha1(cover)}" if cover else ""
            if selected in self.watch.left(item.key).pictures and (
                not cover or self.world.settings.preserve_plex_edits
            ):
                continue  # it does not know it as its own any more
            if cover and selected not in UPLOADS:
                kept = self.world.settings.preserve_plex_edits and ELEMENTS[element] in item.locks
                assert kept or (selected in P_UPLOADS and not self.looked), (
                    item.key,
                    element,
                    selected,
                    wanted,
                )
            else:
                assert selected not in UPLOADS or selected == wanted, (item.key, element, selected, wanted)

    def touch_all(self) -> None:
        """Every scene is planned anew, and nobody's list is cut short as listings are."""
        for scene_id in sorted(self.world.stash.library.tables["scene"]):
            self.changes._update(scene_id, {"code": self.changes._fresh("code")})
