"""Edits of one item -> request targets: the one form in which PlexSync writes to Plex. Pure.

Form and names: docs/facts/plex.md section 2. All values travel in the URL; names stand unencoded, values percent-encoded.
Tag lists are written so that the result is right whether the server appends or replaces: the whole list, and by name
what is to go.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from plexsync_plugin.core.model import Kind, Tag
from plexsync_plugin.core.plan import Edit, ListEdit, ScalarEdit


@dataclass(frozen=True, slots=True, kw_only=True)
class LockEdit:
    """Only the lock of a field that has no value in an edit: thumb, art."""

    field: str
    locked: bool


_ITEM = re.compile(r"&id=(\d+)(?:&|$)")

# Characters of a request target: some servers refuse more than about 8 000 (docs/facts/plex.md section 2.7).
LIMIT = 6_000


def targets(
    section: int, rating_key: int, kind: Kind, edits: Sequence[Edit | LockEdit], limit: int = LIMIT
) -> list[str]:
    """As few as the limit allows, normally one; an edit that is over the limit by itself travels alone and whole.

    Raises ValueError without exactly one item: without an id the same request would rewrite the whole section.
    """
    if rating_key <= 0 or section <= 0:
        raise ValueError(f"an edit needs one item and its section, not {rating_key} in {section}")
    start = f"/library/sections/{section}/all?type={kind.value}&id={rating_key}"
    found: list[str] = []
    current = start
    for edit in (part for whole in edits for part in _parts(whole, limit)):
        text = _text(edit)
        if current != start and len(current) + len(text) > limit:
            found.append(current)
            current = start
        current += text
    return [*found, current] if current != start else found


def item_of(target: str) -> int:
    """The rating key of the item that a target of `targets` edits."""
    found = _ITEM.search(target)
    if found is None:
        raise ValueError("a target that names no item")
    return int(found[1])


def _parts(edit: Edit | LockEdit, limit: int) -> Iterator[Edit | LockEdit]:
    """What goes of a long list goes by itself, before the list: that is right whether the server appends or replaces."""
    if isinstance(edit, ListEdit) and edit.removed and edit.tags and len(_text(edit)) > limit - OVERHEAD:
        yield replace(edit, tags=())
        yield replace(edit, removed=())
    else:
        yield edit


ELLIPSIS = "…"
OVERHEAD = 200  # characters of a target besides the one value in it: path, item, names, lock


def fitted(text: str, limit: int) -> str:
    """The text, or its longest beginning up to a word, with an ellipsis, that fits into a target of `limit` characters."""
    room = limit - OVERHEAD
    if _encoded(text) <= room:
        return text
    room -= _encoded(ELLIPSIS)
    shortest, longest = 0, len(text)
    while shortest < longest:
        middle = (shortest + longest + 1) // 2
        if _encoded(text[:middle]) <= room:
            shortest = middle
        else:
            longest = middle - 1
    head = text[:shortest]
    inside_a_word = not (head[-1:].isspace() or text[shortest].isspace())
    words = head.rsplit(None, 1)[0] if inside_a_word and len(head.split()) > 1 else head
    return words.rstrip() + ELLIPSIS


def fitted_list(field: str, tags: tuple[Tag, ...], limit: int) -> tuple[Tag, ...]:
    """The list, or as much of its beginning as fits into a target of `limit` characters.

    It cannot be sent in parts: where a server replaces the list with each request, the last part alone would be left
    (docs/facts/plex.md section 2.4).
    """
    room = limit - OVERHEAD
    empty = ListEdit(field=field, tags=(), removed=(), locked=True)
    for number, tag in enumerate(tags):
        room -= len(_text(replace(empty, tags=(tag,)))) - len(_text(empty)) + len(str(number))
        if room < 0:
            return tags[:number]
    return tags


def _text(edit: Edit | LockEdit) -> str:
    return "".join(f"&{name}={quote(value, safe='')}" for name, value in _parameters(edit))


def _encoded(text: str) -> int:
    return len(quote(text, safe=""))


def _parameters(edit: Edit | LockEdit) -> Iterator[tuple[str, str]]:
    if isinstance(edit, ScalarEdit):
        yield f"{edit.field}.value", edit.value
    elif isinstance(edit, ListEdit):
        yield from _list_parameters(edit)
    yield f"{edit.field}.locked", "1" if edit.locked else "0"


def _list_parameters(edit: ListEdit) -> Iterator[tuple[str, str]]:
    for number, tag in enumerate(edit.tags):
        yield f"{edit.field}[{number}].tag.tag", tag.name
        if tag.role:
            yield f"{edit.field}[{number}].tagging.text", tag.role
        if tag.thumb.startswith("http"):
            yield f"{edit.field}[{number}].tag.thumb", tag.thumb
    if edit.removed:
        # Names are joined by commas, so each is encoded by itself before the whole is (docs/facts/plex.md section 2.4).
        yield f"{edit.field}[].tag.tag-", ",".join(quote(tag.name, safe="") for tag in edit.removed)
