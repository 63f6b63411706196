"""One item's life: Stash, a person, the agent and PlexSync change it in any order, and PlexSync crashes anywhere.

The machine remembers who put which value there, so that it can tell what the ledger may call a person's.
"""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from plexsync_plugin.core.ledger import Record, Value, dump, load
from plexsync_plugin.core.model import LISTS, SCALARS, SORT_TITLE, Item, Tag
from plexsync_plugin.core.plan import Plan, plan
from tests.property.plex_item import (
    OTHER_TAGS,
    OTHER_TEXTS,
    STASH_TAGS,
    STASH_TEXTS,
    Server,
    any_tags,
    any_text,
    applied,
    items,
    servers,
    stash_tags,
)

# Two fields of each kind, and the shared one, are enough; fewer let the search go deeper.
TEXTS = ("title", "summary")
TAGS = ("genre", "actor", "collection")
texts, lists, fields = st.sampled_from(TEXTS), st.sampled_from(TAGS), st.sampled_from(TEXTS + TAGS)
other_tag = st.builds(Tag, name=st.sampled_from(OTHER_TAGS + STASH_TAGS), role=st.sampled_from(("", "Hero")))


def words(value: Value) -> set[str]:
    """What makes up a value, in a form that no server's tidying changes."""
    return {" ".join(value.split())} if isinstance(value, str) else {tag.key for tag in value}


