"""A filter as Stash's page saves it -> the criteria that Stash's findScenes takes. Pure.

The two forms differ, and only the page translates one into the other (docs/facts/stash.md, last section): it saves names beside ids,
ranges as one value, switches and enumerations as words. What is not known here is named and never guessed.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

EMPTY = ("IS_NULL", "NOT_NULL")  # modifiers that need no value


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """`criteria` in the form of SceneFilterType; `unknown` is the first criterion that has no translation, or ""."""

    criteria: Mapping[str, Any] = field(default_factory=dict)
    unknown: str = ""


class _NoTranslation(Exception):
    """Inside this module alone."""


def translate(object_filter: object) -> Translation:
    """What Stash stores under `object_filter`: by name of the criterion its modifier and value; None where there is none."""
    if object_filter is None:
        return Translation()
    if not isinstance(object_filter, Mapping):
        return Translation(unknown="object_filter")
    criteria: dict[str, Any] = {}
    for name, saved in object_filter.items():
        make = _KINDS.get(name, _unknown)
        try:
            criteria[name] = make(saved if isinstance(saved, Mapping) else {})
        except _NoTranslation:
            return Translation(unknown=str(name))
    return Translation(criteria=criteria)


def _unknown(_saved: Mapping[str, Any]) -> Any:
    raise _NoTranslation


def _modifier(saved: Mapping[str, Any]) -> str:
    modifier = saved.get("modifier")
    if not isinstance(modifier, str):
        raise _NoTranslation
    return modifier


def _text(saved: Mapping[str, Any]) -> str:
    value = saved.get("value")
    if value is None and saved.get("modifier") in EMPTY:
        return ""
    if not isinstance(value, str):
        raise _NoTranslation
    return value


def _word(saved: Mapping[str, Any]) -> str:
    """A criterion that is nothing but a word; its modifier says nothing."""
    return _text({"value": saved.get("value")})


def _switch(saved: Mapping[str, Any]) -> bool:
    return _flag(_word(saved))


def _flag(word: object) -> bool:
    if word not in ("true", "false"):
        raise _NoTranslation
    return word == "true"


def _string(saved: Mapping[str, Any]) -> dict[str, Any]:
    return {"value": _text(saved), "modifier": _modifier(saved)}


def _range(saved: Mapping[str, Any], read: Callable[[object], Any], nothing: Any) -> dict[str, Any]:
    """One value or two; in filters that were saved long ago they lie side by side."""
    value = saved.get("value")
    pair = value if isinstance(value, Mapping) else saved
    found: dict[str, Any] = {"modifier": _modifier(saved)}
    first, second = pair.get("value"), pair.get("value2")
    if first is None and found["modifier"] not in EMPTY:
        raise _NoTranslation
    found["value"] = nothing if first is None else read(first)
    if second is not None and second != "":
        found["value2"] = read(second)
    return found


def _number(saved: Mapping[str, Any]) -> dict[str, Any]:
    return _range(saved, _whole, 0)


def _whole(value: object) -> int:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _NoTranslation
    return value


def _date(saved: Mapping[str, Any]) -> dict[str, Any]:
    return _range(saved, _as_text, "")


def _as_text(value: object) -> str:
    if not isinstance(value, str):
        raise _NoTranslation
    return value


def _time(saved: Mapping[str, Any]) -> dict[str, Any]:
    return _range(saved, _moment, "")


_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2})?", re.ASCII)


def _moment(value: object) -> str:
    """Day and minute as the page writes them, with the T that Stash reads."""
    text = _as_text(value).strip()
    if not _MOMENT.fullmatch(text):
        raise _NoTranslation
    return text.replace(" ", "T")


def _ids(entries: object) -> list[str]:
    """Of things with id and name."""
    if entries is None:
        return []
    if not isinstance(entries, list):
        raise _NoTranslation
    ids = [entry.get("id") if isinstance(entry, Mapping) else None for entry in entries]
    if not all(isinstance(each, str | int) and not isinstance(each, bool) for each in ids):
        raise _NoTranslation
    return [str(each) for each in ids]


def _several(saved: Mapping[str, Any]) -> dict[str, Any]:
    """Things to be shown and things not to be; once a plain list of things to be shown."""
    value = saved.get("value")
    if isinstance(value, list):
        value = {"items": value}
    if value is None and saved.get("modifier") in EMPTY:
        value = {}
    if not isinstance(value, Mapping):
        raise _NoTranslation
    found: dict[str, Any] = {"value": _ids(value.get("items")), "modifier": _modifier(saved)}
    excluded = _ids(value.get("excluded"))
    if excluded:
        found["excludes"] = excluded
    return found


def _with_those_below(saved: Mapping[str, Any]) -> dict[str, Any]:
    """The same, with those below them: so many levels, or all for -1."""
    found, value = _several(saved), saved.get("value")
    depth = value.get("depth") if isinstance(value, Mapping) else None
    found["depth"] = 0 if depth is None or found["modifier"] == "EQUALS" else _whole(depth)
    return found


# The words of the page, and of Stash.
_RESOLUTIONS = {
    "144p": "VERY_LOW",
    "240p": "LOW",
    "360p": "R360P",
    "480p": "STANDARD",
    "540p": "WEB_HD",
    "720p": "STANDARD_HD",
    "1080p": "FULL_HD",
    "1440p": "QUAD_HD",
    "4k": "FOUR_K",
    "5k": "FIVE_K",
    "6k": "SIX_K",
    "7k": "SEVEN_K",
    "8k": "EIGHT_K",
    "huge": "HUGE",
}
_ORIENTATIONS = {"landscape": "LANDSCAPE", "portrait": "PORTRAIT", "square": "SQUARE"}
_LANGUAGES = {
    "Deutsche": "de",
    "English": "en",
    "Español": "es",
    "Français": "fr",
    "Holandés": "nl",
    "Italiano": "it",
    "Português": "pt",
    "Русский": "ru",
    "日本": "ja",
    "한국인": "ko",
    "Unknown": "00",
}


def _resolution(saved: Mapping[str, Any]) -> dict[str, Any]:
    return {"value": _known(_RESOLUTIONS, _word(saved).lower()), "modifier": _modifier(saved)}


def _orientation(saved: Mapping[str, Any]) -> dict[str, Any]:
    value = saved.get("value")
    words = value if isinstance(value, list) else [value]
    return {"value": [_known(_ORIENTATIONS, _as_text(word).lower()) for word in words]}


def _captions(saved: Mapping[str, Any]) -> dict[str, Any]:
    text = _text(saved)
    return {"value": _known(_LANGUAGES, text) if text else "", "modifier": _modifier(saved)}


def _known(words: Mapping[str, str], word: str) -> str:
    if word not in words:
        raise _NoTranslation
    return words[word]


def _phash(saved: Mapping[str, Any]) -> dict[str, Any]:
    value = saved.get("value")
    if isinstance(value, str):
        value = {"value": value}
    if value is None and saved.get("modifier") in EMPTY:
        value = {"value": ""}
    if not isinstance(value, Mapping):
        raise _NoTranslation
    found: dict[str, Any] = {"value": _as_text(value.get("value")), "modifier": _modifier(saved)}
    if value.get("distance") is not None:
        found["distance"] = _whole(value["distance"])
    return found


def _stash_id(saved: Mapping[str, Any]) -> dict[str, Any]:
    value = saved.get("value")
    if isinstance(value, str):
        value = {"stashID": value}
    if value is None and saved.get("modifier") in EMPTY:
        value = {}
    if not isinstance(value, Mapping):
        raise _NoTranslation
    return {
        "endpoint": _as_text(value.get("endpoint") or ""),
        "stash_id": _as_text(value.get("stashID") or ""),
        "modifier": _modifier(saved),
    }


def _duplicated(saved: Mapping[str, Any]) -> dict[str, Any]:
    return {"duplicated": _switch(saved)}


Kind = Callable[[Mapping[str, Any]], Any]


def _each(make: Kind, names: str) -> dict[str, Kind]:
    return dict.fromkeys(names.split(), make)


_KINDS: dict[str, Kind] = {
    **_each(_string, "title code path details director oshash checksum phash video_codec audio_codec url"),
    **_each(
        _number,
        "id rating100 o_counter framerate bitrate duration resume_time play_duration play_count tag_count "
        "performer_count performer_age interactive_speed file_count",
    ),
    **_each(_date, "date"),
    **_each(_time, "created_at updated_at last_played_at"),
    **_each(_switch, "organized performer_favorite interactive"),
    **_each(_word, "has_markers is_missing"),
    **_each(_several, "performers galleries movies"),
    **_each(_with_those_below, "tags performer_tags studios groups"),
    "resolution": _resolution,
    "orientation": _orientation,
    "captions": _captions,
    "phash_distance": _phash,
    "stash_id_endpoint": _stash_id,
    "duplicated": _duplicated,
}
NAMES = tuple(_KINDS)  # of all criteria that have a translation
