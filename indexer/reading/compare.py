"""What a page of a listing means against what the index holds. Pure: fingerprints in, a verdict per item out."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Rating keys by verdict. Only the added and the changed need their details."""

    added: tuple[int, ...]
    changed: tuple[int, ...]
    unchanged: tuple[int, ...]


def compare(listed: Mapping[int, str], known: Mapping[int, str]) -> Comparison:
    """`listed` and `known` map rating keys to fingerprints of listing elements."""
    return Comparison(
        added=tuple(key for key in listed if key not in known),
        changed=tuple(key for key, mark in listed.items() if key in known and known[key] != mark),
        unchanged=tuple(key for key, mark in listed.items() if known.get(key) == mark),
    )
