"""What a connection to the inbox met, told apart from what plexsync.db's met: so the file that failed is the one that is mended."""

import contextlib
import sqlite3
from collections.abc import Iterator

from plexsync_plugin.base.file_trouble import FileTrouble, trouble_of
from plexsync_plugin.base.sqlite import Damage


class InboxTrouble(Exception):
    """What a connection to the inbox met; plexsync.db has nothing to do with it."""

    def __init__(self, error: sqlite3.Error, trouble: FileTrouble) -> None:
        super().__init__(str(error))
        self.error, self.trouble = error, trouble


@contextlib.contextmanager
def of_inbox() -> Iterator[None]:
    """Around everything that a connection to the inbox does, and nothing else. Raises InboxTrouble."""
    try:
        yield
    except sqlite3.Error as error:
        trouble = trouble_of(error)
        if trouble is None:
            raise
        raise InboxTrouble(error, trouble) from error
    except IsADirectoryError as error:
        raise InboxTrouble(Damage(str(error)), FileTrouble.DAMAGED) from error
