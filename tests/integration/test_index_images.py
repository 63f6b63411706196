"""Pictures of a simulated server as WebP files below the image folder: fetched once, kept, removed, never a failure."""

import io
import json
import os
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from indexer.pictures.files import OWNER
from indexer.pictures.keeper import FAILURES_IN_A_ROW, PictureKeeper, PictureWish
from indexer.reading.patience import FIRST, SHORTEST, Patience
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import IndexRefused
from plexsync_plugin.plex.gateway import Connection, PlexGateway
from tests.index_runs import SECTIONS, TOKEN, World, movie_section, start_plex
from tests.sim.process import ROOT
from tests.unit.test_index_images import png_bomb

POSTERS = {
    "movie_image/101.thumb.webp",
    "movie_image/102.thumb.webp",
    "movie_image/103.thumb.webp",
    "music_image/301.thumb.webp",
    "music_image/310.thumb.webp",
    "music_image/320.thumb.webp",
    "tv_image/201.thumb.webp",
    "tv_image/210.thumb.webp",
    "tv_image/220.thumb.webp",
}
TRANSCODE = "GET /photo/:/transcode"


@pytest.fixture
def sections() -> Any:
    return with_pictures(SECTIONS)


def with_pictures(given: Any) -> Any:
    """Every item shows a poster and a background."""
    if isinstance(given, list):
        return [with_pictures(each) for each in given]
    found = {
        name: with_pictures(value) if name in ("items", "children") else value
        for name, value in given.items()
    }
    return found if "items" in found else {"thumb": 1_700_000_000, "art": 1_700_000_000} | found


def saved(world: World) -> set[str]:
    """All files below the folder but the note of whose pictures they are."""
    found = {path.relative_to(world.images).as_posix() for path in world.images.rglob("*") if path.is_file()}
    return found - {OWNER}


def jpeg(size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, "JPEG")
    return out.getvalue()


