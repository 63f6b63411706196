"""A Stash scene as JSON -> `Scene` -> what its Plex items should show. Pure.

Nothing here is cut. Control characters and invalid Unicode never reach Plex: its XML answers could not carry them.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from plexsync_plugin.core.ledger import Value
from plexsync_plugin.core.model import File, Scene, Tag
from plexsync_plugin.core.plan import Desired

# Bump when the same scene should give another result than before: every scene is then planned anew.
PLAN_VERSION = 1

# What XML 1.0 forbids, and the separators that are no text (tab and newline stay).
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


def scene_of(answer: Mapping[str, Any]) -> Scene:
    """From one element of Stash's `findScenes`, with the fields that `stash.client` asks for."""
    studio = answer.get("studio") or {}
    return Scene(
        id=int(answer["id"]),
        title=clean_line(answer.get("title")),
        details=clean(answer.get("details")),
        date=full_date(answer.get("date")),
        studio=clean_line(studio.get("name")),
        performers=_names(answer.get("performers")),
        tags=_names(answer.get("tags")),
        files=tuple(
            File(path=file["path"], size=int(file.get("size") or 0)) for file in answer.get("files") or []
        ),
        organized=bool(answer.get("organized")),
        updated_at=answer.get("updated_at") or "",
    )


def _names(entries: Iterable[Mapping[str, Any]] | None) -> tuple[str, ...]:
    """Names in order, each once: two performers of one name are one cast member in Plex."""
    names: dict[str, str] = {}
    for entry in entries or []:
        name = clean_line(entry.get("name"))
        if name:
            names.setdefault(name.casefold(), name)
    return tuple(names.values())


def clean(text: str | None) -> str:
    """Paragraphs stay; carriage returns, control characters and lone surrogates go."""
    tidy = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return _FORBIDDEN.sub("", tidy).strip()


def clean_line(text: str | None) -> str:
    return " ".join(clean(text).split())


def full_date(text: str | None) -> str:
    """Stash's dates may be partial (`2021`, `2021-05`); Plex wants a day: the first. "" for what is no date."""
    found = _DATE.fullmatch((text or "").strip())
    if not found:
        return ""
    year, month, day = found.groups()
    return f"{year}-{month or '01'}-{day or '01'}"


def desired_state(scene: Scene) -> dict[str, Value]:
    """What the scene's items should show, by Plex's field names; "" or () where Stash has nothing."""
    return {
        "title": scene.title,
        "studio": scene.studio,
        "summary": scene.details,
        "originallyAvailableAt": scene.date,
        "genre": tuple(Tag(name=name) for name in scene.tags),
        "actor": tuple(Tag(name=name) for name in scene.performers),
    }


def desired_hash(scene: Scene, desired: Desired, *, preserve: bool) -> str:
    """Fingerprint of everything that decides what is written where: equal to the stored one, nothing is to be done."""
    plain = {
        "version": PLAN_VERSION,
        "preserve": preserve,
        "files": [[file.path, file.size] for file in scene.files],
        "fields": {
            name: value if isinstance(value, str) else [tag.name for tag in value]
            for name, value in desired.items()
        },
    }
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
