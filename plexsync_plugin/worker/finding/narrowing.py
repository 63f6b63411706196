"""Reads a listing past an item at which Plex fails: a page that fails is asked for again in halves, down to the item.

One item can make every page with it answer 500, or never end (docs/facts/plex.md section 13). That item is left out. Where its
neighbours fail as well it is not the item but Plex, and the failure is raised.
"""

from dataclasses import dataclass

from plexsync_plugin.base.errors import PlexTrouble
from plexsync_plugin.core.model import Section

ADJACENT = 3  # items in a row that fail: then it is Plex


@dataclass(slots=True, kw_only=True)
class Narrowing:
    """The place in one section's listing. `start` and `size` are of the page to ask for next; a page may have `largest` items at
    most, and `ceiling` since one of another size failed. `in_a_row` counts items that failed one after the other."""

    largest: int
    start: int = 0
    size: int = 0
    ceiling: int = 0
    in_a_row: int = 0

    def __post_init__(self) -> None:
        self.size = self.size or self.largest
        self.ceiling = self.ceiling or self.largest

    def failed(self, error: PlexTrouble) -> bool:
        """The page failed: the next one is half of it, or goes on behind the one item that it was. Whether that item is left out.

        Raises `error` where several items in a row have failed.
        """
        if self.size > 1:
            self.halve()
            return False
        if self.in_a_row + 1 >= ADJACENT:
            raise error
        self.in_a_row += 1
        self.start += 1
        self.ceiling = self.largest  # it was the item, not the size
        return True

    def halve(self) -> None:
        """The page was too large."""
        self.size //= 2
        self.ceiling = self.size

    def answered(self, items: int) -> None:
        """The page had so many items."""
        self.start += items
        self.in_a_row = 0
        self.size = min(self.ceiling, self.size * 2)


def left_out(section: Section, place: int, error: PlexTrouble) -> str:
    return (
        f"The item at place {place + 1} of the library {section.title!r}, by rating key, was left out, for Plex cannot list it: {error} "
        "Open it in Plex and refresh or analyze it."
    )
