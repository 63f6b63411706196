"""Every request to Plex goes through here; no object of plexapi leaves it.

Reads give XML elements, writes take a request target. plexapi's own edit calls are not used: they read the item,
the library and the sections again for each first edit (docs/facts/plex.md section 2.1). The token travels in a header.
"""

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit
from xml.etree.ElementTree import Element

import requests

from plexsync_plugin.base.answer_limits import LONGEST, Limits
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import (
    ItemMissing,
    NotPlex,
    PictureUnusable,
    PlexUnauthorized,
    PlexUnavailable,
    Rejected,
)
from plexsync_plugin.base.limited_http import LimitedAdapter
from plexsync_plugin.core.model import Section, Server
from plexsync_plugin.core.picture import PictureSlot
from plexsync_plugin.plex import elements, xml_answer
from plexsync_plugin.plex.plex_server import OurPlexServer
from plexsync_plugin.plex.prepared_puts import PreparedPuts
from plexsync_plugin.plex.retries import retrying
from plexsync_plugin.plex.translate import TRANSLATED, check_response, shortened, translate

WHOLE_ANSWER = 4  # times read_timeout
# What we can undo, and no more: urllib3 would undo others unasked, where their packages happen to be there.
ENCODINGS = "gzip, deflate"

A = TypeVar("A")


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """How to reach one Plex server. Timeouts in seconds."""

    url: str
    token: str = field(repr=False)
    client_id: str
    connect_timeout: float = 5.0
    read_timeout: float = 30.0  # without a byte of the answer
    total_timeout: float | None = None  # from request to whole answer; None: WHOLE_ANSWER times read_timeout
    read_attempts: int = 2  # a read is sent again at once when the connection breaks; a write never is

    def limits(self, within: float | None = None, most: int | None = None) -> Limits:
        """For a request whose answer is to be whole `within` seconds and of `most` bytes, if that is less than any has."""
        whole = self.total_timeout or WHOLE_ANSWER * self.read_timeout
        return Limits(
            self.connect_timeout,
            self.read_timeout,
            min(whole, within or whole),
            min(LONGEST, most or LONGEST),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a listing. `total` is the size of the whole listing as the server gives it."""

    elements: list[Element]
    offset: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A picture that an item could show in one slot."""

    key: str  # Plex's name of it
    selected: bool  # whether the item shows it


class PlexGateway:
    """One Plex server. Connects at its first use; safe to share between threads (a session each)."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock
        self._sessions = threading.local()
        self._connecting = threading.Lock()
        self._plex: Any = None
        self._open_sessions: list[requests.Session] = []
        self._sections: tuple[Section, ...] | None = None
        self._prepared = PreparedPuts()

    @property
    def address(self) -> str:
        """Scheme, host and port, for messages."""
        return address_of(self._connection.url)

    def server(self) -> Server:
        """Which server this is: one `GET /`, and another one when a probe was answered by another server."""
        server: Server = self._connected().root
        return server

    def probe(self) -> str:
        """`GET /identity`, which needs no token: the machine identifier. Raises PlexUnavailable and its kind."""
        try:
            response = self._session().get(
                self._connection.url + "/identity",
                timeout=self._connection.limits(),  # type: ignore[arg-type] # of our adapter, not of requests
                headers={"X-Plex-Client-Identifier": self._connection.client_id},
            )
            root = xml_answer.parse(response.content)
        except TRANSLATED as error:
            raise translate(error, self.address) from error
        except (ItemMissing, Rejected, PlexUnauthorized) as error:
            # Without a token none of these can come from a Plex: a proxy answers in its place.
            raise self._no_plex() from error
        identifier: str = root.get("machineIdentifier", "") if root is not None else ""
        if root is None or not identifier:
            raise self._no_plex()
        known = self._plex.root if self._plex is not None else None
        if known and (known.machine_id, known.version) != (identifier, root.get("version", known.version)):
            self._plex = self._sections = None  # another server at the same address, or another version of it
        return identifier

    def sections(self, *, fresh: bool = False) -> tuple[Section, ...]:
        """Asked for once; `fresh` asks again."""
        if self._sections is None or fresh:
            try:
                root = self._read("/library/sections")
            except (ItemMissing, Rejected) as error:
                raise self._no_plex() from error
            self._sections = tuple(elements.section(element) for element in root.iterfind("Directory"))
        return self._sections

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
        """One page of `/library/sections/{section}/all` for one metadata type. Never without a page size.

        Raises PlexTooSlow when the answer is not whole `within` seconds (at most the connection's total_timeout).
        """
        return self.listing(
            f"/library/sections/{section}/all",
            query={"type": kind, **(filters or {})},
            start=start,
            size=size,
            within=within,
        )

    def listing(
        self,
        path: str,
        *,
        query: Mapping[str, str | int],
        start: int,
        size: int,
        named: str = "ratingKey",
        within: float | None = None,
    ) -> Page:
        """One page of whatever Plex lists there: what has the attribute `named`."""
        root = self._read(
            path,
            query=query,
            headers={"X-Plex-Container-Start": str(start), "X-Plex-Container-Size": str(size)},
            within=within,
        )
        found = [child for child in root if child.get(named) is not None]
        total = elements.total(root, start, size, len(found))
        if total is None:
            raise PlexUnavailable(
                f"Plex at {self.address} does not say how many items it has; something between may have cut its answer."
            )
        return Page(elements=found, offset=elements.number(root, "offset"), total=total)

    def details(
        self,
        rating_keys: Sequence[int],
        *,
        query: Mapping[str, str | int] | None = None,
        within: float | None = None,
        most: int | None = None,
    ) -> list[Element]:
        """Full details, many ids in one request; ids that Plex does not have are missing in the answer.

        Raises ItemMissing when Plex has none of them (it answers 404). `skipRefresh` keeps a read from starting a
        refresh (docs/facts/plex.md section 3.6); match the answer by rating key, its order is not promised. One item that
        Plex hangs at holds up the whole answer: `within` as for `page`. Raises PlexTooLong when the answer has more
        than `most` bytes after decompression (at most `answer_limits.LONGEST`).
        """
        keys = ",".join(str(key) for key in rating_keys)
        root = self._read(
            f"/library/metadata/{keys}",
            query={"skipRefresh": 1, **(query or {})},
            headers={"X-Plex-Container-Start": "0", "X-Plex-Container-Size": str(len(rating_keys))},
            within=within,
            most=most,
        )
        return [child for child in root if child.get("ratingKey")]

    def scan_folder(self, section: int, folder: str) -> None:
        """Ask for a scan of one folder, named as Plex names it, below one of the section's own; Plex does it later."""
        self._query(f"/library/sections/{section}/refresh{query_text([('path', folder)])}")

    def prepare(self, targets: Iterable[str]) -> None:
        """What `put` is soon to be called with by the same thread; what was prepared before and not sent is dropped."""
        self._prepared.prepare(self._connected(), self._session(), targets)

    def put(self, target: str) -> None:
        """Send one edit; `target` comes from `plex.edit`, ready encoded."""
        self._query(target, method="PUT")

    def pictures(self, rating_key: int, slot: PictureSlot) -> list[Shown]:
        """All pictures that the item could show in this slot."""
        root = self._read(f"/library/metadata/{rating_key}/{slot.element}")
        return [
            Shown(key=child.get("ratingKey", ""), selected=child.get("selected") == "1")
            for child in root
            if child.get("ratingKey")
        ]

    def upload_picture(self, rating_key: int, slot: PictureSlot, data: bytes) -> None:
        """Give the item these bytes; Plex names them by their SHA-1 and selects them."""
        self._query(f"/library/metadata/{rating_key}/{slot.element}", method="POST", data=data)

    def select_picture(self, rating_key: int, slot: PictureSlot, key: str) -> None:
        target = f"/library/metadata/{rating_key}/{slot.selector}{query_text([('url', key)])}"
        self._query(target, method="PUT")

    def drop_picture(self, rating_key: int, slot: PictureSlot) -> None:
        """Make the item show no picture in this slot. What was uploaded stays in its list."""
        self._query(f"/library/metadata/{rating_key}/{slot.field}", method="DELETE")

    def picture(
        self, address: str, *, width: int, height: int, limit: int, within: float | None = None
    ) -> bytes:
        """What Plex's photo transcoder makes of a picture of this server: a JPEG that fits into the box, of any shape.

        `address` is a path such as an item's thumb. Raises PictureUnusable when the answer is longer than `limit`
        bytes or says that it is no picture.
        """
        query = query_text([("url", address), ("width", width), ("height", height), ("format", "jpg")])
        target = f"/photo/:/transcode{query}"
        return self._retrying(lambda: self._whole(target, limit, within))

    @property
    def received(self) -> int:
        """Bytes, after decompression, of the last answer to the calling thread."""
        return self._thread_adapter().received

    def while_waiting(self, action: Callable[[], None]) -> AbstractContextManager[None]:
        """As `LimitedAdapter.while_waiting`, for the calling thread's requests. `action` may ask Plex nothing."""
        return self._thread_adapter().while_waiting(action)

    def close(self) -> None:
        for session in self._open_sessions:
            session.close()
        self._open_sessions.clear()

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._sessions, "session", None)
        if session is None:
            session = requests.Session()
            # Stash sets proxy variables for its own purposes; a Plex on the LAN is not behind that proxy.
            session.trust_env = False
            session.headers["Accept-Encoding"] = ENCODINGS
            session.hooks["response"] = [check_response]
            adapter = self._adapter()
            session.mount("http://", adapter)
            session.mount("https://", adapter)
            self._sessions.session = session
            self._open_sessions.append(session)
        return session

    def _thread_adapter(self) -> LimitedAdapter:
        adapter: LimitedAdapter = self._session().get_adapter(self._connection.url)  # type: ignore[assignment]
        return adapter

    def _adapter(self) -> LimitedAdapter:
        """The adapter that carries the requests of one thread."""
        return LimitedAdapter(self._clock)

    def _connected(self) -> Any:
        with self._connecting:
            if self._plex is None:
                self._plex = self._retrying(self._connect)
            return self._plex

    def _connect(self) -> Any:
        try:
            return OurPlexServer(
                self._connection.url,
                self._connection.token,
                self._connection.client_id,
                session=self._session(),
                limits=self._connection.limits(),
            )
        except TRANSLATED as error:
            raise translate(error, self.address) from error
        except (ItemMissing, Rejected) as error:
            raise self._no_plex() from error

    def _no_plex(self) -> NotPlex:
        return NotPlex(f"{self.address} answers, but not as a Plex server does. Check the setting plex_url.")

    def _read(
        self,
        path: str,
        *,
        query: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        within: float | None = None,
        most: int | None = None,
    ) -> Element:
        target = path + query_text((query or {}).items())
        self._connected()
        root = self._retrying(lambda: self._query(target, headers=headers, within=within, most=most))
        if root is None or root.tag != "MediaContainer":
            raise NotPlex(
                f"{self.address} gave an answer to {shortened(path)} that is not Plex's. Check the setting plex_url."
            )
        return root

    def _query(
        self,
        target: str,
        *,
        headers: Mapping[str, str] | None = None,
        method: str = "GET",
        data: bytes | None = None,
        within: float | None = None,
        most: int | None = None,
    ) -> Element | None:
        plex, session = self._connected(), self._session()
        send = self._prepared.take(method, target, session) or getattr(session, method.lower())
        try:
            root: Element | None = plex.query(
                target,
                method=send,
                headers=dict(headers or {}),
                timeout=self._connection.limits(within, most),
                data=data,
            )
        except TRANSLATED as error:
            raise translate(error, self.address) from error
        if root is not None and root.tag.lower() == "html":
            raise self._no_plex()  # nothing was written
        return root

    @contextlib.contextmanager
    def _open(self, target: str, limits: Limits) -> Iterator[requests.Response]:
        """The answer to a GET, its body still to be read."""
        plex, session = self._connected(), self._session()
        try:
            with session.get(
                self._connection.url + target,
                headers=plex._headers(),
                timeout=limits,  # type: ignore[arg-type] # of our adapter, not of requests
                stream=True,
            ) as response:
                yield response
        except TRANSLATED as error:
            raise translate(error, self.address) from error

    def _whole(self, target: str, limit: int, within: float | None) -> bytes:
        with self._open(target, self._connection.limits(within)) as response:
            kind = response.headers.get("Content-Type", "")
            if not kind.startswith("image/"):
                raise PictureUnusable(f"Plex sends {kind or 'something'} for a picture.")
            body = bytearray()
            for piece in response.iter_content(65_536):
                body += piece
                if len(body) > limit:
                    raise PictureUnusable(f"Plex sends more than {limit} bytes for a picture.")
            return bytes(body)

    def _retrying(self, read: Callable[[], A]) -> A:
        return retrying(read, self._connection.read_attempts, self._clock)


def address_of(url: str) -> str:
    """Scheme, host and port of an address, for messages."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def query_text(pairs: Iterable[tuple[str, str | int]]) -> str:
    """`?a=b&...` with names as they stand and values percent-encoded, as Plex's own clients send them."""
    text = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in pairs)
    return f"?{text}" if text else ""
