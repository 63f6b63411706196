"""How texts are folded for the search by parts of words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.rows.folding import LONGEST_PART, folded, search_text, unspaced_parts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Amélie", "amelie"),
        ("AME\u0301LIE", "amelie"),
        ("Straße", "strasse"),
        ("ＡＣ／ＤＣ", "ac/dc"),
        ("Søren Łęcki Æ", "soren lecki ae"),
        ("O’Brien", "o'brien"),
        ("ガラス", "ガラス"),
        ("ｶﾞ", "ガ"),
        ("기생충", "기생충"),
        ("Ελλάδα", "ελλαδα"),
        ("C++", "c++"),
    ],
)
def test_text_when_folded_has_neither_case_nor_accents(text: str, expected: str) -> None:
    assert folded(text) == expected


@given(st.text())
def test_text_when_folded_twice_stays_the_same(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_texts_when_spaced_are_left_to_the_word_index() -> None:
    assert search_text("Plain", None, "Ann Smith, Élodie", "A long summary, with é") == "plain"
    assert search_text("Amélie", "Amélie", None, None) == "amelie\namélie"
    assert search_text(None, None, "", None) is None


def test_texts_when_their_words_are_not_spaced_are_held() -> None:
    assert search_text("A", None, "Søren Malling as X, 宮崎 駿", "千尋は10歳の少女。 She lives, Søren.") == (
        "a\n\nsoren\n宮崎\n駿\n千尋は10歳の少女"
    )


def test_parts_when_a_script_has_no_spaces_are_words_of_up_to_eight_characters() -> None:
    assert unspaced_parts("千と千尋", None, "Ann Smith") == "千 千と 千と千 千と千尋 と と千 と千尋 千尋 尋"
    assert unspaced_parts("Film神, Amélie", None, None) == "神"
    assert unspaced_parts("Film, Amélie", None, None) is None
    longest = max(map(len, (unspaced_parts("一二三四五六七八九十") or "").split()))
    assert longest == LONGEST_PART
