"""The lines of an answer that does not end by itself, as they come. Knows nothing of what they say."""

from collections.abc import Iterable, Iterator

from plexsync_plugin.base.answer_limits import AnswerTooLong

LONGEST_EVENT = 1_000_000  # bytes, of one line of the stream


def lines(pieces: Iterable[bytes]) -> Iterator[str]:
    """Without their ends. Raises AnswerTooLong when a line does not end within LONGEST_EVENT bytes."""
    line = bytearray()
    for piece in pieces:
        *ends, rest = piece.split(b"\n")
        for end in ends:
            yield (line + end).decode("utf-8", "replace").rstrip("\r")
            line.clear()
        line += rest
        if len(line) > LONGEST_EVENT:
            raise AnswerTooLong(LONGEST_EVENT)
