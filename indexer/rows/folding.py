"""Texts as they are searched by parts of words: lower case, without accents; of long texts only what a word index misses. Pure.

FTS5's own trigram tokenizer drops accents from SQLite 3.45 on alone, and a file must be read by older programs too.
"""

import re
import unicodedata
from collections.abc import Iterable

FORM = "3"  # of what is made here; an index with another is filled anew

TITLES_END = "\n\n"  # an empty line, behind which nothing counts as a title

# Accents of Latin, Greek and Cyrillic letters. The voicing marks of Japanese are others: without them it is another word.
_ACCENTS = re.compile("[\u0300-\u036f]")
# Letters that are no letter with an accent, as people type them.
_SPELLED = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "’": "'", "‘": "'"}
)
# Scripts that put no space between words, or none between a word and its endings: Thai, Lao, Burmese, Khmer, Japanese,
# Chinese, Korean. A word index holds a whole run of them as one word.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)
# Within such a run, what is a word is not known: each part of up to so many characters may be one.
LONGEST_PART = 8
_RUN = re.compile(f"{_UNSPACED.pattern}+")
# Letters that a word index does not take for their plain ones.
_OWN_LETTER = re.compile("[øØæÆœŒłŁđĐðÐþÞıßẞ]")
_WORD = re.compile(r"\w+")
_MISSED_IN_NAMES = re.compile(f"{_UNSPACED.pattern}|{_OWN_LETTER.pattern}")


def folded(text: str) -> str:
    """As it is compared: "Amélie" is "amelie", "Straße" "strasse", "ＡＣ／ＤＣ" "ac/dc"."""
    # What is compatible is composed first: a letter of half width and its voicing mark are one letter.
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold()))
    return unicodedata.normalize("NFC", bare.translate(_SPELLED))


def is_unspaced(text: str) -> bool:
    return _UNSPACED.search(text) is not None


def search_text(
    title: str | None, original_title: str | None, people: str | None, summary: str | None
) -> str | None:
    """Titles, a line each, with their accents too where they have any; then, of people and summary, what a word index misses,
    behind `TITLES_END`."""
    titles: dict[str, None] = {}
    for given in (title, original_title):
        if given:
            spelled = unicodedata.normalize("NFC", given).lower()
            titles |= dict.fromkeys((" ".join(folded(given).split()), " ".join(spelled.split())))
    others = dict.fromkeys(folded(word) for word in _words(people, _MISSED_IN_NAMES))
    others |= dict.fromkeys(folded(word) for word in _words(summary, _UNSPACED))
    told = "\n".join(line for line in titles if line)
    missed = "\n".join(line for line in others if line and line not in titles)
    return (f"{told}{TITLES_END}{missed}" if missed else told) or None


def unspaced_parts(*texts: str | None) -> str | None:
    """Every part of up to `LONGEST_PART` characters of the runs without spaces, so that a search by words finds each.

    A word of two of the characters of a title is what people look for most, and too short for an index of three.
    """
    parts: dict[str, None] = {}
    for given in texts:
        if given and not given.isascii():
            for run in _RUN.findall(unicodedata.normalize("NFC", given)):
                parts |= dict.fromkeys(
                    run[begin : begin + length]
                    for begin in range(len(run))
                    for length in range(1, min(LONGEST_PART, len(run) - begin) + 1)
                )
    return " ".join(parts) or None


def _words(text: str | None, sign: re.Pattern[str]) -> Iterable[str]:
    """The words of a text that hold the sign."""
    if text and not text.isascii() and sign.search(text):
        return [word for word in _WORD.findall(text) if sign.search(word)]
    return ()
