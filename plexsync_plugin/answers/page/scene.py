"""*scene*: how one scene stands, why its items are its items, and what differs, by ledger, index and the last comparison."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from plexsync_plugin.answers.grounds import BEST_GUESS, GROUNDS
from plexsync_plugin.answers.page.arguments import SceneArguments
from plexsync_plugin.answers.page.candidates import candidates, said
from plexsync_plugin.answers.page.chosen import chosen
from plexsync_plugin.answers.page.links import address
from plexsync_plugin.answers.page.problems import advice_for
from plexsync_plugin.answers.page.question import Question
from plexsync_plugin.answers.page.shapes import ItemCandidate, Plays, Scene, SceneField, SceneItem, SceneState
from plexsync_plugin.core.ledger import Record, shown, shown_alike
from plexsync_plugin.core.match import BY_PATH, FileMatch
from plexsync_plugin.core.model import File
from plexsync_plugin.jobs.comparisons import ComparedField, Comparison, Comparisons
from plexsync_plugin.jobs.file_matches import FileMatches
from plexsync_plugin.jobs.reasons import ABSENT, DISCARDED, LOOKED_FOR
from plexsync_plugin.jobs.scene_files import KeptScene, SceneFiles
from plexsync_plugin.jobs.scene_report import SceneReport, WrittenItem, scene_report
from plexsync_plugin.plex.page_views import PageIndex, open_index

_UNKNOWN = Scene(
    state="unknown", reason="", message="", advice="", due_at=None, items=(), candidates=(), choices=(), fields=(), last_at=None,
    compared_at=None, plays=Plays(count=0, last_at=None, rating=None),
)  # fmt: skip

Row = Mapping[str, Any]


def answer(question: Question, arguments: SceneArguments) -> Scene:
    with question.state() as state, open_index(question.folder.index) as index:
        if state is None:
            return _UNKNOWN
        report = scene_report(state, arguments.id)
        compared = Comparisons(state).of_scene(arguments.id)
        files = FileMatches(state)
        matches = {each.server: files.file_matches(each.server, arguments.id) for each in report.items}
        keys = [each.rating_key for each in report.items]
        values = index.values(keys) if index else {}
        indexed_at = _epoch(index.server()[1]) if index else 0.0
        failed = report.failed or {}
        reason = failed.get("reason") or (report.job or {}).get("reason") or ""
        near = {arguments.id: _others(index, report, SceneFiles(state).of_scenes([arguments.id]))}
        choices = chosen(state, index, near)
        return Scene(
            state=_state(report),
            reason=reason,
            message=failed.get("message") or (report.job or {}).get("message") or "",
            advice=advice_for(reason) if reason else "",
            due_at=report.job["due_at"] if report.job and report.job["state"] == "waiting" else None,
            items=tuple(_items(report, index, matches)),
            candidates=near[arguments.id] or said(failed.get("candidates", ())),
            choices=choices[arguments.id],
            fields=tuple(
                field
                for each in report.items
                for field in _fields(
                    each,
                    # What was indexed before PlexSync's last write is not what Plex shows.
                    values.get(each.rating_key, {}) if indexed_at >= (each.written_at or 0.0) else {},
                    compared.get((each.server, each.rating_key)),
                )
            ),
            last_at=report.synced_at,
            compared_at=max((each.at for each in compared.values()), default=None),
            plays=_plays(values.values()),
        )


def _state(report: SceneReport) -> SceneState:
    job = report.job or {}
    state, reason = job.get("state"), job.get("reason")
    if state == "waiting":
        return "missing" if reason in LOOKED_FOR else "waiting"
    if state == "running":
        return "running"
    if report.undone_at is not None:
        return "undone"
    if report.failed or state == "dead":
        return "failed"
    if state == "done" and reason in (ABSENT, DISCARDED):
        return "absent" if reason == ABSENT else "discarded"
    return "synced" if report.synced_at is not None else "unknown"


def _others(
    index: PageIndex | None, report: SceneReport, failed: dict[int, KeptScene]
) -> tuple[ItemCandidate, ...]:
    """Items that hold a file of the same name, but those that the scene is matched with. Of a scene that has an item only its matches
    tell which files it has."""
    kept = failed or {0: KeptScene(title="", files=_files(report.files))}
    matched = {each.rating_key for each in report.items if each.matched}
    near = candidates(index, kept)
    return tuple(each for found in near.values() for each in found if each.key not in matched)


def _files(matches: Sequence[FileMatch]) -> tuple[File, ...]:
    return tuple({each.path: File(path=each.path, size=each.size) for each in matches}.values())


def _items(
    report: SceneReport, index: PageIndex | None, matches: Mapping[str, list[FileMatch]]
) -> Iterator[SceneItem]:
    keys = [each.rating_key for each in report.items if each.matched]
    rows = index.items(keys) if index else {}
    places = index.files_of(keys) if index else {}
    for each in report.items:
        if not each.matched:
            continue
        row = rows.get(each.rating_key, {})
        held = [match for match in matches.get(each.server, ()) if match.rating_key == each.rating_key]
        for match in held or [FileMatch(path="", rating_key=each.rating_key, grounds=BEST_GUESS, mark="")]:
            yield SceneItem(
                key=each.rating_key,
                title=row.get("title") or "",
                section=row.get("section") or "",
                url=address(each.server, each.rating_key),
                matched_by=GROUNDS[match.grounds],
                certain=match.grounds >= BY_PATH,
                path=next(iter(places.get(each.rating_key, ())), ""),
                stash_path=match.path,
            )


def _fields(item: WrittenItem, row: Row, compared: Comparison | None) -> Iterator[SceneField]:
    locks = set((row.get("locks") or "").split(",")) if row else None
    # A write after the comparison makes it old.
    seen = compared.fields if compared and compared.at >= (item.written_at or 0.0) else {}
    for name in sorted({*item.fields, *item.kept, *seen}):
        yield _field(item, name, row, seen.get(name), locks)


def _field(
    item: WrittenItem, name: str, row: Row, seen: ComparedField | None, locks: set[str] | None
) -> SceneField:
    record = item.fields.get(name, Record())
    wrote = shown(record.wrote[-1]) if record.wrote else None
    there = seen.plex if seen else _text(row[name]) if name in row else wrote
    wanted = seen.stash if seen else wrote
    return SceneField(
        item_key=item.rating_key,
        name=name,
        stash=wanted,
        plex=there,
        before=shown(record.saved.value) if record.saved else None,
        ours=wrote is not None and (there is None or shown_alike(wrote, there)),
        differs=wanted is not None and there is not None and not shown_alike(wanted, there),
        locked=seen.locked if seen else name in locks if locks is not None else None,
        kept=name in item.kept,
    )


def _epoch(text: str) -> float:
    """Epoch seconds of a time in ISO 8601; 0 of ""."""
    return datetime.fromisoformat(text).timestamp() if text else 0.0


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _plays(rows: Any) -> Plays:
    found = list(rows)
    times = [datetime.fromisoformat(row["played"]).timestamp() for row in found if row["played"]]
    ratings = [row["userRating"] for row in found if row["userRating"] is not None]
    return Plays(
        count=sum(row["plays"] or 0 for row in found),
        last_at=max(times, default=None),
        rating=max(ratings, default=None),
    )
