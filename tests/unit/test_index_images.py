"""Pictures of any kind become WebP or are refused with a reason; files know what they were made from."""

import io
import os
import random
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image

from indexer.pictures.files import ART, THUMB, PictureFiles, PlexPicture
from indexer.pictures.webp import to_webp
from plexsync_plugin.base.errors import PictureUnusable
from plexsync_plugin.core.model import Kind
from tests.sim.process import ROOT

BOX = (480, 720)


def encoded(
    size: tuple[int, int], form: str = "JPEG", mode: str = "RGB", color: float | tuple[float, ...] = 128
) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, color).save(out, form)
    return out.getvalue()


def noisy(size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    Image.frombytes("RGB", size, random.Random(1).randbytes(size[0] * size[1] * 3)).save(out, "JPEG")
    return out.getvalue()


def png_bomb(side: int) -> bytes:
    """A PNG that says it has side x side pixels, and is small."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000)))


def shape(webp: bytes) -> tuple[str | None, tuple[int, int], str]:
    with Image.open(io.BytesIO(webp)) as image:
        return image.format, image.size, image.mode


@pytest.mark.parametrize(
    ("data", "size", "mode"),
    [
        (encoded((480, 720)), (480, 720), "RGB"),
        (encoded((2000, 3000)), (480, 720), "RGB"),
        (encoded((600, 600), "PNG"), (480, 480), "RGB"),
        (encoded((100, 50), "WEBP"), (100, 50), "RGB"),
        (encoded((10, 10), "JPEG", "CMYK", (0, 0, 0, 0)), (10, 10), "RGB"),
        (encoded((10, 10), "PNG", "RGBA", (255, 0, 0, 10)), (10, 10), "RGBA"),
        (encoded((10, 10), "PNG", "I;16", 1000), (10, 10), "RGB"),
    ],
)
def test_picture_when_usable_becomes_webp_within_the_box(
    data: bytes, size: tuple[int, int], mode: str
) -> None:
    assert shape(to_webp(data, BOX)) == ("WEBP", size, mode)


def test_transparency_when_there_stays() -> None:
    with Image.open(io.BytesIO(to_webp(encoded((10, 10), "PNG", "RGBA", (255, 0, 0, 0)), BOX))) as image:
        assert image.getpixel((5, 5))[3] == 0  # type: ignore[index] # a pixel of RGBA


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no picture"),
        (b"<html><body>Not found</body></html>", "no picture"),
        (b"\xff\xd8\xff", "no picture"),
        (encoded((20, 20), "GIF", "P", 1), "no picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture"),
        (png_bomb(60_000), "60000 x 60000 pixels"),
        (png_bomb(5_000), "too many"),
        (png_bomb(1_000), "cannot be decoded"),
        (noisy((300, 300))[:9_000], "cannot be decoded"),
    ],
)
def test_picture_when_broken_or_hostile_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(PictureUnusable, match=words):
        to_webp(data, BOX)


def test_picture_when_bytes_are_spoiled_anywhere_ends_in_webp_or_refusal() -> None:
    good, dice, refused = noisy((60, 60)), random.Random(7), 0
    for _ in range(200):
        spoiled = bytearray(good)
        for _ in range(8):
            spoiled[dice.randrange(len(spoiled))] = dice.randrange(256)
        try:
            assert shape(to_webp(bytes(spoiled), BOX))[0] == "WEBP"
        except PictureUnusable:
            refused += 1
    assert refused > 0


def picture(address: str, key: int = 7, place: str = THUMB, kind: Kind = Kind.MOVIE) -> PlexPicture:
    return PlexPicture(rating_key=key, kind=kind, place=place, address=address)


@pytest.mark.parametrize(
    ("address", "stamp"),
    [
        ("/library/metadata/7/thumb/1700000000", 1_700_000_000),
        ("/library/metadata/7/composite", zlib.crc32(b"/library/metadata/7/composite")),
        ("/a/thumb/99999999999999", zlib.crc32(b"/a/thumb/99999999999999")),
        ("/a/thumb/①", zlib.crc32("/a/thumb/①".encode())),
    ],
)
def test_stamp_when_the_address_ends_in_any_way(address: str, stamp: int) -> None:
    assert picture(address).stamp == stamp


def test_file_when_saved_is_current_until_the_address_changes(tmp_path: Path) -> None:
    files, first = PictureFiles(str(tmp_path)), picture("/library/metadata/7/thumb/1700000000")
    assert not files.is_current(first, again=False)
    files.save(first, b"webp")
    assert (tmp_path / "movie_image" / "7.thumb.webp").read_bytes() == b"webp"
    assert files.is_current(first, again=True)
    assert not files.is_current(picture("/library/metadata/7/thumb/1700000100"), again=False)
    assert os.listdir(tmp_path / "movie_image") == ["7.thumb.webp"]


def test_picture_that_is_unusable_is_tried_again_only_when_asked_or_changed(tmp_path: Path) -> None:
    files, bad = PictureFiles(str(tmp_path)), picture("/library/metadata/7/thumb/1700000000")
    files.skip_until_it_changes(bad)
    assert files.is_current(bad, again=False)
    assert not files.is_current(bad, again=True)
    files.save(bad, b"webp")
    assert os.listdir(tmp_path / "movie_image") == ["7.thumb.webp"]


def test_orphans_when_removed_leave_what_is_not_ours(tmp_path: Path) -> None:
    files = PictureFiles(str(tmp_path))
    files.save(picture("/a/1700000000", 7), b"a")
    files.save(picture("/a/1700000000", 7, ART), b"b")
    files.save(picture("/a/1700000000", 8), b"c")
    files.skip_until_it_changes(picture("/a/1700000000", 9))
    folder = tmp_path / "movie_image"
    (folder / ".abc.unfinished").write_bytes(b"half")
    (folder / "notes.txt").write_text("mine")
    (folder / "8.poster.webp").write_text("mine")
    assert files.remove_orphans({("movie_image", THUMB): {7}}) == 2
    assert sorted(os.listdir(folder)) == ["7.thumb.webp", "8.poster.webp", "notes.txt"]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="folder rights of POSIX")
def test_file_when_it_cannot_be_written_leaves_nothing_half_done(tmp_path: Path) -> None:
    (tmp_path / "movie_image").write_text("a file where the folder should be")
    with pytest.raises(OSError, match="movie_image"):
        PictureFiles(str(tmp_path)).save(picture("/a/1"), b"x")
    assert os.listdir(tmp_path) == ["movie_image"]


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_picture_when_writing_breaks_off_is_the_old_one_whole(tmp_path: Path) -> None:
    """A truncated file under the final name would be taken for the picture for ever after."""
    files = PictureFiles(str(tmp_path))
    old = PlexPicture(
        rating_key=7, kind=Kind.MOVIE, place=THUMB, address="/library/metadata/7/thumb/1700000000"
    )
    files.save(old, b"the old picture")
    script = (
        "import resource, sys\n"
        "from indexer.pictures.files import THUMB, PlexPicture, PictureFiles\n"
        "from plexsync_plugin.core.model import Kind\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "new = PlexPicture(rating_key=7, kind=Kind.MOVIE, place=THUMB, address='/library/metadata/7/thumb/1800000000')\n"
        "PictureFiles(sys.argv[1]).save(new, bytes(100_000))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "OSError" in done.stderr
    assert [path.name for path in (tmp_path / "movie_image").iterdir()] == ["7.thumb.webp"]
    assert Path(files.path(old)).read_bytes() == b"the old picture"
    assert files.is_current(old, again=False)


def test_transparent_picture_when_laid_on_white_shows_no_black(tmp_path: Path) -> None:
    """Through half-transparent pixels the ground is to be seen, whatever that is; black was never there."""
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (255, 255, 255, 60)).save(out, "PNG")
    (tmp_path / "made.webp").write_bytes(to_webp(out.getvalue(), (480, 720)))
    with Image.open(tmp_path / "made.webp") as image:
        ground = Image.new("RGBA", image.size, "white")
        ground.alpha_composite(image.convert("RGBA"))
        assert min(channel[0] for channel in ground.convert("RGB").getextrema()) >= 250  # type: ignore[index]
