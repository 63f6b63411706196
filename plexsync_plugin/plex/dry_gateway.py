"""A gateway for dry runs: reads as always, and nothing that would change Plex leaves this process.

It holds requests back at the very door, so whatever code asks for a write, a refresh or an upload, none is sent.
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
from plexsync_plugin.plex import elements
from plexsync_plugin.plex.deadline import DeadlineAdapter
from plexsync_plugin.plex.gateway import Connection, Page, PlexGateway

_READS = ("GET", "HEAD")


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """A request that was not sent: its method and target."""

    method: str
    target: str


class _Door(DeadlineAdapter):
    """Answers 200 without a body in Plex's stead for what is held back."""

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
    """Remembers what was held back, and the items whose details were read: what stands in Plex now."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        super().__init__(connection, clock)
        self._withheld: list[Withheld] = []
        self.seen: dict[int, Element] = {}
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
        """Whether the token is the server owner's, by a read that Plex allows to nobody else; None where it cannot tell."""
        try:
            self._retrying(lambda: self._query("/butler"))
        except PlexUnauthorized:
            return False
        except (ItemMissing, Rejected):
            return None
        return True

    def take_writes(self) -> list[Withheld]:
        """What was held back since the last call."""
        taken = list(self._withheld)
        self._withheld.clear()
        return taken

    def _adapter(self) -> DeadlineAdapter:
        return _Door(self._clock, self._withheld)


_TAG = re.compile(r"(\w+)\[\d+\]\.tag\.tag")


def values_of(target: str) -> tuple[int, dict[str, str | tuple[str, ...]]]:
    """The item of a target that `plex.edit` made, and what each field would be: a text, or the names of its tags."""
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
