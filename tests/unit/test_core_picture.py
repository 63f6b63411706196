"""Pictures in core: what bytes are, what a slot is to get, when a missing cover is looked at again."""

import dataclasses
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from plexsync_plugin.core.image_header import dimensions
from plexsync_plugin.core.model import Kind
from plexsync_plugin.core.picture import (
    ARTS,
    LIMIT,
    MOST_PIXELS,
    POSTERS,
    Cover,
    Given,
    PictureOptions,
    is_settled,
    is_sure,
    is_taken_as_it_is,
    left_alone,
    looked_at,
    picture_options,
    source,
    upload_key,
)

OPTIONS = PictureOptions(slots=(POSTERS, ARTS), portrait=False, preserve=False)
UPRIGHT = dataclasses.replace(OPTIONS, portrait=True)
ROW = Given(rating_key=7, element="posters", section=1, kind=int(Kind.MOVIE))


def saved(kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    mode = "RGBA" if options.pop("clear", False) else "RGB"
    Image.new(mode, (331, 207), (9, 99, 199, 9)[: len(mode)]).save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        saved("JPEG"), saved("JPEG", progressive=True), saved("JPEG", comment=b"x" * 5_000), saved("PNG"),
        saved("WEBP"), saved("WEBP", lossless=True), saved("WEBP", lossless=True, clear=True),
        saved("WEBP", clear=True), saved("WEBP", exif=b"Exif\0\0"),
    ],
)  # fmt: skip
def test_dimensions_are_read_from_the_header(data: bytes) -> None:
    assert dimensions(data) == (331, 207)
    assert is_taken_as_it_is(data)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"<svg>", b"<html>no</html>", b"RIFF1234WAVE" + b"\0" * 40, b"\xff\xd8", b"\xff\xd8\xff", b"GIF89a",
        b"\xff\xd8\xff\xe0" + b"\0" * 99, b"\x89PNG\r\n\x1a\n" + b"\0" * 40, b"RIFF1234WEBPVP9 " + b"\0" * 40,
    ],
)  # fmt: skip
def test_what_is_no_picture_has_no_dimensions(data: bytes) -> None:
    assert dimensions(data) is None
    assert not is_taken_as_it_is(data)


@given(
    st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF1234WEBPVP8 ", b""]), st.binary(max_size=60)
)
def test_no_bytes_are_too_strange_for_the_header(signature: bytes, rest: bytes) -> None:
    size = dimensions(signature + rest)
    assert size is None or min(size) > 0


def test_cover_too_large_for_plex_is_not_taken_as_it_is() -> None:
    data = saved("JPEG")
    assert is_taken_as_it_is(data.ljust(LIMIT, b"\0"))
    assert not is_taken_as_it_is(data.ljust(LIMIT + 1, b"\0"))


