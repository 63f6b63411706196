"""The worker's own log file: rotating, one line per fact as key=value, secrets redacted whatever is passed in.

Lines that belong to the one above (tracebacks) begin with a bar, so that no title can pass for a fact.
One line per scene; with PLEXSYNC_LOG=debug in Stash's environment all steps.
"""

import contextlib
import logging
import logging.handlers
import os
import re
from io import TextIOWrapper

from plexsync_plugin.base.obscure import without_paths
from plexsync_plugin.base.paths import private
from plexsync_plugin.base.shown_text import block

_TOKEN = re.compile(
    r"(?i)(x-plex-token|plex_token|apikey|api_key|session)([\"']?\s*(?:[=:]|%3D)\s*[\"']?)[^\s&\"',;)}]+"
)
SIZE = 1_000_000  # bytes
KEPT = 3


class Redaction(logging.Filter):
    """Blanks known secrets by value and anything that looks like one by name; where that is wanted, paths too."""

    def __init__(self) -> None:
        super().__init__()
        self._secrets: set[str] = set()
        self.obscure_paths = False

    def hide(self, *secrets: str) -> None:
        self._secrets.update(secret for secret in secrets if len(secret) >= 4)

    def text(self, text: str) -> str:
        for secret in sorted(self._secrets, key=len, reverse=True):  # one may be the beginning of another
            text = text.replace(secret, "***")
        text = _TOKEN.sub(r"\1\2***", text)
        return without_paths(text) if self.obscure_paths else text


class _RedactingFormatter(logging.Formatter):
    def __init__(self, redaction: Redaction) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self._redaction = redaction

    def format(self, record: logging.LogRecord) -> str:
        # After formatting, so that tracebacks are covered too.
        return block(self._redaction.text(super().format(record)))


class _PrivateFile(logging.handlers.RotatingFileHandler):
    """Each file that it begins, the first and those after it, is nobody else's business."""

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding=self.encoding, errors=self.errors, opener=private)


def open_log(path: str) -> Redaction:
    """Send the program's logging to the file. The worker has no other place to speak to but Stash's log page."""
    redaction = Redaction()
    handler = _PrivateFile(path, maxBytes=SIZE, backupCount=KEPT, encoding="utf-8", delay=True)
    handler.setFormatter(_RedactingFormatter(redaction))
    with contextlib.suppress(OSError):  # what hinders it is told by the first line
        os.close(private(path, os.O_CREAT | os.O_WRONLY))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.DEBUG if os.environ.get("PLEXSYNC_LOG") == "debug" else logging.INFO)
    for chatty in ("urllib3", "requests", "plexapi", "persistqueue"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    return redaction
