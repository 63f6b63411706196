"""Make a text fit to be shown to strangers: no paths, no titles, no addresses; equal ones stay recognizable as equal. Pure."""

import hashlib
import re

_ADDRESS = re.compile(r"(?i)\b([a-z][a-z+]*://)[^/\s:'\",;)]+")
# To the end of a name with an ending, spaces and all; else at least two steps without a space.
_FILE = re.compile(r"(?:\b[A-Za-z]:[\\/]|\\\\|(?<![\w:/<])/)[^\n\"'<>|]*?\.[A-Za-z0-9]{2,5}\b")
_FOLDER = re.compile(
    r"(?:\b[A-Za-z]:[\\/]|\\\\|(?<![\w:/<])/)[^\s\"'<>|,;:()\\/]+(?:[\\/][^\s\"'<>|,;:()\\/]+)+[\\/]?"
)
_NAME = re.compile(r"'[^'\n]{1,300}\.[A-Za-z0-9]{2,5}'")  # of a file, as our sentences name it
_QUOTED = re.compile(r"'[^'\n]{1,300}'|\"[^\"\n]{1,300}\"|“[^”\n]{1,300}”")


def obscured(text: str) -> str:
    text = without_paths(_ADDRESS.sub(lambda found: f"{found[1]}<host>", text))
    return _QUOTED.sub(lambda found: f"<text {_mark(found[0][1:-1])}>", text)


def without_paths(text: str) -> str:
    text = _FILE.sub(lambda found: f"<file {_mark(found[0])}.{found[0].rpartition('.')[2]}>", text)
    text = _NAME.sub(lambda found: f"<file {_mark(found[0])}.{found[0][1:-1].rpartition('.')[2]}>", text)
    return _FOLDER.sub(lambda found: f"<folder {_mark(found[0])}>", text)


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
