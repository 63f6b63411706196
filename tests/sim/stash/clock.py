"""The times that Stash writes: RFC 3339 in the server's local time."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

source: list[Callable[[], float]] = [time.time]  # another where a test's time is not the machine's


def _moment() -> datetime:
    return datetime.fromtimestamp(source[0](), UTC).astimezone()


def _zone(moment: datetime) -> str:
    offset = moment.strftime("%z")
    return "Z" if offset in {"+0000", ""} else f"{offset[:3]}:{offset[3:]}"


def now() -> str:
    """One second resolution: created_at, updated_at."""
    moment = _moment()
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + _zone(moment)


def precise_now() -> str:
    """Jobs and log lines."""
    moment = _moment()
    fraction = f"{moment.microsecond:06d}".rstrip("0")
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + (f".{fraction}" if fraction else "") + _zone(moment)


def epoch(moment: str) -> int:
    """Seconds since 1970 of a time in the form of now(), as in the ?t= of image addresses."""
    return int(datetime.fromisoformat(moment).timestamp())
