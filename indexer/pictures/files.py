"""The pictures beside the index: their names, what each was made from, and writing and removing them.

A file's time of change is the stamp of the picture in Plex, so that file and stamp are put in place by one rename,
need no table, and a file that is deleted is simply fetched again. A picture that cannot be used leaves an empty
`.unusable` of the same stamp, so that it is not asked for again until Plex shows another. Asks nobody anything.
"""

import contextlib
import os
import re
import tempfile
import zlib
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from plexsync_plugin.base.paths import make_shared, shared
from plexsync_plugin.core.model import Kind

FOLDERS: Mapping[Kind, str] = {
    Kind.MOVIE: "movie_image",
    Kind.SHOW: "tv_image",
    Kind.SEASON: "tv_image",
    Kind.EPISODE: "tv_image",
    Kind.ARTIST: "music_image",
    Kind.ALBUM: "music_image",
}
THUMB, ART = "thumb", "art"
SAVED, UNUSABLE = ".webp", ".unusable"

OWNER = ".index"

_OURS = re.compile(r"([0-9]+)\.(thumb|art)(?:\.webp|\.unusable)")
_UNFINISHED = ".unfinished"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlexPicture:
    """A picture that Plex shows for an item."""

    rating_key: int
    kind: Kind
    place: str
    address: str

    @property
    def stamp(self) -> int:
        """A number that changes with the picture: the epoch seconds at the end of its address, else made of the
        address."""
        last = self.address.rpartition("/")[2]
        if last.isascii() and last.isdecimal() and len(last) <= 10:
            return int(last)
        return zlib.crc32(self.address.encode())


class PictureFiles:
    def __init__(self, root: str) -> None:
        self.root = root

    @property
    def note(self) -> str:
        """The path of the file that names the index that the folder belongs to."""
        return os.path.join(self.root, OWNER)

    def owner(self, index: str, *, kept_before: bool = False) -> str:
        """The path of the index that the folder belongs to: from now on `index`, where it belongs to none; "" where it holds
        pictures and does not tell whose.

        Two indexes in one folder would take each other's pictures for orphans, and those of two servers have the same
        names. `kept_before`: the index has kept pictures already, so that one that is not where it was is itself, moved.
        Raises OSError.
        """
        known = self._noted()
        if known and (known == index or _is_there(known)):
            return known
        # A folder that is not there may be on a disk that is away, or in another container.
        ownerless = os.path.isdir(os.path.dirname(known)) if known else not self._holds_pictures()
        if not (ownerless or kept_before):
            return known
        make_shared(self.root)
        with open(self.note, "w", encoding="utf-8", errors="surrogateescape", opener=shared) as file:
            file.write(f"{index}\n")
        return index

    def _noted(self) -> str:
        try:
            with open(self.note, encoding="utf-8", errors="surrogateescape") as file:
                known = file.read().strip()
        except FileNotFoundError:
            return ""
        return "" if "\0" in known else known  # so does a power cut leave it

    def _holds_pictures(self) -> bool:
        return any(
            name.endswith(SAVED) for folder in dict.fromkeys(FOLDERS.values()) for name in self._names(folder)
        )

    def path(self, picture: PlexPicture) -> str:
        return self._path(picture, SAVED)

    def is_current(self, picture: PlexPicture, *, again: bool) -> bool:
        """Whether the picture need not be fetched. With `again` one that could not be used is fetched once more."""
        endings = (SAVED,) if again else (SAVED, UNUSABLE)
        return any(_has_stamp(self._path(picture, ending), picture.stamp) for ending in endings)

    def save(self, picture: PlexPicture, data: bytes) -> None:
        """Raises OSError."""
        self._put(picture, SAVED, data)
        _remove(self._path(picture, UNUSABLE))

    def skip_until_it_changes(self, picture: PlexPicture) -> None:
        """Note that the picture cannot be used; a file that an earlier run saved stays. Raises OSError."""
        self._put(picture, UNUSABLE, b"")

    def remove_orphans(self, shown: Mapping[tuple[str, str], Container[int]]) -> int:
        """Number of pictures removed. `shown`: folder and place -> rating keys that have one. Raises OSError."""
        removed = 0
        for folder in dict.fromkeys(FOLDERS.values()):
            for name in self._names(folder):
                found = _OURS.fullmatch(name)
                orphan = found is not None and int(found[1]) not in shown.get((folder, found[2]), ())
                if orphan or name.endswith(_UNFINISHED):
                    _remove(os.path.join(self.root, folder, name))
                    removed += name.endswith(SAVED)
        return removed

    def _names(self, folder: str) -> Iterator[str]:
        """What others have put there is not among them."""
        try:
            with os.scandir(os.path.join(self.root, folder)) as entries:
                names = [entry.name for entry in entries]
        except FileNotFoundError:
            return
        yield from (name for name in names if _OURS.fullmatch(name) or name.endswith(_UNFINISHED))

    def _path(self, picture: PlexPicture, ending: str) -> str:
        return os.path.join(self.root, FOLDERS[picture.kind], f"{picture.rating_key}.{picture.place}{ending}")

    def _put(self, picture: PlexPicture, ending: str, data: bytes) -> None:
        target = self._path(picture, ending)
        folder = os.path.dirname(target)
        make_shared(folder)
        descriptor, fresh = tempfile.mkstemp(suffix=_UNFINISHED, prefix=".", dir=folder)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            with contextlib.suppress(PermissionError):  # a disk without modes
                os.chmod(fresh, 0o644)  # dashboards run as other users
            os.utime(fresh, (picture.stamp, picture.stamp))
            os.replace(fresh, target)
        except BaseException:
            _remove(fresh)
            raise


def _is_there(path: str) -> bool:
    """Also where it may not be looked at."""
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def _has_stamp(path: str, stamp: int) -> bool:
    try:
        kept = int(os.stat(path).st_mtime)
    except OSError:
        return False
    return kept in (stamp, stamp - stamp % 2)  # FAT keeps even seconds alone


def _remove(path: str) -> None:
    try:
        os.remove(path)
    except FileNotFoundError:
        return
