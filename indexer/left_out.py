"""What Plex tells of an item and the index does not hold, each with the reason; docs/schema.md shows it."""

from collections.abc import Mapping

LEFT_OUT: Mapping[str, str] = {}
