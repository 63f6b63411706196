"""How much the tests do: `make check` runs their short form, `make torture` the long one, of which it names seed and share."""

import os

SEED = int(os.environ.get("PLEXSYNC_SEED", "7"))
_SHARE = os.environ.get("PLEXSYNC_SHARE", "")
IS_LONG = bool(_SHARE)


def rounds(short: int, long: int) -> int:
    """So many in the short form, and in the long one its share of `long`, but never less."""
    return max(short, int(long * float(_SHARE))) if IS_LONG else short
