"""A gateway for dry runs: it reads as always, and sends nothing that would change Plex.

Requests are held back in the HTTP adapter, below all code that could ask for a write, a refresh or an upload.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl
from xml.etree.ElementTree import Element

import requests
import requests.adapters

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import ItemMissing, PlexUnauthorized, Rejected
from plexsync_plugin.base.limited_http import LimitedAdapter
from plexsync_plugin.plex import elements
from plexsync_plugin.plex.gateway import Connection, Page, PlexGateway

_READS = ("GET", "HEAD")


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """A request that was not sent: its method and target."""

    method: str
    target: str


class _ReadOnlyAdapter(LimitedAdapter):
    """Sends reads. Any other request it keeps in `withheld`, and answers it itself: 200 without a body."""

    def __init__(self, clock: Clock, withheld: list[Withheld]) -> None:
        super().__init__(clock)
        self._withheld = withheld

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        target = request.path_url
        # A scan is asked for with GET too.
        if request.method in _READS and not target.partition("?")[0].endswith("/refresh"):
            return super().send(request, *args, **kwargs)
        self._withheld.append(Withheld(method=str(request.method), target=target))
        response = requests.Response()
        response.status_code = 200
        response.url = str(request.url)
        response.request = request
        response._content = b""
        return response


class DryGateway(PlexGateway):
    """Remembers the requests that were held back, and the details that were read, which tell what Plex shows now."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        super().__init__(connection, clock)
        self._withheld: list[Withheld] = []
        self.seen: dict[int, Element] = {}  # details by rating key
        self.listings = 0  # how often a section was listed or searched

    def details(
        self,
        rating_keys: Sequence[int],
        *,
        query: Mapping[str, str | int] | None = None,
        within: float | None = None,
        most: int | None = None,
    ) -> list[Element]:
        answer = super().details(rating_keys, query=query, within=within, most=most)
        self.seen.update({elements.rating_key(element): element for element in answer})
        return answer

    def page(
        self,
        section: int,
        kind: int,
        *,
        start: int,
        size: int,
        filters: Mapping[str, str | int] | None = None,
        within: float | None = None,
    ) -> Page:
        self.listings += 1
        return super().page(section, kind, start=start, size=size, filters=filters, within=within)

    def owns(self) -> bool | None:
        """Whether the token is the server owner's, tried with a read that Plex allows to nobody else.

        None: it cannot be told.
        """
        try:
            self._retrying(lambda: self._query("/butler"))
        except PlexUnauthorized:
            return False
        except (ItemMissing, Rejected):
            return None
        return True

    def take_writes(self) -> list[Withheld]:
        """The requests that were held back since the last call."""
        taken = list(self._withheld)
        self._withheld.clear()
        return taken

    def _adapter(self) -> LimitedAdapter:
        return _ReadOnlyAdapter(self._clock, self._withheld)


_TAG = re.compile(r"(\w+)\[\d+\]\.tag\.tag")


def values_of(target: str) -> tuple[int, dict[str, str | tuple[str, ...]]]:
    """Reads a target that `plex.edit` made: the item's rating key, and by field the text or the names of the tags."""
    query = dict(parse_qsl(target.partition("?")[2], keep_blank_values=True))
    found: dict[str, str | tuple[str, ...]] = {}
    for name, value in query.items():
        tag = _TAG.fullmatch(name)
        if name.endswith(".value"):
            found[name.removesuffix(".value")] = value
        elif tag:
            found[tag[1]] = (*found.get(tag[1], ()), value)
        elif name.endswith(".locked"):
            found.setdefault(name.removesuffix(".locked"), ())
    return int(query["id"]), found
