"""What the tests of images share: covers in Stash, pictures in Plex, and the requests between."""

import itertools
import json
import urllib.request
from typing import Any

from tests.pictures import drawn, encoded
from tests.rig import Rig
from tests.stage import PLEX_LIBRARY, TOKEN, item_key

TOUCHES = itertools.count()
RED, BLUE = drawn(color=(200, 30, 30)), drawn(color=(30, 30, 200))
KEY = item_key(1)
UPLOADS = [f"POST /library/metadata/{KEY}/posters", f"POST /library/metadata/{KEY}/arts"]
DETAILS = f"GET /library/metadata/{KEY}"


def set_cover(rig: Rig, data: bytes | None, *, scene: int = 1, touch: bool = True) -> None:
    """As Stash does when it makes covers: no hook fires."""
    image = None if data is None else encoded(data)
    rig.stage.stash.control("set_cover", {"kind": "scene", "id": scene, "image": image, "touch": touch})


def save_again(rig: Rig, scene: int = 1) -> None:
    """An event of the scene that changes nothing but Stash's time of it.

    Stash's clock is the real one and shows whole seconds; the rig's runs ahead of it.
    """
    rig.stage.edit(scene, organized=True)
    touched(rig, scene)


def touched(rig: Rig, scene: int) -> None:
    number = next(TOUCHES)
    at = f"2020-01-01T{number // 60:02}:{number % 60:02}:00Z"
    rig.stage.stash.control("change", {"kind": "scene", "id": scene, "fields": {"updated_at": at}})


def synced(rig: Rig, cover: bytes | None = RED) -> Rig:
    """The rig with scene 1 in sync, its title and this cover in Plex."""
    set_cover(rig, cover)
    rig.stage.edit(1, title="A Title")
    touched(rig, 1)
    rig.settle()
    rig.stage.plex.clear_log()
    rig.stage.stash.clear_log()
    return rig


def requests(rig: Rig) -> list[str]:
    """To Plex, without queries."""
    return [request.partition("?")[0] for request in rig.stage.plex_requests()]


def cover_requests(rig: Rig) -> list[int]:
    """The statuses of Stash's answers about covers."""
    return [entry["status"] for entry in rig.stage.stash.log("GET /scene/")]


def shown(rig: Rig, field: str = "thumb", key: int = KEY) -> str:
    """The key of the picture that the item shows; "" for none."""
    return str((rig.stage.item(key)["galleries"].get(field) or {}).get("selected") or "")


def uploads(rig: Rig, field: str = "thumb", key: int = KEY) -> list[str]:
    gallery = rig.stage.item(key)["galleries"].get(field) or {"uploads": []}
    return [upload for upload in gallery["uploads"] if upload.startswith("upload://")]


def locks(rig: Rig, key: int = KEY) -> set[str]:
    return {name for name in rig.stage.item(key)["locked"] if name in ("thumb", "art")}


def person_uploads(rig: Rig, data: bytes = drawn(color=(1, 2, 3))) -> str:
    """A person gives the item a poster in Plex, which locks it; its key."""
    request = urllib.request.Request(
        f"{rig.stage.plex.url}/library/metadata/{KEY}/posters",
        data=data,
        headers={"X-Plex-Token": TOKEN, "Content-Type": "image/jpeg"},
    )
    urllib.request.urlopen(request, timeout=10).close()
    return shown(rig)


def without_pictures() -> dict[str, Any]:
    """The stage's library, item 101 without the poster and background of its agent."""
    library: dict[str, Any] = json.loads(json.dumps(PLEX_LIBRARY))
    library["sections"][0]["items"][0] |= {"thumb": None, "art": None}
    return library
