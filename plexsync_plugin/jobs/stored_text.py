"""Reads the texts that plexsync.db keeps as JSON. All of them were written here, so one that cannot be read is damage of the file."""

import json
from typing import Any

from plexsync_plugin.base.sqlite import Damage
from plexsync_plugin.core import ledger
from plexsync_plugin.core.ledger import Record


def stored_json(text: str) -> Any:
    """Raises Damage."""
    try:
        return json.loads(text)
    except ValueError as error:
        raise Damage(f"a text in plexsync.db is not what was written: {error}") from error


def stored_records(text: str) -> dict[str, Record]:
    """What was written to an item, by field. Raises Damage."""
    try:
        return ledger.load(text)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise Damage(f"a text in plexsync.db is not what was written: {error}") from error
