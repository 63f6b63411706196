"""Fetches covers, and pictures of studios and groups, from Stash over HTTP, with the client's session.

Addresses are built from the base that we reach Stash by. Those in Stash's answers may name a host that cannot be reached
from here (docs/facts/stash.md section 7).
"""

from dataclasses import dataclass, field

import requests
import urllib3

from plexsync_plugin.base.answer_limits import AnswerOverdue, AnswerTooLong
from plexsync_plugin.base.errors import PictureUnavailable, StashUnauthorized, StashUnavailable
from plexsync_plugin.stash.client import StashClient


@dataclass(frozen=True, slots=True, kw_only=True)
class StashCover:
    """What Stash served as a scene's cover, or as the picture of a studio or a group."""

    etag: str
    data: bytes = field(default=b"", repr=False)  # empty for a default picture, and for one that is too large
    is_default: bool = False  # there is no picture, and Stash served its default picture or nothing


def fetch_cover(client: StashClient, scene_id: int, etag: str = "") -> StashCover | None:
    """The scene's cover, or None when it is still the one with this ETag.

    Raises StashUnavailable and StashUnauthorized for what concerns every request, PictureUnavailable for this picture.
    """
    return _fetched(client, f"/scene/{scene_id}/screenshot", etag, f"the cover of scene {scene_id}")


_ENTITY_PICTURES = {"studio": "image", "group": "frontimage"}


def fetch_entity_picture(client: StashClient, kind: str, entity_id: int, etag: str = "") -> StashCover | None:
    """The picture of a studio, or the front of a group; None when it is still the one with this ETag.

    Stash is asked first whether there is one: what it serves otherwise looks like any picture (docs/facts/stash.md
    section 7). Raises as `fetch_cover`, and StashRejected.
    """
    if not client.has_picture(kind, entity_id):
        return StashCover(etag="", is_default=True)
    path = f"/{kind}/{entity_id}/{_ENTITY_PICTURES[kind]}"
    return _fetched(client, path, etag, f"the picture of {kind} {entity_id}")


def _fetched(client: StashClient, path: str, etag: str, what: str) -> StashCover | None:
    headers = {"Accept": "image/*", **({"If-None-Match": etag} if etag else {})}
    try:
        with client.get(path, headers) as response:
            return _picture(response, what)
    except requests.exceptions.RequestException as error:
        if _is_gone(error):
            raise StashUnavailable("Stash cannot be reached.") from error
        raise PictureUnavailable(f"Stash did not hand out {what}.") from error
    except AnswerOverdue as error:
        raise PictureUnavailable(f"Stash did not finish handing out {what}.") from error


def _is_gone(error: requests.exceptions.RequestException) -> bool:
    """Whether nobody took the connection. A request that broke off later may be the fault of this one picture, and must not
    stop the others."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(
        reason, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError
    ) or isinstance(error, requests.exceptions.ConnectTimeout)


def _picture(response: requests.Response, what: str) -> StashCover | None:
    status = response.status_code
    if status == 304:
        return None
    if status in (401, 403) or (300 <= status < 400 and "/login" in response.headers.get("Location", "")):
        raise StashUnauthorized("Stash does not accept this session any more.")
    if status == 404:
        return StashCover(etag="", is_default=True)
    if status != 200:
        raise PictureUnavailable(f"Stash answered {status} to the request for {what}. See Stash's log.")
    etag = response.headers.get("ETag", "")
    # Stash's default cover is the only one of this type (docs/facts/stash.md section 7).
    is_default = response.headers.get("Content-Type", "").partition(";")[0].strip() == "image/svg+xml"
    body = _body(response)
    return StashCover(etag=etag, data=b"" if is_default else body, is_default=is_default)


def _body(response: requests.Response) -> bytes:
    try:
        return response.content
    except AnswerTooLong:
        return b""
