"""The circuit breaker towards Plex: a small pure state machine over probes (docs/architecture.md, "Failures").

closed     work goes on. A failed request asks for a probe at once; failing probes follow after 1 s and 2 s.
open       three probes in a row failed: no work. Probes after 5 s, doubling to 60 s.
half_open  a probe of the open breaker was answered: one job at a time until a write succeeds. `/identity` answers
           while Plex's database is still busy, so a probe alone proves nothing.
"""

from dataclasses import dataclass, replace

CLOSED, OPEN, HALF_OPEN = "closed", "open", "half_open"
FAILURES_TO_OPEN = 3
GAPS = (1.0, 2.0)  # seconds between the first probes
FIRST_INTERVAL = 5.0
LONGEST_INTERVAL = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """`probe_at` (epoch seconds) counts only where a probe is owed: open, or closed with failures or suspicion."""

    state: str = CLOSED
    failures: int = 0
    probe_at: float = 0.0
    interval: float = 0.0

    @property
    def suspicious(self) -> bool:
        """A request failed and the probes have not spoken yet."""
        return self.state != OPEN and self.probe_at > 0

    @property
    def lets_work(self) -> bool:
        return self.state != OPEN and not self.suspicious

    def probe_due(self, now: float) -> bool:
        """A clock that was set back cannot keep the breaker open: no probe is ever further off than its interval."""
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
