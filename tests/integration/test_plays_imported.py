"""The task Import Plex Plays: listed first, then counted; and Undo, which takes back exactly what PlexSync counted."""

import pytest

from plexsync_plugin.jobs.ticket import give_order
from tests.watching import ACCOUNTS, HISTORY, Watching, configure

DAY = 86_400


def order(watching: Watching, name: str, *scenes: int, **args: object) -> str:
    """Give it, wait for its end; what it says of itself."""
    ticket = give_order(watching.rig.folder, name, watching.rig.clock, ids=scenes, args=args)
    query = "SELECT message FROM orders WHERE ticket = ? AND state <> 'waiting'"
    watching.rig.run_until(lambda: bool(watching.rig.stage.rows(query, ticket)), f"the end of {name}")
    return str(watching.rig.stage.rows(query, ticket)[0]["message"])


@pytest.fixture
def played(watching: Watching) -> list[str]:
    """Plays of scene 1 from before they counted; Stash has the second of them already."""
    times = [watching.play(1, ago=ago) for ago in (400 * DAY, 3 * DAY, DAY)]
    watching.play(2, ago=2 * DAY, account=7)
    watching.play(9, ago=DAY)
    watching.rig.stage.gql("mutation($t:[Timestamp!]){sceneAddPlay(id:1,times:$t){count}}", t=times[1])
    watching.look()
    assert watching.plays(1) == [times[1]]
    return times


def test_import_when_run_once_lists_and_when_run_again_counts(watching: Watching, played: list[str]) -> None:
    said = order(watching, "import_plays")
    assert said.startswith("2 plays of 1 user could be counted in Stash; the log lists them.")
    (line,) = [line for line in watching.rig.stage.log_lines() if "owner" in line]
    assert line == (
        f"Import Plex Plays: owner: 4 plays since {played[0][:10]}, 1 of them in Stash already, 1 of items without a scene."
    )
    assert watching.plays(1) == [played[1]]
    assert watching.rig.stage.rows("SELECT 1 FROM plays WHERE state NOT IN ('passed')") == []
    assert order(watching, "import_plays").startswith("2 plays counted in Stash.")
    assert watching.plays(1) == played
    assert watching.plays(2) == []
    watching.rig.stage.edit(9, title="Found")
    watching.look()
    assert len(watching.plays(9)) == 1
    assert order(watching, "import_plays", dry_run=False).startswith("0 plays counted")
    assert watching.plays(1) == played


def test_import_when_the_list_is_an_hour_old_or_of_other_users_lists_anew(
    watching: Watching, played: list[str]
) -> None:
    order(watching, "import_plays")
    watching.rig.run_for(3_700)
    assert "could be counted" in order(watching, "import_plays")
    configure(watching, watch_users="all")
    assert "3 plays of 2 users could be counted" in order(watching, "import_plays")
    assert any(line.startswith("Import Plex Plays: Ann: 1 play") for line in watching.rig.stage.log_lines())
    assert "3 plays counted" in order(watching, "import_plays")
    assert watching.plays(1) == played


def test_import_when_the_history_is_long_reads_it_in_pages(watching: Watching, played: list[str]) -> None:
    watching.rig.stage.plex.control("set", {"page_cap": 2})
    watching.rig.stage.plex.clear_log()
    assert "2 plays counted" in order(watching, "import_plays", dry_run=False)
    assert watching.asked(HISTORY, ACCOUNTS) == [HISTORY] * 3
    assert watching.plays(1) == played


def test_undo_takes_back_exactly_what_was_counted(watching: Watching, played: list[str]) -> None:
    order(watching, "import_plays", dry_run=False)
    mine = watching.play(3)
    watching.look()
    assert watching.plays(3) == [mine]
    watching.rig.stage.gql("mutation{sceneAddPlay(id:3){count}}")
    by_hand = next(each for each in watching.plays(3) if each != mine)
    said = order(watching, "undo")
    assert "3 plays taken out of Stash" in said
    assert watching.plays(1) == [played[1]]
    assert watching.plays(3) == [by_hand]
    watching.look()
    assert watching.plays(1) == [played[1]]
    assert "nothing of PlexSync's to undo" in order(watching, "undo")


def test_undo_of_one_scene_leaves_the_plays_of_others(watching: Watching, played: list[str]) -> None:
    order(watching, "import_plays", dry_run=False)
    other = watching.play(2)
    watching.look()
    assert "2 plays taken out of Stash" in order(watching, "undo", 1)
    assert (watching.plays(1), watching.plays(2)) == ([played[1]], [other])


def test_undo_when_a_person_deleted_the_play_in_stash_leaves_what_is_there(watching: Watching) -> None:
    watching.look()
    at = watching.play(1)
    watching.look()
    watching.rig.stage.gql("mutation($t:[Timestamp!]){sceneDeletePlay(id:1,times:$t){count}}", t=[at])
    watching.look()
    assert watching.plays(1) == []
    order(watching, "undo")
    assert watching.plays(1) == []


def test_play_when_its_scene_was_undone_waits_until_it_is_edited(watching: Watching) -> None:
    watching.look()
    order(watching, "undo")
    at = watching.play(1)
    watching.look()
    assert watching.plays(1) == []
    watching.rig.stage.edit(1, title="Again")
    watching.look()
    assert watching.plays(1) == [at]
