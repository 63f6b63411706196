"""JSON in the bytes that Go's encoding/json writes: no spaces, HTML characters escaped, integral floats without a fraction.

Floats outside 1e-4..1e16 keep Python's exponent form; nothing that Stash sends to a plugin gets there.
"""

import json
from typing import Any

_ESCAPES = (
    ("&", "\\u0026"),
    ("<", "\\u003c"),
    (">", "\\u003e"),
    ("\u2028", "\\u2028"),
    ("\u2029", "\\u2029"),
)


def dump_text(value: Any) -> str:
    """`value` holds no floats with an integral value: see normalise()."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character, escape in _ESCAPES:
        text = text.replace(character, escape)
    return text


def dump(value: Any) -> bytes:
    return dump_text(value).encode("utf-8", "replace")


def normalise(value: Any, *, ordered: bool = False) -> Any:
    """A copy with Go's numbers; `ordered` sorts the keys of every object, as Go does for maps (not for structs)."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, dict):
        keys = sorted(value) if ordered else list(value)
        return {key: normalise(value[key], ordered=ordered) for key in keys}
    if isinstance(value, list):
        return [normalise(item, ordered=ordered) for item in value]
    return value
