"""JSON for the hook, without the module `json`: its regular expressions are half of what starting Python for a hook costs.

The same C functions do the work that `json` calls. They are Python's own business and may change; where one is not there or is
not as it was, and for whatever is no plain JSON, `json` itself does it. Parses on Python 3.8, standard library alone.
"""

TYPE_CHECKING = False  # importing typing for it costs the hook milliseconds
if TYPE_CHECKING:
    from typing import Any

_SPACE = " \t\n\r"


class _Context:
    """What `json.JSONDecoder` tells the scanner."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = float


_quoted: "Any" = None
_scan: "Any" = None
try:
    import _json

    _quoted, _scan = _json.encode_basestring_ascii, _json.make_scanner(_Context)  # type: ignore[arg-type]
except (ImportError, AttributeError, TypeError):
    pass  # json does it all


def loads(text: str) -> "Any":
    """As `json.loads`. Raises ValueError and RecursionError."""
    if _scan is not None:
        try:
            value, end = _scan(text, len(text) - len(text.lstrip(_SPACE)))
        except (StopIteration, ValueError, SystemError):
            pass  # json says what is wrong; the scanner itself can only where json is imported already
        else:
            if not text[end:].strip(_SPACE):
                return value
    import json  # noqa: PLC0415 - seldom needed

    return json.loads(text)


def dumps(value: "Any") -> str:
    """As `json.dumps`."""
    if _quoted is not None:
        plain = _plain(value)
        if plain is not None:
            return plain
    import json  # noqa: PLC0415 - seldom needed

    return json.dumps(value)


def _plain(value: "Any") -> "str | None":
    """None where anything in it is not what the inbox holds."""
    kind = type(value)
    if kind is str:
        quoted: str = _quoted(value)
        return quoted
    if kind is int:
        return str(value)
    if value is None or kind is bool:
        return {None: "null", True: "true", False: "false"}[value]
    if kind is list:
        return _joined("[", [_plain(each) for each in value], "]")
    if kind is dict:
        if any(type(name) is not str for name in value):
            return None
        members = [(_quoted(name), _plain(each)) for name, each in value.items()]
        return _joined("{", [None if each is None else f"{name}: {each}" for name, each in members], "}")
    return None


def _joined(opening: str, pieces: "list[str | None]", closing: str) -> "str | None":
    found = [piece for piece in pieces if piece is not None]
    return opening + ", ".join(found) + closing if len(found) == len(pieces) else None
