"""What holds for every item, ledger and scene, whatever the server makes of an edit.

The rules: docs/architecture.md, "Who owns a value".
"""

from hypothesis import given
from hypothesis import strategies as st

from plexsync_plugin.core.ledger import Ledger, Record, alike, dump, load
from plexsync_plugin.core.model import GIVEN_BY_PERSONS, LISTS, SCALARS, SHARED_LISTS, Item, Tag
from plexsync_plugin.core.plan import Desired, ListEdit, Plan, ScalarEdit, plan
from tests.property.plex_item import Server, applied, desires, items, ledgers, servers

NOTHING_OURS = Record()


def keys(tags: object) -> set[str]:
    assert isinstance(tags, tuple)
    return {tag.key for tag in tags}


def ours(record: Record) -> set[str]:
    return {key for value in record.wrote for key in keys(value)}


def foreign(item: Item, name: str, ledger: Ledger) -> dict[str, Tag]:
    """The tags of the list that the ledger does not know as written by PlexSync."""
    mine = ours(ledger.get(name, NOTHING_OURS))
    return {tag.key: tag for tag in item.lists[name] if tag.key not in mine}


def list_edits(planned: Plan) -> dict[str, ListEdit]:
    return {edit.field: edit for edit in planned.edits if isinstance(edit, ListEdit)}


def scalar_edits(planned: Plan) -> dict[str, ScalarEdit]:
    return {edit.field: edit for edit in planned.edits if isinstance(edit, ScalarEdit)}


@given(items(), desires(), ledgers(), st.booleans(), servers)
def test_plan_is_empty_when_made_against_its_own_result(
    item: Item, desired: Desired, ledger: Ledger, preserve: bool, server: Server
) -> None:
    first = plan(item, desired, ledger, preserve=preserve)
    shown = applied(item, first.edits, server)
    again = plan(shown, desired, first.after, preserve=preserve)
    assert again.edits == ()
    assert again.after == again.before == first.after


@given(items(), desires(), ledgers(), servers)
def test_default_mode_makes_lists_exactly_stash_s(
    item: Item, desired: Desired, ledger: Ledger, server: Server
) -> None:
    shown = applied(item, plan(item, desired, ledger, preserve=False).edits, server)
    for name in LISTS:
        if desired[name]:
            # Of a shared list PlexSync owns single tags only.
            others = set(foreign(item, name, ledger)) if name in SHARED_LISTS else set()
            assert keys(shown.lists[name]) == keys(desired[name]) | others
            assert name in shown.locked


@given(items(), desires(), ledgers(), servers)
def test_default_mode_shows_and_locks_every_text_that_stash_has(
    item: Item, desired: Desired, ledger: Ledger, server: Server
) -> None:
    shown = applied(item, plan(item, desired, ledger, preserve=False).edits, server)
    for name in SCALARS:
        if desired[name]:
            assert shown.scalars[name].split() == str(desired[name]).split()
            assert name in shown.locked


@given(items(), desires(), ledgers(), st.booleans())
def test_a_value_that_stash_does_not_have_never_touches_what_plexsync_did_not_write(
    item: Item, desired: Desired, ledger: Ledger, preserve: bool
) -> None:
    planned = plan(item, desired, ledger, preserve=preserve)
    for name in SCALARS:
        if not desired[name] and not ledger.get(name, NOTHING_OURS).is_ours(item.scalars[name]):
            assert name not in scalar_edits(planned)
    for name in LISTS:
        if not desired[name] and name not in ledger:
            assert name not in list_edits(planned)


@given(items(), desires(), ledgers(), st.booleans(), servers)
def test_what_plexsync_wrote_and_stash_no_longer_has_gives_way_to_the_saved_value_and_lock(
    item: Item, desired: Desired, ledger: Ledger, preserve: bool, server: Server
) -> None:
    planned = plan(item, desired, ledger, preserve=preserve)
    shown = applied(item, planned.edits, server)
    for name in [name for name in ledger if not desired[name]]:
        assert name not in planned.after
        record, saved = ledger[name], ledger[name].saved
        assert saved is not None
        if name in SCALARS and record.is_ours(item.scalars[name]):
            assert shown.scalars[name].split() == str(saved.value).split()
            assert (name in shown.locked) == saved.locked
        if name in LISTS:
            assert keys(shown.lists[name]) == keys(saved.value) | set(foreign(item, name, ledger))


@given(items(), desires(), ledgers())
def test_preserve_mode_leaves_a_person_s_text_alone(item: Item, desired: Desired, ledger: Ledger) -> None:
    planned = plan(item, desired, ledger, preserve=True)
    for name in SCALARS:
        current = item.scalars[name]
        if current and name in item.locked and not ledger.get(name, NOTHING_OURS).is_ours(current):
            assert name not in scalar_edits(planned)


