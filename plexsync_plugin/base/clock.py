"""The only place that reads the clock or sleeps. Everything else takes a `Clock`. Standard library alone."""

import time


class Clock:
    """Seconds since 1970 (UTC), a monotonic reading, and a sleep, replaceable in tests."""

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


def utc_text(epoch: float) -> str:
    """ISO 8601 in UTC with seconds, as the index and the status text show times."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(epoch))