def upload(world: World, key: int, data: bytes) -> None:
    request = urllib.request.Request(
        f"{world.plex.url}/library/metadata/{key}/posters",
        data=data,
        method="POST",
        headers={"X-Plex-Token": TOKEN},
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200


def test_posters_when_first_seen_are_saved_as_webp(world: World) -> None:
    verdict = world.index(images=True)
    assert saved(world) == POSTERS
    assert "9 pictures saved" in verdict.sentence
    with Image.open(world.images / "movie_image/101.thumb.webp") as image:
        assert (image.format, image.size) == ("WEBP", (200, 300))
    asked = [target for target in world.targets() if target.startswith(TRANSCODE)]
    assert len(asked) == 9
    assert all("format=jpg" in target and "width=480" in target for target in asked)
    assert not any("oken" in target for target in world.targets())
    assert verdict.requests == len(world.targets())


class Listening(PlexGateway):
    """Notes how long each picture may take."""

    def __init__(self, world: World) -> None:
        super().__init__(Connection(url=world.plex.url, token=TOKEN, client_id="test"), Clock())
        self.limits: list[float] = []

    def picture(self, address: str, **options: Any) -> bytes:
        self.limits.append(options["within"])
        return super().picture(address, **options)


def test_poster_when_the_others_came_at_once_may_not_keep_the_run_for_a_minute(world: World) -> None:
    world.index()
    wish = PictureWish(
        folder=str(world.images),
        index=str(world.db),
        sections={1, 2, 3},
        art=False,
        parallel=False,
        again=False,
    )
    with closing(Listening(world)) as gateway, closing(sqlite3.connect(world.db)) as index:
        keeper = PictureKeeper(
            wish, gateway, index, Patience(Clock()), lambda _done, _text: None, lambda: False
        )
        assert keeper.keep().saved == len(POSTERS)
    first, *rest = gateway.limits
    assert first == FIRST
    assert set(rest) == {SHORTEST}


def test_posters_when_nothing_changed_cost_nothing(world: World) -> None:
    world.index(images=True)
    world.plex.clear_log()
    verdict = world.index(images=True)
    assert world.targets() == ["GET /", "GET /library/sections"]
    assert verdict.requests == 2
    assert "Artwork" not in verdict.sentence


def test_poster_when_changed_is_fetched_alone(world: World) -> None:
    world.index(images=True)
    before = (world.images / "movie_image/101.thumb.webp").read_bytes()
    upload(world, 101, jpeg((900, 900)))
    world.plex.clear_log()
    assert "1 picture saved" in world.index(images=True).sentence
    assert len([target for target in world.targets() if target.startswith(TRANSCODE)]) == 1
    with Image.open(world.images / "movie_image/101.thumb.webp") as image:
        assert image.size == (480, 480)
    assert (world.images / "movie_image/101.thumb.webp").read_bytes() != before


def test_poster_when_its_file_was_deleted_comes_back(world: World) -> None:
    world.index(images=True)
    (world.images / "tv_image/201.thumb.webp").unlink()
    world.index(images=True)
    assert saved(world) == POSTERS


def test_backgrounds_when_asked_for_are_saved_beside(world: World) -> None:
    world.index(images=True, art=True)
    arts = {name.replace("thumb", "art") for name in POSTERS}
    assert saved(world) == POSTERS | arts
    world.index(images=True)
    assert saved(world) == POSTERS | arts


EPISODES = {f"tv_image/{key}.thumb.webp" for key in (211, 212, 221)}


def test_episodes_when_asked_for_are_saved_too_and_stay(world: World) -> None:
    world.index(images=True)
    verdict = world.index(images=True, episode_thumbs=True)
    assert "3 pictures saved" in verdict.sentence
    assert saved(world) == POSTERS | EPISODES
    world.index(images=True)
    assert saved(world) == POSTERS | EPISODES
    world.plex.clear_log()
    assert world.index(images=True, episode_thumbs=True).requests == 2
    world.index(images=True, episode_thumbs=True, art=True)
    assert not [name for name in saved(world) if ".art." in name and "/21" in name and "210" not in name]
    world.plex.control("remove_item", {"ratingKey": 211})
    world.index(images=True)
    assert EPISODES - saved(world) == {"tv_image/211.thumb.webp"}


@pytest.mark.parametrize("episode_thumbs", [False, True])
def test_rows_of_all_seven_tables_when_indexed_have_a_picture_that_is_there(
    world: World, episode_thumbs: bool
) -> None:
    world.index(images=True, episode_thumbs=episode_thumbs)
    shown = world.rows(
        "SELECT ratingKey, (SELECT file FROM pictures WHERE pictures.ratingKey = items.ratingKey ORDER BY distance LIMIT 1) "
        "FROM items"
    )
    assert len(shown) == 15
    assert {file for _, file in shown} <= saved(world)
    by_key = dict(shown)
    assert by_key[101] == "movie_image/101.thumb.webp"
    assert by_key[211] == f"tv_image/{211 if episode_thumbs else 210}.thumb.webp"
    assert by_key[311] == "music_image/310.thumb.webp"


def test_picture_when_a_parent_shows_its_own_parents_is_that(world: World) -> None:
    world.index()
    with sqlite3.connect(world.db) as connection:
        connection.execute(
            "UPDATE items SET thumb = (SELECT thumb FROM items WHERE ratingKey = 201) WHERE ratingKey = 210"
        )
    connection.close()
    chain = "SELECT distance, ownerKey FROM pictures WHERE ratingKey = ? ORDER BY distance"
    assert world.rows(chain, 210) == [(1, 201)]
    assert world.rows(chain, 211) == [(2, 201)]
    world.plex.control("remove_item", {"ratingKey": 212})
    world.index()
    assert world.rows(chain, 212) == []


def test_pictures_when_not_wanted_are_left_alone(world: World) -> None:
    world.index(images=False)
    assert not world.images.exists()
    assert not world.plex.log(TRANSCODE)


def test_pictures_when_one_library_is_chosen_are_of_that_one(world: World) -> None:
    world.index()
    world.index(images=True, libraries=("Musik",))
    assert saved(world) == {name for name in POSTERS if name.startswith("music")}


def test_picture_when_its_item_is_gone_is_removed(world: World) -> None:
    world.index(images=True)
    world.plex.control("remove_item", {"ratingKey": 102})
    verdict = world.index(images=True)
    assert saved(world) == POSTERS - {"movie_image/102.thumb.webp"}
    assert "1 removed" in verdict.sentence


def test_pictures_when_a_run_is_refused_stay(world: World) -> None:
    world.index(images=True)
    for key in (101, 102, 103):
        world.plex.control("remove_item", {"ratingKey": key})
    with pytest.raises(IndexRefused):
        world.index(images=True)
    assert saved(world) == POSTERS


def test_pictures_when_another_job_waits_stop_and_go_on(world: World) -> None:
    world.index()
    world.should_yield = lambda: True
    paused = world.index(images=True)
    assert (paused.yielded, paused.libraries_done) == (True, True)
    assert 0 < len(saved(world)) < len(POSTERS)
    world.should_yield = lambda: False
    assert not world.index(images=True).yielded
    assert saved(world) == POSTERS


@pytest.mark.parametrize(
    "data",
    [b"<html>Nothing here</html>", png_bomb(50_000), b"\xff\xd8\xff\xe0 no more", bytes(9_000_000)],
    ids=["html", "bomb", "stub", "long"],
)
def test_picture_when_hostile_is_skipped_with_a_note_until_a_rebuild(world: World, data: bytes) -> None:
    upload(world, 101, data)
    world.plex.control("set", {"raw_pictures": True})
    verdict = world.index(images=True)
    assert "1 skipped as unusable (items 101)" in verdict.sentence
    assert "movie_image/101.thumb.webp" not in saved(world)
    assert saved(world) >= POSTERS - {"movie_image/101.thumb.webp"}
    world.plex.clear_log()
    world.index(images=True)
    assert not world.plex.log(TRANSCODE)
    upload(world, 101, jpeg((10, 10)))
    world.index(images=True, rebuild=True)
    assert saved(world) == POSTERS


def test_picture_when_its_successor_is_unusable_stays(world: World) -> None:
    world.index(images=True)
    before = (world.images / "movie_image/101.thumb.webp").read_bytes()
    upload(world, 101, b"no picture at all")
    world.plex.control("set", {"raw_pictures": True})
    assert "1 skipped as unusable" in world.index(images=True).sentence
    assert (world.images / "movie_image/101.thumb.webp").read_bytes() == before
    world.plex.clear_log()
    assert world.index(images=True).requests == 2


def test_poster_when_it_is_the_shows_own_is_not_saved_for_its_season(world: World) -> None:
    world.index()
    with sqlite3.connect(world.db) as connection:
        connection.execute(
            "UPDATE items SET thumb = (SELECT thumb FROM items WHERE ratingKey = 201) WHERE ratingKey = 210"
        )
    connection.close()
    world.index(images=True)
    assert saved(world) == POSTERS - {"tv_image/210.thumb.webp"}


def test_picture_when_the_answer_is_a_page_of_text_is_skipped(world: World) -> None:
    world.plex.fault("status", status=200, body="<html>login</html>", match=TRANSCODE, times=1)
    verdict = world.index(images=True)
    assert "1 skipped as unusable" in verdict.sentence
    assert len([name for name in saved(world) if name.endswith(".unusable")]) == 1


def test_picture_when_the_answer_breaks_off_is_fetched_by_the_next_run(world: World) -> None:
    world.plex.fault("truncate", match=f"{TRANSCODE}.*%2F101%2F", times=None)
    verdict = world.index(images=True)
    assert "1 to be fetched by the next run" in verdict.sentence
    assert saved(world) == POSTERS - {"movie_image/101.thumb.webp"}
    world.plex.clear_faults()
    world.index(images=True)
    assert saved(world) == POSTERS


def test_pictures_when_plex_fails_on_all_end_early_and_the_index_is_whole(tmp_path: Path) -> None:
    films = [{"title": f"Film {n}", "thumb": 1_700_000_000} for n in range(60)]
    with start_plex(tmp_path, [movie_section(1, "Films", films)]) as plex:
        world = World(plex, tmp_path)
        plex.fault("status", status=500, match=TRANSCODE, times=None)
        verdict = world.index(images=True)
        assert "Plex hands out no pictures now" in verdict.sentence
        assert world.value("SELECT count(*) FROM movies") == 60
        assert len(plex.log(TRANSCODE)) <= 2 * (FAILURES_IN_A_ROW + 5)
        plex.clear_faults()
        assert "60 pictures saved" in world.index(images=True).sentence


def test_pictures_when_not_parallel_are_fetched_one_at_a_time(world: World) -> None:
    world.index(images=True, parallel=False)
    assert saved(world) == POSTERS
    assert len({entry["connection"] for entry in world.plex.log(TRANSCODE)}) == 1


def test_pictures_when_the_folder_cannot_be_used_are_a_note(world: World) -> None:
    world.images.parent.mkdir()
    world.images.write_text("a file where the folder should be")
    assert "Pictures cannot be kept in" in world.index(images=True).sentence
    assert world.value("SELECT count(*) FROM movies") == 3


def test_pictures_when_pillow_is_missing_are_one_sentence(world: World, tmp_path: Path) -> None:
    package = tmp_path / "without" / "PIL"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise ImportError('not installed')")
    (tmp_path / "run.py").write_text(
        "import json, sys\n"
        "from pathlib import Path\n"
        "from indexer.command.cli import main\n"
        "sys.exit(main(Path(sys.argv[1]), [], json.loads(sys.argv[2]), sys.stdout, sys.stderr))\n"
    )
    settings = {"PLEX_URL": world.plex.url, "PLEX_TOKEN": TOKEN}
    done = subprocess.run(
        [sys.executable, str(tmp_path / "run.py"), str(tmp_path), json.dumps(settings)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join((str(package.parent), str(ROOT)))},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Pictures were left out: the Python package Pillow" in done.stdout
    assert "15 added" in done.stdout
    assert not world.plex.log(TRANSCODE)


def test_picture_when_plex_has_none_is_asked_for_once(tmp_path: Path) -> None:
    films = [{"ratingKey": key, "title": "F", "thumb": 1_700_000_000} for key in (1, 2)]
    with start_plex(tmp_path, [movie_section(1, "M", films)]) as plex:
        world = World(plex, tmp_path)
        plex.fault("status", status=404, match="GET /photo/:/transcode.*%2F1%2Fthumb", times=None)
        assert "1 picture saved, 1 skipped as unusable (items 1)" in world.index(images=True).sentence
        assert len(plex.log("GET /photo/:/transcode.*%2F1%2Fthumb")) == 1
        plex.clear_log()
        assert world.index(images=True).requests == 2
