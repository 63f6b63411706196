"""The order *import_plays*: plays from before they counted become plays in Stash. Listed first, and imported when asked again.

The history of each library is read page by page. A play that is known is not counted again, so the order can be given as often as
one likes, and a kill repeats a page whole.
"""

import dataclasses
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self

from plexsync_plugin.base.clock import utc_text
from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.base.words import count
from plexsync_plugin.jobs.facts import Facts
from plexsync_plugin.jobs.matches import Matches
from plexsync_plugin.jobs.orders import Order
from plexsync_plugin.jobs.plays import PASSED, UNDONE, WAITING, KnownPlay, Plays
from plexsync_plugin.plex import history
from plexsync_plugin.worker.from_plex.counting import PlayCount
from plexsync_plugin.worker.from_plex.items import PlayedItems
from plexsync_plugin.worker.from_plex.side import WatchSide
from plexsync_plugin.worker.from_plex.users import choose
from plexsync_plugin.worker.orders.orders import Step, StepContext

PROGRESS = "import_plays"
LISTED = "plays_listed"  # the fact: when a list was shown last, and of what
VALID = 3_600.0  # seconds within which asking again means yes
SCENES = 50  # per query to Stash


@dataclass(slots=True, kw_only=True)
class UserPlays:
    """What there is of one account. `oldest` in epoch seconds; `there` are in Stash already, `lost` have no scene."""

    plays: int = 0
    oldest: int = 0
    there: int = 0
    lost: int = 0


@dataclass(slots=True, kw_only=True)
class ImportProgress:
    order: int
    dry_run: bool = True
    accounts: list[int] | None = None  # None: all
    sections: list[int] | None = None  # still to be read; None before the first step
    start: int = 0
    counted: int = 0
    users: dict[str, UserPlays] = field(default_factory=dict)

    @classmethod
    def load(cls, facts: Facts, order_id: int) -> Self:
        kept = json.loads(facts.fact(PROGRESS) or "{}")
        if kept.get("order") != order_id:
            return cls(order=order_id)
        users = {account: UserPlays(**each) for account, each in kept.pop("users").items()}
        return cls(**kept, users=users)

    def save(self, facts: Facts) -> None:
        facts.set_fact(PROGRESS, json.dumps(dataclasses.asdict(self)))


def import_plays(order: Order, context: StepContext) -> Step:
    progress = ImportProgress.load(context.records, order.id)
    side = WatchSide(
        gateway=context.plex.gateway,
        server=context.plex.server(),
        stash=context.stash,
        connection=context.connection,
        clock=context.clock,
        come_first=context.come_first,
    )
    if progress.sections is None:
        _begin(order, progress, context, side)
    elif progress.sections:
        _read(progress, side)
    elif progress.dry_run:
        return Step(ended=True, message=_listed(progress, context, side))
    elif not _count(progress, side):
        return Step(ended=True, message=_imported(progress))
    progress.save(context.records)
    return Step(cursor=order.cursor + 1)


def _begin(order: Order, progress: ImportProgress, context: StepContext, side: WatchSide) -> None:
    chosen = choose(context.settings.watch_users, lambda: history.accounts(side.gateway))
    progress.accounts = None if chosen.accounts is None else sorted(chosen.accounts)
    progress.sections = [section.key for section in context.plex.current().finder.sections()]
    asked = order.args.get("dry_run")
    progress.dry_run = not _was_listed(context, side) if asked is None else bool(asked)


def _was_listed(context: StepContext, side: WatchSide) -> bool:
    """Whether the same was listed within the last hour, so that asking again means yes."""
    at, what = json.loads(context.records.fact(LISTED) or '[0, ""]')
    return bool(what == _what(context, side) and 0 <= context.clock.now() - at <= VALID)


def _what(context: StepContext, side: WatchSide) -> str:
    return f"{side.server} {context.settings.plex_library} {context.settings.watch_users}"


def _read(progress: ImportProgress, side: WatchSide) -> None:
    """The next page."""
    assert progress.sections
    page = history.page(side.gateway, section=progress.sections[0], start=progress.start)
    plays = [
        KnownPlay(
            rating_key=play.rating_key,
            account=play.account,
            played_at=play.at,
            section=play.section,
            state=WAITING,
        )
        for play in page.plays
        if play.at > 0
        and play.rating_key > 0
        and (progress.accounts is None or play.account in progress.accounts)
    ]
    if progress.dry_run:
        _list(progress, side, plays)
    else:
        known = Plays(side.connection, side.server)
        with transaction(side.connection):
            known.add(plays)
            known.revive(plays)
    progress.start = page.next_start
    if page.is_last:
        progress.sections, progress.start = progress.sections[1:], 0


def _list(progress: ImportProgress, side: WatchSide, plays: Sequence[KnownPlay]) -> None:
    known = Plays(side.connection, side.server)
    scenes = {
        key: scene_id
        for key, (scene_id, _) in Matches(side.connection)
        .scenes_with_files(side.server, {play.rating_key for play in plays})
        .items()
    }
    there = _in_stash(side, scenes.values())
    for play in plays:
        user = progress.users.setdefault(str(play.account), UserPlays())
        stored = known.find(play.rating_key, play.account, play.played_at)
        scene_id = scenes.get(play.rating_key, 0)
        user.plays += 1
        user.oldest = min(user.oldest or play.played_at, play.played_at)
        is_known = stored is not None and stored.state not in (WAITING, PASSED, UNDONE)
        if is_known or (scene_id, play.played_at) in there:
            user.there += 1
        elif not scene_id:
            user.lost += 1


def _in_stash(side: WatchSide, scene_ids: Iterable[int]) -> set[tuple[int, int]]:
    """Scene and second of every play that Stash has of these scenes."""
    ids = sorted(set(scene_ids))
    found: set[tuple[int, int]] = set()
    for place in range(0, len(ids), SCENES):
        for scene_id, activity in side.stash.activity(ids[place : place + SCENES]).items():
            found |= {(scene_id, at) for at in activity.plays}
    return found


def _count(progress: ImportProgress, side: WatchSide) -> bool:
    """Tell Stash of a part of them; whether there was any."""
    counting = PlayCount(side, PlayedItems(side.gateway))
    planned = counting.plan()
    counted = counting.settle()
    progress.counted += counted
    return bool(planned or counted or Plays(side.connection, side.server).to_settle(1))


def _listed(progress: ImportProgress, context: StepContext, side: WatchSide) -> str:
    if not progress.users:
        return "Plex has no play of the users in watch_users."
    names = history.accounts(side.gateway)
    for account, user in sorted(progress.users.items()):
        name = "owner" if int(account) == history.OWNER else names.get(int(account), f"account {account}")
        context.say(
            "info",
            f"Import Plex Plays: {name}: {count(user.plays, 'play')} since {utc_text(user.oldest)[:10]}, {user.there} of them "
            f"in Stash already, {user.lost} of items without a scene.",
        )
    context.records.set_fact(LISTED, json.dumps([context.clock.now(), _what(context, side)]))
    new = sum(user.plays - user.there - user.lost for user in progress.users.values())
    return (
        f"{count(new, 'play')} of {count(len(progress.users), 'user')} could be counted in Stash; the log lists them. Nothing has "
        "been imported: run Import Plex Plays again within an hour to do it."
    )


def _imported(progress: ImportProgress) -> str:
    return (
        f"{count(progress.counted, 'play')} counted in Stash. Plays of items without a scene are counted when the scene is found. "
        "Undo takes them back."
    )
