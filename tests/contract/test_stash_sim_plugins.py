"""Plugins are read as strictly, and their output as literally, as Stash does it (docs/facts/stash.md sections 1 and 3)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sim.stash.client import GraphQLError, Recorder, StashProcess
from tests.sim.stash.plugin_config import PluginConfig, PluginRefused, read_config

REFUSED = {
    "unknown key": ("name: x\ncolour: red\n", "line 2: field colour not found in type plugin.Config"),
    "key twice": ("name: x\nname: y\n", "line 2: field name already set in type plugin.Config"),
    "default of a setting": (
        "name: x\nsettings:\n  a:\n    type: STRING\n    default: b\n",
        "field default not found in type plugin.SettingConfig",
    ),
    "type of a setting": ("name: x\nsettings:\n  a:\n    type: TEXT\n", "invalid setting type TEXT"),
    "setting twice": (
        "settings:\n  a:\n    type: STRING\n  a:\n    type: STRING\n",
        'key "a" already set in map',
    ),
    "interface": ("name: x\ninterface: http\n", "invalid interface type http"),
    "exec is no list": ("exec: python\n", "cannot unmarshal !!str `python` into []string"),
    "name is a list": ("name: [a]\n", "cannot unmarshal !!seq into string"),
    "list among default arguments": (
        "tasks:\n  - name: t\n    defaultArgs:\n      a: [1]\n",
        "cannot unmarshal !!seq into string",
    ),
    "key of a task": (
        "tasks:\n  - name: t\n    id: 1\n",
        "field id not found in type plugin.OperationConfig",
    ),
    "trigger on a task": (
        "tasks:\n  - name: t\n    triggeredBy: [Scene.Update.Post]\n",
        "field triggeredBy not found in type plugin.OperationConfig",
    ),
    "list": ("- name: x\n", "cannot unmarshal !!seq into plugin.Config"),
    "empty": ("", "EOF"),
    "comment alone": ("# nothing\n", "EOF"),
    "braces without quotes": ("exec:\n  - {pluginDir}/x.py\n", "yaml: "),
    "a workflow": ("name: check\non: push\njobs: {}\n", "field on not found in type plugin.Config"),
}


def read(folder: Path, text: str) -> PluginConfig:
    path = folder / "Some.yml"
    path.write_text(text, encoding="utf-8")
    return read_config(path)


@pytest.mark.parametrize("case", REFUSED)
def test_file_is_refused(tmp_path: Path, case: str) -> None:
    text, reason = REFUSED[case]
    with pytest.raises(PluginRefused) as refused:
        read(tmp_path, text)
    assert reason in str(refused.value)


def test_scalars_keep_their_literal_text(tmp_path: Path) -> None:
    text = (
        "version: 1.10\ntasks:\n  - name: t\n    defaultArgs: {days: 030, flag: true, none: null, off: off}\n"
    )
    config = read(tmp_path, text)
    assert config.version == "1.10"
    assert config.tasks[0].default_args == {"days": "030", "flag": "true", "none": "", "off": "off"}


def test_settings_are_sorted_by_key(tmp_path: Path) -> None:
    config = read(tmp_path, "settings:\n  b:\n    type: NUMBER\n  a: {}\n  C:\n    displayName: c\n")
    assert [(each.name, each.type) for each in config.settings] == [
        ("C", "STRING"),
        ("a", "STRING"),
        ("b", "NUMBER"),
    ]


def test_only_the_first_document_counts(tmp_path: Path) -> None:
    assert read(tmp_path, "name: first\n---\nnonsense: true\n").name == "first"


def test_file_of_known_keys_alone_is_a_plugin(tmp_path: Path) -> None:
    assert read(tmp_path, "name: bogus\n").id == "Some"


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    return Recorder(tmp_path)


@pytest.fixture
def stash(tmp_path: Path, recorder: Recorder) -> Iterator[StashProcess]:
    assert recorder.folder.is_dir()
    with StashProcess(tmp_path) as process:
        process.control("load", {"scenes": [{"id": 1}]})
        yield process


def lines(stash: StashProcess, level: str = "Trace") -> list[tuple[str, str]]:
    return [(each["level"], each["message"]) for each in stash.control("plugin_log", {"level": level})]


def test_refused_files_cost_an_error_line_each_and_the_others_are_loaded(
    stash: StashProcess, recorder: Recorder
) -> None:
    hidden = recorder.folder / ".github" / "workflows"
    hidden.mkdir(parents=True)
    (hidden / "ci.yml").write_text("on: push\n", encoding="utf-8")
    (recorder.folder / "other.yaml").write_text("on: push\n", encoding="utf-8")
    (recorder.folder / "recorder.yml").write_text("name: same id in small letters\n", encoding="utf-8")
    stash.query("mutation{reloadPlugins}")
    errors = [message for level, message in lines(stash) if level == "Error"]
    assert len(errors) == 2
    assert errors[0].startswith(f"Error loading plugin {hidden / 'ci.yml'}: yaml: unmarshal errors:")
    assert "already exists" in errors[1]
    assert stash.query("{plugins{id}}") == {"plugins": [{"id": "Recorder"}]}


def test_stderr_goes_to_the_log_with_its_level(stash: StashProcess, recorder: Recorder) -> None:
    recorder.set_mode("stderr")
    stash.update_scene(id="1", title="x")
    plugin = [(level, message) for level, message in lines(stash) if message.startswith("[Plugin / ")]
    prefix = "[Plugin / Recorder] "
    # errLog is warning; a prefix without a message is no prefix.
    assert plugin == [
        ("Trace", f"{prefix}level t"),
        ("Debug", f"{prefix}level d"),
        ("Info", f"{prefix}level i"),
        ("Warning", f"{prefix}level w"),
        ("Error", f"{prefix}level e"),
        ("Warning", f"{prefix}no prefix"),
        ("Warning", f"{prefix}\x01i\x02"),
    ]


def test_log_page_shows_the_newest_first_from_info_up(stash: StashProcess, recorder: Recorder) -> None:
    recorder.set_mode("stderr")
    stash.update_scene(id="1", title="x")
    page = stash.query("{logs{level message}}")["logs"]
    assert page[0]["level"] == "Warning"
    assert not {"Trace", "Debug"} & {line["level"] for line in page}
    assert [line["message"] for line in page] == [message for _, message in lines(stash, "Info")][::-1]


def test_line_of_64_kib_ends_the_reader_and_the_plugin(stash: StashProcess, recorder: Recorder) -> None:
    recorder.set_mode("long")
    stash.update_scene(id="1", title="x")
    messages = [message for _, message in lines(stash)]
    assert "[Plugin / Recorder] before" in messages
    assert "[Plugin / Recorder] after" not in messages
    assert any("returned error: exit status 1" in message for message in messages)


def test_lagging_reader_loses_the_last_lines(stash: StashProcess, recorder: Recorder) -> None:
    recorder.set_mode("stderr")
    stash.control("server", {"line_delay": 0.5})
    stash.update_scene(id="1", title="x")
    assert not any(message.startswith("[Plugin / Recorder]") for _, message in lines(stash))


def test_error_of_a_hook_is_logged_and_the_save_succeeds(stash: StashProcess, recorder: Recorder) -> None:
    recorder.set_mode("error")
    stash.update_scene(id="1", title="x")
    assert ("Error", "Scene.Update.Post [Recorder]: returned error: it broke") in lines(stash)


@pytest.mark.parametrize(("mode", "output"), [("op", {"ok": True}), ("text", "not JSON")])
def test_operation_gives_its_output(stash: StashProcess, mode: str, output: object) -> None:
    query = 'mutation($a:Map){runPluginOperation(plugin_id:"Recorder",args:$a)}'
    assert stash.query(query, {"a": {"mode": mode}}) == {"runPluginOperation": output}


def test_operation_that_exits_badly_but_answers_is_an_error(stash: StashProcess) -> None:
    query = 'mutation{runPluginOperation(plugin_id:"Recorder",args:{mode:"exit"})}'
    with pytest.raises(GraphQLError, match=r"^exit status 3$"):
        stash.query(query)


def test_operation_of_an_unknown_plugin_is_an_internal_error(stash: StashProcess) -> None:
    answer = stash.post('mutation{runPluginOperation(plugin_id:"Nope",args:{})}')
    assert answer.status == 200
    assert "Internal system error" in answer.json["errors"][0]["message"]
    assert "nil pointer dereference" in answer.json["errors"][0]["message"]


def test_plugin_that_cannot_start_ends_the_event_and_the_save_succeeds(
    stash: StashProcess, recorder: Recorder
) -> None:
    path = recorder.folder / "Recorder.yml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("  - python\n", "  - no-such-program\n"), encoding="utf-8"
    )
    stash.query("mutation{reloadPlugins}")
    stash.update_scene(id="1", title="x")
    assert any(level == "Error" and "error running plugin" in message for level, message in lines(stash))


def test_default_arguments_apply_to_hooks_and_not_to_operations(
    stash: StashProcess, recorder: Recorder
) -> None:
    path = recorder.folder / "Recorder.yml"
    text = path.read_text(encoding="utf-8").replace(
        "    triggeredBy:", "    defaultArgs: {z: 1, a: b}\n    triggeredBy:"
    )
    path.write_text(text, encoding="utf-8")
    stash.query("mutation{reloadPlugins}")
    stash.update_scene(id="1", title="x")
    stash.query('mutation{runPluginOperation(plugin_id:"Recorder",args:{})}')
    hook, operation = [each["document"]["args"] for each in stash.control("documents")]
    assert list(hook) == ["a", "hookContext", "z"]
    assert (hook["a"], hook["z"]) == ("b", "1")
    assert operation == {}