class History(RuleBasedStateMachine):
    @initialize(item=items(), server=servers)
    def start(self, item: Item, server: Server) -> None:
        self.item = replace(item, locked=frozenset())
        self.server = server
        self.agent: dict[str, Value] = {**item.scalars, **item.lists}
        self.desired: dict[str, Value] = dict.fromkeys(TEXTS, "") | dict.fromkeys(TAGS, ())
        self.ledger: dict[str, Record] = {}
        self.preserve = False
        self.from_others = {name: words(self.agent[name]) for name in (*TEXTS, *TAGS, SORT_TITLE)}
        self.overwritten: dict[str, set[str]] = {name: set() for name in (*TEXTS, *TAGS, SORT_TITLE)}

    # --- Stash ---

    @rule(name=texts, text=st.sampled_from(STASH_TEXTS))
    def stash_text_is_edited(self, name: str, text: str) -> None:
        self.desired[name] = text

    @rule(name=lists, tags=stash_tags)
    def stash_tags_are_edited(self, name: str, tags: tuple[Tag, ...]) -> None:
        self.desired[name] = tags

    @rule(preserve=st.booleans())
    def setting_is_changed(self, preserve: bool) -> None:
        self.preserve = preserve

    # --- a person in Plex; what a person saves there is locked ---

    @rule(name=texts, text=st.sampled_from(OTHER_TEXTS + STASH_TEXTS))
    def person_types(self, name: str, text: str) -> None:
        self._others_set(name, text, locked=True)

    @rule(name=lists, tag=other_tag)
    def person_adds_a_tag(self, name: str, tag: Tag) -> None:
        stay = tuple(each for each in self.item.lists[name] if each.key != tag.key)
        if len(stay) == len(self.item.lists[name]):
            self._others_set(name, (*stay, tag), locked=True, new=words((tag,)))

    @rule(name=lists, at=st.integers(0, 3))
    def person_removes_a_tag(self, name: str, at: int) -> None:
        tags = self.item.lists[name]
        self._others_set(name, tags[:at] + tags[at + 1 :], locked=True, new=set())

    @rule(name=fields)
    def person_unlocks(self, name: str) -> None:
        self.item = replace(self.item, locked=self.item.locked - {name})

    # --- the agent ---

    @rule(name=texts, text=any_text)
    def agent_has_another_text(self, name: str, text: str) -> None:
        self.agent[name] = text

    @rule(name=lists, tags=any_tags)
    def agent_has_other_tags(self, name: str, tags: tuple[Tag, ...]) -> None:
        self.agent[name] = tags

    @rule()
    def refresh_reverts_what_is_not_locked(self) -> None:
        for name in TEXTS + TAGS:
            if name not in self.item.locked:
                self._others_set(name, self.agent[name], locked=False)

    # --- PlexSync ---

    @rule()
    def sync_runs_to_its_end(self) -> None:
        before, ledger = self.item, self.ledger
        planned = self._plan()
        self._write(planned, len(planned.edits))
        self.ledger = load(dump(planned.after))
        assert self._plan().edits == ()
        self._check_given_back(ledger)
        if self.preserve:
            self._check_preserved(before, ledger)

    @rule(written=st.integers(0, 5))
    def sync_crashes(self, written: int) -> None:
        self._write(self._plan(), written)

    # --- what must hold ---

    @invariant()
    def nothing_of_ours_is_saved_as_a_person_s(self) -> None:
        for name, record in self.ledger.items():
            assert record.saved is not None
            assert words(record.saved.value) <= self.from_others[name]

    @invariant()
    def nothing_overwritten_is_lost(self) -> None:
        for name, record in self.ledger.items():
            assert record.saved is not None
            on_item = words(self.item.lists[name]) if name in LISTS else set()
            assert self.overwritten[name] <= words(record.saved.value) | on_item

    def _plan(self) -> Plan:
        return plan(self.item, self.desired, self.ledger, preserve=self.preserve)

    def _write(self, planned: Plan, written: int) -> None:
        for name in TEXTS:
            if (
                any(edit.field == name for edit in planned.edits)
                and self._foreign(name)
                and self.desired[name]
            ):
                self.overwritten[name] = words(self.item.scalars[name])
        before, ledger = self.item, self.ledger
        self.ledger = load(dump(planned.before))
        self.item = applied(self.item, planned.edits[:written], self.server)
        for name in TAGS:
            mine = {key for value in ledger.get(name, Record()).wrote for key in words(value)}
            self.overwritten[name] |= words(before.lists[name]) - mine - words(self.item.lists[name])

    def _foreign(self, name: str) -> bool:
        return not self.ledger.get(name, Record()).is_ours(self.item.scalars[name])

    def _check_given_back(self, ledger: dict[str, Record]) -> None:
        """Where nothing is ours any more, everything that we took away is there again."""
        title = ledger.get("title", Record()).saved
        came_back = title is not None and title.value == self.item.scalars["title"]
        if (
            came_back
            and SORT_TITLE in ledger
            and SORT_TITLE not in self.ledger
            and SORT_TITLE not in self.item.locked
        ):
            assert words(self.item.scalars[SORT_TITLE]) <= self.from_others[SORT_TITLE]
        for name in TEXTS + TAGS:
            if name in self.ledger:
                continue
            if name in TAGS:
                assert self.overwritten[name] <= words(self.item.lists[name])
            elif name in ledger:
                assert words(self.item.scalars[name]) <= self.from_others[name]
            self.overwritten[name] = set()

    def _check_preserved(self, before: Item, ledger: dict[str, Record]) -> None:
        for name in set(TEXTS + TAGS) & before.locked:
            record = ledger.get(name, Record())
            if name in SCALARS:
                text = before.scalars[name]
                assert not text or record.is_ours(text) or self.item.scalars[name] == text
            else:
                mine = {key for value in record.wrote for key in words(value)}
                theirs = {tag.key: tag.role for tag in before.lists[name] if tag.key not in mine}
                now = {tag.key: tag.role for tag in self.item.lists[name]}
                assert theirs.items() <= now.items()

    def _others_set(self, name: str, value: Value, *, locked: bool, new: set[str] | None = None) -> None:
        if isinstance(value, str):
            self.item = replace(self.item, scalars={**self.item.scalars, name: value})
        else:
            self.item = replace(self.item, lists={**self.item.lists, name: value})
        self.from_others[name] |= words(value) if new is None else new
        if locked:
            self.item = replace(self.item, locked=self.item.locked | {name})


TestHistory = History.TestCase
