"""What a person, the agent and the disks do in Plex, each drawn by hypothesis. Two of a name are twice as likely."""

import hashlib
import re
from typing import Any

from hypothesis import strategies as st

from tests.pictures import drawn
from tests.property.sync_drawing import NAMES, SIZES, Drawn
from tests.property.sync_watch import Shown
from tests.sim.message import Request
from tests.sim.plex import editing, images
from tests.sim.plex.control import CONTROLS
from tests.sim.plex.library import let_pass

SECTIONS = {1: "Scenes", 2: "Other"}
FOLDERS = {1: "/media/scenes", 2: "/media/other"}
PERSONS = [drawn(32, 18, (7, number, 9), "PNG") for number in (10, 90, 170)]
P_TEXT = st.sampled_from(["", "p one", "p two"])
P_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "title": st.sampled_from(["p one", "p two"]),
    "summary": P_TEXT,
    "studio": P_TEXT,
    "originallyAvailableAt": st.sampled_from([None, "1991-01-01", "1992-02-02"]),
    "userRating": st.sampled_from([None, 7, 9]),
}
P_LISTS = {"Genre": "genre", "Role": "actor", "Director": "director", "Collection": "collection"}


def plex_document() -> dict[str, Any]:
    items = [
        {
            "ratingKey": 101 + number,
            "title": f"a {name}",
            "summary": "a found this",
            "Genre": ["a Drama", "a Crime", "a Third"],
            "Role": [{"tag": "a Actor", "role": "a Role"}],
            "Collection": ["a Set"],
            "file": f"{FOLDERS[1]}/{name}",
            "size": SIZES[name],
        }
        for number, name in enumerate(NAMES[:3])
    ]
    return {
        "sections": [
            {
                "key": key,
                "type": "movie",
                "title": SECTIONS[key],
                "locations": [FOLDERS[key]],
                "items": items if key == 1 else [],
            }
            for key in SECTIONS
        ]
    }


