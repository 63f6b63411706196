"""The circuit breaker towards Plex: a small pure state machine over probes (docs/architecture.md, "Failures").

closed     Work goes on. A failed request asks for a probe at once; if it fails, others follow after 1 s and 2 s.
open       Three probes in a row have failed: no work. The next probe is after 5 s, and the pause doubles to 60 s.
half_open  A probe of the open breaker was answered: one job at a time until a write succeeds. Plex answers `/identity`
           while its database is still busy, so an answered probe proves little.
"""

from dataclasses import dataclass, replace

CLOSED, OPEN, HALF_OPEN = "closed", "open", "half_open"
FAILURES_TO_OPEN = 3
GAPS = (1.0, 2.0)  # seconds between the first probes
FIRST_INTERVAL = 5.0
LONGEST_INTERVAL = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """The breaker's state, as it is stored."""

    state: str = CLOSED
    failures: int = 0  # probes that failed in a row
    probe_at: float = 0.0  # when the next probe is due, in epoch seconds; 0: none is
    interval: float = 0.0  # seconds between the last two probes while it is open

    @property
    def suspicious(self) -> bool:
        """Whether a request has failed and the probes after it have not yet decided."""
        return self.state != OPEN and self.probe_at > 0

    @property
    def lets_work(self) -> bool:
        return self.state != OPEN and not self.suspicious

    def probe_due(self, now: float) -> bool:
        """Whether to probe now. One that lies further off than any interval is due too: then the clock was set back."""
        if not self.probe_at:
            return False
        return now >= self.probe_at or self.probe_at - now > max(self.interval, *GAPS)

    def request_failed(self, now: float) -> "Breaker":
        if self.state == OPEN or self.suspicious:
            return self
        return replace(self, failures=0, probe_at=now)

    def probe_failed(self, now: float) -> "Breaker":
        failures = self.failures + 1
        if self.state == OPEN:
            interval = min(self.interval * 2, LONGEST_INTERVAL)
            return replace(self, failures=failures, interval=interval, probe_at=now + interval)
        if failures < FAILURES_TO_OPEN:
            return replace(self, failures=failures, probe_at=now + GAPS[failures - 1])
        return Breaker(state=OPEN, failures=failures, interval=FIRST_INTERVAL, probe_at=now + FIRST_INTERVAL)

    def probe_answered(self) -> "Breaker":
        return Breaker(state=HALF_OPEN) if self.state in (OPEN, HALF_OPEN) else Breaker()

    def write_succeeded(self) -> "Breaker":
        return Breaker()
