"""What a person at the command line reads when something fails: settings by the names they have there, and what to do."""

from plexsync_plugin.base.errors import PlexSyncError, PlexUnavailable

# The errors name the plugin's settings.
_NAMES = {"the setting plex_url": "PLEX_URL", "the setting plex_token": "PLEX_TOKEN"}


def complaint(error: PlexSyncError) -> str:
    return f"Not done: {in_own_names(str(error))}{_question(error)}"


def in_own_names(text: str) -> str:
    for theirs, ours in _NAMES.items():
        text = text.replace(theirs, ours)
    return text


def _question(error: PlexSyncError) -> str:
    """Without a connection nothing tells a Plex that is down from an address that is wrong."""
    if type(error) is PlexUnavailable and isinstance(error.__cause__, OSError):
        return " Is Plex running, and is PLEX_URL right?"
    return ""
