"""The switches of the simulator: where servers differ or nobody knows, a test chooses (POST /_sim/set)."""

from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(slots=True, kw_only=True)
class Settings:
    """tag_mode: whether a list of tags at [0..n] is added to the item's (append) or becomes the item's (replace).

    url_limit: the longest request target in bytes; longer is a 400.
    missing_id_status: what an edit of ids that do not exist answers, 404 or 200.
    shuffle_details: several ids at once come back in another order than asked for.
    strict_paging: a listing without X-Plex-Container-Size is a 400. page_cap: the most items of one page.
    latency_ms: added to every request; detail_ms: added per item of a detail request.
    token: None asks for none. shared_token: may read but not change (403).
    maintenance: everything but /identity is the 503 of a migrating server. starting: the same, /identity included.
    edit_locks: an edit locks the fields that it changes, as real servers do (docs/facts/plex.md section 2.4); off, only
        `.locked=1` locks.
    upload_locks: uploading or selecting an image locks it (plexapi's own tests of real servers assert it of themes, and
    unlock after images). invalid_utf8: the first summary of an answer is not UTF-8. edits_change_content: an edit moves contentChangedAt.
    scan_reverts: a scan of a folder lets the agent rewrite the unlocked fields of the items in it.
    raw_pictures: the photo transcoder hands out the bytes that it has, whatever they are, as image/jpeg.
    rekey_tracks: refreshing a track gives it a new rating key. allow_deletion: DELETE of an item is carried out.
    shared_account: whose token shared_token is. marks_are_plays: marking as played writes a row of the history, as before PMS 1.40
        (docs/facts/plex.md section 13). rating_locks: giving a star locks it; nobody knows whether it does.
    unlistable: rating keys of items that make every listing page with them a 500, as one bad date does (docs/facts/plex.md section 13);
    unlistable_ms: that long after the request.
    """

    tag_mode: str = "append"
    url_limit: int = 16384
    missing_id_status: int = 404
    shuffle_details: bool = False
    strict_paging: bool = False
    page_cap: int | None = None
    latency_ms: float = 0
    detail_ms: float = 0
    token: str | None = None
    shared_token: str | None = None
    maintenance: bool = False
    starting: bool = False
    edit_locks: bool = True
    upload_locks: bool = True
    edits_change_content: bool = True
    scan_reverts: bool = False
    raw_pictures: bool = False
    rekey_tracks: bool = False
    allow_deletion: bool = True
    invalid_utf8: bool = False
    shared_account: int = 2
    marks_are_plays: bool = False
    rating_locks: bool = False
    unlistable: list[int] = field(default_factory=list)
    unlistable_ms: float = 0

    def change(self, given: dict[str, Any]) -> None:
        """Raises ValueError for a name or value that means nothing: a test that sets it must not pass."""
        unknown = set(given) - {each.name for each in fields(self)}
        if unknown:
            raise ValueError(f"no such setting: {sorted(unknown)}")
        if given.get("tag_mode", "append") not in {"append", "replace"}:
            raise ValueError(f"tag_mode is append or replace, not {given['tag_mode']!r}")
        if given.get("missing_id_status", 404) not in {200, 404}:
            raise ValueError(f"missing_id_status is 200 or 404, not {given['missing_id_status']!r}")
        for name, value in given.items():
            setattr(self, name, value)
