"""A folder of pictures belongs to one index: another one leaves them alone, and says what to do."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from indexer.pictures.files import OWNER
from tests.index_runs import SECTIONS, World, movie_section, start_plex
from tests.integration.test_index_images import POSTERS, TRANSCODE, saved, with_pictures


@pytest.fixture
def sections() -> Any:
    return with_pictures(SECTIONS)


def test_pictures_when_the_folder_is_another_indexs_are_left_alone(world: World, tmp_path: Path) -> None:
    """Two servers give the same numbers to different items, and each run would remove what it does not know."""
    world.index(images=True)
    other = [movie_section(1, "Films", [{"ratingKey": 101, "title": "Another", "thumb": 1_700_000_100}])]
    (tmp_path / "other").mkdir()
    with start_plex(tmp_path / "other", other) as plex:
        second = World(plex, tmp_path / "other")
        second.images = world.images
        verdict = second.index(images=True)
        assert f"{world.images} holds those of the index {world.db}" in verdict.sentence
        assert "--image-folder" in verdict.sentence
        assert not plex.log(TRANSCODE)
        assert saved(world) == POSTERS
        world.db.unlink()  # nobody's any more
        assert "1 picture saved" in second.index(images=True).sentence
    assert saved(world) == {"movie_image/101.thumb.webp"}


@pytest.mark.parametrize("case", ["no note", "an empty note", "its disk is away"])
def test_pictures_when_their_index_is_not_known_are_left_alone(
    world: World, tmp_path: Path, case: str
) -> None:
    """By a rebuild too, and by the runs after it; the index that they are of goes on with them."""
    world.index(images=True)
    note = world.images / OWNER
    if case == "no note":
        note.unlink()
    else:
        note.write_bytes(b"\0\0" if case == "an empty note" else os.fsencode(tmp_path / "away" / "index.db"))
    other = [movie_section(1, "Films", [{"ratingKey": 101, "title": "Another", "thumb": 1_700_000_100}])]
    (tmp_path / "other").mkdir()
    with start_plex(tmp_path / "other", other) as plex:
        second = World(plex, tmp_path / "other")
        second.images = world.images
        for rebuild in (True, False):
            sentence = second.index(images=True, rebuild=rebuild).sentence
            assert f"Pictures were left out: {world.images} holds" in sentence
            assert "--image-folder" in sentence
        assert not plex.log(TRANSCODE)
    assert saved(world) == POSTERS
    assert "left out" not in world.index(images=True).sentence
    assert os.fsdecode(note.read_bytes()).strip() == str(world.db)


@pytest.mark.skipif(sys.platform == "win32", reason="only an administrator may make symbolic links there")
def test_pictures_when_their_index_cannot_be_looked_at_are_left_alone(world: World, tmp_path: Path) -> None:
    world.index(images=True)
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    (world.images / OWNER).write_text(str(loop), "utf-8")
    assert f"those of the index {loop}" in world.index(images=True).sentence


def test_pictures_when_moved_with_their_index_stay_its_own(world: World) -> None:
    world.index(images=True)
    old = world.db.parent / "old" / "index.db"
    (world.images / OWNER).write_text(str(old), "utf-8")  # as a data folder that was moved holds it
    world.plex.control("remove_item", {"ratingKey": 102})
    assert "1 removed" in world.index(images=True).sentence
