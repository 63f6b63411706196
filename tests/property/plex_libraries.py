"""Libraries of a Plex server as plain values, and all that may happen to them between two runs of the indexer."""

import itertools
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from tests.sim.plex.loading import EPOCH
from tests.sim.plex.model import CHILD_TYPES, SECTION_TYPES

LARGEST_KEY = 14
KEYS = st.integers(1, LARGEST_KEY)  # few, so that they are used again, by items of other kinds too
SECTION_KEYS = st.integers(1, 3)
TYPES = st.sampled_from(sorted(SECTION_TYPES))
KIND_OF = {name: kind for kind, names in SECTION_TYPES.items() for name in names}
PARENT_OF = {child: parent for parent, child in CHILD_TYPES.items()}
WITH_FILE = {"movie", "episode", "track"}

NAMES = ("Ann", "Bo, the elder", "Cleo", "Dan as Eve", "Zoë", "映画")
TAGS = {
    "Genre": 100,
    "Collection": 200,
    "Label": 300,
    "Country": 400,
    "Director": 500,
    "Writer": 600,
    "Producer": 700,
}
TEXTS = st.sampled_from(["", "One", "Two words", 'O\'Brien "x" 映画', "%_*", "Two  words"])
YEARS = st.sampled_from([None, 1969, 2014, 2015, 2016])
NUMBERS = st.sampled_from([None, 0, 1, 1500, 60_000, 5_000_000_000])


@dataclass(slots=True)
class Thing:
    """An item of the model: what Plex would hold of it."""

    kind: str
    section: int
    parent: int | None
    fields: dict[str, Any] = field(default_factory=dict)


def people(names: list[str]) -> list[dict[str, Any]]:
    return [{"tag": name, "id": 900 + NAMES.index(name), "role": f"Role of {name}"} for name in names]


def named(element: str, names: list[str]) -> list[dict[str, Any]]:
    return [{"tag": name, "id": TAGS[element] + NAMES.index(name)} for name in names]


