"""The script in Stash's page is plain: one function, old syntax, no names left behind, nothing at load but timers."""

import json
import re
from typing import Any

import pytest
import yaml

from tests.sim.process import ROOT
from tests.sim.stash.schema import QueryRefused, Schemas

SCRIPT = "plexsync_plugin/ui/wake.js"
TEXT = (ROOT / SCRIPT).read_text(encoding="utf-8")
CODE = re.sub(r"//[^\n]*", "", TEXT).strip()
NEW_SYNTAX = (
    r"=>",
    r"`",
    r"\b(let|const|class|async|await|import|export|yield)\b",
    r"\?\.",
    r"\?\?",
    r"\.\.\.",
)


def test_plugin_serves_the_script_and_nothing_else_of_its_folder() -> None:
    plugin: dict[str, Any] = yaml.safe_load((ROOT / "PlexSync.yml").read_text(encoding="utf-8"))
    assert plugin["ui"] == {"javascript": [SCRIPT]}
    there = {path.name for path in (ROOT / SCRIPT).parent.iterdir()}
    assert there == {"wake.js", "src"}, "the sources of the page are served by nobody"


def test_script_is_one_function_called_at_once() -> None:
    assert CODE.startswith("(function () {")
    assert CODE.endswith("})();")
    assert CODE.count("(function () {") == 1


@pytest.mark.parametrize("construct", NEW_SYNTAX)
def test_script_uses_no_syntax_newer_than_es5(construct: str) -> None:
    assert re.search(construct, CODE) is None


def test_script_speaks_to_nobody_and_keeps_nothing() -> None:
    for name in (
        "console",
        "alert",
        "localStorage",
        "innerHTML",
        "PluginApi",
        "http:",
        "https:",
        "window.on",
    ):
        assert name not in CODE


def test_script_does_nothing_at_load_but_set_timers_and_listen() -> None:
    body = CODE.removeprefix("(function () {").removesuffix("})();")
    top = [line.strip() for line in body.splitlines() if line.startswith("  ") and not line.startswith("   ")]
    calls = [line for line in top if re.match(r"[\w.]+\(", line)]
    assert calls == [
        "window.setTimeout(wake, FIRST);",
        "window.setInterval(wake, EVERY);",
        'document.addEventListener("visibilitychange", shown);',
    ]


def test_query_of_the_script_is_one_that_stash_knows() -> None:
    found = re.search(r'query: (".*")', CODE)
    assert found is not None
    query = json.loads(found[1])
    Schemas("v0.30.1").check(query)  # raises for what either version does not know
    with pytest.raises(QueryRefused):
        Schemas("v0.30.1").check(query.replace("plugin_id", "plugin"))
