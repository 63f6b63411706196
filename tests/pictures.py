"""Small pictures for the tests, drawn when they are needed."""

import base64
import hashlib
import io

from PIL import Image

Color = tuple[int, int, int]


def drawn(width: int = 160, height: int = 90, color: Color = (200, 30, 30), kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", (width, height), color)
    # Not of one colour, or a blurred copy could not be told from the picture.
    image.paste((255 - color[0], color[1], 90), (0, 0, width // 2, height // 2))
    image.save(out, kind)
    return out.getvalue()


def noise(width: int, height: int) -> bytes:
    """A PNG that does not shrink: about three bytes a pixel."""
    rows = b"".join(
        hashlib.shake_128(number.to_bytes(4, "big")).digest(width * 3) for number in range(height)
    )
    out = io.BytesIO()
    Image.frombytes("RGB", (width, height), rows).save(out, "PNG", compress_level=0)
    return out.getvalue()


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def sha1(data: bytes) -> str:
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()
