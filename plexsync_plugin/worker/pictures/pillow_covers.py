"""What needs Pillow: portrait posters and smaller copies. Imported only when one is to be made.

The bytes come from anybody, so every failure of the decoder is a PictureUnusable; the same bytes give the same result.
"""

import contextlib
import io
import struct
import warnings
import zlib
from collections.abc import Iterator

from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from plexsync_plugin.base.errors import PictureUnusable
from plexsync_plugin.core.picture import LIMIT, MOST_PIXELS

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
POSTER = (1_000, 1_500)
_BACKDROP = (100, 150)  # blurred small and then enlarged: the same look for a hundredth of the work
_COPIES = ((3_840, 90), (1_920, 85))  # longest side, JPEG quality
_BROKEN = (
    OSError, SyntaxError, ValueError, TypeError, ArithmeticError, LookupError, EOFError, RuntimeError, MemoryError,
    struct.error, zlib.error, Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip


def portrait(data: bytes) -> bytes | None:
    """A 2:3 poster: the whole picture across it, over a blurred and darkened copy that fills it. None: it is no landscape."""
    with _opened(data, POSTER[0]) as picture:
        if picture.width <= picture.height:
            return None
        poster = _backdrop(picture)
        height = round(picture.height * POSTER[0] / picture.width)
        across = picture.resize((POSTER[0], max(height, 1)), Image.Resampling.LANCZOS)
        poster.paste(across, (0, (POSTER[1] - across.height) // 2))
        return _jpeg(poster, 88)


def smaller(data: bytes) -> bytes:
    """A JPEG that Plex takes, of any picture that can be read."""
    for side, quality in _COPIES:
        with _opened(data, side) as picture:
            picture.thumbnail((side, side), Image.Resampling.LANCZOS)
            copy = _jpeg(picture, quality)
        if len(copy) <= LIMIT:
            return copy
    raise PictureUnusable("it is too large for Plex, even scaled down")


def _backdrop(picture: Image.Image) -> Image.Image:
    small = ImageOps.fit(picture, _BACKDROP, Image.Resampling.BILINEAR).filter(ImageFilter.GaussianBlur(6))
    return ImageEnhance.Brightness(small).enhance(0.5).resize(POSTER, Image.Resampling.BICUBIC)


@contextlib.contextmanager
def _opened(data: bytes, side: int) -> Iterator[Image.Image]:
    """Upright and opaque; a JPEG is decoded no larger than twice `side`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise PictureUnusable(f"it has {image.width} x {image.height} pixels")
                image.draft("RGB", (side, side))
                yield _opaque(ImageOps.exif_transpose(image))
    except _BROKEN as error:
        raise PictureUnusable("it cannot be read as a picture") from error


def _opaque(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    opaque = Image.new("RGB", layer.size)
    opaque.paste(layer, mask=layer.getchannel("A"))
    return opaque


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()
