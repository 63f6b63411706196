"""Shows a person how far the command line's work is: a bar on a terminal, a line every few seconds elsewhere.

The package rich draws the bar; it is imported only where the stream is a terminal.
"""

import contextlib
from typing import TYPE_CHECKING, Protocol, TextIO

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.shown_text import one_line

if TYPE_CHECKING:
    from rich.progress import Progress

PAUSE = 5.0  # seconds between two lines


class Console(Protocol):
    def __call__(self, done: float, text: str, /) -> None:
        """`done` from 0 to 1."""

    def say(self, text: str) -> None: ...

    def close(self) -> None: ...


def open_console(stream: TextIO, clock: Clock, *, verbose: bool, quiet: bool = False) -> Console:
    """The right one for this stream: nothing with `quiet`, a bar on a terminal, else lines.

    With `verbose` every step is a line, also on a terminal: lines and a bar would overwrite each other.
    """
    if quiet:
        return Silence(stream, clock, verbose=False)
    if stream.isatty() and not verbose:
        try:
            bar = Bar(stream)
        except ImportError:
            return Lines(stream, clock, verbose=verbose)
        if bar.can_move:
            return bar
    return Lines(stream, clock, verbose=verbose)


class Lines:
    """Writes how far the work is as lines, at most one in `PAUSE` seconds. The last word is its caller's: none for 100 %.

    Each run begins with a call for 0.
    """

    def __init__(self, stream: TextIO, clock: Clock, *, verbose: bool) -> None:
        self._stream = stream
        self._clock = clock
        self._verbose = verbose
        self._said = clock.monotonic()

    def __call__(self, done: float, text: str) -> None:
        now = self._clock.monotonic()
        if done <= 0:
            self._said = now  # of a run that begins: a watch has many, with hours between
        if self._verbose or (done < 1 and now - self._said >= PAUSE):
            self._said = now
            self.say(f"{done:4.0%} {text}")

    def say(self, text: str) -> None:
        with contextlib.suppress(OSError):  # nobody reads any more, or its disk is full; the work goes on
            self._stream.write(f"{text}\n")
            self._stream.flush()

    def close(self) -> None:
        """Nothing is kept open."""


class Silence(Lines):
    """Writes what is said, which is trouble, and never how far the work is."""

    def __call__(self, done: float, text: str) -> None:
        """Shows nothing."""


class Bar:
    def __init__(self, stream: TextIO) -> None:
        from rich.console import Console as Terminal  # noqa: PLC0415 - for a terminal alone

        self._terminal = Terminal(file=stream)
        self._bar: Progress | None = None

    @property
    def can_move(self) -> bool:
        """Whether the terminal knows how to overwrite a line."""
        return self._terminal.is_terminal and not self._terminal.is_dumb_terminal

    def __call__(self, done: float, text: str) -> None:
        if done >= 1:
            self.close()
            return
        if self._bar is None:
            self._bar = self._started()
        self._bar.update(self._bar.task_ids[0], completed=done, description=text)

    def _started(self) -> "Progress":
        from rich.progress import (  # noqa: PLC0415
            BarColumn,
            Progress,
            TaskProgressColumn,
            TextColumn,
            TimeRemainingColumn,
        )

        bar = Progress(
            BarColumn(bar_width=30),
            TaskProgressColumn(),
            TextColumn("{task.description}", markup=False),
            TimeRemainingColumn(),
            console=self._terminal,
            transient=True,
        )
        bar.add_task("", total=1.0)
        bar.start()
        return bar

    def say(self, text: str) -> None:
        self._terminal.print(one_line(text), markup=False, highlight=False, soft_wrap=True)

    def close(self) -> None:
        """The bar vanishes; the next step makes a new one."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
