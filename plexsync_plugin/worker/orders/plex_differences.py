"""Plex's side of a reconcile: one paged listing per allowed section, compared with what PlexSync left there.

An item that is gone, holds other files or shows other values than were written leads to its scene being planned anew,
never to anything else: what a listing does not show (it may be cut short, or the library may be being rebuilt) costs a
look at the item and no more.
"""

import json
from collections.abc import Iterator

from plexsync_plugin.base.errors import PlexBusy, PlexTrouble, PlexUnavailable, Rejected
from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.core.drift import changed_fields, files_mark, listing_mark
from plexsync_plugin.core.model import SCALARS, Item, Section
from plexsync_plugin.core.options import field_options
from plexsync_plugin.core.picture import ARTS, POSTERS, may_be_lost
from plexsync_plugin.core.stars import STAR, has_moved
from plexsync_plugin.jobs.census import END, Matched
from plexsync_plugin.plex import elements
from plexsync_plugin.plex.gateway import Page
from plexsync_plugin.worker.finding.narrowing import Narrowing, left_out
from plexsync_plugin.worker.orders.better_places import better_places
from plexsync_plugin.worker.orders.orders import StepContext
from plexsync_plugin.worker.orders.reconcile_progress import ReconcileProgress, SceneDifference
from plexsync_plugin.worker.scenes.plex_side import PlexSide

PAGE = 500  # items per request
SMALLEST_PAGE = 60  # some libraries cannot be listed in large pages (docs/facts/plex.md section 3.2)
LISTED = "reconciled_content"  # per server, by section: Plex's count of its changes when it was compared last
PATIENCE = 6  # failures of one page, halved each time, before its section is left for another day


def compare_items(progress: ReconcileProgress, context: StepContext) -> list[SceneDifference]:
    """One step: the next page. Afterwards `progress.sections` is empty when all is compared."""
    if progress.sections is None:
        return _begin(progress, context)
    section = _section(progress, context)
    if section is None:
        return []
    page = _page(progress, context, section)
    if page is None:
        return []
    return list(_compare(progress, context, section, page))


def _begin(progress: ReconcileProgress, context: StepContext) -> list[SceneDifference]:
    """The sections to list, those with items of ours; items in sections that Plex does not have any more are gone."""
    there = context.plex.gateway.sections(fresh=True)
    plex = context.plex.current()
    known = plex.records.matched_sections()
    allowed = plex.finder.sections()
    listed = json.loads(context.records.fact(f"{LISTED}:{plex.machine_id}") or "{}")
    # Where nothing of ours is, something may have come to a file's exact place since.
    progress.sections = [
        section.key
        for section in allowed
        if section.key in known or (known and listed.get(str(section.key)) != section.content_changed_at)
    ]
    progress.content = {str(section.key): section.content_changed_at for section in allowed}
    progress.size = PAGE
    with transaction(context.connection):
        context.records.name_old_files()
    if not there:
        progress.problems.append("Plex lists no library at all, so nothing there was compared.")
        return []
    return [gone(matched) for matched in plex.records.matched_elsewhere(section.key for section in there)]


def _section(progress: ReconcileProgress, context: StepContext) -> Section | None:
    """The section at hand; one that Plex has lost meanwhile is passed over."""
    key = progress.sections[0] if progress.sections else 0
    for section in context.plex.gateway.sections():
        if section.key == key:
            return section
    _pass_over(progress)
    return None


