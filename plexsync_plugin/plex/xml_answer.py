"""The XML of an answer of Plex, with what it may hold and XML may not: it costs that character, not the answer.

Plex passes on what an agent or a file gave it: bytes that are no UTF-8 (docs/facts/plex.md section 3.5), control characters,
references to them (`&#4;`). Sends nothing.
"""

import re
import xml.etree.ElementTree as ET
from xml.etree.ElementTree import Element

from plexsync_plugin.base.answer_limits import AnswerTooLong

MOST_TAGS = 1_000_000  # an element takes far more memory than its text; a full page comes to some 30 000
_NO_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,10}));")


class AnswerGarbled(Exception):
    """It begins as an answer of Plex does, and cannot be read as a whole."""


def parse(body: bytes) -> Element | None:
    """The root, or None where there is nothing but space.

    Raises AnswerTooLong, AnswerGarbled, and ParseError for what is no answer of Plex.
    """
    if not body.strip():
        return None
    if body.count(b"<") > MOST_TAGS:
        raise AnswerTooLong(len(body))
    if b"<!DOCTYPE" in body:  # what may blow up the rest; Plex sends none
        raise ET.ParseError("a document type")
    try:
        return ET.fromstring(body)
    except ET.ParseError:
        pass
    try:
        return ET.fromstring(_readable(body))
    except ET.ParseError as error:
        if b"<MediaContainer" in body[:200]:
            raise AnswerGarbled(str(error)) from error
        raise


def _readable(body: bytes) -> str:
    return _REFERENCE.sub(_reference, _NO_CHARACTER.sub("", body.decode("utf-8", "replace")))


def _reference(found: re.Match[str]) -> str:
    number = int(found[1], 16) if found[1] else int(found[2])
    is_character = number <= 0x10FFFF and not _NO_CHARACTER.fullmatch(chr(number))
    return found[0] if is_character else ""
