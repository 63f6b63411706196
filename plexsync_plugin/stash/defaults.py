"""Fill in settings that were never saved with their defaults, so that Stash's settings page shows what is in force.

Missing keys only: what is stored, "" and 0 included, is the user's. Nothing but settings is ever written there.
"""

from collections.abc import Mapping
from typing import Any

from pydantic.fields import FieldInfo

from plexsync_plugin.base.names import NameList
from plexsync_plugin.base.settings import Settings
from plexsync_plugin.stash.client import StashClient
from plexsync_plugin.stash.own_settings import Stored, change_settings


def stored_form(default: Any) -> Any:
    """A default in the form in which the settings page would save it: switch, whole number, text."""
    if isinstance(default, bool | str):
        return default
    if isinstance(default, int | float):
        return int(default)
    return str(default) if isinstance(default, NameList) else ""  # rules are text there, and none by default


def missing_defaults(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Defaults, in stored form, of the settings that were never saved."""
    fields: Mapping[str, FieldInfo] = Settings.model_fields
    return {
        name: stored_form(information.default)
        for name, information in fields.items()
        if name not in stored and not information.is_required()
    }


def write_defaults(stash: StashClient) -> list[str]:
    """The names of the settings that were filled in and are there now. Raises StashUnavailable and its kind."""
    missing: dict[str, Any] = {}

    def additions(stored: Stored) -> Stored:
        found = missing_defaults(stored)
        missing.update(found)
        return found

    after = change_settings(stash, additions)
    return [name for name, value in missing.items() if name in after and after[name] == value]
