"""Sees every write of PlexSync at the simulated Plex, and what is a person's or the agent's there.

Who set a value can be told from the value itself: Stash's texts begin with "s", its dates with "20", its ratings are up
to 5, its pictures are known by their bytes. Nothing here asks the plugin.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.sim.message import Request, Response
from tests.sim.plex import images
from tests.sim.plex.library import Library
from tests.sim.plex.model import Item

TEXTS = (
    "title",
    "originalTitle",
    "studio",
    "summary",
    "originallyAvailableAt",
    "contentRating",
    "userRating",
)
LISTS = ("genre", "actor", "director", "collection")
ELEMENTS = {"posters": "thumb", "arts": "art"}
_EDIT = re.compile(r"/library/sections/(\d+)/all")
_IMAGE = re.compile(r"/library/metadata/(\d+)/(posters?|arts?|thumb|art)")


def is_stash(name: str, value: str) -> bool:
    if name == "originallyAvailableAt":
        return value.startswith("20")
    if name == "userRating":
        return bool(value) and float(value) <= 5
    return value.startswith("s")


def text_of(item: Item, name: str) -> str:
    value = item.fields.get(name)
    return "" if value is None else f"{float(value):g}" if name == "userRating" else str(value)


def tags_of(item: Item, name: str) -> set[str]:
    return {tag.name.casefold() for tag, _ in item.tags.get(name, [])}


def selected_of(item: Item, element: str) -> str:
    return images.gallery(item, ELEMENTS[element]).selected or ""


@dataclass
class Shown:
    texts: dict[str, str]
    lists: dict[str, set[str]]
    locks: set[str]
    pictures: dict[str, str]

    @classmethod
    def of(cls, item: Item) -> "Shown":
        return cls(
            {name: text_of(item, name) for name in TEXTS},
            {name: tags_of(item, name) for name in LISTS},
            set(item.locks),
            {element: selected_of(item, element) for element in ELEMENTS},
        )


@dataclass
class Taken:
    """What PlexSync took away of one item, and has not given back: by field."""

    texts: dict[str, tuple[str, bool]] = field(default_factory=dict)
    lists: dict[str, set[str]] = field(default_factory=dict)
    pictures: dict[str, tuple[str, bool]] = field(default_factory=dict)
    ever: dict[str, set[str]] = field(
        default_factory=dict
    )  # of lists: what was taken once, given back or not
    locks: dict[str, bool | None] = field(
        default_factory=dict
    )  # of lists before us; None: somebody has touched it since


@dataclass
class Left:
    """What an item showed of ours when PlexSync lost what it knew of the item: that may stay, or come back by Undo."""

    texts: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)
    pictures: set[str] = field(default_factory=set)

    def add(self, shown: Shown) -> None:
        self.texts.update(shown.texts.values())
        self.tags.update(*shown.lists.values())
        self.pictures.update(shown.pictures.values())


NOTHING = Left()


class Watch:
    def __init__(self) -> None:
        self.library = Library()
        self.taken: dict[int, Taken] = {}
        self.writes: list[str] = []
        self.problems: list[str] = []
        self.preserve: set[bool] = set()
        self.undoing = False
        self.meanwhile: list[Callable[[Request], None]] = []  # one for each of the next requests that write
        self.outdated: set[str] = set()  # of Stash; a newer one had come before their turn
        self.only: set[int] | None = None  # the items that may be written to now; None: all
        self.unknown: dict[int, Left] = {}
        self.changed_since: set[int] = set()  # items that PlexSync has changed since a backup was made
        self.fuse: Callable[[], None] | None = None  # lit by a request that writes
        self.skip = 0  # so many of them go by first
        self.covers: set[str] = set()  # upload keys of Stash's pictures
        self._before: dict[int, Shown] = {}
        self._locked: set[tuple[int, str]] = (
            set()
        )  # places of pictures that PlexSync locked, before it filled them

    def begin(self, library: Library) -> None:
        self.__init__()  # type: ignore[misc]
        self.library = library

    def of(self, key: int) -> Taken:
        return self.taken.setdefault(key, Taken())

    # --- others -----------------------------------------------------------------------------------------------------

    def others_changed(self, key: int, before: Shown) -> None:
        """A person or the agent changed the item: what they set now is the newest."""
        now, taken = Shown.of(self.library.items[key]), self.of(key)
        for name in TEXTS:
            if now.texts[name] != before.texts[name]:
                taken.texts.pop(name, None)
        for name in LISTS:
            taken.lists.get(name, set()).difference_update(now.lists[name] - before.lists[name])
            if now.lists[name] != before.lists[name] or (name in now.locks) != (name in before.locks):
                taken.locks[name] = None
        for element in ELEMENTS:
            if now.pictures[element] != before.pictures[element]:
                taken.pictures.pop(element, None)
                self._locked.discard((key, ELEMENTS[element]))

    def forget(self, key: int) -> None:
        self.taken.pop(key, None)

    def forget_history(self, *, pictures_alone: bool = False, changed_alone: bool = False) -> None:
        """PlexSync has said that it knows no more what was there before; `changed_alone`: of what it changed since a backup was made."""
        for key, item in self.library.items.items():
            if item.kind == "collection" or (changed_alone and key not in self.changed_since):
                continue
            shown, taken, left = Shown.of(item), self.of(key), self.unknown.setdefault(key, Left())
            taken.pictures.clear()
            if pictures_alone:
                left.pictures.update(shown.pictures.values())
                continue
            self.taken[key] = Taken(ever=taken.ever)
            left.add(shown)

    def left(self, key: int) -> Left:
        return self.unknown.get(key, NOTHING)

    # --- PlexSync ---------------------------------------------------------------------------------------------------

    def before(self, request: Request) -> None:
        if self.meanwhile:
            self.meanwhile.pop(0)(request)
        self.skip -= 1
        if self.fuse is not None and self.skip < 0:
            self.fuse()
            self.fuse = None
        self.writes.append(f"{request.method} {request.target[:300]}")
        self._before = {
            key: Shown.of(item) for key, item in self.library.items.items() if item.kind != "collection"
        }

    def after(self, request: Request, response: Response) -> None:
        for key, before in self._before.items():
            if key not in self.library.items:
                self.problems.append(f"item {key} was removed by {request.method} {request.target}")
                continue
            now = Shown.of(self.library.items[key])
            if now != before:
                self.changed_since.add(key)
                self._compare(key, before, now, request.target)
                self._judge_moment(key, before, now)
        for key, item in self.library.items.items():
            for element in ELEMENTS if item.kind != "collection" else ():
                keys = [each.key for each in images.gallery(item, ELEMENTS[element]).uploads]
                if len(keys) != len(set(keys)):
                    self.say(f"item {key}: a picture was uploaded twice to {element}")

    def say(self, text: str) -> None:
        if text not in self.problems:
            self.problems.append(text)

    def _judge_moment(self, key: int, before: Shown, now: Shown) -> None:
        for name, text in now.texts.items():
            if text in self.outdated and text != before.texts[name]:
                self.say(
                    f"item {key}: {name} {text!r} was written although a newer one had come before its turn"
                )
        if self.only is not None and key not in self.only:
            self.say(f"item {key} was written after the queue had been cleared")

    def _compare(self, key: int, before: Shown, now: Shown, target: str) -> None:
        taken = self.of(key)
        for name in TEXTS:
            self._text(key, name, before, now, taken)
        for name in LISTS:
            self._list(key, name, before, now, taken)
        for element in ELEMENTS:
            self._picture(key, element, before, now, taken)

    def _kept(self, before: Shown, name: str) -> bool:
        """Whether preserve_plex_edits protects what the field showed."""
        return self.preserve == {True} and not self.undoing and name in before.locks

    def _text(self, key: int, name: str, before: Shown, now: Shown, taken: Taken) -> None:
        old, new = before.texts[name], now.texts[name]
        locked = name in before.locks
        if old == new:
            return
        if not is_stash(name, old):  # empty too
            if self._kept(before, name) and old:
                self.say(f"item {key}: {name} {old!r} of a person was overwritten with {new!r}")
            if not is_stash(name, new):
                self.say(f"item {key}: {name} {old!r} became {new!r}, which is nothing of Stash's")
            taken.texts[name] = (old, locked)
        elif not is_stash(name, new):
            wanted = taken.texts.pop(name, None)
            if wanted is not None and wanted != (new, name in now.locks):
                self.say(
                    f"item {key}: {name} was given back as {(new, name in now.locks)}, taken as {wanted}"
                )

    def _list(self, key: int, name: str, before: Shown, now: Shown, taken: Taken) -> None:
        gone = {tag for tag in before.lists[name] - now.lists[name] if not is_stash(name, tag)}
        come = {tag for tag in now.lists[name] - before.lists[name] if not is_stash(name, tag)}
        if gone and (name == "collection" or self._kept(before, name)):
            self.say(f"item {key}: {sorted(gone)} of a person's {name} went")
        mine = taken.lists.setdefault(name, set())
        ever = taken.ever.setdefault(name, set())
        if come - ever:
            self.say(f"item {key}: {sorted(come - ever)} came into {name} from nowhere")
        mine -= come
        mine |= gone
        ever |= gone
        held, holds = (any(is_stash(name, tag) for tag in each.lists[name]) for each in (before, now))
        if holds and not held:
            taken.locks.setdefault(name, name in before.locks)
        elif held and not holds and name in taken.locks and name != "collection":
            wanted = taken.locks.pop(name)
            if wanted not in (None, name in now.locks):
                self.say(f"item {key}: the lock of {name} was given back as {name in now.locks}")

    def _picture(self, key: int, element: str, before: Shown, now: Shown, taken: Taken) -> None:
        old, new = before.pictures[element], now.pictures[element]
        place = ELEMENTS[element]
        if place in now.locks - before.locks and old == new:
            self._locked.add((key, place))
        locked = place in before.locks and (key, place) not in self._locked
        if old == new:
            return
        if old not in self.covers:
            if self.preserve == {True} and not self.undoing and locked and old:
                self.say(f"item {key}: a person's picture of {element} {old} was replaced")
            taken.pictures[element] = (old, locked)
        elif new not in self.covers:
            wanted = taken.pictures.pop(element, None)
            if wanted is not None and wanted[0] != new:
                self.say(f"item {key}: {element} was given back as {new}, taken as {wanted}")

    # --- after an undo ------------------------------------------------------------------------------------------------

    def check_undone(self) -> None:
        for key, item in self.library.items.items():
            if item.kind != "collection":
                shown, taken = Shown.of(item), self.of(key)
                self._check_fields(f"undo: item {key}", shown, taken, self.left(key))
                self._check_pictures(f"undo: item {key}", shown, taken, self.left(key))

    def _check_fields(self, where: str, shown: Shown, taken: Taken, left: Left) -> None:
        for name in TEXTS:
            if is_stash(name, shown.texts[name]) and shown.texts[name] not in left.texts:
                self.say(f"{where} still shows {name} {shown.texts[name]!r}")
            if name in taken.texts:
                self.say(f"{where}: {name} {taken.texts[name]} was not given back ({shown.texts[name]!r})")
        for name in LISTS:
            ours = {tag for tag in shown.lists[name] if is_stash(name, tag)} - left.tags
            if ours:
                self.say(f"{where} still shows {name} {sorted(ours)}")
            if taken.lists.get(name):
                self.say(f"{where}: {name} {sorted(taken.lists[name])} were not given back")

    def _check_pictures(self, where: str, shown: Shown, taken: Taken, left: Left) -> None:
        for element in ELEMENTS:
            if shown.pictures[element] in self.covers - left.pictures:
                self.say(f"{where} still shows our picture in {element}")
            if element in taken.pictures:
                self.say(f"{where}: {element} {taken.pictures[element]} was not given back")
