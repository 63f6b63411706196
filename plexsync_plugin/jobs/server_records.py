"""What sync knows of one Plex server, for who is bound to it: the same records, without naming the server at each call."""

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from plexsync_plugin.base.rules import PathRule
from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.core.choices import Choice
from plexsync_plugin.core.ledger import Ledger, Record
from plexsync_plugin.core.match import Candidate, FileMatch, grounds_mark
from plexsync_plugin.core.model import File, Item, Scene
from plexsync_plugin.core.picture import Given
from plexsync_plugin.core.stars import Agreed
from plexsync_plugin.jobs import learned
from plexsync_plugin.jobs.census import Census, Matched
from plexsync_plugin.jobs.choices import ChoiceStore
from plexsync_plugin.jobs.facts import LONGEST_TARGET
from plexsync_plugin.jobs.gone_scenes import let_go_left_out
from plexsync_plugin.jobs.missing_files import MissingFiles
from plexsync_plugin.jobs.photos import Photo
from plexsync_plugin.jobs.picture_records import PictureRecords
from plexsync_plugin.jobs.records import Records
from plexsync_plugin.jobs.stars import Stars
from plexsync_plugin.jobs.synced import Synced

# Seconds. A proxy that is set up anew, and a Plex that restarts while nobody asks it, give no sign of it.
LIMIT_HOLDS = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What stood here of an item and its scene before a write was noted."""

    rating_key: int
    scene_id: int
    ledger: sqlite3.Row | None
    synced: sqlite3.Row | None


class ServerRecords:
    """Of scenes and items; `server` is the machine identifier. Another server at the same address starts without history."""

    def __init__(self, connection: sqlite3.Connection, server: str) -> None:
        self.connection = connection
        self._records = Records(connection)
        self._server = server

    @property
    def server(self) -> str:
        return self._server

    def synced_hashes(self, scene_ids: Iterable[int]) -> dict[int, str]:
        return self._records.synced_hashes(self._server, scene_ids)

    def synced_times(self, scene_ids: Iterable[int]) -> dict[int, str]:
        """Stash's own time of the scene when it was last in sync, pictures included; "" while those are still to be sent."""
        return self._records.synced_times(self._server, scene_ids)

    def synced_between(self, after: int, last: int) -> dict[int, Synced]:
        """Scenes with ids above `after`, up to `last`."""
        return self._records.synced_between(self._server, after, last)

    def set_synced_time(self, scene_id: int, updated_at: str) -> None:
        self._records.set_synced_time(self._server, scene_id, updated_at)

    def forget_synced(self, scene_id: int) -> None:
        self._records.forget_synced(self._server, scene_id)

    def set_synced(self, scene: Scene, desired_hash: str, now: float) -> None:
        self._records.set_synced(self._server, scene, desired_hash, now)

    def matched_keys(self, scene_id: int) -> list[int]:
        return self._records.matched_keys(self._server, scene_id)

    def matched_sections(self) -> set[int]:
        return self._records.matched_sections(self._server)

    def matched(self, section: int, after: int, last: int) -> list[Matched]:
        """Items of a section whose scenes are in sync, rating keys above `after`, up to `last`."""
        return Census(self.connection).matched(self._server, section, after, last)

    def matched_elsewhere(self, sections: Iterable[int]) -> list[Matched]:
        """Items in none of these sections, whose scenes are in sync."""
        return Census(self.connection).matched_elsewhere(self._server, sections)

    def matched_among(self, rating_keys: Collection[int]) -> set[int]:
        """Those of these items that a scene was found to be."""
        return self._records.matched_among(self._server, rating_keys)

    def in_sync_among(self, rating_keys: Collection[int]) -> list[Matched]:
        """Those of these items whose scenes are in sync."""
        return Census(self.connection).matched_among(self._server, rating_keys)

    def add_match(self, scene_id: int, candidate: Candidate) -> None:
        self._records.add_match(self._server, scene_id, candidate)

    def drop_matches(self, scene_id: int, rating_keys: Iterable[int]) -> None:
        self._records.drop_matches(self._server, scene_id, rating_keys)

    def set_matches(self, scene_id: int, items: Iterable[Item]) -> None:
        self._records.set_matches(self._server, scene_id, items)

    def matched_sections_of(self, scene_id: int) -> list[tuple[int, int]]:
        """Rating key and section of the items that the scene was found to be."""
        return self._records.matched_sections_of(self._server, scene_id)

    def grounds_mark(self, scene_id: int, matches: Iterable[FileMatch]) -> str:
        """Fingerprint of what the scene's being in sync rests on."""
        return grounds_mark(self._server, matches, self.matched_sections_of(scene_id))

    def file_matches(self, scene_id: int) -> list[FileMatch]:
        """Of every file of the scene that was ever looked for."""
        return self._records.file_matches(self._server, scene_id)

    def file_matches_named(self, names: Iterable[str]) -> list[tuple[int, list[FileMatch]]]:
        """For each file with one of these names (`FileMatch.name`), its scene and all that is known of it."""
        return self._records.file_matches_named(self._server, names)

    def set_file_matches(self, scene_id: int, matches: Iterable[FileMatch]) -> None:
        self._records.set_file_matches(self._server, scene_id, matches)

    def set_missing_files(self, scene_id: int, files: Iterable[File]) -> None:
        """These files of the scene have no item, on no server; its others have one. Call it inside a transaction."""
        MissingFiles(self.connection).put(scene_id, files)

    def drop_weaker(self, scene_id: int, sure: Mapping[int, int]) -> list[int]:
        """Other scenes' weaker claims to items that this scene has on these grounds are void; whose they were."""
        losers = self._records.drop_weaker(self._server, scene_id, sure)
        for loser in losers:
            self._records.drop_matches(self._server, loser, sure)
        return losers

    def load_ledger(self, rating_key: int) -> dict[str, Record]:
        return self._records.load_ledger(self._server, rating_key)

    def ledger_of(self, item: Item) -> dict[str, Record]:
        """By field; empty where the rating key was another item's when it was written."""
        return self._records.ledger_of(self._server, item)

    def is_foreign(self, item: Item) -> bool:
        """Whether what is kept under the item's rating key was written to another item."""
        return self._records.is_foreign(self._server, item)

    def scene_written(self, rating_key: int) -> int:
        """The scene that the item was written for last; 0 where it shows nothing of ours."""
        return self._records.scene_written(self._server, rating_key)

    def let_go_left_out(self, scene_ids: Sequence[int], *, takes_back: bool, ticket: str, now: float) -> None:
        """As `gone_scenes.let_go_left_out`."""
        let_go_left_out(
            self.connection, self._server, scene_ids, takes_back=takes_back, ticket=ticket, now=now
        )

    def empty_ledger(self, rating_key: int, now: float) -> None:
        """Nothing on this item is ours any more."""
        self._records.empty_ledger(self._server, rating_key, now)
        Stars(self.connection, self._server).forget([rating_key])

    def save_ledger(self, item: Item, scene_id: int, fields: Ledger, now: float) -> None:
        self._records.save_ledger(self._server, item, scene_id, fields, now)

    def stored(self, rating_key: int, scene_id: int) -> Stored:
        """What a write to the item for this scene is about to replace here."""
        return Stored(
            rating_key=rating_key,
            scene_id=scene_id,
            ledger=self._records.ledger_row(self._server, rating_key),
            synced=self._records.synced_row(self._server, scene_id),
        )

    def put_back(self, before: Stored) -> None:
        """The write did not happen: all is as it was. Call it inside a transaction."""
        self._records.put_back_ledger(self._server, before.rating_key, before.ledger)
        self._records.put_back_synced(self._server, before.scene_id, before.synced)

    def accept_listing(self, rating_key: int, mark: str) -> None:
        self._records.accept_listing(self._server, rating_key, mark)

    def set_kept(self, item: Item, scene_id: int, kept: Iterable[str], now: float) -> bool:
        """In these fields of the item a person's value stays; whether that is new."""
        return self._records.set_kept(self._server, item, scene_id, ",".join(kept), now)

    def kept_scenes(self) -> tuple[int, int, str]:
        """How many scenes have such a value; the first of them, and its fields joined by commas."""
        return self._records.kept_scenes(self._server)

    def follow(self, rating_key: int, scene_id: int) -> None:
        """The item shows this scene now, though nothing of it had to be written."""
        self._records.follow(self._server, rating_key, scene_id)

    def observe(self, pairs: Iterable[PathRule]) -> None:
        """What the matches of a scene teach about paths. Call it inside a transaction."""
        learned.observe(self.connection, self._server, pairs)

    def choices(self) -> list[Choice]:
        """Matches that a person has made by hand."""
        return ChoiceStore(self.connection).all_of(self._server)

    def put_choice(self, choice: Choice, now: float) -> list[Choice]:
        """As `ChoiceStore.put`."""
        return ChoiceStore(self.connection).put(self._server, choice, now)

    def drop_choices(self, choices: Iterable[Choice]) -> None:
        ChoiceStore(self.connection).drop(self._server, [each.path for each in choices])

    def move_choice(self, choice: Choice, path: str, scene_id: int) -> None:
        """Its file has this path now, and is this scene's."""
        ChoiceStore(self.connection).move(self._server, choice, path, scene_id)

    def known_rules(self) -> tuple[PathRule, ...]:
        """The learned path rules that are sure."""
        return learned.known_rules(self.connection, self._server)

    def agreed_stars(self, scene_id: int, rating_keys: Collection[int]) -> dict[int, Agreed]:
        """By rating key, what the scene and its items had when they were last the same."""
        found = Stars(self.connection, self._server).agreed(rating_keys)
        return {key: agreed for key, (scene, agreed) in found.items() if scene == scene_id}

    def agree_stars(self, scene_id: int, found: Mapping[int, Agreed]) -> None:
        """By rating key, what they have now. Call it inside a transaction."""
        Stars(self.connection, self._server).agree(scene_id, found.items())

    def longest_target(self, now: float) -> int:
        """So many characters of a request the server takes for sure; 0 while it has refused none in the last `LIMIT_HOLDS`
        seconds. `now` in epoch seconds."""
        characters, _, learned_at = _limit_of(self._records.fact(f"{LONGEST_TARGET}:{self._server}"))
        return characters if 0.0 <= now - learned_at < LIMIT_HOLDS else 0

    def set_longest_target(self, characters: int, version: str, now: float) -> None:
        """Learned of the server in this version; another one starts without a limit, and so does each after a failure."""
        self._records.set_fact(f"{LONGEST_TARGET}:{self._server}", f"{characters} {version} {int(now)}")

    def forget_limit_of_another(self, version: str) -> None:
        """The server answers in this version now: what was learned of another is worth nothing."""
        name = f"{LONGEST_TARGET}:{self._server}"
        known = self._records.fact(name)
        if known and _limit_of(known)[1] != version:
            self._records.set_fact(name, "")


