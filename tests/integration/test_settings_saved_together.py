"""PlexSync puts something into its settings in Stash while a person saves some: what both saved is there afterwards."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from typing import Any

import pytest

from plexsync_plugin.base.settings import Settings
from plexsync_plugin.stash.client import StashClient
from plexsync_plugin.stash.connection import StashConnection
from plexsync_plugin.stash.defaults import write_defaults
from plexsync_plugin.stash.own_settings import WRITES
from plexsync_plugin.stash.plain_query import connection_from
from plexsync_plugin.worker.orders.add_rule import put_rule
from tests.stage import TOKEN, Stage

RULE = "/data => /media"
Stored = Mapping[str, Any]


class Beside(StashClient):
    """Stash as it is, where a person saves right after PlexSync has: the next of `saves`, made of what is stored then."""

    def __init__(self, connection: StashConnection, stage: Stage) -> None:
        super().__init__(connection)
        self.stage = stage
        self.saves: list[Callable[[Stored], Stored]] = []
        self.writes = 0

    def configure(self, settings: Stored) -> None:
        super().configure(settings)
        self.writes += 1
        if self.saves:
            self.stage.configure(self.saves.pop(0)(self.stored()))

    def stored(self) -> Stored:
        return self.state().settings


@pytest.fixture
def stage(open_stage: Callable[..., Stage]) -> Stage:
    return open_stage(settings={"title_format": "{title}"})


@pytest.fixture
def client(stage: Stage) -> Iterator[Beside]:
    with closing(Beside(connection_from(stage.stash.url, "", ""), stage)) as found:
        yield found


def test_rule_when_the_page_saves_what_it_had_read_before_is_there_with_what_the_person_saved(
    stage: Stage, client: Beside
) -> None:
    """It had read neither the rule nor the format of titles."""
    opened = {name: value for name, value in stage.settings.items() if name != "title_format"}
    client.saves = [lambda _: {**opened, "max_retries": 3}]
    assert put_rule(client, RULE).message.startswith(f"Added to path_map: {RULE}.")
    assert client.stored() == {**stage.settings, "max_retries": 3, "path_map": RULE}
    assert client.writes == 2


def test_rule_when_a_person_writes_rules_in_the_same_moment_stands_behind_theirs(
    client: Beside,
) -> None:
    client.saves = [lambda stored: {**stored, "path_map": "/own => /theirs"}]
    assert not put_rule(client, RULE).refused
    assert client.stored()["path_map"] == f"/own => /theirs; {RULE}"
    assert put_rule(client, RULE).message == f"path_map has the rule {RULE} already."
    assert client.writes == 2


def test_rule_that_others_take_out_each_time_is_said_to_be_lacking(client: Beside) -> None:
    client.saves = [lambda stored: {**stored, "path_map": ""}] * (WRITES + 1)
    step = put_rule(client, RULE)
    assert step.refused
    assert step.message.endswith(f"path_map lacks the rule {RULE}. Add it once more.")
    assert client.writes == WRITES


def test_rule_when_nobody_saves_is_written_once_and_read_again(stage: Stage, client: Beside) -> None:
    stage.stash.clear_log()
    put_rule(client, RULE)
    assert len(stage.stash.log("POST /graphql")) == 3


def test_defaults_when_a_person_saves_in_the_same_moment_leave_what_they_saved(
    stage: Stage, client: Beside, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client.saves = [lambda _: {"plex_url": stage.plex.url, "enabled": False}]
    filled = write_defaults(client)
    after = client.stored()
    assert set(after) == set(Settings.model_fields)
    assert after["enabled"] is False, "the newest"
    assert (after["plex_token"], after["title_format"]) == (TOKEN, "{title}"), "what that save did not know"
    assert "enabled" not in filled
    assert "poll_interval" in filled
    assert TOKEN not in caplog.text
