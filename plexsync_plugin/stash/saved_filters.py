"""Which scenes fit the saved filters that the setting `collections` names, asked of Stash.

One query tells the saved filters, and one for each of those named all ids that fit it. Their answers hold for scenes that were changed
before they were asked, for a minute: an edit of a scene asks anew, a thousand edits at once ask once. What changes without an edit
of the scene itself (the filter, a performer's age) is seen by the next *Reconcile*.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import TypeAdapter

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import StashRejected
from plexsync_plugin.base.names import plain
from plexsync_plugin.core.model import Scene
from plexsync_plugin.core.saved_filter import translate
from plexsync_plugin.stash import shapes

KEPT = 60.0  # seconds
SAVED = "{findSavedFilters(mode:SCENES){name find_filter{q} object_filter}}"
FITTING = "query($where:SceneFilterType,$text:String){findScenes(scene_filter:$where,filter:{q:$text,per_page:-1}){scenes{id}}}"
UNKNOWN_FILTER = (
    "The setting collections names the saved filter {name!r}, and Stash has no filter for scenes of that name. Its collection is left as "
    "it is. Save such a filter in Stash, or take it out of the setting."
)
UNKNOWN_CRITERION = (
    "The saved filter {name!r} has a criterion that PlexSync cannot ask Stash for: {criterion}. Its collection is left as it is. Take "
    "that criterion out of the filter in Stash, or the filter out of the setting collections."
)
REFUSED = (
    "Stash refuses to be asked for the scenes of the saved filter {name!r}, so its collection is left as it is. {error} Save the filter "
    "anew in Stash."
)

_log = logging.getLogger(__name__)

Read = Callable[[TypeAdapter[Any], str, Mapping[str, Any] | None], Any]  # shape, query, variables -> answer


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answers:
    """What was found for these names. `fitting` has the ids by name; a name that is missing there has a sentence in `problems`."""

    names: tuple[str, ...]
    asked_at: float  # epoch seconds
    fitting: Mapping[str, frozenset[int]]
    problems: Mapping[str, str]


class SavedFilters:
    def __init__(self, read: Read, clock: Clock) -> None:
        self._read = read
        self._clock = clock
        self._answers = _Answers(names=(), asked_at=0.0, fitting={}, problems={})

    @property
    def problems(self) -> Mapping[str, str]:
        """A sentence for each filter, by name, of which it cannot be told what fits it."""
        return self._answers.problems

    def mark(self, scenes: Iterable[Scene], names: Sequence[str], *, since: float | None) -> list[Scene]:
        """The scenes with the filters of these names that they fit. `since`, in epoch seconds, is when the last of them was changed;
        None: they were not, as far as is known. Raises what the client raises, but StashRejected."""
        if not names:
            self._answers = _Answers(names=(), asked_at=0.0, fitting={}, problems={})
            return list(scenes)
        answers = self._fresh(tuple(names), since)
        return [
            replace(
                scene,
                filters=tuple(name for name, ids in answers.fitting.items() if scene.id in ids),
                unsure_filters=tuple(answers.problems),
            )
            for scene in scenes
        ]

    def _fresh(self, names: tuple[str, ...], since: float | None) -> _Answers:
        now, kept = self._clock.now(), self._answers
        holds = kept.names == names and kept.asked_at <= now < kept.asked_at + KEPT
        if not holds or (since is not None and since > kept.asked_at):
            self._answers = self._ask(names, now)
        return self._answers

    def _ask(self, names: tuple[str, ...], now: float) -> _Answers:
        fitting: dict[str, frozenset[int]] = {}
        problems: dict[str, str] = {}
        try:
            found = self._read(shapes.SAVED_FILTERS, SAVED, None)["findSavedFilters"]
        except StashRejected as error:
            return _Answers(
                names=names,
                asked_at=now,
                fitting={},
                problems={name: REFUSED.format(name=name, error=error) for name in names},
            )
        saved = {plain(each["name"]): each for each in found}
        for name in names:
            self._ask_one(name, saved.get(plain(name)), fitting, problems)
        for sentence in problems.values():
            _log.debug("%s", sentence)
        return _Answers(names=names, asked_at=now, fitting=fitting, problems=problems)

    def _ask_one(
        self,
        name: str,
        saved: Mapping[str, Any] | None,
        fitting: dict[str, frozenset[int]],
        problems: dict[str, str],
    ) -> None:
        if saved is None:
            problems[name] = UNKNOWN_FILTER.format(name=name)
            return
        translated = translate(saved.get("object_filter"))
        if translated.unknown:
            problems[name] = UNKNOWN_CRITERION.format(name=name, criterion=translated.unknown)
            return
        text = (saved.get("find_filter") or {}).get("q") or None
        try:
            answer = self._read(shapes.IDS, FITTING, {"where": dict(translated.criteria), "text": text})
        except StashRejected as error:
            problems[name] = REFUSED.format(name=name, error=error)
            return
        fitting[name] = frozenset(scene["id"] for scene in answer["findScenes"]["scenes"])
