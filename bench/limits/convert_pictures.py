"""Pictures to WebP by Pillow alone, as large and as good as ours, on as many threads.

`python convert_pictures.py FOLDER NUMBER THREADS WIDTH HEIGHT QUALITY METHOD`: so many, from the folder's files in turn.
"""

import io
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path

from PIL import Image

number, threads, width, height, quality, method = map(int, sys.argv[2:])
files = [path.read_bytes() for path in sorted(Path(sys.argv[1]).iterdir())]


def convert(data: bytes) -> None:
    with Image.open(io.BytesIO(data)) as image:
        image.draft("RGB", (width, height))
        picture = image.convert("RGB")
    picture.thumbnail((width, height))
    picture.save(io.BytesIO(), "WEBP", quality=quality, method=method)


with ThreadPoolExecutor(threads) as pool:
    list(pool.map(convert, islice(cycle(files), number)))