@st.composite
def media(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Versions of one or two files, with and without lengths, sizes, codecs."""
    versions = []
    for version in range(draw(st.integers(0, 2))):
        parts: list[dict[str, Any]] = [
            {
                "id": draw(st.integers(1, 9)),
                "file": f"/media/{draw(st.integers(1, 5))}/{version}-{part}.mkv",
                "size": draw(st.sampled_from([0, 1, 1500, 5_000_000_000])),
                "key": f"/library/parts/1/{draw(st.integers(1, 3))}/file.mkv",
                "container": "mkv",
                "Stream": [
                    {"id": 1, "streamType": 1, "codec": "hevc"},
                    {"id": 2, "streamType": 2, "codec": "aac"},
                ],
            }
            for part in range(draw(st.integers(1, 2)))
        ]
        medium: dict[str, Any] = {"id": draw(st.integers(1, 9)), "duration": draw(NUMBERS), "Part": parts}
        medium |= {"videoResolution": draw(st.sampled_from(["720", "1080", "4k"])), "container": "mkv"}
        medium |= {"audioCodec": draw(st.sampled_from(["aac", "ac3"])), "videoCodec": "h264"}
        versions.append({name: value for name, value in medium.items() if value is not None})
    return versions


@st.composite
def values(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """Some fields of an item, as an edit of them: None takes a field away."""
    chosen = draw(
        st.sets(st.sampled_from(["title", "summary", "year", "rating", "index", "lists", "media", "studio"]))
    )
    fields: dict[str, Any] = {}
    if "title" in chosen:
        fields["title"] = draw(TEXTS)
    if "summary" in chosen:
        fields["summary"] = draw(TEXTS)
    if "year" in chosen:
        fields["year"] = draw(YEARS)
    if "rating" in chosen:
        fields["rating"] = draw(st.sampled_from([None, 0, 7.5]))
    if "studio" in chosen:
        fields["studio"] = draw(st.sampled_from([None, "S"]))
    if "index" in chosen:
        fields["index"] = draw(st.integers(0, 3))
    if "lists" in chosen:
        lists = st.lists(st.sampled_from(NAMES), unique=True, max_size=5)
        fields |= {element: named(element, draw(lists)) for element in TAGS}
        fields["Role"] = people(draw(lists))
        fields["locked"] = draw(st.lists(st.sampled_from(["title", "genre"]), unique=True))
        fields["Guid"] = draw(st.lists(st.sampled_from(["imdb://tt1", "tmdb://2"]), unique=True))
    if "media" in chosen and kind in WITH_FILE:
        fields["Media"] = draw(media())
    return fields


class Model:
    """A server's libraries, in plain values."""

    def __init__(self) -> None:
        self.sections: dict[int, dict[str, Any]] = {}
        self.items: dict[int, Thing] = {}
        self.stamp = itertools.count(1)

    def touch(self, section: int) -> None:
        self.sections[section]["contentChangedAt"] = next(self.stamp)

    def below(self, key: int) -> list[int]:
        children = [child for child, thing in self.items.items() if thing.parent == key]
        return [key, *(each for child in children for each in self.below(child))]

    def make_section(self, key: int, kind: str) -> None:
        """In the place of one of that number, and all it held."""
        self.remove_section(key)
        uuid = f"uuid-{next(self.stamp)}"
        self.sections[key] = {
            "type": kind,
            "title": f"Library {key}",
            "uuid": uuid,
            "locations": [f"/media/{key}"],
        }
        self.touch(key)

    def remove_section(self, key: int) -> None:
        self.items = {each: thing for each, thing in self.items.items() if thing.section != key}
        self.sections.pop(key, None)

    def rekey(self, key: int, new: int) -> None:
        for thing in self.items.values():
            thing.parent = new if thing.parent == key else thing.parent
        self.items[new] = self.items.pop(key)
        self.touch(self.items[new].section)

    def move(self, key: int, section: int) -> None:
        self.touch(self.items[key].section)
        self.touch(section)
        for each in self.below(key):
            self.items[each].section = section

    def remove(self, key: int) -> None:
        self.touch(self.items[key].section)
        for each in self.below(key):
            del self.items[each]

    def document(self) -> dict[str, Any]:
        sections = [
            {"key": key, **section, "items": [self._entry(each) for each in self._top(key)]}
            for key, section in sorted(self.sections.items())
        ]
        return {"server": {"machineIdentifier": "machine"}, "sections": sections}

    def _top(self, section: int) -> list[int]:
        found = [
            key for key, thing in self.items.items() if thing.section == section and thing.parent is None
        ]
        return sorted(found)

    def _entry(self, key: int) -> dict[str, Any]:
        thing = self.items[key]
        children = sorted(child for child, each in self.items.items() if each.parent == key)
        return {
            "ratingKey": key,
            "type": thing.kind,
            **thing.fields,
            "children": [self._entry(child) for child in children],
        }


class Changes:
    """What may happen at Plex, one method each; drawn until it fits what is there."""

    def __init__(self, model: Model, data: st.DataObject) -> None:
        self._model = model
        self._draw = data.draw

    def happen(self) -> None:
        names = [name for name in dir(self) if not name.startswith("_") and name != "happen"]
        getattr(self, self._draw(st.sampled_from(names)))()

    def _pick(self, found: list[int]) -> int:
        return self._draw(st.sampled_from(sorted(found)))

    def _keys(self, *kinds: str) -> list[int]:
        return [key for key, thing in self._model.items.items() if thing.kind in kinds]

    def _parents(self, section: int, kind: str) -> list[int]:
        return [k for k, each in self._model.items.items() if (each.section, each.kind) == (section, kind)]

    def replace_section(self) -> None:
        """A library is made, or deleted and another made under its number."""
        self._model.make_section(self._draw(SECTION_KEYS), self._draw(TYPES))

    def remove_section(self) -> None:
        if len(self._model.sections) > 1:
            self._model.remove_section(self._pick(list(self._model.sections)))

    def rename_section(self) -> None:
        """Its counters stay."""
        title = f"Library {next(self._model.stamp)}"
        self._model.sections[self._pick(list(self._model.sections))]["title"] = title

    def add_items(self) -> None:
        """A branch, below what is there or from the top."""
        section = self._pick(list(self._model.sections))
        kinds = SECTION_TYPES[self._model.sections[section]["type"]]
        self._model.touch(section)
        for key in self._draw(st.lists(KEYS, min_size=3, max_size=7, unique=True)):
            if key in self._model.items:
                continue
            levels = [
                level for level in kinds if level == kinds[0] or self._parents(section, PARENT_OF[level])
            ]
            kind = self._draw(st.sampled_from(levels[-2:]))
            parent = self._pick(self._parents(section, PARENT_OF[kind])) if kind in PARENT_OF else None
            fields = {"title": f"Item {key}", "index": 1, "updatedAt": EPOCH + next(self._model.stamp)}
            fields["guid"] = f"plex://{kind}/{key % 4}"
            self._model.items[key] = Thing(kind, section, parent, fields | self._draw(values(kind)))

    add_more_items = add_items

    def edit_item(self) -> None:
        if self._model.items:
            thing = self._model.items[self._pick(list(self._model.items))]
            thing.fields |= self._draw(values(thing.kind)) | {"updatedAt": EPOCH + next(self._model.stamp)}
            self._model.touch(thing.section)

    edit_another_item = edit_item

    def watch_item(self) -> None:
        if self._model.items:
            thing = self._model.items[self._pick(list(self._model.items))]
            thing.fields["viewCount"] = self._draw(st.sampled_from([None, 1, 2]))
            self._model.touch(thing.section)

    def remove_item(self) -> None:
        if self._model.items:
            self._model.remove(self._pick(list(self._model.items)))

    def rekey_item(self) -> None:
        free = sorted(set(range(1, LARGEST_KEY + 1)) - set(self._model.items))
        if self._model.items and free:
            self._model.rekey(self._pick(list(self._model.items)), self._pick(free))

    def move_below_another(self) -> None:
        """A child gets another parent; Plex changes nothing else of it."""
        children = self._keys("season", "episode", "album", "track")
        if children:
            thing = self._model.items[self._pick(children)]
            thing.parent = self._pick(self._parents(thing.section, PARENT_OF[thing.kind]))
            self._model.touch(thing.section)

    def move_to_another_section(self) -> None:
        tops = self._keys("movie", "show", "artist")
        if tops:
            key = self._pick(tops)
            sections = self._model.sections
            kind = sections[self._model.items[key].section]["type"]
            self._model.move(key, self._pick([each for each in sections if sections[each]["type"] == kind]))
