"""Which plays in Plex count: those of chosen accounts, from when on they were chosen. Pure.

All times are epoch seconds by Plex's clock, which nobody promises to be right: what lies ahead of our own clock never moves a
beginning or the place that was read to, so that it hides nothing which comes after it.
"""

from collections.abc import Collection, Iterable, Mapping

EVERYBODY = "*"  # stands for every account that is not named
AGAIN = 3_600  # seconds read again: players that were offline tell late

Begins = Mapping[str, int]  # by account number as text, or EVERYBODY: plays count from then on


def begin(chosen: Collection[int] | None, before: Begins, now_at: int) -> dict[str, int]:
    """From when on plays of the `chosen` accounts count, None for all. Who was chosen before keeps what he had; who is new
    begins at `now_at`."""
    if chosen is None:
        return {**before, EVERYBODY: before.get(EVERYBODY, now_at)}
    default = before.get(EVERYBODY, now_at)
    return {str(account): before.get(str(account), default) for account in sorted(chosen)}


def is_new(account: int, before: Begins) -> bool:
    """Whether nothing of this account counted so far."""
    return str(account) not in before and EVERYBODY not in before


def counts(account: int, at: int, begins: Begins) -> bool:
    start = begins.get(str(account), begins.get(EVERYBODY))
    return start is not None and at >= start


def newest(times: Iterable[int], now: float, default: int = 0) -> int:
    """The latest of these times that does not lie ahead; `default` where that is later."""
    return max([default, *(at for at in times if at <= now)])


def read_from(played_to: int, begins: Begins, now: float) -> int:
    """From where on the history is read: an hour before the place it was read to, and not before anything counts.

    A clock that was set back may have left that place ahead.
    """
    start = min(played_to, int(now)) - AGAIN
    return max(start, min(begins.values(), default=0), 0)


def is_before_history(version: str) -> bool:
    """Whether a server of this version also writes a play where a person marks an item as played (docs/facts/plex.md section 13)."""
    numbers = [int(part) for part in version.partition("-")[0].split(".") if part.isdecimal()]
    return bool(numbers) and tuple(numbers[:4]) < (1, 40, 0, 7998)
