"""The repository as a whole: sizes, names, versions, the plugin's YAML, and nothing of the machine it was written on."""

import ast
import json
import re
import tomllib
from pathlib import Path

import pytest

from plexsync_plugin.base.settings import Settings
from plexsync_plugin.tasks.button import _TASKS
from tests.architecture.sources import CODE, PROGRAM, python_files, repository_files
from tests.sim.process import ROOT
from tests.sim.stash.plugin_config import PluginConfig, PluginRefused, read_config

LONGEST_MODULE = 400
LONGEST_FUNCTION = 40  # statements
BANNED_NAMES = {"util", "utils", "helper", "helpers", "manager", "misc", "common"}
# Of a person's or a machine's own: where this repository was, not where Stash's or Plex's files are said to be.
MACHINE_PATHS = re.compile(
    r"/work/(?:main|shared)|/tmp/(?:brief|bash)|\.\./shared|/home/(?!user\b|stash\b|me\b|you\b)[a-z]+/|/Users/[A-Za-z]"
)
TEXT = {".py", ".md", ".toml", ".txt", ".sql", ".yml", ".yaml", ".json", ".tsv", ".js", ".sh", ".xml", ""}


@pytest.fixture(scope="module")
def plugin() -> PluginConfig:
    return read_config(ROOT / "PlexSync.yml")


def test_no_module_is_longer_than_it_may_be() -> None:
    sizes = {str(path): len((ROOT / path).read_text().splitlines()) for path in python_files(*PROGRAM)}
    assert {path: size for path, size in sizes.items() if size > LONGEST_MODULE} == {}


def test_no_test_module_is_longer_than_it_may_be() -> None:
    sizes = {
        str(path): len((ROOT / path).read_text().splitlines()) for path in python_files("tests", "bench")
    }
    assert {path: size for path, size in sizes.items() if size > LONGEST_MODULE} == {}


def statements(function: ast.AST) -> int:
    return sum(isinstance(node, ast.stmt) for node in ast.walk(function)) - 1


def test_no_function_has_more_statements_than_it_may() -> None:
    wrong = [
        f"{path}:{node.lineno} {node.name}"
        for path in python_files(*CODE)
        for node in ast.walk(ast.parse((ROOT / path).read_bytes()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and statements(node) > LONGEST_FUNCTION
    ]
    assert wrong == []


def test_modules_have_a_docstring_and_packages_are_empty() -> None:
    for path in python_files(*CODE):
        text = (ROOT / path).read_text(encoding="utf-8")
        if path.name == "__init__.py":
            assert text == "", f"{path} is not empty"
        else:
            assert ast.get_docstring(ast.parse(text)), f"{path} does not say what it is"


def test_no_module_is_named_after_nothing() -> None:
    names = {part.removesuffix(".py") for path in python_files(*CODE) for part in path.parts}
    assert names & BANNED_NAMES == set()


def test_exactly_one_file_is_a_plugin_for_stash() -> None:
    """Stash reads every .yml below its plugins folder as a plugin."""
    assert [str(path) for path in repository_files() if path.suffix == ".yml"] == ["PlexSync.yml"]


def test_nothing_of_the_machine_is_in_the_repository() -> None:
    here = Path("tests/architecture/test_repository.py")
    wrong = []
    for path in repository_files():
        if path.suffix not in TEXT or path == here:
            continue
        for number, line in enumerate((ROOT / path).read_text("utf-8", "replace").splitlines(), start=1):
            if MACHINE_PATHS.search(line):
                wrong.append(f"{path}:{number}")
    assert wrong == []


def test_versions_agree(plugin: PluginConfig) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    versions = {"pyproject.toml": project["version"], "PlexSync.yml": plugin.version}
    changelog = ROOT / "CHANGELOG.md"
    if changelog.exists():
        found = re.findall(
            r"^## \[?(\d+\.\d+\.\d+)", changelog.read_text(encoding="utf-8"), flags=re.MULTILINE
        )
        versions["CHANGELOG.md"] = found[0] if found else "none"
    assert len(set(versions.values())) == 1, versions


def test_python_versions_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    floor = project["requires-python"].removeprefix(">=")
    major, minor = floor.split(".")
    start = (ROOT / "plexsync_plugin" / "start.py").read_text(encoding="utf-8")
    assert f"sys.version_info < ({major}, {minor})" in start
    assert f"Python {floor} or newer" in start


def test_entry_parses_on_python_3_8() -> None:
    source = (ROOT / "plexsync_plugin" / "start.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 8))
    with pytest.raises(SyntaxError):
        ast.parse("match x:\n    case 1: pass", feature_version=(3, 8))


def test_stash_loads_the_plugin(plugin: PluginConfig) -> None:
    assert (plugin.id, plugin.name, plugin.interface) == ("PlexSync", "PlexSync", "raw")
    assert plugin.exec == ("python3", "{pluginDir}/plexsync_plugin/start.py")
    assert plugin.error_level == "error"
    triggers = [trigger for hook in plugin.hooks for trigger in hook.triggered_by]
    assert sorted(triggers) == sorted(set(triggers)), "a trigger named twice runs the hook twice"
    assert {"Scene.Create.Post", "Scene.Update.Post", "Scene.Destroy.Post"} <= set(triggers)


def test_strict_reading_refuses_what_stash_refuses(tmp_path: Path) -> None:
    """The test above rests on it."""
    text = (ROOT / "PlexSync.yml").read_text(encoding="utf-8")
    for spoiled in (f"{text}\nauthor: somebody\n", text.replace("type: NUMBER", "type: INTEGER", 1)):
        path = tmp_path / "PlexSync.yml"
        path.write_text(spoiled, encoding="utf-8")
        with pytest.raises(PluginRefused):
            read_config(path)


def test_tasks_of_the_page_are_tasks_of_the_program(plugin: PluginConfig) -> None:
    assert {task.default_args["task"] for task in plugin.tasks} == set(_TASKS)
    names = {task.name for task in plugin.tasks}
    assert {"Process Queue", "Sync All Scenes", "Index Plex Library", "Status"} <= names


def test_settings_of_the_page_are_settings_of_the_program(plugin: PluginConfig) -> None:
    assert {setting.name for setting in plugin.settings} == set(Settings.model_fields)
    kinds = {setting.name: setting.type for setting in plugin.settings}
    for name, information in Settings.model_fields.items():
        expected = {bool: "BOOLEAN", int: "NUMBER", float: "NUMBER"}.get(type(information.default), "STRING")
        assert kinds[name] == expected, name
    assert all(setting.description.endswith(".") for setting in plugin.settings)


def test_recorded_data_says_where_it_is_from() -> None:
    folders = {path.parts[2] for path in repository_files() if path.parts[:2] == ("tests", "data")}
    for folder in folders:
        assert "icen" in (ROOT / "tests" / "data" / folder / "README.md").read_text(encoding="utf-8"), folder


def test_json_of_the_repository_is_json() -> None:
    paths = [path for path in repository_files() if path.suffix == ".json"]
    assert paths
    assert [path for path in paths if not is_json((ROOT / path).read_text(encoding="utf-8"))] == []


def is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
