"""Changes what Stash stores as PlexSync's settings, beside a person who may save some in the same moment.

Stash replaces the whole map at each save and knows no versions of it (docs/facts/stash.md section 6). What is saved between the
reading here and the writing is lost, and nothing tells of it: so nothing else is done between them. What a save right after the
writing has dropped is seen by reading again. Values are never logged, for the token is among them.
"""

from collections.abc import Callable, Mapping
from typing import Any

from plexsync_plugin.stash.client import StashClient

WRITES = 3  # whoever saves as often in the same second is no person

Stored = Mapping[str, Any]


def change_settings(stash: StashClient, additions: Callable[[Stored], Stored]) -> Stored:
    """What is stored afterwards. `additions`: of what is stored -> what is to be put into it; nothing, where all is there.

    A value that a person has changed meanwhile is the newest and stays. One that is gone is written back: Stash's page takes none
    away, but saves all that it had read when it was opened. Raises StashUnavailable and its kind.
    """
    stored = stash.state().settings
    known: Stored = {}
    for _ in range(WRITES):
        wanted = {**known, **stored, **additions({**known, **stored})}
        if wanted == stored:
            break
        stash.configure(wanted)
        known, stored = wanted, stash.state().settings
    return stored
