"""The details of items that were played, read once in a look, many ids per request."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from plexsync_plugin.base.errors import ItemMissing
from plexsync_plugin.plex import elements
from plexsync_plugin.plex.gateway import PlexGateway

AT_ONCE = 100  # ids per request


class PlayedItems:
    def __init__(self, gateway: PlexGateway) -> None:
        self._gateway = gateway
        self._known: dict[int, Element | None] = {}

    def read(self, rating_keys: Iterable[int]) -> dict[int, Element]:
        """Elements by rating key; an item that Plex does not have is missing. Raises what the gateway raises."""
        keys = list(dict.fromkeys(rating_keys))
        lacking = [key for key in keys if key not in self._known]
        for place in range(0, len(lacking), AT_ONCE):
            self._ask(lacking[place : place + AT_ONCE])
        found = {key: self._known[key] for key in keys}
        return {key: element for key, element in found.items() if element is not None}

    def _ask(self, keys: list[int]) -> None:
        self._known |= dict.fromkeys(keys)
        try:
            answer = self._gateway.details(keys)
        except ItemMissing:
            return  # Plex has none of them
        except BaseException:
            for key in keys:
                del self._known[key]
            raise
        self._known |= {elements.rating_key(each): each for each in answer}
