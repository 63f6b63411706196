"""PlexSync.yml as a person meets it in Stash: triggers, promised settings, descriptions that state the default."""

from pathlib import Path

import pytest

from plexsync_plugin.base.names import NameList
from plexsync_plugin.base.settings import Settings, read_settings
from tests.sim.process import ROOT
from tests.sim.stash.plugin_config import PluginConfig, Setting, read_config

PROMISED = {
    "plex_url": "STRING", "plex_token": "STRING", "plex_library": "STRING", "enabled": "BOOLEAN",
    "max_retries": "NUMBER", "poll_interval": "NUMBER", "strict_matching": "BOOLEAN",
    "preserve_plex_edits": "BOOLEAN", "connect_timeout": "NUMBER", "read_timeout": "NUMBER",
}  # fmt: skip
PLUGIN: PluginConfig = read_config(ROOT / "PlexSync.yml")


def test_each_event_is_asked_for_once_and_no_film_events() -> None:
    triggers = [trigger for hook in PLUGIN.hooks for trigger in hook.triggered_by]
    changed = [
        f"{kind}.{what}.Post"
        for kind in ("Performer", "Studio", "Tag", "Group")
        for what in ("Update", "Destroy")
    ]
    scenes = [f"Scene.{what}.Post" for what in ("Create", "Update", "Destroy")]
    assert sorted(triggers) == sorted([*scenes, *changed, "Tag.Merge.Post"])


def test_promised_settings_keep_name_and_type() -> None:
    kinds = {setting.name: setting.type for setting in PLUGIN.settings}
    assert {name: kinds[name] for name in PROMISED} == PROMISED


@pytest.mark.parametrize("setting", PLUGIN.settings, ids=lambda setting: setting.name)
def test_description_states_the_default(setting: Setting) -> None:
    information = Settings.model_fields[setting.name]
    assert setting.display_name
    if information.is_required():
        assert "Required, no default." in setting.description
        return
    default = information.default
    words = {True: "Default: on", False: "Default: off"} if isinstance(default, bool) else {}
    text = f"Default: {default}." if isinstance(default, NameList) and default else "Default: e"
    number = f"Default: {default:g}." if isinstance(default, int | float) else text
    expected = words.get(default, number) if isinstance(default, bool) else number
    assert expected in setting.description, setting.description


@pytest.mark.parametrize(
    ("name", "example"),
    [
        ("plex_url", "http://192.168.1.5:32400"),
        ("plex_library", "Scenes, Clips"),
        ("path_map", "/data/videos => /media/videos; /nas => M:\\Videos"),
        ("title_format", "{studio} - {title} ({year})"),
        ("collections", "studio, parent=Network - , tag:VR"),
    ],
)
def test_example_of_a_description_is_one_that_is_accepted(name: str, example: str) -> None:
    (setting,) = [each for each in PLUGIN.settings if each.name == name]
    assert example in setting.description
    settings = read_settings({"plex_url": "http://p", "plex_token": "t", name: example})
    assert getattr(settings, name)


def test_every_setting_and_task_is_in_the_documents() -> None:
    config = (ROOT / "docs" / "config.md").read_text(encoding="utf-8")
    assert [setting.name for setting in PLUGIN.settings if f"`{setting.name}`" not in config] == []
    assert [task.name for task in PLUGIN.tasks if f"*{task.name}*" not in config] == []


def test_documents_are_where_others_point_to() -> None:
    for name in ("config.md", "install.md", "troubleshoot.md"):
        assert Path(ROOT / "docs" / name).read_text(encoding="utf-8").startswith("# ")
