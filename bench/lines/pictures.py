"""The pictures of a library, against the slower of two things done alone: fetching them, and converting them."""

import io
import random
import shutil
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from PIL import Image, ImageFilter

from bench.lines.index import Pages, environment_of, index, library, read
from bench.measuring import RUNS, Line, in_turns
from bench.processes import limit
from bench.replay import PICTURE, Replay
from indexer.pictures.files import THUMB
from indexer.pictures.keeper import BOXES, WIDTH
from indexer.pictures.webp import METHOD, QUALITY
from tests.sim.process import ROOT

GROUP = "Pictures of the index"
KINDS = 40  # different pictures


def measure(movies: int = 1_000, turns: int = RUNS) -> list[Line]:
    with tempfile.TemporaryDirectory() as name, library(f"movies={movies}") as plex:
        folder, drawn = Path(name), Path(name, "drawn")
        _draw(drawn)
        with Replay(plex.url, pictures=str(drawn)) as replay:
            index(replay.url, folder / "index.db")  # what is read here is not measured
            replay.asked()
            ours = partial(_with_pictures, replay.url, folder)
            ours()
            pages: Pages = [page for page in replay.asked() if page[0].startswith(PICTURE)]
            convert = partial(_converted, drawn, len(pages))
            times = in_turns(
                {"fetch": partial(read, replay.url, pages), "convert": convert, "ours": ours}, turns
            )
    slower = tuple(map(max, times["fetch"], times["convert"]))
    return [
        Line(group=GROUP, name=f"{len(pages)} posters, whole process", unit="s", ours=times["ours"],
             limit="fetching or converting alone, the slower", limits=slower, goal=1.2),
        Line(group=GROUP, name="the same, against fetching them over one connection", unit="s", ours=times["ours"],
             limit="fetching", limits=times["fetch"]),
    ]  # fmt: skip


def profiled(
    folder: Path, movies: int, take: Callable[[list[str], Mapping[str, str]], list[str]]
) -> list[str]:
    """What `take` makes of the run that keeps the pictures of so many movies: its arguments and its environment."""
    drawn, kept, path = folder / "drawn", folder / "pictures", folder / "index.db"
    with library(f"movies={movies}") as plex:
        _draw(drawn)
        with Replay(plex.url, pictures=str(drawn)) as replay:
            index(replay.url, path)
            arguments = [str(ROOT / "plex_sync.py"), "--image-folder", str(kept)]
            return take(arguments, environment_of(replay.url, path))


def _with_pictures(url: str, folder: Path) -> float:
    """A run that finds the library unchanged and all its pictures missing."""
    kept = folder / "pictures"
    shutil.rmtree(kept, ignore_errors=True)
    return index(url, folder / "index.db", "--image-folder", str(kept)).seconds


def _converted(drawn: Path, number: int) -> float:
    sizes = (*BOXES[THUMB], QUALITY, METHOD)
    return limit("convert_pictures", str(drawn), str(number), str(WIDTH), *map(str, sizes)).seconds


def _draw(folder: Path) -> None:
    """Posters as the transcoder sends them: of its size, and with as much in them as a photo."""
    folder.mkdir()
    rng = random.Random(1)
    width, height = BOXES[THUMB]
    for number in range(KINDS):
        coarse = Image.frombytes("RGB", (width // 8, height // 8), rng.randbytes(width * height // 64 * 3))
        picture = coarse.resize((width, height), Image.Resampling.BICUBIC).filter(ImageFilter.SMOOTH)
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=85)
        (folder / f"{number}.jpg").write_bytes(out.getvalue())
