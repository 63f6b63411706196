"""File paths as text, of any operating system, and the rules that lead from Stash's paths to Plex's. Pure.

Stash and Plex need not run on the same system: a Windows path is known by its drive or its two backslashes, has both
separators, and compares without regard to case; any other path compares to the letter. One letter may be written in two
ways (`é`, or `e` and its accent): macOS and SMB servers hand out the one, Linux the other, so both compare as one.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from plexsync_plugin.base.rules import PathRule

_DRIVE = re.compile(r"[A-Za-z]:(?:[\\/]|$)")


def levelled(text: str) -> str:
    """The text with its letters composed in one way (NFC), for comparing."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def folded(text: str) -> str:
    """The text for comparing without regard to case and to how letters are composed."""
    return levelled(levelled(text).casefold())


def spellings(text: str) -> tuple[str, ...]:
    """All ways in which another system may have composed the text, as it stands first; of plain ASCII there is one."""
    if text.isascii():
        return (text,)
    return tuple(
        dict.fromkeys((text, unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)))
    )


def is_windows(path: str) -> bool:
    return _DRIVE.match(path) is not None or path.startswith("\\\\")


def parts(path: str) -> tuple[str, ...]:
    """The path in pieces: `/media/a/b.mp4`, `M:\\a\\b.mp4`. In a Windows path both separators count."""
    text = path.replace("\\", "/") if is_windows(path) else path
    return tuple(piece for piece in text.split("/") if piece)


def file_name(path: str) -> str:
    pieces = parts(path)
    return pieces[-1] if pieces else ""


def name_key(path: str) -> str:
    """The file's name as names are compared: without regard to case and to how letters are composed."""
    return folded(file_name(path))


def same_name(one: str, other: str) -> bool:
    """Whether two paths end in the same file name; case does not count."""
    return name_key(one) == name_key(other)


def folder_of(path: str) -> str:
    return _text(parts(path)[:-1], like=path)


def same_path(one: str, other: str) -> bool:
    return is_windows(one) == is_windows(other) and _same(parts(one), parts(other), caseless=is_windows(one))


def common_suffix(one: str, other: str) -> int:
    """How many path pieces agree, counted from the file name; case does not count (Windows, macOS)."""
    return _agreeing(parts(one), parts(other), caseless=True)


def is_below(path: str, folders: Iterable[str]) -> bool:
    """Whether the file lies in one of the folders, at any depth, or is named itself; case does not count."""
    pieces = parts(path)
    return any(_starts(pieces, parts(folder), caseless=True) for folder in folders)


def depth_below(path: str, folder: str) -> int | None:
    """How many pieces `folder` has, where the path lies below it; else None. Case counts as on the folder's system."""
    start = parts(folder)
    if is_windows(path) != is_windows(folder):
        return None
    return len(start) if _starts(parts(path), start, caseless=is_windows(folder)) else None


# --- rules -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PlexPath:
    """A path that a file may have in Plex."""

    path: str
    certain: bool  # a file at this path is the one, whatever its size


@dataclass(frozen=True, slots=True, kw_only=True)
class PathMap:
    """The rules of the setting path_map, and those that PlexSync has learned."""

    rules: tuple[PathRule, ...] = ()
    learned: tuple[PathRule, ...] = ()

    def places(self, path: str) -> tuple[PlexPath, ...]:
        """Paths that a file of Stash may have in Plex, the best first: by the user's rules, by learned rules, as it stands.

        A path by a learned rule is not certain, and neither is the path as it stands where a rule of the user applies.
        """
        ruled = to_plex(path, self.rules)
        found = [PlexPath(path=place, certain=True) for place in ruled]
        found += [PlexPath(path=place, certain=False) for place in to_plex(path, self.learned)]
        found.append(PlexPath(path=path, certain=not ruled))
        first: dict[str, PlexPath] = {}
        for place in found:
            first.setdefault(levelled(place.path), place)
        return tuple(first.values())

    def in_stash(self, path: str) -> str:
        """A path of Plex as Stash would name it."""
        return next(iter((*to_stash(path, self.rules), *to_stash(path, self.learned))), path)


def to_plex(path: str, rules: Sequence[PathRule]) -> tuple[str, ...]:
    """The path by the rules with the longest folder that fits; empty where none does."""
    return _mapped(path, [(rule.stash, rule.plex) for rule in rules])


def to_stash(path: str, rules: Sequence[PathRule]) -> tuple[str, ...]:
    return _mapped(path, [(rule.plex, rule.stash) for rule in rules])


def rule_between(stash: str, plex: str) -> PathRule | None:
    """The shortest pair of folders that leads from one path to the other; None for one path or two file names."""
    mine, theirs = parts(stash), parts(plex)
    count = _agreeing(mine, theirs, caseless=is_windows(stash) or is_windows(plex))
    if not count or same_path(stash, plex):
        return None
    return PathRule(
        stash=_text(mine[: len(mine) - count], like=stash),
        plex=_text(theirs[: len(theirs) - count], like=plex),
    )


def _mapped(path: str, pairs: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    fitting = [
        (depth, target) for source, target in pairs if (depth := depth_below(path, source)) is not None
    ]
    longest = max((depth for depth, _ in fitting), default=0)
    rest = parts(path)[longest:]
    found = (_text((*parts(target), *rest), like=target) for depth, target in fitting if depth == longest)
    return tuple(dict.fromkeys(found))


def _text(pieces: Sequence[str], *, like: str) -> str:
    """The pieces as a path of the kind that `like` is."""
    if like.startswith("\\\\"):
        return "\\\\" + "\\".join(pieces)
    if is_windows(like):
        return "\\".join(pieces) if len(pieces) > 1 else "".join(pieces) + "\\"
    return "/" + "/".join(pieces)


def _starts(pieces: Sequence[str], start: Sequence[str], *, caseless: bool) -> bool:
    return _same(pieces[: len(start)], start, caseless=caseless)


def _same(one: Sequence[str], other: Sequence[str], *, caseless: bool) -> bool:
    level = folded if caseless else levelled
    return [level(piece) for piece in one] == [level(piece) for piece in other]


def _agreeing(one: Sequence[str], other: Sequence[str], *, caseless: bool) -> int:
    count = 0
    for mine, theirs in zip(reversed(one), reversed(other), strict=False):
        if not _same((mine,), (theirs,), caseless=caseless):
            break
        count += 1
    return count
