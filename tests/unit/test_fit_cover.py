"""Covers made to fit: as they are, as portrait posters, smaller; and what cannot be read."""

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from plexsync_plugin.base.errors import PictureUnusable
from plexsync_plugin.core.picture import LIMIT
from plexsync_plugin.worker.pictures.fit_cover import CoverFitter
from tests.pictures import drawn, noise

WITH_PILLOW = CoverFitter()
WITHOUT_PILLOW = CoverFitter(lambda: None)


def opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return image


def bomb() -> bytes:
    """A PNG of a few bytes that says it has 60 000 x 60 000 pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(b"\0" * 100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body + chunk(b"IEND", b"")


def large_header() -> bytes:
    """Below Pillow's own limit and above ours."""
    out = io.BytesIO()
    Image.new("1", (9_000, 9_000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("fitter", [WITH_PILLOW, WITHOUT_PILLOW], ids=["pillow", "without"])
def test_cover_that_plex_takes_stays_as_it_is(fitter: CoverFitter, kind: str) -> None:
    data = drawn(kind=kind)
    assert fitter.plain(data) is data


def test_gif_becomes_a_jpeg() -> None:
    copy = WITH_PILLOW.plain(drawn(320, 180, kind="GIF"))
    assert (opened(copy).format, opened(copy).size) == ("JPEG", (320, 180))


def test_cover_over_ten_megabytes_is_scaled_down() -> None:
    data = noise(2_400, 1_500)
    assert len(data) > LIMIT
    copy = WITH_PILLOW.plain(data)
    assert len(copy) <= LIMIT
    assert opened(copy).format == "JPEG"


@pytest.mark.parametrize("data", [drawn(kind="GIF"), drawn() + b"\0" * LIMIT], ids=["gif", "large"])
def test_without_pillow_what_would_have_to_be_converted_is_refused(data: bytes) -> None:
    with pytest.raises(PictureUnusable, match="Pillow"):
        WITHOUT_PILLOW.plain(data)


def test_portrait_shows_the_whole_cover_across_over_a_darker_copy_of_itself() -> None:
    poster = opened(WITH_PILLOW.portrait(drawn(1_600, 900, (200, 30, 30))))
    assert poster.size == (1_000, 1_500)
    height = round(900 * 1_000 / 1_600)
    top = (1_500 - height) // 2

    def pixel(x: int, y: int) -> tuple[int, ...]:
        value = poster.getpixel((x, y))
        assert isinstance(value, tuple)
        return value

    # Both edges of the cover are there, in its own colours.
    for x, y, color in ((8, top + 8, (55, 30, 90)), (991, top + height - 8, (200, 30, 30))):
        assert all(abs(one - other) < 25 for one, other in zip(pixel(x, y), color, strict=True))
    assert max(pixel(990, 1_490)) < 130  # the darkened copy
    assert max(pixel(990, 1_490)) > 40  # and not black


def test_portrait_of_the_same_cover_has_the_same_bytes() -> None:
    data = drawn(1_280, 720)
    assert WITH_PILLOW.portrait(data) == WITH_PILLOW.portrait(data)


@pytest.mark.parametrize("size", [(600, 900), (500, 500)])
def test_cover_that_is_no_landscape_stays_as_it_is(size: tuple[int, int]) -> None:
    data = drawn(*size)
    assert WITH_PILLOW.portrait(data) == data


def test_portrait_of_a_transparent_cover_is_opaque() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (320, 180), (0, 255, 0, 128)).save(out, "PNG")
    assert opened(WITH_PILLOW.portrait(out.getvalue())).mode == "RGB"


def test_portrait_of_a_sliver_is_still_a_poster() -> None:
    assert opened(WITH_PILLOW.portrait(drawn(4_000, 1))).size == (1_000, 1_500)


def test_portrait_follows_the_orientation_that_a_camera_wrote() -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side: upright it is 180 x 320
    Image.new("RGB", (320, 180), (9, 9, 9)).save(out, "JPEG", exif=exif)
    assert WITH_PILLOW.portrait(out.getvalue()) == out.getvalue()


def test_without_pillow_the_portrait_is_the_plain_cover() -> None:
    data = drawn(1_280, 720)
    assert WITHOUT_PILLOW.portrait(data) == data


BROKEN: dict[str, Any] = {
    "empty": b"",
    "html": b"<html>not a picture</html>",
    "noise": bytes(range(256)) * 40,
    "cut": drawn(1_600, 900)[:2_000],
    "header only": b"\xff\xd8\xff",
    "png cut": drawn(800, 600, kind="PNG")[:60],
    "bomb": bomb(),
    "large": large_header(),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
def test_broken_or_hostile_bytes_are_refused_when_they_are_drawn_with(data: bytes) -> None:
    with pytest.raises(PictureUnusable):
        WITH_PILLOW.portrait(data)


@pytest.mark.parametrize(
    "data",
    [b"", b"<html>", b"\0" * 50, b"\xff\xd8\xff\xe0 cut", bomb()],
    ids=["empty", "html", "zeros", "cut", "bomb"],
)
@pytest.mark.parametrize("fitter", [WITH_PILLOW, WITHOUT_PILLOW], ids=["pillow", "without"])
def test_what_is_no_picture_is_refused_as_it_is(fitter: CoverFitter, data: bytes) -> None:
    with pytest.raises(PictureUnusable):
        fitter.plain(data)


@pytest.mark.parametrize("cut", range(4, 700, 29))
def test_no_cut_of_a_picture_raises_anything_else(cut: int) -> None:
    for kind in ("JPEG", "PNG", "WEBP", "GIF"):
        try:
            poster = WITH_PILLOW.portrait(drawn(kind=kind)[:cut])
        except PictureUnusable:
            continue
        assert opened(poster).size == (1_000, 1_500)
