"""`python -m tools.decision_table` writes what follows from which failure into docs/architecture.md, by asking `core.retry.decide`."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from plexsync_plugin.base import errors
from plexsync_plugin.core.retry import (
    BatchReadFailed,
    Bury,
    Consequence,
    Decision,
    Failed,
    JobFailed,
    ListingLookFailed,
    NotTried,
    OrderFailed,
    OtherJobs,
    ReadSingly,
    RecordAbsent,
    RetryAt,
    Scope,
    SettleFirst,
    Tries,
    decide,
)

PAGE = Path(__file__).resolve().parents[1] / "docs" / "architecture.md"
BEGIN, END = "<!-- decisions: begin -->\n", "<!-- decisions: end -->\n"
DAY = 86_400.0
MAX_RETRIES = 5  # the setting's default

_HEAD = """\
| met | concerns | a job | an order | a read for a whole batch | a look for missing scenes |
|---|---|---|---|---|---|
"""
_FIRST = Tries(attempts=0, waits=0, looks=0)
_SILENT = OtherJobs()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is met, all decided alike, and in which circumstances."""

    met: tuple[BaseException, ...]
    when: str = ""
    tries: Tries = _FIRST
    other_jobs: OtherJobs = _SILENT

    @property
    def name(self) -> str:
        names = (
            type(each).__name__ if isinstance(each, errors.PlexSyncError) else "a bug" for each in self.met
        )
        return ", ".join(names) + (f" {self.when}" if self.when else "")


_PLEX_AWAY = (errors.PlexUnavailable(""), errors.PlexCertificate(""), errors.NotPlex(""))
_DOUBT = (errors.PlexTrouble(""), errors.PlexTooSlow(""), errors.PlexTooLong(""))
_LISTED = (
    errors.Ambiguous(""),
    errors.Rejected(""),
    errors.BadScene(""),
    errors.PictureUnusable(""),
    errors.IndexRefused(""),
    errors.IndexBusy(""),
)
_ATTEMPT = (
    errors.PlexSyncError(""),
    errors.PictureUnavailable(""),
    errors.DatabaseError(""),
    errors.NewerDatabase(""),
    errors.ForeignDatabase(""),
)
CASES = (
    Case(met=_PLEX_AWAY),
    Case(met=(errors.PlexBusy(""),)),
    Case(met=(errors.PlexBusy("", 60.0),), when="that asks for 60 s"),
    Case(met=_DOUBT),
    Case(met=_DOUBT, when="while others are written", other_jobs=OtherJobs(succeeds=True)),
    Case(
        met=_DOUBT,
        when="of the only job for more than a day",
        tries=Tries(attempts=0, waits=200, looks=0, failing_for=DAY + 1),
        other_jobs=OtherJobs(none=True),
    ),
    Case(met=(errors.PlexUnauthorized(""), errors.SettingsError("", ""), errors.PackagesMissing(""))),
    Case(met=(errors.ItemMissing(""),)),
    Case(met=(errors.ItemMissing(""),), when="for the fifth time", tries=Tries(attempts=0, waits=0, looks=4)),
    Case(met=(errors.Absent(""),)),
    Case(met=(errors.SearchPostponed("", 60.0),), when="by 60 s"),
    Case(met=_LISTED),
    Case(met=(errors.StashBusy(""),)),
    Case(met=(errors.StashUnavailable(""),)),
    Case(met=(errors.StashUnauthorized(""),)),
    Case(met=(errors.StashRejected(""),)),
    Case(met=_ATTEMPT),
    Case(met=(RuntimeError(),)),
    Case(
        met=(RuntimeError(),),
        when="for the last time of max_retries",
        tries=Tries(attempts=MAX_RETRIES - 1, waits=0, looks=0),
    ),
)
_OF_BATCH = {Scope.WORK: "it alone, or this batch"}


class _Longest(random.Random):
    """Draws the bound, so that the table shows it."""

    def random(self) -> float:
        return 1.0


def render() -> str:
    """The table, with its two marks around it."""
    return BEGIN + _HEAD + "".join(_rows()) + END


def _rows() -> Iterator[str]:
    for case in CASES:
        rows = {_cells(error, case) for error in case.met}
        if len(rows) > 1:
            raise ValueError(f"not decided alike: {case.name}")
        yield f"| {case.name} | {rows.pop()} |\n"


def _cells(error: BaseException, case: Case) -> str:
    job = _decided(error, JobFailed(tries=case.tries, max_retries=MAX_RETRIES, other_jobs=case.other_jobs))
    cells = [_concerned(job), _words(job.consequence)]
    cells.append(_words(_decided(error, OrderFailed(tries=case.tries)).consequence))
    for failed in (BatchReadFailed(), ListingLookFailed()):
        expected = isinstance(error, errors.PlexSyncError)
        cells.append(_words(_decided(error, failed).consequence) if expected else "the worker ends")
    return " | ".join(cells)


def _decided(error: BaseException, failed: Failed) -> Decision:
    return decide(error, failed, rng=_Longest())


def _concerned(decision: Decision) -> str:
    concerned = _OF_BATCH.get(decision.scope, decision.scope.value)
    if not decision.hold:
        return concerned
    whom = "; Plex is" if decision.scope is Scope.PERSON else ","
    return f"{concerned}{whom} left alone for {decision.hold:.0f} s"


def _words(consequence: Consequence) -> str:
    match consequence:
        case RetryAt():
            counts = {
                "an attempt": consequence.attempts,
                "a wait": consequence.waits,
                "a look": consequence.looks,
            }
            spent = [name for name, number in counts.items() if number]
            return f"again after {consequence.delay:.0f} s" + "".join(f", {name}" for name in spent)
        case Bury():
            return "dead letter"
        case RecordAbsent():
            return "recorded as absent"
        case NotTried():
            return "as if not tried"
        case ReadSingly():
            return "each read singly"
        case SettleFirst():
            return "the first settled as a job"


def write(page: Path = PAGE) -> None:
    text = page.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(before + render() + after, "utf-8")


if __name__ == "__main__":
    write()
