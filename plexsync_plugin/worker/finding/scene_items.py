"""The Plex items of a scene: found, read, checked against the scene's files, each for itself. Whose an item
is, `owners` says.

The rules: docs/architecture.md, "Matching".
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial

from plexsync_plugin.base.errors import Absent, Ambiguous, BadScene, ItemMissing, PlexSyncError
from plexsync_plugin.base.sqlite import relaxed, transaction
from plexsync_plugin.core.match import BY_PERSON, Candidate, Exact, FileMatch, Unclear, lesson
from plexsync_plugin.core.model import SCALARS, File, Item, Scene
from plexsync_plugin.core.pathmap import file_name
from plexsync_plugin.jobs.server_records import ServerRecords
from plexsync_plugin.jobs.store import PERSON
from plexsync_plugin.plex import elements
from plexsync_plugin.plex.gateway import PlexGateway
from plexsync_plugin.worker.finding.finder import MANY, Finder
from plexsync_plugin.worker.finding.folder_scans import FolderScans
from plexsync_plugin.worker.finding.owners import Owners
from plexsync_plugin.worker.scenes.scene_work import SceneWork

DETAILS = 100  # ids per request


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """An item that holds a file of the scene, on what grounds, and as what."""

    item: Item
    grounds: int
    place: str  # the file, as the item names it


Found = dict[str, list[Holder]]  # for each file of a scene, by path, the items that hold it

_log = logging.getLogger(__name__)


class SceneItems:
    """Finds and reads the items of a batch of scenes, on one server.

    With `scans` None Plex is never asked to scan.
    """

    def __init__(
        self,
        gateway: PlexGateway,
        finder: Finder,
        records: ServerRecords,
        *,
        scans: FolderScans | None,
        skip_unmatched: bool,
        takes_back: bool,
        owners: Owners,
    ) -> None:
        self._gateway = gateway
        self._finder = finder
        self._records = records
        self._scans = scans
        self._skip_unmatched = skip_unmatched
        self._takes_back = takes_back
        self._owners = owners

    def look_ahead(self, batch: Sequence[SceneWork], items: dict[int, Item] | None = None) -> None:
        """List the libraries once where too many scenes of the batch would otherwise be looked up one by one.

        To be called before `find`, without `items`, and before `held`, with the items that `read` returned. Raises what the
        gateway raises.
        """
        unmatched = [work for work in batch if self._unsearched(work, items)]
        if len(unmatched) > MANY:
            unmatched = [work for work in unmatched if not self._answered(work, items)]
        self._finder.expect(len(unmatched))

    def looking_up(self) -> AbstractContextManager[None]:
        """As `Finder.looking_up`."""
        return self._finder.looking_up()

    def as_of_now(self, work: SceneWork) -> list[FileMatch]:
        """As `Finder.as_of_now`."""
        return self._finder.as_of_now(work.scene, work.known)

    def follow_choices(self, scene: Scene) -> None:
        """What a person has chosen for a file of the scene holds under its new path, and in its new scene."""
        for choice, path in list(self._finder.choices.moved(scene)):
            self._records.move_choice(choice, path, scene.id)
            self._finder.learn(self._records.known_rules(), self._records.choices())

    def unchosen(self, work: SceneWork) -> list[int]:
        """Rating keys of items that the scene had by a person's choice, which was taken back."""
        chosen = {self._finder.choices.place_of(file.path) for file in work.scene.files}
        return [
            each.rating_key
            for each in work.known
            if each.grounds == BY_PERSON and each.found and each.place not in chosen
        ]

    def may_give_back(self, item: Item) -> bool:
        """Whether an item that is not the scene's any more gets back what it had: not one that Plex is about to forget, or
        where nothing is taken back, that sync may not write to."""
        return not _in_trash(item) and (self._takes_back or self._finder.allows(item.section))

    def find(self, work: SceneWork) -> None:
        """Search Plex for the files of a scene that has no known item, or that were looked for under other settings.

        Raises Ambiguous, ItemMissing, Absent, and what the gateway raises.
        """
        for file in work.scene.files if work.keys else ():
            self._add(work, self._finder.at_its_place(file))
        self._look_for(work, self._unsearched(work, None))
        if not work.keys:
            self._remember_none(work)
            raise self._trouble(work, work.scene.files)

    def read(self, keys: Iterable[int]) -> dict[int, Item]:
        """Full details by rating key; an item that Plex does not have any more is missing in the answer."""
        distinct = list(dict.fromkeys(keys))
        told = [self._finder.appeared.take(key) for key in distinct]
        found = {item.rating_key: item for item in told if item is not None}
        wanted = [key for key in distinct if key not in found]
        for start in range(0, len(wanted), DETAILS):
            try:
                answer = self._gateway.details(wanted[start : start + DETAILS])
            except ItemMissing:
                continue  # Plex has none of them
            for element in answer:
                item = elements.item(element, SCALARS)
                found[item.rating_key] = item
        return found

    def is_plain(self, work: SceneWork, items: dict[int, Item]) -> bool:
        """Whether `held` finds the scene's one file in its one known item, and Plex is asked for nothing."""
        known = len(work.scene.files) == 1 and len(work.keys) == 1 and work.keys[0] in items
        return known and not self._unsearched(work, items)

    def held(self, work: SceneWork, items: dict[int, Item]) -> list[Item]:
        """The items that hold the scene's files now; what each file was found to be stands in `work.matches` then.

        For a file that no known item holds any more, Plex is searched again. Where only some files have no item, `work.left`
        says why; where none has one, that is raised: Ambiguous, ItemMissing or Absent.
        """
        if not work.scene.files:
            raise BadScene("The scene has no file, so no Plex item can be found for it.")
        found = self._assigned(work, items)
        unsearched = self._unsearched(work, items, found)
        if unsearched:
            known = set(work.keys)
            self._look_for(work, unsearched)
            items.update(self.read(key for key in work.keys if key not in known))
            found = self._assigned(work, items)
        self._drop_foreign(work, found)
        work.matches = [each for file in work.scene.files for each in self._settled(file, found[file.path])]
        lacking = [file for file in work.scene.files if not found[file.path]]
        if lacking:
            work.left = self._trouble(work, lacking, partly=len(lacking) < len(work.scene.files))
            if len(lacking) == len(work.scene.files):
                raise work.left
        return list({each.item.rating_key: each.item for held in found.values() for each in held}.values())

    # --- which file is in which item -----------------------------------------------------------------------------

    def _assigned(self, work: SceneWork, items: dict[int, Item]) -> Found:
        """For each file the items that hold it, and the grounds."""
        there = [items[key] for key in dict.fromkeys(work.keys) if key in items]
        candidates = [
            Candidate.of(item, file)
            for item in there
            if self._finder.allows(item.section)
            for file in item.files
        ]
        return {
            file.path: [
                Holder(item=items[each.rating_key], grounds=match.grounds, place=each.file.path)
                for match in self._match(work, file, self._of_itself(work, file, candidates))
                for each in match.candidates
            ]
            for file in work.scene.files
        }

    def _of_itself(self, work: SceneWork, file: File, candidates: Sequence[Candidate]) -> Sequence[Candidate]:
        """Without the item that the file had by a choice alone which was taken back, unless its search has found it again: among
        copies of the file it would be the only one that is known."""
        place = self._finder.choices.place_of(file.path)
        again = work.looked_for.get(file.path, ())
        unchosen = {
            each.rating_key
            for each in work.known_of(file.path)
            if each.grounds == BY_PERSON and each.place != place and each.rating_key not in again
        }
        return [each for each in candidates if each.rating_key not in unchosen] if unchosen else candidates

    def _match(self, work: SceneWork, file: File, candidates: Sequence[Candidate]) -> Iterator[Exact]:
        wanted = self._finder.wanted(file)
        try:
            match = self._finder.choose(wanted, candidates, partial(self._owners.is_ours, work))
            if isinstance(match, Unclear):
                match = self._finder.settle(wanted, match)
        except Ambiguous as error:
            work.unclear[file.path] = error
            return
        if isinstance(match, Exact):
            work.unclear.pop(file.path, None)
            yield match

    def _drop_foreign(self, work: SceneWork, found: Found) -> None:
        """An item of two scenes, whose first file is the other's, is not written for this one."""
        judged: dict[int, Ambiguous | None] = {}
        for path, held in found.items():
            for each in list(held):
                key = each.item.rating_key
                if key not in judged:
                    judged[key] = self._foreign(work, each.item)
                error = judged[key]
                if error is not None:
                    held.remove(each)
                    work.unclear[path] = error

    def _foreign(self, work: SceneWork, item: Item) -> Ambiguous | None:
        try:
            self._owners.check(work, item)
        except Ambiguous as error:
            return error
        return None

    def _settled(self, file: File, held: Sequence[Holder]) -> list[FileMatch]:
        none = FileMatch(
            path=file.path, rating_key=0, grounds=0, mark=self._finder.mark(file), size=file.size
        )
        return [
            replace(none, rating_key=each.item.rating_key, grounds=each.grounds, place=each.place)
            for each in held
        ] or [none]

    # --- what is to be looked for --------------------------------------------------------------------------------

    def _unsearched(
        self, work: SceneWork, items: dict[int, Item] | None, found: Found | None = None
    ) -> list[File]:
        """Files to be looked for: before the items are read those without one, or looked for under other settings, and
        afterwards those that no item holds, that an item has lost, or whose item lies in the trash."""
        if items is None:
            return [file for file in work.scene.files if not work.keys or self._is_outdated(work, file)]
        held = found if found is not None else self._assigned(work, items)
        holding = {each.item.rating_key for holders in held.values() for each in holders}
        work.refuted.update(set(work.keys) - holding)
        # Index or listing may show them as they were: asked again, they would hide what holds the file now.
        trashed = {
            each.item.rating_key for holders in held.values() for each in holders if _in_trash(each.item)
        }
        work.refuted.update(trashed - work.in_trash)
        return [
            file
            for file in work.scene.files
            if self._is_unsure(work, file, held[file.path])
            and (
                file.path not in work.looked_for
                or any(key in work.refuted for key in work.looked_for[file.path])
            )
        ]

    def _is_outdated(self, work: SceneWork, file: File) -> bool:
        mark = self._finder.mark(file)
        return file.path not in work.looked_for and any(
            each.mark != mark for each in work.known_of(file.path)
        )

    def _is_unsure(self, work: SceneWork, file: File, held: Sequence[Holder]) -> bool:
        if file.path in work.unclear and file.path in work.looked_for:
            return False
        keys = {each.item.rating_key for each in held}
        # What has given way to better grounds is not lost.
        best = max((each.grounds for each in held), default=0)
        lost = any(
            each.found and each.rating_key not in keys and each.grounds >= best
            for each in work.known_of(file.path)
        )
        return not held or lost or all(_in_trash(each.item) for each in held)

    def _answered(self, work: SceneWork, items: dict[int, Item] | None) -> bool:
        return all(
            self._finder.knows(file, since=work.job.due_at, refuted=work.refuted)
            for file in self._unsearched(work, items)
        )

    def _look_for(self, work: SceneWork, files: Iterable[File]) -> None:
        for file in files:
            work.looked_for[file.path] = ()
            try:
                match = self._finder.search(
                    file,
                    since=work.job.due_at,
                    bulk=work.job.priority > PERSON,
                    again=work.job.looks > 0,
                    refuted=work.refuted,
                    is_ours=partial(self._owners.is_ours, work),
                )
            except Ambiguous as error:
                work.unclear[file.path] = error  # another file of the scene may be clear
                continue
            if isinstance(match, Exact):
                self._found(work, file, match)
            else:
                work.near += match.near

    def _found(self, work: SceneWork, file: File, match: Exact) -> None:
        work.looked_for[file.path] = tuple(each.rating_key for each in match.candidates)
        work.in_trash.update(each.rating_key for each in match.candidates if each.file.trashed)
        fresh = [each for each in match.candidates if each.rating_key not in work.keys]
        if not fresh:
            return
        keys = [each.rating_key for each in fresh]
        _log.debug("matched scene=%d items=%s", work.scene.id, keys)
        self._add(work, keys)
        learned = lesson(self._finder.wanted(file), match)
        # A file teaches a path rule once, and not again when its item has got another rating key.
        if learned is not None and not self._records.matched_keys(work.scene.id):
            work.lessons.append(learned)
        # Stored at once: otherwise a batch that is interrupted by a person's edit would search for all its files again.
        for each in fresh:
            self._records.add_match(work.scene.id, each)

    def _add(self, work: SceneWork, keys: Iterable[int]) -> None:
        work.keys += [key for key in keys if key not in work.keys]

    def _remember_none(self, work: SceneWork) -> None:
        """A listing is compared with what is known of each file."""
        none = [match for file in work.scene.files for match in self._settled(file, ())]
        if none != work.known:
            with transaction(self._records.connection):
                self._records.set_file_matches(work.scene.id, none)

    # --- none ----------------------------------------------------------------------------------------------------

    def _trouble(self, work: SceneWork, files: Sequence[File], *, partly: bool = False) -> PlexSyncError:
        """Why these files of the scene have no item."""
        unclear = [work.unclear[file.path] for file in files if file.path in work.unclear]
        if unclear:
            return unclear[-1]
        with relaxed(self._records.connection), transaction(self._records.connection):
            self._records.set_missing_files(work.scene.id, files)
        asked = self._scans is not None and self._scans.ask_for(files)
        name = _name(files)
        also = " The scene's other files are in sync." if partly else ""
        if self._skip_unmatched and not asked:
            return Absent(
                f"No Plex item holds the file {name!r}. It is not looked for again before a listing of Plex "
                f"shows it (setting skip_unmatched).{also}"
            )
        return ItemMissing(_sentence(work, name, asked=asked) + self._given_away(files) + also)

    def _given_away(self, files: Iterable[File]) -> str:
        """Where an item is at a file's place and a person has chosen it for another scene."""
        for file in files:
            for place in self._finder.wanted(file).places:
                choice = self._finder.choices.of_place(place.path)
                if choice is not None and choice.path != file.path:
                    return f" The one at its place was chosen by a person for scene {choice.scene_id}."
        return ""


def _in_trash(item: Item) -> bool:
    return bool(item.files) and all(file.trashed for file in item.files)


def _sentence(work: SceneWork, name: str, *, asked: bool) -> str:
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


def _name(files: Sequence[File]) -> str:
    return file_name(files[0].path) if files else "of this scene"
