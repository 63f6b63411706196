"""The images of items: candidates, upload, selection, deletion, the bytes behind an address, and the photo transcoder."""

import hashlib
import io
import re
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from PIL import Image, UnidentifiedImageError

from tests.sim.plex.editing import note_change, set_lock
from tests.sim.plex.library import Library, now
from tests.sim.plex.model import IMAGE_LISTS, Gallery, Item, Upload
from tests.sim.plex.rendering import Refusal
from tests.sim.plex.settings import Settings

LISTS = {name: element for element, name in IMAGE_LISTS.items()}
SELECTORS = {name.removesuffix("s"): element for element, name in IMAGE_LISTS.items()}
FORMATS = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "ppm": "PPM"}
CONTENT_TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "PPM": "image/x-portable-pixmap",
    "WEBP": "image/webp",
}
_SIZES = {"thumb": (200, 300), "art": (320, 180), "clearLogo": (200, 80), "squareArt": (200, 200)}


def gallery(item: Item, element: str) -> Gallery:
    """Made when first asked for; an item that shows an image has one from its agent, selected."""
    if item.galleries is None:
        item.galleries = {}
    if element not in item.galleries:
        made = Gallery()
        if item.fields.get(element) is not None:
            digest = hashlib.sha1(f"{item.key} {element}".encode()).hexdigest()
            made.selected = f"metadata://{IMAGE_LISTS[element]}/tv.plex.agents.{item.kind}_{digest}"
            made.uploads.append(Upload(made.selected, provider="tmdb"))
        item.galleries[element] = made
    return item.galleries[element]


def list_images(item: Item, element: str) -> dict[str, Any]:
    found = gallery(item, element)
    entries = []
    for upload in found.uploads:
        address = upload.key
        if not address.startswith("http"):
            address = f"/library/metadata/{item.key}/file?url={quote(upload.key, safe='')}"
        entry: dict[str, Any] = {"key": address}
        if upload.provider is not None:
            entry["provider"] = upload.provider
        entries.append(
            entry | {"ratingKey": upload.key, "selected": upload.key == found.selected, "thumb": address}
        )
    return {
        "size": len(entries),
        "identifier": "com.plexapp.plugins.library",
        "mediaTagPrefix": "/system/bundle/media/flags/",
        "mediaTagVersion": 1775731696,
        "Metadata": entries,
    }


def upload(
    library: Library, settings: Settings, item: Item, element: str, data: bytes, url: str | None
) -> None:
    """The new image becomes the selected one; without a url the body is the image, kept under its SHA-1."""
    if url:
        new = Upload(url)
    elif data:
        new = Upload(f"upload://{IMAGE_LISTS[element]}/{hashlib.sha1(data).hexdigest()}", data)
    else:
        raise Refusal(400)
    gallery(item, element).uploads.append(new)
    _choose(library, settings, item, element, new.key)


def select(library: Library, settings: Settings, item: Item, element: str, key: str) -> None:
    if all(each.key != key for each in gallery(item, element).uploads):
        raise Refusal(404)
    _choose(library, settings, item, element, key)


def _choose(library: Library, settings: Settings, item: Item, element: str, key: str) -> None:
    gallery(item, element).selected = key
    item.fields[element] = now()
    if settings.upload_locks:
        set_lock(item, element, locked=True)
    note_change(library, settings, item, stamp=True)


def delete(library: Library, settings: Settings, item: Item, element: str) -> None:
    """Afterwards none is selected; the candidates stay."""
    if item.fields.get(element) is None:
        raise Refusal(404)
    gallery(item, element).selected = None
    del item.fields[element]
    note_change(library, settings, item, stamp=True)


def read_selected(item: Item, element: str) -> tuple[str, bytes]:
    """Content type and bytes; 404 where the item has none."""
    if element not in IMAGE_LISTS or item.fields.get(element) is None:
        raise Refusal(404)
    return read_image(item, element, gallery(item, element).selected or "")


def read_image(item: Item, element: str, key: str) -> tuple[str, bytes]:
    uploads = gallery(item, element).uploads
    data = next((each.data for each in uploads if each.key == key and each.data is not None), None)
    return ("image/jpeg", draw(item.key, element, key)) if data is None else (content_type(data), data)


def read_file(item: Item, key: str) -> tuple[str, bytes]:
    """GET /library/metadata/{id}/file?url=, any candidate of any element."""
    for element in IMAGE_LISTS:
        if any(each.key == key for each in gallery(item, element).uploads):
            return read_image(item, element, key)
    raise Refusal(404)


def draw(number: int, element: str, key: str) -> bytes:
    """A plain picture for an image whose bytes we never had: the same for the same item and key, different for others."""
    digest = hashlib.sha1(f"{number} {element} {key}".encode()).digest()
    out = io.BytesIO()
    Image.new("RGB", _SIZES.get(element, (200, 200)), tuple(digest[:3])).save(out, "JPEG")
    return out.getvalue()


def content_type(data: bytes) -> str:
    try:
        with Image.open(io.BytesIO(data)) as image:
            return CONTENT_TYPES.get(image.format or "", "application/octet-stream")
    except (OSError, Image.DecompressionBombError):
        return "application/octet-stream"


def transcode(library: Library, settings: Settings, query: dict[str, str]) -> tuple[str, bytes]:
    """jpg, jpeg, png or ppm; no webp (openapi 1.2.0); never larger than asked for, shape kept."""
    kind = FORMATS.get(query.get("format", "jpg").lower())
    size = [query.get(name, "") for name in ("width", "height")]
    if kind is None or not query.get("url") or not all(each.isdigit() and int(each) > 0 for each in size):
        raise Refusal(400)
    _, data = _resolve(library, query["url"])
    if settings.raw_pictures:
        return CONTENT_TYPES["JPEG"], data
    try:
        with Image.open(io.BytesIO(data)) as image:
            picture = image.convert("RGB")
    except UnidentifiedImageError:
        raise Refusal(404) from None
    picture.thumbnail((int(size[0]), int(size[1])))
    out = io.BytesIO()
    picture.save(out, kind)
    return CONTENT_TYPES[kind], out.getvalue()


def _resolve(library: Library, url: str) -> tuple[str, bytes]:
    """A path of this server, alone or behind any host name."""
    parts = urlsplit(url)
    found = re.fullmatch(r"/library/metadata/(\d+)/(\w+)(?:/\d+)?", parts.path)
    item = library.items.get(int(found[1])) if found else None
    if found is None or item is None:
        raise Refusal(404)
    if found[2] == "file":
        return read_file(item, parse_qs(parts.query).get("url", [""])[0])
    return read_selected(item, found[2])
