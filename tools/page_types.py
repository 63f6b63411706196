"""`python -m tools.page_types` writes plexsync_plugin/ui/src/shapes.ts: TypeScript's types of what the page asks and gets, made of
the dataclasses in plexsync_plugin/answers/page/. The file is for reading and never edited.
"""

import dataclasses
import types
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from plexsync_plugin.answers.page import arguments, library_shapes, order_shapes, play_shapes, shapes
from plexsync_plugin.answers.page.form import is_needed, json_name
from plexsync_plugin.answers.page.operations import OPERATIONS
from plexsync_plugin.answers.page.shapes import Problem

PATH = Path(__file__).resolve().parents[1] / "plexsync_plugin" / "ui" / "src" / "shapes.ts"
HEAD = """// Made by `python -m tools.page_types` from plexsync_plugin/answers/page/. Not to be edited.
// Times are epoch seconds, sizes are bytes, null is "not known".
"""
ANSWER = """export type Answer<T> = { v: 1; data: T } | { v: 1; problem: Problem };
"""
WIDTH = 110  # characters of a line
_WORDS = {
    words: name
    for module in (shapes, library_shapes, order_shapes, play_shapes, arguments)
    for name, words in vars(module).items()
    if typing.get_origin(words) is Literal
}
_SINGLE: Mapping[Any, str] = {
    int: "number",
    float: "number",
    str: "string",
    bool: "boolean",
    types.NoneType: "null",
}


def render() -> str:
    """The whole file."""
    wanted: dict[type, None] = {Problem: None}
    for operation in OPERATIONS.values():
        for shape in (operation.arguments, operation.answer):
            wanted.update(dict.fromkeys(_within(shape)))
    given = {shape for each in OPERATIONS.values() for shape in _within(each.arguments)}
    interfaces = [_interface(shape, sent=shape in given) for shape in wanted]
    parts = [HEAD, *_word_types(), *interfaces, _operations(), ANSWER]
    return "\n".join(parts)


def _within(hint: Any) -> Iterator[type]:
    """Every dataclass in a type, the innermost first."""
    for each in typing.get_args(hint):
        yield from _within(each)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        for inner in typing.get_type_hints(hint).values():
            yield from _within(inner)
        yield hint


def _word_types() -> Iterator[str]:
    for words, name in _WORDS.items():
        texts = [f'"{word}"' for word in typing.get_args(words)]
        line = f"export type {name} = {' | '.join(texts)};\n"
        if len(line) > WIDTH:
            line = f"export type {name} =\n" + "\n".join(f"  | {text}" for text in texts) + ";\n"
        yield line


def _interface(shape: type, *, sent: bool) -> str:
    """`sent`: the page fills it in, and may leave out what has a default."""
    if not dataclasses.fields(shape):
        return "\n".join([*_comment(shape), f"export type {shape.__name__} = Record<string, never>;", ""])
    hints = typing.get_type_hints(shape)
    lines = [*_comment(shape), f"export interface {shape.__name__} {{"]
    for field in dataclasses.fields(shape):
        mark = "?" if sent and not is_needed(field) else ""
        lines.append(f"  {json_name(field.name)}{mark}: {_type(hints[field.name])};")
    return "\n".join([*lines, "}", ""])


def _comment(shape: type) -> Iterator[str]:
    line = "//"
    text = shape.__doc__ or ""
    if text.startswith(f"{shape.__name__}("):
        return  # dataclass makes one where there is none
    for word in text.split():
        bare = word.strip("`.,:;()")
        shown = word.replace(bare, json_name(bare)) if "`" in word and bare.islower() else word
        shown = shown.replace("None", "null")
        if len(line) + 1 + len(shown) > WIDTH:
            yield line
            line = "//"
        line += f" {shown}"
    yield line


def _type(hint: Any) -> str:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        return _WORDS[hint]
    if origin in (types.UnionType, typing.Union):  # the latter where one side is a Literal
        return " | ".join(_type(each) for each in inner)
    if origin is tuple and inner[-1] is Ellipsis:
        return f"readonly {_bracketed(_type(inner[0]))}[]"
    if origin is tuple:
        return f"readonly [{', '.join(_type(each) for each in inner)}]"
    if origin is dict:
        return f"Readonly<Record<string, {_type(inner[1])}>>"
    return _SINGLE.get(hint) or str(hint.__name__)


def _bracketed(text: str) -> str:
    return f"({text})" if (" " in text and not text.endswith("]")) or text.startswith("readonly") else text


def _operations() -> str:
    rows = [
        f"  {name}: {{ args: {operation.arguments.__name__}; data: {operation.answer.__name__} }};"
        for name, operation in OPERATIONS.items()
    ]
    return "\n".join(
        ["// What each operation takes and gives.", "export interface Operations {", *rows, "}", ""]
    )


def main() -> None:
    PATH.parent.mkdir(parents=True, exist_ok=True)
    PATH.write_text(render(), encoding="utf-8", newline="\n")
    print(PATH)


if __name__ == "__main__":
    main()
