"""*posters*: the small pictures of those rows of a search that are on the screen, made of the files that the index keeps beside it.

What goes out is drawn anew from what was decoded, so nothing but a picture of this size ever does. Pillow makes it; where that is not
there, the index has kept no pictures either.
"""

import base64
import importlib.util
import os

from plexsync_plugin.answers.page.arguments import PostersArguments
from plexsync_plugin.answers.page.library_shapes import Posters
from plexsync_plugin.answers.page.question import Question
from plexsync_plugin.base.errors import PictureUnusable
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.plex.page_views import open_index

MOST = 12  # of one answer: as many rows as a screen shows, within 300 ms
BOX = (80, 120)  # pixels: twice what the page shows, for screens with small ones
LARGEST = 1_000_000  # bytes of a file that is read; the indexer writes a tenth of it


def answer(question: Question, arguments: PostersArguments) -> Posters:
    keys = arguments.keys[:MOST]
    with open_index(question.folder.index) as index:
        files = index.pictures(keys) if index else {}
    if not files or not _pillow_is_there(question.folder):
        return Posters(pictures={})
    small = {key: _small(os.path.join(question.folder.images, name)) for key, name in files.items()}
    return Posters(
        pictures={
            str(key): f"data:image/webp;base64,{base64.b64encode(picture).decode()}"
            for key, picture in small.items()
            if picture
        }
    )


def _pillow_is_there(folder: DataFolder) -> bool:
    """Of Stash's Python, else among the packages of our own."""
    if importlib.util.find_spec("PIL") is None:
        from plexsync_plugin.base import packages  # noqa: PLC0415 - imports what nobody else here needs

        packages.enter(folder)
    from indexer.pictures.webp import is_there  # noqa: PLC0415 - after the packages can be found

    return is_there()


def _small(path: str) -> bytes:
    """b"" where there is no such file, or it is no picture."""
    from indexer.pictures.webp import to_webp  # noqa: PLC0415 - as above

    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST + 1)
        return to_webp(data, BOX) if len(data) <= LARGEST else b""
    except (OSError, PictureUnusable):
        return b""
