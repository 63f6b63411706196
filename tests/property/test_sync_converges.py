"""Whatever happened between Stash and Plex, and wherever PlexSync was killed: in the end Plex shows what Stash says, nothing
is left to do, and after Undo everything stands as others left it."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from tests.property.sync_history import History
from tests.property.sync_world import SyncWorld, opened

EXAMPLES = settings().max_examples // 4  # each is a long history


@pytest.fixture(scope="module")
def sync_world() -> Iterator[SyncWorld]:
    with opened() as world:
        yield world


@given(st.data())
@settings(
    max_examples=EXAMPLES,
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
    phases=[phase for phase in Phase if phase is not Phase.explain],
)
def test_in_the_end_plex_shows_what_stash_says_and_undo_takes_it_back(
    sync_world: SyncWorld, data: st.DataObject
) -> None:
    history = History(sync_world, data.draw)
    try:
        for _ in range(data.draw(st.integers(1, 20))):
            history.changes.happen()
            history.check()
        history.quiet()
        if history.changes.all_told:
            history.check_shown(only=history.changes.saved)
        sync_world.order("retry_failed")
        history.settle()
        if data.draw(st.booleans()):
            sync_world.order("sync_all")
            history.settle()
            history.check_shown(lists=False)
        history.touch_all()
        history.settle()
        history.check_shown()
        history.reconcile()
        history.no_writes("reconcile")
        history.no_writes("sync_all")
        history.preview()
        assert history.found == []
        history.watch.undoing = True
        sync_world.order("undo")
        history.settle()
        history.watch.check_undone()
        history.check()
        history.no_writes("reconcile")
    finally:
        note("\n".join(history.changes.told))
