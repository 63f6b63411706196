"""Lines for Stash's log, as its plugin protocol wants them on stderr. Standard library alone, without logging.

A line is SOH, a level letter, STX, the text (docs/facts/stash.md section 3). Lines of 64 KiB and more end Stash's
reader, so texts are cut at 8 000 bytes. A text is one line, whatever it holds: a title makes no entry of its own.
"""

import sys

from plexsync_plugin.base.shown_text import one_line

LEVELS = {"trace": "t", "debug": "d", "info": "i", "warning": "w", "error": "e"}
LONGEST = 8_000  # bytes of UTF-8


def write(level: str, text: str) -> None:
    _emit(LEVELS[level], one_line(text))


def write_progress(done: float) -> None:
    """`done` from 0 to 1."""
    _emit("p", f"{min(max(done, 0.0), 1.0):.4f}")


def _emit(letter: str, line: str) -> None:
    cut = line.encode("utf-8", "replace")[:LONGEST].decode("utf-8", "ignore")
    try:
        sys.stderr.buffer.write(f"\x01{letter}\x02{cut}\n".encode())
        sys.stderr.buffer.flush()
    except OSError:
        # Stash has gone or closed the pipe; the text has nowhere to go and the work is not to fail for it.
        return
