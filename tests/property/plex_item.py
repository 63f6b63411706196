"""A Plex item in memory that takes a plan's edits as servers do: appending or replacing, tidying or not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from plexsync_plugin.core.ledger import Record, Saved, Value
from plexsync_plugin.core.model import LISTS, SCALARS, SORT_TITLE, Item, Kind, Tag
from plexsync_plugin.core.plan import Edit, ListEdit

# Small pools, so that Stash, a person and the agent often mean the same word, in another case or spacing.
STASH_TEXTS = ("", "s one", "s  one", "s two\n\nmore", "both")
OTHER_TEXTS = ("", "p one", "p two", "s two", "both", "a one")
STASH_TAGS = ("s1", "S Two", "both", "é, ü")
OTHER_TAGS = ("p1", "p2", "Both", "a1", "s1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    appends: bool
    tidies: bool


servers = st.builds(Server, appends=st.booleans(), tidies=st.booleans())


def applied(item: Item, edits: Sequence[Edit], server: Server) -> Item:
    scalars, lists, locked = dict(item.scalars), dict(item.lists), set(item.locked)
    if any(edit.field == "title" for edit in edits) and SORT_TITLE not in item.locked:
        scalars[SORT_TITLE] = ""  # Plex makes a new one of the title
    for edit in edits:
        if isinstance(edit, ListEdit):
            lists[edit.field] = _list_after(lists[edit.field], edit, server)
        else:
            scalars[edit.field] = " ".join(edit.value.split()) if server.tidies else edit.value
        (locked.add if edit.locked else locked.discard)(edit.field)
    return replace(item, scalars=scalars, lists=lists, locked=frozenset(locked))


def _list_after(current: tuple[Tag, ...], edit: ListEdit, server: Server) -> tuple[Tag, ...]:
    known = {tag.key: tag for tag in current}
    given = tuple(_given(tag, known.get(tag.key, tag)) for tag in edit.tags)
    gone = {tag.key for tag in (*edit.removed, *given)}
    if server.appends or not given:
        given += tuple(tag for tag in current if tag.key not in gone)
    if not server.tidies:
        return given
    capital = [replace(tag, name=tag.name[:1].upper() + tag.name[1:]) for tag in given]
    return tuple(sorted(capital, key=lambda tag: tag.name) if edit.field == "genre" else capital)


def _given(tag: Tag, known: Tag) -> Tag:
    """A tag that is there already keeps its role and photo where none is given."""
    return Tag(name=tag.name, role=tag.role or known.role, thumb=tag.thumb or known.thumb)


def _unique(tags: Sequence[Tag]) -> tuple[Tag, ...]:
    return tuple({tag.key: tag for tag in tags}.values())


def tag_lists(names: Sequence[str], *, roles: bool) -> st.SearchStrategy[tuple[Tag, ...]]:
    role = st.sampled_from(("", "Hero", "Villain") if roles else ("",))
    return st.lists(st.builds(Tag, name=st.sampled_from(names), role=role), max_size=4).map(_unique)


any_tags = tag_lists(STASH_TAGS + OTHER_TAGS, roles=True)
stash_tags = tag_lists(STASH_TAGS, roles=False)
any_text = st.sampled_from(STASH_TEXTS + OTHER_TEXTS)
locks = st.frozensets(st.sampled_from(SCALARS + LISTS))


def items() -> st.SearchStrategy[Item]:
    return st.builds(
        Item,
        rating_key=st.just(7),
        section=st.just(1),
        kind=st.just(Kind.MOVIE),
        title=st.just("an item"),
        scalars=st.fixed_dictionaries(dict.fromkeys(SCALARS, any_text)),
        lists=st.fixed_dictionaries(dict.fromkeys(LISTS, any_tags)),
        locked=locks,
    )


def desires() -> st.SearchStrategy[dict[str, Value]]:
    return st.fixed_dictionaries(
        dict.fromkeys(SCALARS, st.sampled_from(STASH_TEXTS)) | dict.fromkeys(LISTS, stash_tags)
    )


def _records(wrote: st.SearchStrategy[Value], saved: st.SearchStrategy[Value]) -> st.SearchStrategy[Record]:
    return st.builds(
        Record,
        wrote=st.lists(wrote, min_size=1, max_size=2, unique=True).map(tuple),
        saved=st.builds(Saved, value=saved, locked=st.booleans()),
    )


def ledgers() -> st.SearchStrategy[dict[str, Record]]:
    """Any that could be stored; fields may be missing."""
    text = _records(st.sampled_from(STASH_TEXTS[1:]), any_text)
    tags = _records(stash_tags, any_tags)
    return st.fixed_dictionaries({}, optional=dict.fromkeys(SCALARS, text) | dict.fromkeys(LISTS, tags))
