"""Other plugins in the plugins folder: PythonDepManager wherever it was installed, and another one with the id PlexSync."""

from pathlib import Path

import pytest

from plexsync_plugin.base.neighbours import dep_managers, others_of_our_id, twin_sentence
from plexsync_plugin.tasks.setup.check_neighbours import offer_lines, switch_lines


def lay(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).write_text("", encoding="utf-8")
    return folder


@pytest.mark.parametrize("ours", ["PlexSync", "our source/PlexSync"])
@pytest.mark.parametrize(
    "its", ["PythonDepManager", "community/PythonDepManager", "our source/PythonDepManager"]
)
def test_dep_manager_is_found_in_any_source(tmp_path: Path, ours: str, its: str) -> None:
    config = lay(tmp_path / "stash", "config.yml")
    plugin = lay(config / "plugins" / ours, "PlexSync.yml")
    found = lay(config / "plugins" / its, "PythonDepManager.yml", "__init__.py")
    lay(config / "PythonDepManager", "PythonDepManager.yml", "__init__.py")  # not in the plugins folder
    assert str(found) in list(dep_managers(str(plugin)))
    if ours == "PlexSync":
        assert str(config / "PythonDepManager") not in list(dep_managers(str(plugin)))


def test_folder_without_its_package_is_no_dep_manager(tmp_path: Path) -> None:
    plugin = lay(tmp_path / "plugins" / "PlexSync", "PlexSync.yml")
    lay(tmp_path / "plugins" / "PythonDepManager", "PythonDepManager.yml")
    assert list(dep_managers(str(plugin))) == []


def test_another_plugin_with_our_id_is_found_and_named(tmp_path: Path) -> None:
    plugins = tmp_path / "plugins"
    plugin = lay(plugins / "PlexSync", "PlexSync.yml", "PlexSync.yaml")
    other = lay(plugins / "community" / "PlexSync", "plexsync.yml", "PlexSync.py")
    lay(plugins / "community" / "PlexSyncOther", "PlexSyncOther.yml")
    found = others_of_our_id(str(plugins), str(plugin))
    assert found == [str(other / "plexsync.yml")]
    assert str(other) in twin_sentence(found)
    assert "Uninstall it" in twin_sentence(found)


def test_plugin_alone_has_no_twin(tmp_path: Path) -> None:
    plugin = lay(tmp_path / "plugins" / "PlexSync", "PlexSync.yml")
    assert others_of_our_id(str(tmp_path / "plugins"), str(plugin)) == []


def test_settings_of_earlier_plugins_are_offered_where_ours_are_empty() -> None:
    stored = {"plexHost": "10.0.0.5", "plexPort": "", "plexToken": "secret-token", "plex_library": ""}
    lines = [
        line.text for line in offer_lines(stored, {"plex_url": "http://other:1", "plex_library": "Clips"})
    ]
    assert lines == [
        "The setting plex_url is empty. CommunityScripts' PlexSync has http://10.0.0.5:32400: copy it, if it is still right.",
        "The setting plex_token is empty. CommunityScripts' PlexSync (its setting plexToken) has a token: copy it, if it is "
        "still right.",
        "The setting plex_library is empty. Stash2Plex has Clips: copy it, if it is still right.",
    ]


def test_switches_of_earlier_plugins_are_offered_where_ours_are_not_set() -> None:
    stored = {"skipUnorganized": True, "only_organized": False, "skip_tags": True}
    theirs = {"sync_tags": False, "sync_date": False, "sync_studio": True, "sync_collection": True}
    assert [line.text for line in switch_lines(stored, theirs)] == [
        "CommunityScripts' PlexSync has skipUnorganized on. Here that is only_organized = on, and it is not set.",
        "Stash2Plex has sync_collection on. Here that is collections = studio, and it is not set.",
        "Stash2Plex has sync_date off. Here that is skip_date = on, and it is not set.",
    ]


def test_nothing_is_offered_for_what_is_filled_in() -> None:
    ours = {
        "plex_url": "http://mine",
        "plex_token": "t",
        "plex_library": "Scenes",
        "plexHost": "h",
        "plexToken": "x",
    }
    assert list(offer_lines(ours, {"plex_url": "http://other"})) == []
