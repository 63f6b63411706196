"""Any order of events, any clock, also one that is set back: the breaker opens when it should and is never stuck."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from plexsync_plugin.core.breaker import CLOSED, FAILURES_TO_OPEN, HALF_OPEN, LONGEST_INTERVAL, OPEN, Breaker


class Life(RuleBasedStateMachine):
    """Probes happen only when they are due, as the worker does it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_700_000_000.0
        self.breaker = Breaker()
        self.failing_probes = 0  # in a row

    @rule(seconds=st.floats(0, 200))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @rule(now=st.floats(1, 4e9))
    def clock_is_set(self, now: float) -> None:
        self.now = now

    @rule()
    def request_fails(self) -> None:
        if self.breaker.lets_work:
            self.failing_probes = 0
        self.breaker = self.breaker.request_failed(self.now)
        assert not self.breaker.lets_work

    @rule()
    def write_succeeds(self) -> None:
        if self.breaker.lets_work:
            self.failing_probes = 0
            self.breaker = self.breaker.write_succeeded()
            assert self.breaker == Breaker()

    @rule(answered=st.booleans())
    def probe_is_sent_if_due(self, answered: bool) -> None:
        if not self.breaker.probe_due(self.now):
            return
        before = self.breaker.state
        if answered:
            self.failing_probes = 0
            self.breaker = self.breaker.probe_answered()
            assert self.breaker.lets_work
            assert self.breaker.state == (CLOSED if before == CLOSED else HALF_OPEN)
        else:
            self.failing_probes += 1
            self.breaker = self.breaker.probe_failed(self.now)
            assert not self.breaker.lets_work
            if before != OPEN:
                assert (self.breaker.state == OPEN) == (self.failing_probes == FAILURES_TO_OPEN)

    @rule()
    def worker_is_restarted(self) -> None:
        """The state is stored field by field and read back."""
        kept = self.breaker
        self.breaker = Breaker(
            state=kept.state, failures=kept.failures, probe_at=kept.probe_at, interval=kept.interval
        )

    @invariant()
    def open_only_after_three_failing_probes_in_a_row(self) -> None:
        assert self.breaker.state != OPEN or self.failing_probes >= FAILURES_TO_OPEN

    @invariant()
    def where_no_work_is_let_through_a_probe_is_due_within_a_minute(self) -> None:
        if not self.breaker.lets_work:
            assert self.breaker.probe_due(self.now + LONGEST_INTERVAL)

    @invariant()
    def whatever_the_clock_shows_the_next_probe_comes(self) -> None:
        if self.breaker.lets_work:
            return
        for now in (1.0, self.breaker.probe_at - 1.0, self.now, self.breaker.probe_at, 4e9):
            assert any(self.breaker.probe_due(now + wait) for wait in (0.0, LONGEST_INTERVAL))


TestLife = Life.TestCase
