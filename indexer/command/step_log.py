"""Where the steps of a run are written down: the file of --log-file, standard error with --verbose, else nowhere."""

import logging
import os
from typing import TextIO

from plexsync_plugin.base.errors import SettingsError
from plexsync_plugin.base.log import open_log


def start(log_file: str, shown: TextIO | None) -> None:
    """`log_file` is a path or "". Raises SettingsError when it cannot be written."""
    # A full disk costs lines of the log, and says nothing between those for a person.
    logging.raiseExceptions = False
    # Without a handler Python would print warnings there.
    logging.getLogger().handlers[:] = [logging.NullHandler()]
    steps = logging.getLogger("indexer")
    steps.handlers[:] = []
    if log_file:
        _open(log_file)
        steps.setLevel(logging.DEBUG)
    if shown is not None:
        handler = logging.StreamHandler(shown)
        handler.setFormatter(logging.Formatter("%(name)s %(message)s"))
        steps.addHandler(handler)
        steps.setLevel(logging.DEBUG)


def _open(path: str) -> None:
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "a", encoding="utf-8"):
            pass
    except OSError as error:
        raise SettingsError("--log-file", f"{path} cannot be written: {error.strerror}.") from error
    open_log(path)
