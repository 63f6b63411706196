"""`python -m tools.page_settings` writes plexsync_plugin/ui/src/settings_model.ts: what the page says of each setting.

Names and defaults come from the settings' model, the sentences from setting_texts.py, the short names from PlexSync.yml.
"""

import json
import re
from pathlib import Path
from typing import Any

import yaml
from pydantic.fields import FieldInfo

from plexsync_plugin.base.settings import Settings
from tools.setting_texts import BACK, FIELDS, MATCHING, PLEX, SCENES, TEXTS, WORK

ROOT = Path(__file__).resolve().parents[1]
PATH = ROOT / "plexsync_plugin" / "ui" / "src" / "settings_model.ts"
HEAD = """// Made by `python -m tools.page_settings` from the settings' model, tools/setting_texts.py and PlexSync.yml. Not to be edited.

export interface Setting {
  name: string;
  label: string;
  group: string;
  kind: "switch" | "number" | "text" | "secret";
  required: boolean;
  default: boolean | number | string; // "" for every text: `usual` says what that means
  usual: string; // the default in words
  meaning: string; // with `code` between backticks, and [links](https://…)
  example: string;
}
"""
PICTURES = ("performer_photos", "collection_posters", "portrait_posters", "skip_poster", "skip_background")
# Groups as the page shows them, in their order, with the groups of docs/config.md that they are made of.
GROUPS = {
    "Connection": (PLEX,),
    "What is synced": (FIELDS,),
    "Matching": (MATCHING,),
    "Which scenes": (SCENES,),
    "Pictures": (),
    "From Plex to Stash": (BACK,),
    "Schedule and log": (WORK,),
}
_MOVED = {
    **dict.fromkeys(PICTURES, "Pictures"),
    "enabled": "What is synced",
    "preserve_plex_edits": "What is synced",
}
AREAS = (
    "Plex",
    "From Plex",
    "Matching",
    "Scenes",
    "Fields",
)  # before the colon in PlexSync.yml; the page's groups say it
_DEFAULT = re.compile(r"Default: (?:empty, )?(.+?)(?: \(.*)?\.$")
_FIRST = ("enabled", "preserve_plex_edits")  # of their group


def render() -> str:
    """The whole file. Raises KeyError for a setting without sentences or an entry in PlexSync.yml."""
    shown = yaml.safe_load((ROOT / "PlexSync.yml").read_text(encoding="utf-8"))["settings"]
    rows = [_row(name, field, shown[name]) for name, field in Settings.model_fields.items()]
    groups = list(GROUPS)
    rows.sort(key=lambda row: (groups.index(row["group"]), row["name"] not in _FIRST))
    lines = "".join(f"  {_object(row)},\n" for row in rows)
    return f"{HEAD}\nexport const GROUPS: readonly string[] = {json.dumps(groups)};\n\nexport const SETTINGS: readonly Setting[] = [\n{lines}];\n"


def _row(name: str, field: FieldInfo, shown: dict[str, str]) -> dict[str, Any]:
    text = TEXTS[name]
    default = "" if field.is_required() else field.default
    kind = {bool: "switch", int: "number", float: "number"}.get(type(default), "text")
    area, _, label = shown["displayName"].rpartition(": ")
    if area == "Leave alone":
        label = f"Leave {label} alone"
    elif area and area not in AREAS:
        label = f"{area} {label}"
    return {
        "name": name,
        "label": label[0].upper() + label[1:],
        "group": _MOVED.get(name) or next(group for group, of in GROUPS.items() if text.group in of),
        "kind": "secret" if name == "plex_token" else kind,
        "required": field.is_required(),
        "default": "" if kind == "text" else default,
        "usual": "" if field.is_required() else _usual(shown["description"]),
        "meaning": plain(text.meaning),
        "example": plain(text.example),
    }


def _usual(description: str) -> str:
    """What PlexSync.yml says of the default. Raises ValueError where it says nothing."""
    found = _DEFAULT.search(description)
    if found is None:
        raise ValueError(f"no default is told in {description!r}")
    return found[1]


def plain(text: str) -> str:
    """Without what only a document shows: bold and italics. Code stays between backticks, and a link in its brackets."""
    return re.sub(r"\*+([^*]+)\*+", r"\1", text)


def _object(row: dict[str, Any]) -> str:
    return (
        "{ "
        + ", ".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in row.items())
        + " }"
    )


def main() -> None:
    PATH.write_text(render(), encoding="utf-8", newline="\n")
    print(PATH)


if __name__ == "__main__":
    main()