def _page(progress: ReconcileProgress, context: StepContext, section: Section) -> Page | None:
    """None when there is none in this step: the section is given up, or the page failed and is asked for in halves next, down
    to the item at which Plex fails, which is left out. Raises PlexUnavailable where it is not one item's fault."""
    kind = section.item_kind
    if kind is None:
        _pass_over(progress)
        return None
    try:
        page = context.plex.gateway.page(
            section.key, kind, start=progress.start, size=progress.size, filters={"sort": "id"}
        )
    except PlexBusy:
        raise  # a smaller page would be refused too
    except PlexTrouble as error:
        _narrow(progress, context, section, error)
        return None
    except (PlexUnavailable, Rejected) as error:
        progress.failures += 1
        if progress.failures >= PATIENCE or isinstance(error, Rejected):
            progress.problems.append(f"The library {section.title!r} was not compared to its end: {error}")
            _pass_over(progress)
            return None
        progress.size = max(SMALLEST_PAGE, progress.size // 2)
        with transaction(context.connection):
            progress.save(context.records)
        raise
    return page


def _narrow(progress: ReconcileProgress, context: StepContext, section: Section, error: PlexTrouble) -> None:
    """The next step goes on with half of the page that failed, or behind the item that it was."""
    place, at = _place(progress), progress.start
    try:
        left = place.failed(error)
    except PlexTrouble:
        progress.failures += 1
        if progress.failures >= PATIENCE:
            progress.problems.append(f"The library {section.title!r} was not compared to its end: {error}")
            _pass_over(progress)
            return
        with transaction(context.connection):
            progress.save(context.records)
        raise
    if left:
        progress.problems.append(left_out(section, at, error))
        progress.skipped = True
    _go_to(progress, place)


def _place(progress: ReconcileProgress) -> Narrowing:
    return Narrowing(
        largest=PAGE,
        start=progress.start,
        size=progress.size,
        ceiling=progress.ceiling,
        in_a_row=progress.failures,
    )


def _go_to(progress: ReconcileProgress, place: Narrowing) -> None:
    progress.start, progress.size, progress.ceiling = place.start, place.size, place.ceiling
    progress.failures = place.in_a_row


def _pass_over(progress: ReconcileProgress) -> None:
    progress.sections = (progress.sections or [])[1:]
    progress.after, progress.start, progress.size, progress.failures = 0, 0, PAGE, 0
    progress.ceiling, progress.skipped = 0, False


def _compare(
    progress: ReconcileProgress, context: StepContext, section: Section, page: Page
) -> Iterator[SceneDifference]:
    # Listing elements: their lists are cut, which core.drift knows.
    listed = {item.rating_key: item for item in (elements.item(each, SCALARS) for each in page.elements)}
    after, place = progress.after, _place(progress)
    place.answered(len(page.elements))
    _go_to(progress, place)
    is_last = not page.elements or progress.start >= page.total
    first, last = min(listed, default=END), END if is_last else max(listed)
    matched = context.plex.current().records.matched(section.key, min(after, first - 1), last)
    if first <= after or list(listed) != sorted(listed) or (not listed and after == 0):
        # Without order, or with nothing in it, the page does not prove that an item is gone.
        if matched and not listed:
            progress.problems.append(
                f"Plex lists nothing in the library {section.title!r}, so it was not compared."
            )
        matched = [each for each in matched if each.rating_key in listed]
    if progress.skipped:  # what lies between the last page and this one may be the item that was left out
        matched = [each for each in matched if each.rating_key >= first] if listed else []
    progress.skipped = False
    progress.count("items", len(listed))
    for each in matched:
        item = listed.get(each.rating_key)
        difference = gone(each) if item is None else drifted(context.plex, each, item)
        if difference is not None:
            yield difference
    yield from better_places(context, listed.values())
    progress.after = last
    if is_last:
        _remember_content(progress, context, section)
        _pass_over(progress)


def _remember_content(progress: ReconcileProgress, context: StepContext, section: Section) -> None:
    """This section was compared to its end."""
    name, key = f"{LISTED}:{context.plex.current().machine_id}", str(section.key)
    if not progress.dry_run and key in progress.content:
        listed = json.loads(context.records.fact(name) or "{}")
        context.records.set_fact(name, json.dumps({**listed, key: progress.content[key]}))


def gone(matched: Matched) -> SceneDifference:
    """Plex does not have the item any more."""
    return _difference(
        matched, "gone", f"its Plex item {matched.rating_key} is gone; its file is to be looked for again"
    )


def drifted(plex: PlexSide, matched: Matched, item: Item) -> SceneDifference | None:
    """What the item shows otherwise than was left there, by its listing or its details; None where nothing is."""
    if matched.files and matched.files != files_mark(item.files):
        text = f"its Plex item {item.title!r} ({item.rating_key}) holds other files than before"
        return _difference(matched, "files", text)
    skipped = field_options(plex.settings).skipped
    fields = changed_fields(
        item,
        matched.fields,
        skipped=skipped | {STAR} if plex.settings.ratings_back else skipped,
        preserve=plex.settings.preserve_plex_edits,
    )
    if _has_new_star(plex, matched, item):
        fields = (*fields, STAR)
    mark = listing_mark(item, fields)
    if not fields or mark == matched.accepted:
        return _picture_to_look_at(plex, matched, item)
    text = (
        f"its Plex item {item.title!r} ({item.rating_key}) shows another {', '.join(fields)} than was written"
    )
    accept = (item.rating_key, mark)
    return _difference(matched, "edited", text, accept)


def _has_new_star(plex: PlexSide, matched: Matched, item: Item) -> bool:
    """Whether the item has a star that is to come back to Stash, or that Stash is to overrule."""
    if not plex.settings.ratings_back:
        return False
    agreed = plex.current().records.agreed_stars(matched.scene_id, [item.rating_key])
    return has_moved(item.scalars[STAR], agreed.get(item.rating_key), matched.fields)


def _picture_to_look_at(plex: PlexSide, matched: Matched, item: Item) -> SceneDifference | None:
    settings = plex.settings
    filled = [
        slot
        for slot, skipped in ((POSTERS, settings.skip_poster), (ARTS, settings.skip_background))
        if not skipped
    ]
    given = plex.current().pictures.records.given(item.rating_key) if filled else {}
    for slot in filled:
        row = given.get(slot.element)
        if row is not None and may_be_lost(row, item.pictures.get(slot.field, "")):
            text = f"its Plex item {item.title!r} ({item.rating_key}) may show another {slot.selector} than was given"
            return _difference(matched, "picture", text)
    return None


def _difference(
    matched: Matched, reason: str, text: str, accept: tuple[int, str] | None = None
) -> SceneDifference:
    return SceneDifference(
        scene_id=matched.scene_id,
        reason=reason,
        text=text,
        forget=True,
        accept=accept,
        at_rest=matched.at_rest,
    )
