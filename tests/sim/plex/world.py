"""What every route works on: the library, the settings, the listings, and what the server says of itself."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.sim.plex.library import Library
from tests.sim.plex.listing import Listings
from tests.sim.plex.model import Item, Section
from tests.sim.plex.rendering import Refusal
from tests.sim.plex.settings import Settings


@dataclass(slots=True)
class World:
    """pending: items (JSON form, with section and folder) that the next scan of their folder finds.

    plays: rows of the history (history.py). accounts: names by number. personal: what accounts other than the owner's have of items,
    by account and rating key (personal.py). playlists: by rating key (lists.py).
    clients: requests by X-Plex-Client-Identifier, "" where there was none.
    """

    library: Library = field(default_factory=Library)
    settings: Settings = field(default_factory=Settings)
    about: dict[str, Any] = field(default_factory=dict)
    pending: list[dict[str, Any]] = field(default_factory=list)
    plays: list[dict[str, Any]] = field(default_factory=list)
    accounts: dict[int, str] = field(default_factory=lambda: {1: "owner"})
    personal: dict[int, dict[int, dict[str, Any]]] = field(default_factory=dict)
    playlists: dict[int, dict[str, Any]] = field(default_factory=dict)
    clients: Counter[str] = field(default_factory=Counter)
    listings: Listings = field(init=False)

    def __post_init__(self) -> None:
        self.listings = Listings(self.library, self.settings)

    def section(self, text: str) -> Section:
        """500 for what is no number (Kometa#449: section None), 404 for an unknown one."""
        if not text.isdigit():
            raise Refusal(500)
        found = self.library.sections.get(int(text))
        if found is None:
            raise Refusal(404)
        return found

    def item(self, text: str) -> Item:
        found = self.library.items.get(int(text)) if text.isdigit() else None
        if found is None:
            raise Refusal(404)
        return found

    def items(self, text: str) -> list[Item]:
        """The items of a list of ids that exist; 404 if none does."""
        found = [self.library.items[key] for key in parse_ids(text) if key in self.library.items]
        if not found:
            raise Refusal(404)
        return found


def parse_ids(text: str) -> list[int]:
    ids = text.split(",")
    if not all(each.isdigit() for each in ids):
        raise Refusal(400)
    return [int(each) for each in dict.fromkeys(ids)]
