"""The rows of which an item has any number: files, people, tags, identifiers, locks. Pure, like `extract`."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from indexer.rows import CreditRow, FileRow, GuidRow, LockRow, TagRow
from indexer.values import file_name, text, whole
from plexsync_plugin.core.model import Kind

JOBS = {"Role": "actor", "Director": "director", "Writer": "writer", "Producer": "producer"}
TAG_TYPES = {
    "Genre": "genre",
    "Collection": "collection",
    "Label": "label",
    "Country": "country",
    "Mood": "mood",
    "Style": "style",
}


def files(element: Element, key: int, kind: Kind, section: int) -> Iterator[FileRow]:
    for version, media in enumerate(element.iterfind("Media")):
        for place, part in enumerate(media.iterfind("Part")):
            path = text(part, "file")
            yield FileRow(
                ratingKey=key,
                version=version,
                part=place,
                kind=int(kind),
                sectionKey=section,
                mediaId=whole(media, "id"),
                partId=whole(part, "id"),
                path=path,
                name=None if path is None else file_name(path),
                size=whole(part, "size"),
                duration=whole(part, "duration") or whole(media, "duration"),
                container=text(part, "container") or text(media, "container"),
                bitrate=whole(media, "bitrate"),
                videoCodec=text(media, "videoCodec"),
                videoResolution=text(media, "videoResolution"),
                width=whole(media, "width"),
                height=whole(media, "height"),
                audioCodec=text(media, "audioCodec"),
                audioChannels=whole(media, "audioChannels"),
            )


def credits(element: Element, key: int) -> Iterator[CreditRow]:
    for tag, job in JOBS.items():
        for position, child in enumerate(element.iterfind(tag)):
            name = child.get("tag")
            if name:
                yield CreditRow(
                    ratingKey=key,
                    job=job,
                    position=position,
                    name=name,
                    role=text(child, "role"),
                    thumb=text(child, "thumb"),
                    tagId=whole(child, "id"),
                )


def tags(element: Element, key: int) -> Iterator[TagRow]:
    for tag, name_of_type in TAG_TYPES.items():
        for position, child in enumerate(element.iterfind(tag)):
            name = child.get("tag")
            if name:
                yield TagRow(ratingKey=key, type=name_of_type, position=position, name=name)


def guids(element: Element, key: int) -> Iterator[GuidRow]:
    for guid in dict.fromkeys(child.get("id") for child in element.iterfind("Guid")):
        if guid:
            yield GuidRow(ratingKey=key, guid=guid)


def locks(element: Element, key: int) -> Iterator[LockRow]:
    locked = (child.get("name") for child in element.iterfind("Field") if child.get("locked") == "1")
    for name in dict.fromkeys(locked):
        if name:
            yield LockRow(ratingKey=key, field=name)