@given(items(), desires(), ledgers(), servers)
def test_preserve_mode_neither_loses_nor_changes_a_tag_of_a_locked_list_that_plexsync_did_not_write(
    item: Item, desired: Desired, ledger: Ledger, server: Server
) -> None:
    planned = plan(item, desired, ledger, preserve=True)
    shown = applied(item, planned.edits, server)
    for name in LISTS:
        if name not in item.locked:
            continue
        theirs = foreign(item, name, ledger)
        sent = {tag.key: tag for tag in list_edits(planned)[name].tags} if name in list_edits(planned) else {}
        assert keys(shown.lists[name]) >= set(theirs)
        assert all(sent[key] == tag for key, tag in theirs.items() if sent)
        if theirs:
            assert name in shown.locked


@given(items(), desires(), ledgers(), servers)
def test_preserve_mode_replaces_what_is_not_locked(
    item: Item, desired: Desired, ledger: Ledger, server: Server
) -> None:
    shown = applied(item, plan(item, desired, ledger, preserve=True).edits, server)
    for name in {*SCALARS, *LISTS} - item.locked - set(SHARED_LISTS):
        wanted = desired[name]
        if (
            name in GIVEN_BY_PERSONS
            and item.scalars[name]
            and not ledger.get(name, NOTHING_OURS).is_ours(item.scalars[name])
        ):
            assert shown.scalars[name] == item.scalars[name]
        elif wanted and name in SCALARS:
            assert alike(shown.scalars[name], wanted)
        elif wanted:
            assert keys(shown.lists[name]) == keys(wanted)


@given(items(), desires(), ledgers(), st.booleans())
def test_every_text_that_is_overwritten_and_not_ours_is_saved(
    item: Item, desired: Desired, ledger: Ledger, preserve: bool
) -> None:
    planned = plan(item, desired, ledger, preserve=preserve)
    for name in scalar_edits(planned):
        old = ledger.get(name, NOTHING_OURS)
        if not old.is_ours(item.scalars[name]):
            for saved in (planned.before[name].saved, planned.after[name].saved):
                assert saved is not None
                assert (saved.value, saved.locked) == (item.scalars[name], name in item.locked)
        elif desired[name]:
            assert planned.before[name].saved == planned.after[name].saved == old.saved


@given(items(), desires(), ledgers(), st.booleans(), servers)
def test_every_tag_that_is_not_ours_stays_on_the_item_or_is_saved(
    item: Item, desired: Desired, ledger: Ledger, preserve: bool, server: Server
) -> None:
    planned = plan(item, desired, ledger, preserve=preserve)
    shown = applied(item, planned.edits, server)
    for name in LISTS:
        record = planned.after.get(name, NOTHING_OURS)
        kept = keys(shown.lists[name]) - ours(record)
        saved = {} if record.saved is None else {tag.key: tag for tag in _tags(record.saved.value)}
        for key, tag in foreign(item, name, ledger).items():
            assert key in kept or saved[key].role == tag.role


def _tags(value: object) -> tuple[Tag, ...]:
    assert isinstance(value, tuple)
    return value


@given(items(), desires(), ledgers(), st.booleans())
def test_what_was_saved_of_a_list_is_kept_until_it_is_given_back(
    item: Item, desired: Desired, ledger: Ledger, preserve: bool
) -> None:
    after = plan(item, desired, ledger, preserve=preserve).after
    for name in [name for name in LISTS if name in ledger and desired[name]]:
        old, new = ledger[name].saved, after[name].saved
        assert old is not None
        assert new is not None
        assert keys(new.value) >= keys(old.value)


@given(items(), desires(), ledgers(), st.booleans())
def test_before_a_write_the_ledger_knows_the_old_value_and_the_new_one_as_ours(
    item: Item, desired: Desired, ledger: Ledger, preserve: bool
) -> None:
    planned = plan(item, desired, ledger, preserve=preserve)
    for edit in planned.edits:
        old = ledger.get(edit.field, NOTHING_OURS)
        assert set(old.wrote) <= set(planned.before[edit.field].wrote)
        if desired[edit.field]:
            assert set(planned.after[edit.field].wrote) <= set(planned.before[edit.field].wrote)
        else:
            assert planned.before[edit.field] == old


@given(items(), desires(), ledgers(), st.booleans(), servers, st.integers(0, 6))
def test_the_same_end_is_reached_when_a_crash_falls_between_ledger_and_write(
    item: Item, desired: Desired, ledger: Ledger, preserve: bool, server: Server, written: int
) -> None:
    """`written` edits had reached Plex (an edit over the URL's limit travels in several requests)."""
    planned = plan(item, desired, ledger, preserve=preserve)
    undisturbed = applied(item, planned.edits, server)

    crashed = applied(item, planned.edits[:written], server)
    again = plan(crashed, desired, load(dump(planned.before)), preserve=preserve)
    assert_alike(applied(crashed, again.edits, server), undisturbed)
    assert again.after == planned.after


def assert_alike(one: Item, other: Item) -> None:
    """White space and order may differ: PlexSync cannot tell them from what a server tidied (decision 4)."""
    assert one.locked == other.locked
    assert all(alike(one.scalars[name], other.scalars[name]) for name in SCALARS)
    for name in LISTS:
        assert {tag.key: tag.role for tag in one.lists[name]} == {
            tag.key: tag.role for tag in other.lists[name]
        }


@given(ledgers())
def test_ledger_reads_back_as_it_was_dumped(ledger: Ledger) -> None:
    assert load(dump(ledger)) == ledger
