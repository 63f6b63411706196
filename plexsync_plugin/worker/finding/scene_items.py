"""The Plex items of a scene: found, read, checked against the scene's files, and told apart by owner.

The rules: docs/architecture.md, "Matching".
"""

import logging
from collections.abc import Callable, Iterable, Sequence

from plexsync_plugin.base.errors import Absent, Ambiguous, BadScene, ItemMissing, PlexSyncError
from plexsync_plugin.core.match import Exact, holds, lesson
from plexsync_plugin.core.model import SCALARS, File, Item, Scene
from plexsync_plugin.core.pathmap import file_name, spellings
from plexsync_plugin.jobs.server_records import ServerRecords
from plexsync_plugin.jobs.store import PERSON
from plexsync_plugin.plex import elements
from plexsync_plugin.plex.gateway import PlexGateway
from plexsync_plugin.worker.finding.finder import MANY, Finder
from plexsync_plugin.worker.finding.folder_scans import FolderScans
from plexsync_plugin.worker.scenes.scene_work import SceneWork

DETAILS = 100  # ids per request

FilesLike = Callable[
    [str], dict[int, tuple[File, ...]]
]  # a file's name -> files of scenes that have one like it

_log = logging.getLogger(__name__)


class SceneItems:
    """Finds and reads the items of a batch of scenes, on one server.

    With `scans` None Plex is never asked to scan; with `files_like` None Stash is not asked which scene a file belongs to.
    """

    def __init__(
        self,
        gateway: PlexGateway,
        finder: Finder,
        records: ServerRecords,
        *,
        scans: FolderScans | None,
        skip_unmatched: bool,
        files_like: FilesLike | None,
    ) -> None:
        self._gateway = gateway
        self._finder = finder
        self._records = records
        self._scans = scans
        self._skip_unmatched = skip_unmatched
        self._files_like = files_like

    def look_ahead(self, batch: Sequence[SceneWork], items: dict[int, Item] | None = None) -> None:
        """List the libraries once where too many scenes of the batch would otherwise be looked up one by one.

        To be called before `find`, without `items`, and before `held`, with the items that `read` returned. Raises what the
        gateway raises.
        """
        unmatched = [work for work in batch if self._unsearched(work, items)]
        if len(unmatched) > MANY:
            unmatched = [work for work in unmatched if not self._answered(work, items)]
        self._finder.expect(len(unmatched))

    def find(self, work: SceneWork) -> None:
        """Search Plex for a scene without a known item.

        Raises Ambiguous, ItemMissing, Absent, and what the gateway raises.
        """
        if not work.keys:
            self._look_for(work, work.scene.files)
        if not work.keys:
            raise work.unclear or self._no_item(work)

    def read(self, keys: Iterable[int]) -> dict[int, Item]:
        """Full details by rating key; an item that Plex does not have any more is missing in the answer."""
        wanted = list(dict.fromkeys(keys))
        found: dict[int, Item] = {}
        for start in range(0, len(wanted), DETAILS):
            try:
                answer = self._gateway.details(wanted[start : start + DETAILS])
            except ItemMissing:
                continue  # Plex has none of them
            for element in answer:
                item = elements.item(element, SCALARS)
                found[item.rating_key] = item
        return found

    def held(self, work: SceneWork, items: dict[int, Item]) -> list[Item]:
        """The items that hold the scene's files now.

        For a file that no known item holds any more, Plex is searched again.
        """
        if not work.scene.files:
            raise BadScene("The scene has no file, so no Plex item can be found for it.")
        held = self._of_scene(work, items)
        unsearched = self._unsearched(work, items)
        if unsearched:
            known = set(work.keys)
            self._look_for(work, unsearched)
            fresh = self.read(key for key in work.keys if key not in known)
            held = self._of_scene(work, {**items, **fresh})
        if not held:
            raise work.unclear or self._no_item(work)
        for item in held:
            self._check_owner(work.scene, item)
        return held

    def _of_scene(self, work: SceneWork, items: dict[int, Item]) -> list[Item]:
        found = [items[key] for key in dict.fromkeys(work.keys) if key in items]
        return [
            item
            for item in found
            if self._finder.allows(item.section)
            and any(self._holds(item.files, file) for file in work.scene.files)
        ]

    def _holds(self, files: Iterable[File], file: File) -> bool:
        return holds(files, self._finder.wanted(file))

    def _unsearched(self, work: SceneWork, items: dict[int, Item] | None) -> list[File]:
        """Files that no known item holds and that were not searched for yet, or were found in an item that lacks
        them."""
        if items is None:
            return [] if work.keys else list(work.scene.files)
        held = self._of_scene(work, items)
        work.refuted.update(set(work.keys) - {item.rating_key for item in held})
        return [
            file
            for file in work.scene.files
            if not any(self._holds(item.files, file) for item in held)
            and (file.path not in work.looked_for or work.looked_for[file.path] in work.refuted)
        ]

    def _answered(self, work: SceneWork, items: dict[int, Item] | None) -> bool:
        return all(
            self._finder.knows(file, since=work.job.due_at, refuted=work.refuted)
            for file in self._unsearched(work, items)
        )

    def _look_for(self, work: SceneWork, files: Iterable[File]) -> None:
        for file in files:
            try:
                match = self._finder.search(
                    file,
                    since=work.job.due_at,
                    bulk=work.job.priority > PERSON,
                    again=work.job.looks > 0,
                    refuted=work.refuted,
                )
            except Ambiguous as error:
                # Another file of the scene may be clear.
                work.looked_for[file.path] = None
                work.unclear = error
                continue
            if isinstance(match, Exact):
                self._found(work, file, match)
            else:
                work.looked_for[file.path] = None
                work.near += match.near

    def _found(self, work: SceneWork, file: File, match: Exact) -> None:
        key = match.candidate.rating_key
        work.looked_for[file.path] = key
        if key in work.keys:
            return
        _log.debug("matched scene=%d item=%d", work.scene.id, key)
        work.keys.append(key)
        learned = lesson(self._finder.wanted(file), match)
        # A file teaches a path rule once, and not again when its item has got another rating key.
        if learned is not None and not self._records.matched_keys(work.scene.id):
            work.lessons.append(learned)
        # Stored at once: otherwise a batch that is interrupted by a person's edit would search for all its files again.
        self._records.add_match(work.scene.id, match.candidate)

    # --- whose it is ---------------------------------------------------------------------------------------------

    def _check_owner(self, scene: Scene, item: Item) -> None:
        """An item that holds files of two scenes belongs to the scene of its first part.

        Parts that no scene has do not count. Stash is asked, and not our own matches, which may be of a file that has moved.
        """
        for file in item.files:
            if any(self._holds((file,), each) for each in scene.files):
                return
            other = self._scene_of(file, scene.id)
            if other is not None:
                raise Ambiguous(
                    f"The Plex item {item.title!r} holds files of two scenes, and the first of them is scene {other}'s. "
                    "Split the item in Plex to sync both.",
                    (item.title,),
                )

    def _scene_of(self, file: File, not_this: int) -> int | None:
        """The scene that has this file of Plex, as Stash says: it may be one that was never synced."""
        if self._files_like is None:
            return None
        owners = [
            scene_id
            for name in spellings(file_name(file.path))
            for scene_id, files in self._files_like(name).items()
            if scene_id != not_this and any(self._holds((file,), each) for each in files)
        ]
        return min(owners, default=None)

    # --- none ----------------------------------------------------------------------------------------------------

    def _no_item(self, work: SceneWork) -> PlexSyncError:
        asked = self._scans is not None and self._scans.ask_for(work.scene.files)
        if self._skip_unmatched and not asked:
            return Absent(
                f"No Plex item holds the file {_name(work.scene)!r}. It is not looked for again before a listing of Plex "
                "shows it (setting skip_unmatched)."
            )
        return ItemMissing(_sentence(work, asked=asked))


def _sentence(work: SceneWork, *, asked: bool) -> str:
    name = _name(work.scene)
    if work.near:
        near = work.near[0].file
        return (
            f"No Plex item holds the file {name!r}: the one of that name, {near.path!r}, has another size "
            f"({near.size} bytes). If it is the same file, let Plex and Stash scan it again, or put a rule for its folder "
            "into path_map."
        )
    done = "Plex was asked to scan its folder, and PlexSync" if asked else "PlexSync"
    return (
        f"No Plex item holds the file {name!r}. {done} looks again later; if the file is in a Plex library, "
        "check that Plex has scanned it and that plex_library names that library."
    )


def _name(scene: Scene) -> str:
    return file_name(scene.files[0].path) if scene.files else "of this scene"
