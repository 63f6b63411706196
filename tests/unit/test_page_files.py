"""What Stash loads of the plugin with every page is small, one function, leaves no names behind, and asks what Stash knows."""

import json
import re
from typing import Any

import pytest
import yaml

from tests.sim.process import ROOT
from tests.sim.stash.schema import QueryRefused, Schemas

SCRIPT = "plexsync_plugin/ui/built/entry.js"
TEXT = (ROOT / SCRIPT).read_text(encoding="utf-8")
CODE = re.sub(r"/\*.*?\*/", "", TEXT, flags=re.DOTALL).strip()
PLUGIN: dict[str, Any] = yaml.safe_load((ROOT / "PlexSync.yml").read_text(encoding="utf-8"))


def test_plugin_serves_what_is_built_and_nothing_else_of_its_folder() -> None:
    assert PLUGIN["ui"]["javascript"] == [SCRIPT]
    assert set(PLUGIN["ui"]) == {"javascript", "assets"}
    (folder,) = PLUGIN["ui"]["assets"].values()
    assert sorted(path.name for path in (ROOT / folder).iterdir()) == ["entry.js", "index.html", "page.mjs"]
    assert (ROOT / folder / "index.html").read_bytes() == b"", "in place of the folder's listing"


def test_assets_stand_below_the_version_so_that_no_browser_mixes_two() -> None:
    (prefix,) = PLUGIN["ui"]["assets"]
    assert prefix == f"/{PLUGIN['version']}"
    assert f"plugin/PlexSync/assets/{PLUGIN['version']}/page.mjs" in CODE


def test_files_are_small() -> None:
    """Stash shows nothing before the first has loaded."""
    folder = (ROOT / SCRIPT).parent
    assert (folder / "entry.js").stat().st_size <= 12 * 1024
    assert (folder / "page.mjs").stat().st_size <= 80 * 1024


def test_script_is_one_function_called_at_once() -> None:
    assert CODE.startswith('"use strict";(()=>{')
    assert CODE.endswith("})();")


def test_files_speak_to_nobody_else_and_keep_nothing() -> None:
    for path in (ROOT / SCRIPT).parent.iterdir():
        text = path.read_text(encoding="utf-8")
        for name in ("console.", "alert(", "localStorage", "innerHTML", "eval(", "sendBeacon"):
            assert name not in text, f"{name} in {path.name}"
    assert re.search(r"https?:", CODE) is None


def test_query_of_the_script_is_one_that_stash_knows() -> None:
    found = re.search(r'query:("mutation.*?")', CODE)
    assert found is not None
    query = json.loads(found[1])
    Schemas("v0.30.1").check(query)  # raises for what either version does not know
    with pytest.raises(QueryRefused):
        Schemas("v0.30.1").check(query.replace("plugin_id", "plugin"))
