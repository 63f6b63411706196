"""File paths as text, of any operating system: Stash and Plex need not run on the same one. Pure."""

from collections.abc import Iterable


def parts(path: str) -> tuple[str, ...]:
    """`/media/a/b.mp4` and `M:\\a\\b.mp4` in pieces; both separators count where the path is a Windows one."""
    windows = path[1:3] in (":\\", ":/") or path.startswith("\\\\")
    return tuple(piece for piece in (path.replace("\\", "/") if windows else path).split("/") if piece)


def file_name(path: str) -> str:
    pieces = parts(path)
    return pieces[-1] if pieces else ""


def common_suffix(one: str, other: str) -> int:
    """How many path pieces agree, counted from the file name; case does not count (Windows, macOS)."""
    count = 0
    for mine, theirs in zip(reversed(parts(one)), reversed(parts(other)), strict=False):
        if mine.casefold() != theirs.casefold():
            break
        count += 1
    return count


def is_below(path: str, folders: Iterable[str]) -> bool:
    """Whether the file lies in one of the folders, at any depth, or is named itself."""
    return any(_starts(parts(path), parts(folder)) for folder in folders)


def _starts(pieces: tuple[str, ...], start: tuple[str, ...]) -> bool:
    return len(start) <= len(pieces) and all(
        one.casefold() == other.casefold() for one, other in zip(pieces, start, strict=False)
    )
