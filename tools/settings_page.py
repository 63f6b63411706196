"""`python -m tools.settings_page` writes the tables of settings into docs/config.md: names and defaults from the settings' model,
what Stash shows instead of a name from PlexSync.yml, the sentences from setting_texts.py. What stands between the tables is written by hand.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic.fields import FieldInfo

from plexsync_plugin.base.settings import Settings
from tools.setting_texts import TEXTS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "config.md"
MANIFEST = PAGE.parents[1] / "PlexSync.yml"
NO_TEXT = {"plex_library": "every video library", "title_format": "the title"}

_TABLE = re.compile(r"(<!-- settings: (?P<group>[^>]+) -->\n).*?(<!-- end of settings -->)", re.S)


def render(page: str) -> str:
    """The page with its tables as they are to be. Raises ValueError for a setting without sentences or a place on the page."""
    groups = [found["group"] for found in _TABLE.finditer(page)]
    for name in Settings.model_fields:
        if name not in TEXTS:
            raise ValueError(f"tools/setting_texts.py has no sentences for the setting {name}")
        if TEXTS[name].group not in groups:
            raise ValueError(f"docs/config.md has no table {TEXTS[name].group!r}, where {name} belongs")
    return _TABLE.sub(lambda found: f"{found[1]}{_table(found['group'])}{found[3]}", page)


def _table(group: str) -> str:
    return "\n".join(
        [
            "",
            "| setting | shown as | default | meaning | example | effect |",
            "|---|---|---|---|---|---|",
            *_rows(group),
            "",
            "",
        ]
    )


def _rows(group: str) -> Iterator[str]:
    shown = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))["settings"]
    for name, information in Settings.model_fields.items():
        text = TEXTS[name]
        if text.group == group:
            cells = (
                f"`{name}`",
                shown[name]["displayName"],
                default(name, information),
                text.meaning,
                text.example,
                text.effect,
            )
            yield f"| {' | '.join(cells)} |"


def default(name: str, information: FieldInfo) -> str:
    """As a person sees it."""
    if information.is_required():
        return "required"
    value: Any = information.default
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int | float):
        return f"{value:g}"
    return NO_TEXT.get(name) or (f"`{value}`" if value else "empty")


def main() -> None:
    PAGE.write_text(render(PAGE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    print(PAGE)


if __name__ == "__main__":
    main()
