"""One plugin's YAML, read as strictly as Stash reads it (docs/facts/stash.md section 1): unknown and duplicate keys refused.

Works on PyYAML's nodes, because Go keeps the literal text of a scalar (`version: 1.10`) that a loader would turn into a number.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

Node = yaml.Node
INTERFACES = frozenset({"raw", "rpc", "js"})
SETTING_TYPES = frozenset({"STRING", "NUMBER", "BOOLEAN"})
_NULL = "tag:yaml.org,2002:null"


class PluginRefused(Exception):
    """A file that Stash does not load; the text is Go's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A task, or a hook with what triggers it."""

    name: str = ""
    description: str = ""
    exec_args: tuple[str, ...] = ()
    default_args: dict[str, str] = field(default_factory=dict)
    triggered_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    name: str
    type: str = "STRING"
    display_name: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginConfig:
    """id is the file's name without its last extension; path is the file."""

    id: str
    path: Path
    name: str = ""
    description: str = ""
    url: str = ""
    version: str = ""
    interface: str = "raw"
    exec: tuple[str, ...] = ()
    error_level: str = "error"
    tasks: tuple[Operation, ...] = ()
    hooks: tuple[Operation, ...] = ()
    settings: tuple[Setting, ...] = ()
    ui: dict[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return self.name or self.id

    @property
    def folder(self) -> Path:
        return self.path.parent


def _fail(node: Node, problem: str) -> PluginRefused:
    return PluginRefused(f"yaml: unmarshal errors:\n  line {node.start_mark.line + 1}: {problem}")


def _shown(node: Node) -> str:
    if isinstance(node, yaml.ScalarNode):
        return f"!!{node.tag.rpartition(':')[2]} `{node.value}`"
    return "!!map" if isinstance(node, yaml.MappingNode) else "!!seq"


def _text(node: Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise _fail(node, f"cannot unmarshal {_shown(node)} into string")
    return "" if node.tag == _NULL else str(node.value)


def _pairs(node: Node, kind: str) -> dict[str, Node]:
    """The pairs of a mapping; null counts as an empty one."""
    if isinstance(node, yaml.ScalarNode) and node.tag == _NULL:
        return {}
    if not isinstance(node, yaml.MappingNode):
        raise _fail(node, f"cannot unmarshal {_shown(node)} into {kind}")
    pairs: dict[str, Node] = {}
    for key_node, value in node.value:
        key = _text(key_node)
        if key in pairs:
            problem = (
                f'key "{key}" already set in map'
                if "map[" in kind
                else f"field {key} already set in type {kind}"
            )
            raise _fail(key_node, problem)
        pairs[key] = value
    return pairs


def _struct(node: Node, kind: str, readers: dict[str, Callable[[Node], Any]]) -> dict[str, Any]:
    values = {}
    for key, value in _pairs(node, kind).items():
        if key not in readers:
            raise _fail(value, f"field {key} not found in type {kind}")
        values[key] = readers[key](value)
    return values


def _list_of(read: Callable[[Node], Any], kind: str) -> Callable[[Node], tuple[Any, ...]]:
    def read_list(node: Node) -> tuple[Any, ...]:
        if isinstance(node, yaml.ScalarNode) and node.tag == _NULL:
            return ()
        if not isinstance(node, yaml.SequenceNode):
            raise _fail(node, f"cannot unmarshal {_shown(node)} into []{kind}")
        return tuple(read(item) for item in node.value)

    return read_list


def _text_map(node: Node) -> dict[str, str]:
    return {key: _text(value) for key, value in _pairs(node, "map[string]string").items()}


_texts = _list_of(_text, "string")
_OPERATION: dict[str, Callable[[Node], Any]] = {
    "name": _text,
    "description": _text,
    "execArgs": _texts,
    "defaultArgs": _text_map,
}
_SETTING: dict[str, Callable[[Node], Any]] = {"type": _text, "displayName": _text, "description": _text}
_CSP: dict[str, Callable[[Node], Any]] = {
    "script-src": _texts,
    "style-src": _texts,
    "connect-src": _texts,
}
_UI: dict[str, Callable[[Node], Any]] = {
    "csp": lambda node: _struct(node, "plugin.PluginCSP", _CSP),
    "requires": _texts,
    "css": _texts,
    "javascript": _texts,
    "assets": _text_map,
}


def _operation(kind: str, readers: dict[str, Callable[[Node], Any]]) -> Callable[[Node], Operation]:
    def read(node: Node) -> Operation:
        values = _struct(node, kind, readers)
        return Operation(
            name=values.get("name", ""),
            description=values.get("description", ""),
            exec_args=values.get("execArgs", ()),
            default_args=values.get("defaultArgs", {}),
            triggered_by=values.get("triggeredBy", ()),
        )

    return read


def _settings(node: Node) -> tuple[Setting, ...]:
    """Sorted by key, as the settings page shows them."""
    settings = []
    for name, value in sorted(_pairs(node, "map[string]plugin.SettingConfig").items()):
        values = _struct(value, "plugin.SettingConfig", _SETTING)
        kind = values.get("type") or "STRING"
        if kind not in SETTING_TYPES:
            raise PluginRefused(f"invalid setting type {kind}")
        settings.append(
            Setting(
                name=name,
                type=kind,
                display_name=values.get("displayName", ""),
                description=values.get("description", ""),
            )
        )
    return tuple(settings)


_CONFIG: dict[str, Callable[[Node], Any]] = {
    "name": _text,
    "description": _text,
    "url": _text,
    "version": _text,
    "tasks": _list_of(_operation("plugin.OperationConfig", _OPERATION), "*plugin.OperationConfig"),
    "hooks": _list_of(
        _operation("plugin.HookConfig", _OPERATION | {"triggeredBy": _texts}), "*plugin.HookConfig"
    ),
    "ui": lambda node: _struct(node, "plugin.UIConfig", _UI),
    "settings": _settings,
    "exec": _texts,
    "interface": _text,
    "errLog": _text,
}


def read_config(path: Path) -> PluginConfig:
    """Raises PluginRefused."""
    try:
        # Only the first document is read, whatever follows it.
        with path.open(encoding="utf-8") as stream:
            node = next(yaml.compose_all(stream, Loader=yaml.SafeLoader), None)
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise PluginRefused(f"yaml: {error}") from error
    if node is None:
        raise PluginRefused("EOF")
    values = _struct(node, "plugin.Config", _CONFIG)
    interface = values.get("interface") or "raw"
    if interface not in INTERFACES:
        raise PluginRefused(f"invalid interface type {interface}")
    renamed = {"errLog": "error_level"}
    given = {renamed.get(key, key): value for key, value in values.items()}
    return PluginConfig(id=path.stem, path=path, **(given | {"interface": interface}))
