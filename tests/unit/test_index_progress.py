"""How far a run is, as lines for a file or a pipe, and as a bar where a terminal can show one."""

import io
import os
import sys

import pytest

from indexer.command.progress import PAUSE, Bar, Lines, open_console
from plexsync_plugin.base.clock import Clock
from tests.clocks import MovingClock


def test_lines_when_a_run_takes_long_come_now_and_then() -> None:
    shown, clock = io.StringIO(), MovingClock()
    lines = Lines(shown, clock, verbose=False)
    lines(0.0, "Asking")
    for step in range(1, 8):
        clock.sleep(PAUSE / 2)
        lines(step / 10, "Reading")
    lines(1.0, "Done")
    assert shown.getvalue() == " 20% Reading\n 40% Reading\n 60% Reading\n"


def test_lines_when_a_watch_reads_again_after_an_hour_say_nothing_of_a_short_run() -> None:
    shown, clock = io.StringIO(), MovingClock()
    lines = Lines(shown, clock, verbose=False)
    for _ in range(3):
        clock.sleep(3600.0)
        lines(0.0, "Asking")
        lines(0.5, "Reading")
        lines(1.0, "Done")
    assert shown.getvalue() == ""


@pytest.mark.skipif(sys.platform == "win32", reason="opens a terminal as POSIX has them")
@pytest.mark.parametrize(
    ("term", "verbose", "kind"), [("xterm", False, Bar), ("dumb", False, Lines), ("xterm", True, Lines)]
)
def test_terminal_when_it_cannot_overwrite_a_line_gets_lines(
    monkeypatch: pytest.MonkeyPatch, term: str, verbose: bool, kind: type
) -> None:
    import pty

    monkeypatch.setenv("TERM", term)
    ours, theirs = pty.openpty()
    with open(theirs, "w", encoding="utf-8") as terminal:
        assert type(open_console(terminal, Clock(), verbose=verbose)) is kind
    os.close(ours)
