"""What the shared values can be asked."""

import pytest

from plexsync_plugin.core.model import Kind, Section, Tag


@pytest.mark.parametrize(
    ("kind", "holds"),
    [("movie", Kind.MOVIE), ("show", Kind.EPISODE), ("artist", None), ("photo", None), ("", None)],
)
def test_sections_of_videos_tell_which_items_hold_files(kind: str, holds: Kind | None) -> None:
    assert Section(key=1, title="S", type=kind).item_kind == holds


def test_tags_compare_without_regard_to_case() -> None:
    assert Tag(name="DRAMA").key == Tag(name="drama", role="r").key != Tag(name="dramas").key