class PlexChanges(Drawn):
    def _keys(self) -> list[int]:
        return sorted(
            key for key, item in self._world.world.library.items.items() if item.kind != "collection"
        )

    def _plex(self, name: str, key: int, **payload: Any) -> Any:
        let_pass(1)
        before = Shown.of(self._world.world.library.items[key])
        answer = CONTROLS[name](self._world.world, {"ratingKey": key, **payload})
        if key in self._world.world.library.items:
            self._watch.others_changed(key, before)
        return answer

    def plex_edit_text(self) -> None:
        keys = self._keys()
        if keys:
            key, name = self._pick(keys), self._pick(sorted(P_VALUES))
            value = self._draw(P_VALUES[name])
            self._tell(value)
            self._plex("edit_item", key, fields={name: value})

    plex_edit_text_again = plex_edit_text

    def plex_add_tag(self) -> None:
        """Where a listing shows it."""
        keys = self._keys()
        if keys:
            key, element = self._pick(keys), self._pick(sorted(P_LISTS))
            new = self._pick(["p x", "p y"])
            item = self._world.world.library.items[key]
            links = [(tag.name, role) for tag, role in item.tags.get(P_LISTS[element], []) if tag.name != new]
            value = [{"tag": new}, *({"tag": name, "role": role} for name, role in links)]
            self._plex("edit_item", key, fields={element: value})

    plex_add_tag_again = plex_add_tag

    def plex_remove_tag(self) -> None:
        keys = self._keys()
        if keys:
            key, element = self._pick(keys), self._pick(sorted(P_LISTS))
            item = self._world.world.library.items[key]
            links = [(tag.name, role) for tag, role in item.tags.get(P_LISTS[element], [])]
            if links:
                gone = self._pick([name for name, _ in links])
                value = [{"tag": name, "role": role} for name, role in links if name != gone]
                self._plex("edit_item", key, fields={element: value})

    def plex_unlock(self) -> None:
        """And the agent has its way at once."""
        keys = self._keys()
        if keys:
            key = self._pick(keys)
            item = self._world.world.library.items[key]
            names = [name for name in item.locks if name not in ("collection",)]
            if names:
                editing.set_lock(item, self._pick(names), locked=False)
                self._plex("refresh_item", key)

    def plex_refresh(self) -> None:
        for key in self._keys():
            self._plex("refresh_item", key)

    def plex_choose_picture(self) -> None:
        keys = self._keys()
        if keys:
            key, field = self._pick(keys), self._pick(["thumb", "art"])
            self._choose(key, field, PERSONS[self._number(0, 2)])

    plex_choose_picture_again = plex_choose_picture

    def plex_choose_picture_meanwhile(self) -> None:
        """For the item that was written last, while the next write is on its way to Plex."""
        field, data = self._pick(["thumb", "art"]), PERSONS[self._number(0, 2)]

        def choose(request: Request) -> None:
            last = self._watch.writes[-1] if self._watch.writes else ""
            keys = [_item_of(line) for line in (last, request.target)]
            if keys[0] != keys[1] and keys[0] in self._world.world.library.items:
                self.chosen_meanwhile = True
                self._choose(keys[0], field, data)

        for _ in range(self._number(0, 2)):
            self._watch.meanwhile.append(lambda _: None)
        self._watch.meanwhile.append(choose)
        self._write_all_in_bulk()
        self._world.turns(self._number(1, 6))
        self._watch.meanwhile.clear()

    def _write_all_in_bulk(self) -> None:
        """In batches for others than a person."""
        details = self._fresh("bulk")
        for scene in self._ids("scene"):
            fields = {"kind": "scene", "id": scene, "fields": {"details": details}}
            self._world.stash_control("change", fields)
        self._world.order("sync_all")

    def _choose(self, key: int, field: str, data: bytes) -> None:
        library, settings = self._world.world.library, self._world.world.settings
        item = library.items[key]
        let_pass(1)
        before = Shown.of(item)
        name = f"upload://{ {'thumb': 'posters', 'art': 'arts'}[field] }/{hashlib.sha1(data).hexdigest()}"
        if any(each.key == name for each in images.gallery(item, field).uploads):
            images.select(library, settings, item, field, name)
        else:
            images.upload(library, settings, item, field, data, None)
        self._watch.others_changed(key, before)

    def plex_remove(self) -> None:
        keys = self._keys()
        if keys:
            key = self._pick(keys)
            self._plex("remove_item", key)
            self._watch.forget(key)

    def plex_rekey(self) -> None:
        keys = self._keys()
        if keys:
            key = self._pick(keys)
            item = self._world.world.library.items[key]
            # What Plex found itself; what anybody set goes with the old item.
            if item.agent is not None:
                item.locks.clear()
                item.tags["collection"] = []
                item.fields.pop("userRating", None)
            else:
                item.tags["collection"] = []
            self._plex("rekey_item", key)
            self._watch.forget(key)

    def plex_add(self) -> None:
        """A file that no item holds."""
        held = {
            part.file
            for item in self._world.world.library.items.values()
            for medium in item.media
            for part in medium.parts
        }
        free = [
            (section, name)
            for section in SECTIONS
            for name in NAMES
            if not any(file.endswith("/" + name) for file in held)
        ]
        if free:
            section, name = self._pick(free)
            self._add(section, name)

    plex_add_again = plex_add

    def _add(self, section: int, name: str) -> None:
        item = {
            "title": f"a new {name}",
            "file": f"{FOLDERS[section]}/{name}",
            "size": SIZES[name],
            "Genre": ["a Drama"],
        }
        CONTROLS["add_item"](self._world.world, {"section": section, "item": item})

    def plex_duplicate(self) -> None:
        section, name = self._pick(sorted(SECTIONS)), self._pick(NAMES)
        self._add(section, name)

    def plex_second_version(self) -> None:
        """Another item's file joins it."""
        keys = self._keys()
        if len(keys) > 1:
            key = self._pick(keys)
            other = self._pick([each for each in keys if each != key])
            library = self._world.world.library
            media = library.items[other].media
            library.remove_item(other)
            self._watch.forget(other)
            library.items[key].media += media
            library.changed(library.items[key], stamp=False)

    def plex_other_file(self) -> None:
        keys = self._keys()
        if keys:
            key, name = self._pick(keys), self._pick(NAMES)
            section = self._world.world.library.items[key].section
            self._plex("replace_file", key, file=f"{FOLDERS[section]}/{name}", size=SIZES[name])


def _item_of(line: str) -> int:
    """The rating key that a request is about; 0 for none."""
    found = re.search(r"[?&]id=(\d+)|/library/metadata/(\d+)", line)
    return int(found[1] or found[2]) if found else 0
