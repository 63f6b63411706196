"""All that PlexSync knows of one scene, from plexsync.db and, where Stash answers, from Stash. Writes nothing."""

from typing import Any

from plexsync_plugin.answers.advice import advice
from plexsync_plugin.answers.grounds import GROUNDS
from plexsync_plugin.base.clock import utc_text
from plexsync_plugin.base.words import span
from plexsync_plugin.core.ledger import Record, Value
from plexsync_plugin.core.match import FileMatch
from plexsync_plugin.jobs.scene_report import WrittenItem, read_scene

PRIORITIES = ("a person's edit", "bulk work", "reconcile")


def explain(path: str, scene: int) -> dict[str, Any]:
    """`path` of plexsync.db. Times are epoch seconds; what is not known is None or empty."""
    found: dict[str, Any] = {
        "scene": scene, "job": None, "failed": None, "undone_at": None, "files": [], "chosen": [], "items": [],
    }  # fmt: skip
    report = read_scene(path, scene)
    if report is None:
        return found
    failed = report.failed
    return {
        **found,
        **({"problem": report.problem} if report.problem else {}),
        "job": report.job,
        "failed": {**failed, "advice": advice(failed["reason"])} if failed else None,
        "undone_at": report.undone_at,
        "synced_at": report.synced_at,
        "files": [_file(match) for match in report.files],
        "chosen": [
            {"path": each.path, "rating_key": each.rating_key, "place": each.place} for each in report.choices
        ],
        "items": [_item(item) for item in report.items],
    }


def _file(match: FileMatch) -> dict[str, Any]:
    grounds = GROUNDS[match.grounds] if match.found else None
    return {
        "path": match.path, "rating_key": match.rating_key or None, "grounds": grounds, "place": match.place,
    }  # fmt: skip


def _item(item: WrittenItem) -> dict[str, Any]:
    return {
        "server": item.server,
        "rating_key": item.rating_key,
        "matched": item.matched,
        "written_at": item.written_at,
        "kept": list(item.kept),
        "fields": {name: _field(record) for name, record in item.fields.items()},
    }


def _field(record: Record) -> dict[str, Any]:
    return {
        "wrote": _plain(record.wrote[-1]) if record.wrote else None,
        "saved": _plain(record.saved.value) if record.saved else None,
        "saved_locked": record.saved.locked if record.saved else None,
    }


def _plain(value: Value) -> str | list[str]:
    return value if isinstance(value, str) else [tag.name for tag in value]


def explain_lines(found: dict[str, Any], now: float) -> list[str]:
    """For a person. `stash`, when it was asked, is {"title", "files", "left_out"} or {"problem"}."""
    return [
        *_stash_lines(found),
        *([found["problem"]] if "problem" in found else []),
        *([] if "problem" in found and not found["job"] else _job_lines(found["job"], now)),
        *_failed_lines(found["failed"]),
        *(
            [
                f"Undone at {utc_text(found['undone_at'])}: left alone until it is edited or everything is synced."
            ]
            if found["undone_at"]
            else []
        ),
        *(_file_line(file) for file in found["files"]),
        *(
            f"A person chose the Plex item {each['rating_key']} for {each['path']}, as {each['place']}: it is that item while Plex "
            f"shows this file. To take it back: choose {found['scene']} --none."
            for each in found["chosen"]
        ),
        *(line for item in found["items"] for line in _item_lines(item)),
    ]


def _file_line(file: dict[str, Any]) -> str:
    if not file["rating_key"]:
        return f"No Plex item is known that holds {file['path']}."
    return f"{file['path']} is the Plex item {file['rating_key']}, matched by {file['grounds']}."


def _stash_lines(found: dict[str, Any]) -> list[str]:
    stash = found.get("stash") or {}
    if "problem" in stash:
        return [f"Scene {found['scene']}. {stash['problem']}"]
    if not stash:
        return [f"Scene {found['scene']}."]
    lines = [
        f"Scene {found['scene']} ({stash['title'] or 'without a title'}), files: {', '.join(stash['files']) or 'none'}."
    ]
    if stash["left_out"]:
        lines.append(f"It is not synced: {stash['left_out']}.")
    return lines


def _job_lines(job: dict[str, Any] | None, now: float) -> list[str]:
    if job is None:
        return ["It has no job: no event about it has come."]
    state = job["state"]
    if state == "waiting":
        late = job["due_at"] <= now
        when = "is due now" if late else f"is due in {span(job['due_at'] - now)}"
        lines = [f"Its job waits and {when} ({PRIORITIES[job['priority']]})."]
    else:
        lines = [
            {"running": "Its job is in hand.", "done": "Its job is done.", "dead": "Its job failed."}[state]
        ]
    if job["attempts"] or job["looks"] or job["waits"]:
        lines.append(
            f"So far: attempts used up {job['attempts']}, searches without an item {job['looks']}, "
            f"waits for Plex or Stash {job['waits']}."
        )
    if job["reason"]:
        lines.append(f"Why: {job['reason']}. {job['message']}")
    return lines


def _failed_lines(letter: dict[str, Any] | None) -> list[str]:
    if letter is None:
        return []
    meant = f" Could be: {'; '.join(letter['candidates'])}." if letter["candidates"] else ""
    return [
        f"On the list of failed scenes since {utc_text(letter['first_at'])}: {letter['reason']}. {letter['message']}{meant}",
        f"What to do: {letter['advice']}",
    ]


def _item_lines(item: dict[str, Any]) -> list[str]:
    state = "matched" if item["matched"] else "written once, not matched any more"
    lines = [f"Plex item {item['rating_key']} ({state})."]
    for name, field in sorted(item["fields"].items()):
        before = "nothing saved" if field["saved"] is None else f"before: {_text(field['saved'])}"
        lines.append(f"  {name}: PlexSync wrote {_text(field['wrote'])}; {before}")
    if item["kept"]:
        lines.append(
            f"  {', '.join(item['kept'])}: a person's value stays in Plex, although Stash has another one "
            "(preserve_plex_edits). Unlock the field in Plex to have Stash's."
        )
    return lines


def _text(value: Any) -> str:
    text = ", ".join(value) if isinstance(value, list) else " ".join(str(value or "").split())
    return f'"{text[:200]}"' if text else "empty"
