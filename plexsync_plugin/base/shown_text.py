"""Text of others, such as a title or a path, made safe to show: on a terminal, in a log, as one line of either.

What steers a terminal, turns the direction of writing or makes a line of its own is shown instead of done. Standard library
alone, for the operation *say*.
"""

import re

_BREAKS = re.compile("[\t\n\x0b\x0c\r\x1c-\x1e\x85\u2028\u2029]+")
# C0, DEL, C1, the marks and overrides of direction, line ends, the byte order mark, halves of characters.
_RANGES = (
    (0x00, 0x1F), (0x7F, 0x9F), (0x061C, 0x061C), (0x200E, 0x200F), (0x2028, 0x202E), (0x2066, 0x2069), (0xFEFF, 0xFEFF),
    (0xD800, 0xDFFF),
)  # fmt: skip
STEERING = tuple(code for first, last in _RANGES for code in range(first, last + 1))
_STEERING = re.compile("[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in _RANGES) + "]")


def one_line(text: str, *, undecodable: bool = False) -> str:
    """Whatever it holds, it stays one line. `undecodable`: bytes of file names that are not in UTF-8 stay as Python keeps them, for
    a stream that writes them as they were (surrogateescape)."""
    line = _BREAKS.sub(" ", text.rstrip())
    return _STEERING.sub(
        lambda found: found[0] if undecodable and "\udc80" <= found[0] <= "\udcff" else _escaped(found), line
    )


def block(text: str) -> str:
    """Several lines, as of a traceback: those behind the first are marked, so that none can pass for another entry."""
    return "\n  | ".join(map(one_line, text.rstrip("\n").split("\n")))


def in_json(document: str) -> str:
    """Of a document that is JSON already: equal to it for whoever reads it as such."""
    return _STEERING.sub(lambda found: found[0] if found[0] == "\n" else f"\\u{ord(found[0]):04x}", document)


def _escaped(found: "re.Match[str]") -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