def png_header(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes(9)


def test_cover_of_too_many_pixels_is_not_taken_as_it_is() -> None:
    assert is_taken_as_it_is(png_header(8_000, MOST_PIXELS // 8_000))
    assert not is_taken_as_it_is(png_header(8_000, MOST_PIXELS // 8_000 + 1))


def test_every_option_asks_for_the_pictures_anew_when_it_is_switched() -> None:
    switched = [
        OPTIONS,
        UPRIGHT,
        dataclasses.replace(OPTIONS, preserve=True),
        dataclasses.replace(OPTIONS, slots=(POSTERS,)),
        dataclasses.replace(OPTIONS, slots=(ARTS,)),
        dataclasses.replace(OPTIONS, slots=()),
    ]
    assert len({options.text for options in switched}) == len(switched)
    assert dataclasses.replace(OPTIONS).text == OPTIONS.text


def test_picture_is_ours_from_the_first_bytes_that_may_have_arrived() -> None:
    assert not ROW.is_ours
    assert not ROW.saved_locked
    assert dataclasses.replace(ROW, sending="b").is_ours
    assert dataclasses.replace(ROW, sha1="a").is_ours


def test_source_tells_a_composed_poster_from_a_plain_one() -> None:
    assert source(UPRIGHT, "posters", Kind.MOVIE, "e") != source(OPTIONS, "posters", Kind.MOVIE, "e")


@pytest.mark.parametrize(("element", "kind"), [("arts", Kind.MOVIE), ("posters", Kind.EPISODE)])
def test_backgrounds_and_episodes_stay_landscape(element: str, kind: Kind) -> None:
    assert source(UPRIGHT, element, kind, "e") == source(OPTIONS, element, kind, "e")


def test_place_is_settled_by_this_cover_in_this_form_only() -> None:
    row = dataclasses.replace(ROW, sha1="a", source=source(OPTIONS, "posters", Kind.MOVIE, "one"))
    assert is_settled(OPTIONS, row, "one")
    assert not is_settled(OPTIONS, row, "two")
    assert not is_settled(UPRIGHT, row, "one")
    assert not is_settled(OPTIONS, None, "one")
    assert not is_settled(OPTIONS, row, "")


def test_place_left_to_a_person_is_settled_only_while_edits_are_preserved() -> None:
    row = dataclasses.replace(ROW, source=left_alone("one"))
    assert is_settled(dataclasses.replace(OPTIONS, preserve=True), row, "one")
    assert not is_settled(OPTIONS, row, "one")


def test_pictures_uploaded_or_under_way_are_recognised_as_ours() -> None:
    row = dataclasses.replace(ROW, sha1="a", sending="b,c", saved="agent")
    assert all(row.wrote(upload_key("posters", sha1)) for sha1 in "abc")
    assert not row.wrote(upload_key("posters", "d"))
    assert not row.wrote("agent")
    assert not row.wrote("")


def test_picture_from_before_is_ours_to_replace_until_the_first_upload_has_worked() -> None:
    pending = dataclasses.replace(ROW, sending="b", saved="agent")
    assert pending.wrote("agent")
    assert not pending.wrote("a person's")
    assert not dataclasses.replace(pending, sha1="b", sending="").wrote("agent")
    assert not ROW.wrote("agent")


@pytest.mark.parametrize(
    ("switches", "slots"),
    [
        ({}, (POSTERS, ARTS)),
        ({"skip_poster": True}, (ARTS,)),
        ({"skip_background": True}, (POSTERS,)),
        ({"skip_poster": True, "skip_background": True}, ()),
    ],
)
def test_switches_choose_the_slots(switches: dict[str, bool], slots: tuple[object, ...]) -> None:
    from plexsync_plugin.base.settings import read_settings

    settings = read_settings(
        {"plex_url": "http://plex", "plex_token": "t", "portrait_posters": True, **switches}
    )
    assert picture_options(settings, can_compose=True).slots == slots
    assert picture_options(settings, can_compose=True).portrait
    assert not picture_options(settings, can_compose=False).portrait


def test_missing_cover_is_looked_at_after_five_minutes_an_hour_and_a_day_and_no_more() -> None:
    now, waits = 1_000.0, []
    cover: Cover | None = None
    for _ in range(4):
        cover = looked_at(cover, etag="s", wanted="w", edited=cover is None, now=now)
        if cover.look_at is not None:
            waits.append(cover.look_at - now)
            assert not cover.look_is_due(now)
            now = cover.look_at
            assert cover.look_is_due(now)
    assert waits == [300.0, 3_600.0, 86_400.0]
    assert cover is not None
    assert not cover.look_is_due(now + 1e9)


def test_look_that_was_handed_out_is_due_whatever_the_time() -> None:
    cover = Cover(etag="s", wanted="w", stand_in=True, looks=1, look_at=None)
    assert cover.look_is_due(0.0)
    assert looked_at(cover, etag="s", wanted="w", edited=False, now=0.0).look_at == 86_400.0


def test_missing_cover_seen_between_two_looks_keeps_the_next_one() -> None:
    cover = Cover(etag="s", wanted="w", stand_in=True, looks=1, look_at=5_000.0)
    assert looked_at(cover, etag="s", wanted="w", edited=False, now=100.0) == cover


def test_edit_of_the_scene_starts_the_looks_afresh() -> None:
    tired = Cover(etag="s", wanted="w", stand_in=True, looks=3)
    assert looked_at(tired, etag="s", wanted="w", edited=True, now=0.0).look_at == 300.0


@pytest.mark.parametrize(("later", "sure"), [(0.0, False), (1.9, False), (2.0, True), (-3_600.0, False)])
def test_answer_from_within_the_second_of_the_edit_proves_nothing(later: float, sure: bool) -> None:
    edited = datetime(2026, 11, 20, 23, 6, 45, tzinfo=UTC).timestamp()
    assert is_sure("2026-11-20T23:06:45Z", edited + later) is sure
    assert is_sure("2026-11-21T00:06:45+01:00", edited + later) is sure
    assert is_sure("", edited + later) is False


def test_real_cover_is_never_looked_at_again() -> None:
    cover = Cover(etag="e", wanted="w")
    assert cover.sure
    assert not cover.look_is_due(1e12)
