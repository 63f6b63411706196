"""The bytes of a picture, whatever they hold -> WebP. Pillow is optional: `is_there` tells whether it can be done.

Nothing is decoded before its size is known, and only formats that Plex's transcoder makes.
"""

import io
from typing import Any

from plexsync_plugin.base.errors import PictureUnusable
from plexsync_plugin.core.image_header import dimensions

LARGEST = 16_000_000  # pixels; four bytes each while it is decoded
QUALITY = 80
METHOD = 2  # of 0 (fast) to 6 (small): 4 takes twice the time for files that are 5 % smaller
FORMATS = ("JPEG", "PNG", "WEBP")


def is_there() -> bool:
    try:
        from PIL import features  # noqa: PLC0415 - optional at run time
    except ImportError:
        return False
    return bool(features.check("webp"))


def to_webp(data: bytes, box: tuple[int, int]) -> bytes:
    """Not larger than `box`, its shape kept. Raises PictureUnusable."""
    _check_size(dimensions(data))
    try:
        return _converted(data, box)
    except PictureUnusable:
        raise
    except Exception as error:  # the boundary of one picture: decoders fail on hostile bytes in any way
        raise PictureUnusable(f"It cannot be decoded ({type(error).__name__}).") from error


def _check_size(size: tuple[int, int] | None) -> None:
    if size is None:
        raise PictureUnusable("It is no picture in JPEG, PNG or WebP.")
    if size[0] * size[1] > LARGEST:
        raise PictureUnusable(f"It has {size[0]} x {size[1]} pixels, too many.")


def _converted(data: bytes, box: tuple[int, int]) -> bytes:
    from PIL import Image  # noqa: PLC0415 - optional at run time

    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        _check_size(image.size)  # the decoder's word counts, not the header's alone
        image.draft("RGB", box)
        picture: Any = image.convert("RGBA" if _is_transparent(image) else "RGB")
    picture.thumbnail(box)
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=QUALITY, method=METHOD)
    return out.getvalue()


def _is_transparent(image: Any) -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
