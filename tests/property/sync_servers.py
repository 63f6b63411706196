"""What changes which server and which item is meant: files that move, Plex's trash, another Plex at the same address, another life of
the worker. Beyond `sync_changes`, for the state machine of tests/fire."""

from typing import Any

from tests.property.sync_drawing import NAMES, SIZES
from tests.property.sync_files import FileChanges
from tests.property.sync_plex_changes import FOLDERS, plex_document
from tests.property.sync_watch import Watch
from tests.sim.plex.control import CONTROLS
from tests.sim.plex.library import Library
from tests.sim.plex.listing import Listings
from tests.sim.plex.loading import load_library
from tests.sim.plex.model import Item

MACHINES = ("a" * 40, "b" * 40)


class ServerChanges(FileChanges):
    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._machine = 0
        self._met = {0}
        self._world.world.about["machineIdentifier"] = MACHINES[0]
        other = Library()
        load_library(other, _other_document())
        watch = Watch()
        watch.begin(other)
        watch.covers = self._watch.covers
        self._kept: list[tuple[Library, Watch]] = [(self._world.world.library, self._watch), (other, watch)]

    # --- the trash --------------------------------------------------------------------------------------------------

    def _live(self) -> list[Item]:
        items = self._world.world.library.items
        return [items[key] for key in self._keys() if not items[key].trashed]

    def plex_to_trash(self) -> None:
        """Its file is gone; Plex keeps the item until the trash is emptied."""
        found = self._live()
        if found:
            self._plex("remove_item", self._pick([item.key for item in found]), trash=True)

    def plex_moves_file(self) -> None:
        """The old item goes to the trash, and Plex makes a new one of the same name and size at the other place."""
        found = [item for item in self._live() if len(item.media) == 1 and len(item.media[0].parts) == 1]
        if not found:
            return
        key = self._pick([item.key for item in found])
        name = self._world.world.library.items[key].media[0].parts[0].file.rpartition("/")[2]
        self._plex("remove_item", key, trash=True)
        self._copy_comes(name)

    def plex_gets_a_copy(self) -> None:
        """Of the same name and size, in another folder, before or after the one at its place."""
        self._copy_comes(self._pick(NAMES[:3]))

    def _copy_comes(self, name: str) -> None:
        folder = self._pick([FOLDERS[1], f"{FOLDERS[1]}/moved", f"{FOLDERS[1]}/again"])
        held = {part.file for item in self._live() for medium in item.media for part in medium.parts}
        if f"{folder}/{name}" not in held and name in SIZES:
            item = {
                "title": f"a copy {name}",
                "file": f"{folder}/{name}",
                "size": SIZES[name],
                "Genre": ["a Drama"],
            }
            CONTROLS["add_item"](self._world.world, {"section": 1, "item": item})

    plex_moves_file_again = plex_moves_file

    def plex_empties_trash(self) -> None:
        for key in self._keys():
            if self._world.world.library.items[key].trashed:
                self._plex("remove_item", key)
                self._watch.forget(key)

    # --- another server ---------------------------------------------------------------------------------------------

    def sync_finds_another_plex(self) -> None:
        """At the same address, with the same rating keys and paths, and other things in its items. The worker is started anew."""
        self._machine = 1 - self._machine
        self._met.add(self._machine)
        self.show_server(self._machine)
        self._world.start()

    def show_server(self, number: int) -> Watch:
        library, watch = self._kept[number]
        watch.preserve, watch.undoing = self._watch.preserve, self._watch.undoing
        world = self._world.world
        world.library, world.listings = library, Listings(library, world.settings)
        world.about["machineIdentifier"] = MACHINES[number]
        self._machine, self._watch = number, watch
        self._world.plex.before, self._world.plex.after = watch.before, watch.after
        return watch

    def servers(self) -> list[int]:
        """Those that PlexSync has met, the one that answers last."""
        return [number for number in (1 - self._machine, self._machine) if number in self._met]

    def watches(self) -> list[Watch]:
        return [watch for _, watch in self._kept]

    def problems(self) -> list[str]:
        return [problem for watch in self.watches() for problem in watch.problems]

    # --- the worker's life --------------------------------------------------------------------------------------------

    def sync_starts_anew(self) -> None:
        self._world.start()

    def sync_sees_clock_set(self) -> None:
        """Back, ahead, or right again."""
        self._world.clock.set_wall_clock(
            self._pick([-90_000.0, -3_600.0, -5.0, 0.0, 0.0, 60.0, 7_200.0, 400_000.0])
        )

    def sync_sleeps(self) -> None:
        """Hours in which nobody does anything."""
        self._world.clock.sleep(3_600.0 * self._number(1, 30))


def _other_document() -> dict[str, Any]:
    """As the first one, with other values that an agent found."""
    document = plex_document()
    for item in document["sections"][0]["items"]:
        item |= {"title": f"b {item['title']}", "summary": "b found that", "Genre": ["b Drama"]}
    return document