def _limit_of(fact: str) -> tuple[int, str, float]:
    """Characters, version and time as `set_longest_target` wrote them."""
    characters, _, rest = fact.partition(" ")
    version, _, learned_at = rest.rpartition(" ")
    return int(characters or 0), version, float(learned_at) if learned_at.isdecimal() else 0.0


class ServerPictureRecords:
    """Of the pictures that the server was given; `server` is the machine identifier."""

    def __init__(self, connection: sqlite3.Connection, server: str) -> None:
        self._connection = connection
        self._records = PictureRecords(connection)
        self._server = server

    def given(self, rating_key: int) -> dict[str, Given]:
        """By element."""
        return self._records.given(self._server, rating_key)

    def put(self, given: Given) -> None:
        self._records.put(self._server, given)

    def forget(self, rating_key: int) -> None:
        """Another item has got the rating key: nothing is known of its pictures. No transaction may be open."""
        with transaction(self._connection):
            self._records.drop_all(self._server, rating_key)

    def drop(self, rating_key: int, elements: Iterable[str]) -> None:
        """No transaction may be open."""
        with transaction(self._connection):
            self._records.drop(self._server, rating_key, elements)

    def photo(self, name: str) -> Photo:
        """What is known of a performer's photo."""
        return self._records.photo(self._server, name)

    def save_photo_before(self, name: str, before: str) -> None:
        """What Plex showed of the performer before our first photo is about to go there."""
        self._records.save_photo_before(self._server, name, before)

    def put_photo(self, name: str, photo: Photo) -> None:
        self._records.put_photo(self._server, name, photo)
