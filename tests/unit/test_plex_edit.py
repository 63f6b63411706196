"""The exact requests that write to Plex (docs/facts/plex.md section 2)."""

import string
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from plexsync_plugin.core.model import Kind, Tag
from plexsync_plugin.core.plan import Edit, ListEdit, ScalarEdit
from plexsync_plugin.plex.edit import LIMIT, LockEdit, fitted, item_of, targets

START = "/library/sections/3/all?type=1&id=77"


def text(field: str, value: str, *, locked: bool = True) -> ScalarEdit:
    return ScalarEdit(field=field, value=value, locked=locked)


def tags(*names: str) -> tuple[Tag, ...]:
    return tuple(Tag(name=name) for name in names)


def listed(
    field: str, names: tuple[Tag, ...], removed: tuple[Tag, ...] = (), *, locked: bool = True
) -> ListEdit:
    return ListEdit(field=field, tags=names, removed=removed, locked=locked)


@pytest.mark.parametrize(
    ("edit", "written"),
    [
        (text("title", "T"), "&title.value=T&title.locked=1"),
        (text("title", 'N & é, "x"'), "&title.value=N%20%26%20%C3%A9%2C%20%22x%22&title.locked=1"),
        (text("summary", "a\nb\t#?+/%"), "&summary.value=a%0Ab%09%23%3F%2B%2F%25&summary.locked=1"),
        (
            text("title", "日本 👍🏽"),
            "&title.value=%E6%97%A5%E6%9C%AC%20%F0%9F%91%8D%F0%9F%8F%BD&title.locked=1",
        ),
        (text("studio", "", locked=False), "&studio.value=&studio.locked=0"),
        (
            text("originallyAvailableAt", "2024-01-02"),
            "&originallyAvailableAt.value=2024-01-02&originallyAvailableAt.locked=1",
        ),
        (
            listed("genre", tags("A", "B, C")),
            "&genre[0].tag.tag=A&genre[1].tag.tag=B%2C%20C&genre.locked=1",
        ),
        (
            listed("genre", tags("X"), tags("A", "B, C")),
            "&genre[0].tag.tag=X&genre[].tag.tag-=A%2CB%252C%2520C&genre.locked=1",
        ),
        (listed("genre", (), tags("é"), locked=False), "&genre[].tag.tag-=%25C3%25A9&genre.locked=0"),
        (listed("genre", (), ()), "&genre.locked=1"),
        (
            listed("actor", (Tag(name="Jane", role="The Hero", thumb="http://i/1?a=b"), Tag(name="Joe"))),
            "&actor[0].tag.tag=Jane&actor[0].tagging.text=The%20Hero"
            "&actor[0].tag.thumb=http%3A%2F%2Fi%2F1%3Fa%3Db&actor[1].tag.tag=Joe&actor.locked=1",
        ),
        (
            listed("actor", (Tag(name="Jane", thumb="/library/metadata/1/thumb/2"),)),
            "&actor[0].tag.tag=Jane&actor.locked=1",
        ),
        (LockEdit(field="thumb", locked=True), "&thumb.locked=1"),
        (LockEdit(field="art", locked=False), "&art.locked=0"),
    ],
)
def test_edit_is_written_as_plex_reads_it(edit: Edit | LockEdit, written: str) -> None:
    assert targets(3, 77, Kind.MOVIE, [edit]) == [START + written]


def test_all_edits_of_an_item_are_one_request() -> None:
    edits: list[Edit] = [text("title", "T"), listed("genre", tags("a"), tags("b")), text("summary", "S")]
    assert targets(3, 77, Kind.EPISODE, edits) == [
        "/library/sections/3/all?type=4&id=77&title.value=T&title.locked=1"
        "&genre[0].tag.tag=a&genre[].tag.tag-=b&genre.locked=1&summary.value=S&summary.locked=1"
    ]


