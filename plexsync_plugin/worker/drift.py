"""Plex's side of a reconcile: one paged listing per allowed section, compared with what PlexSync left there.

An item that is gone, holds other files or shows other values than were written leads to its scene being planned anew,
never to anything else: what a listing does not show (it may be cut short, or the library may be being rebuilt) costs a
look at the item and no more.
"""

from collections.abc import Iterator

from plexsync_plugin.base.errors import PlexBusy, PlexUnavailable, Rejected
from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.core.drift import changed_fields, files_mark, listing_mark
from plexsync_plugin.core.model import SCALARS, Item, Section
from plexsync_plugin.core.options import field_options
from plexsync_plugin.jobs.census import END, Census, Matched
from plexsync_plugin.plex import elements
from plexsync_plugin.plex.gateway import Page
from plexsync_plugin.worker.orders import Bench
from plexsync_plugin.worker.survey import Finding, Survey

PAGE = 500  # items per request
SMALLEST_PAGE = 60  # some libraries cannot be listed in large pages (facts/plex.md section 3.2)
PATIENCE = 6  # failures of one page, halved each time, before its section is left for another day


def compare_items(survey: Survey, bench: Bench, server: str) -> list[Finding]:
    """One step: the next page. Afterwards `survey.sections` is empty when all is compared."""
    if survey.sections is None:
        return _begin(survey, bench, server)
    section = _section(survey, bench)
    if section is None:
        return []
    page = _page(survey, bench, section)
    if page is None:
        return []
    return list(_compare(survey, bench, server, section, page))


def _begin(survey: Survey, bench: Bench, server: str) -> list[Finding]:
    """The sections to list, those with items of ours; items in sections that Plex does not have any more are gone."""
    there = bench.plex.gateway.sections(fresh=True)
    known = Census(bench.connection).sections(server)
    survey.sections = [
        section.key for section in bench.plex.finder(server).sections() if section.key in known
    ]
    survey.size = PAGE
    if not there:
        survey.problems.append("Plex lists no library at all, so nothing there was compared.")
        return []
    lost = Census(bench.connection).matched_elsewhere(server, [section.key for section in there])
    return [_gone(matched) for matched in lost]


def _section(survey: Survey, bench: Bench) -> Section | None:
    """The section at hand; one that Plex has lost meanwhile is passed over."""
    key = survey.sections[0] if survey.sections else 0
    for section in bench.plex.gateway.sections():
        if section.key == key:
            return section
    _pass_over(survey)
    return None


def _page(survey: Survey, bench: Bench, section: Section) -> Page | None:
    """None when the section is given up. A page that fails is asked for again in halves: raises PlexUnavailable first."""
    kind = section.item_kind
    if kind is None:
        _pass_over(survey)
        return None
    try:
        page = bench.plex.gateway.page(
            section.key, kind, start=survey.start, size=survey.size, filters={"sort": "id"}
        )
    except PlexBusy:
        raise  # a smaller page would be refused too
    except (PlexUnavailable, Rejected) as error:
        survey.failures += 1
        if survey.failures >= PATIENCE or isinstance(error, Rejected):
            survey.problems.append(f"The library {section.title!r} was not compared to its end: {error}")
            _pass_over(survey)
            return None
        survey.size = max(SMALLEST_PAGE, survey.size // 2)
        with transaction(bench.connection):
            survey.save(bench.records)
        raise
    survey.failures = 0
    return page


def _pass_over(survey: Survey) -> None:
    survey.sections = (survey.sections or [])[1:]
    survey.after, survey.start, survey.size, survey.failures = 0, 0, PAGE, 0


def _compare(survey: Survey, bench: Bench, server: str, section: Section, page: Page) -> Iterator[Finding]:
    # Listing elements: their lists are cut, which core.drift knows.
    listed = {item.rating_key: item for item in (elements.item(each, SCALARS) for each in page.elements)}
    after, survey.start = survey.after, survey.start + len(page.elements)
    is_last = not page.elements or survey.start >= page.total
    first, last = min(listed, default=END), END if is_last else max(listed)
    matched = Census(bench.connection).matched(server, section.key, min(after, first - 1), last)
    if first <= after or list(listed) != sorted(listed) or (not listed and after == 0):
        # Without order, or with nothing in it, the page does not prove that an item is gone.
        if matched and not listed:
            survey.problems.append(
                f"Plex lists nothing in the library {section.title!r}, so it was not compared."
            )
        matched = [each for each in matched if each.rating_key in listed]
    survey.count("items", len(listed))
    for each in matched:
        item = listed.get(each.rating_key)
        finding = _gone(each) if item is None else _drifted(bench, each, item)
        if finding is not None:
            yield finding
    survey.after = last
    if is_last:
        _pass_over(survey)


def _gone(matched: Matched) -> Finding:
    return _finding(
        matched, "gone", f"its Plex item {matched.rating_key} is gone; its file is to be looked for again"
    )


def _drifted(bench: Bench, matched: Matched, item: Item) -> Finding | None:
    if matched.files and matched.files != files_mark(item.files):
        text = f"its Plex item {item.title!r} ({item.rating_key}) holds other files than before"
        return _finding(matched, "files", text)
    fields = changed_fields(
        item,
        matched.fields,
        skipped=field_options(bench.settings).skipped,
        preserve=bench.settings.preserve_plex_edits,
    )
    mark = listing_mark(item, fields)
    if not fields or mark == matched.accepted:
        return None
    text = (
        f"its Plex item {item.title!r} ({item.rating_key}) shows another {', '.join(fields)} than was written"
    )
    accept = (item.rating_key, mark)
    return _finding(matched, "edited", text, accept)


def _finding(matched: Matched, reason: str, text: str, accept: tuple[int, str] | None = None) -> Finding:
    return Finding(
        scene_id=matched.scene_id,
        reason=reason,
        text=text,
        forget=True,
        accept=accept,
        at_rest=matched.at_rest,
    )
