"""What comes from titles and paths neither steers a terminal nor makes a line, and stays readable."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plexsync_plugin.base.shown_text import block, in_json, one_line

ANY = st.text(st.characters(codec=None), max_size=40) | st.text(
    st.sampled_from("\x00\x01\t\n\r\x0b\x1b\x7f\x85\x9b\u061c\u200e\u202e\u2028\u2066\ufeff\ud800a é"),
    max_size=20,
)
WHOLE = ANY.map(
    lambda text: text.encode("utf-8", "replace").decode()
)  # no halves of characters: they could meet
DIRECTION = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def is_harmless(line: str) -> bool:
    return not any(
        unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") or letter in DIRECTION for letter in line
    )


@given(text=ANY)
def test_one_line_is_one_and_harmless(text: str) -> None:
    shown = one_line(text)
    assert is_harmless(shown)
    assert len(shown.splitlines()) <= 1
    assert one_line(shown) == shown
    shown.encode()


@given(text=ANY)
def test_block_has_its_first_line_alone_at_the_edge(text: str) -> None:
    first, *others = block(text).splitlines() or [""]
    assert all(line.startswith("  | ") and is_harmless(line) for line in others)
    assert is_harmless(first)


@given(value=st.dictionaries(WHOLE, WHOLE | st.lists(WHOLE)))
def test_json_reads_as_before_and_steers_nothing(value: object) -> None:
    shown = in_json(json.dumps(value, ensure_ascii=False, indent=2))
    assert json.loads(shown) == value
    assert all(is_harmless(line) for line in shown.split("\n"))


@pytest.mark.parametrize(
    "text",
    [
        "plain", "  indented: \"é\" -> 日本語", "👩‍👩‍👧 family", "עברית", "فارسی می‌خواهم", "C:\\new\\table", "",
    ],
)  # fmt: skip
def test_letters_of_all_languages_stay(text: str) -> None:
    assert one_line(text) == text


def test_what_steers_is_shown() -> None:
    assert one_line("\x1b[31mred\u202egpj.exe\x9b0m") == r"\x1b[31mred\u202egpj.exe\x9b0m"
    assert one_line("one\r\n\ttwo\u2029three\n") == "one two three"