def test_no_edit_is_no_request() -> None:
    assert targets(3, 77, Kind.MOVIE, []) == []


@pytest.mark.parametrize(("section", "rating_key"), [(3, 0), (3, -77), (0, 77), (-1, 77), (0, 0)])
@pytest.mark.parametrize("edits", [[], [text("title", "T")]], ids=["nothing", "a title"])
def test_without_exactly_one_item_nothing_is_built(
    section: int, rating_key: int, edits: list[ScalarEdit]
) -> None:
    """Without an id the same request would rewrite the whole section."""
    with pytest.raises(ValueError, match="one item"):
        targets(section, rating_key, Kind.MOVIE, edits)


def test_names_removed_read_back_as_they_were() -> None:
    names = ("B, C", "100%", "a%2Cb", "é, ü", "x&y=z", "plain", string.punctuation)
    (target,) = targets(3, 77, Kind.MOVIE, [listed("genre", (), tags(*names))])
    sent = dict(parse_qsl(urlsplit(target).query))["genre[].tag.tag-"]
    assert tuple(unquote(name) for name in sent.split(",")) == names


# --- the limit of a request target ---


def test_request_of_exactly_the_limit_stays_one_and_one_character_more_is_split() -> None:
    first, second = text("title", "T"), text("summary", "x" * 50)
    (whole,) = targets(3, 77, Kind.MOVIE, [first, second])
    assert targets(3, 77, Kind.MOVIE, [first, second], limit=len(whole)) == [whole]
    assert targets(3, 77, Kind.MOVIE, [first, second], limit=len(whole) - 1) == [
        f"{START}&title.value=T&title.locked=1",
        f"{START}&summary.value={'x' * 50}&summary.locked=1",
    ]


def test_split_falls_between_fields_and_never_inside_one() -> None:
    cast = listed("actor", tags(*(f"Member {number}" for number in range(100))), tags("old"))
    edits: list[Edit] = [text("title", "T"), cast, text("summary", "日" * 500), listed("genre", tags("a"))]
    found = targets(3, 77, Kind.MOVIE, edits)
    assert len(found) > 1
    assert all(target.startswith(START + "&") for target in found)
    for edit in edits:
        (alone,) = targets(3, 77, Kind.MOVIE, [edit])
        assert sum(alone.removeprefix(START) in target for target in found) == 1


def test_field_over_the_limit_travels_alone_and_whole() -> None:
    long = text("summary", "x" * (2 * LIMIT))
    found = targets(3, 77, Kind.MOVIE, [text("title", "T"), long, text("studio", "S")])
    assert found == [
        f"{START}&title.value=T&title.locked=1",
        f"{START}&summary.value={'x' * (2 * LIMIT)}&summary.locked=1",
        f"{START}&studio.value=S&studio.locked=1",
    ]


def test_limit_is_below_what_servers_refuse() -> None:
    edits = [text(f"field{number}", "é" * 200) for number in range(50)]  # about 1 230 characters each
    found = targets(3, 77, Kind.MOVIE, edits)
    assert max(map(len, found)) <= LIMIT <= 7_000
    assert len(found) == 13


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("short", 300, "short"),
        ("a" * 100, 300, "a" * 100),
        ("word " * 40, 300, ("word " * 13).rstrip() + "…"),
        ("x" * 200, 300, "x" * 91 + "…"),
        ("ä" * 200, 300, "ä" * 15 + "…"),
    ],
)
def test_text_is_cut_at_a_word_when_it_does_not_fit(text: str, limit: int, shown: str) -> None:
    assert fitted(text, limit) == shown


def test_item_of_a_target_is_told_from_it() -> None:
    (target,) = targets(3, 77, Kind.MOVIE, [text("title", "a&id=9")])
    assert item_of(target) == 77
    assert item_of(START) == 77
    with pytest.raises(ValueError, match="no item"):
        item_of("/library/sections/3/all?type=1")
