"""How the files of an item look in an answer: Media, Part and Stream, and the tree that is made of them alone."""

import hashlib
from typing import Any

from tests.sim.plex.library import Library
from tests.sim.plex.model import Item, Media, Part


def describe_media(medium: Media, *, detail: bool) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": medium.id}
    if medium.duration is not None:
        entry["duration"] = medium.duration
    entry |= medium.attributes
    entry["Part"] = [_part(medium, part, detail=detail) for part in medium.parts]
    return entry


def _part(medium: Media, part: Part, *, detail: bool) -> dict[str, Any]:
    extension = part.file.rpartition(".")[2]
    entry: dict[str, Any] = {"id": part.id, "key": f"/library/parts/{part.id}/{part.stamp}/file.{extension}"}
    if medium.duration is not None:
        entry["duration"] = medium.duration
    entry |= {"file": part.file, "size": part.size} | part.attributes
    if detail:
        entry["Stream"] = streams(medium, part)
    return entry


def streams(medium: Media, part: Part) -> list[dict[str, Any]]:
    """As loaded, or one video and one audio stream such as the medium's attributes describe."""
    if part.streams is not None:
        return part.streams
    about, found = medium.attributes, []
    if "videoCodec" in about:
        height = about.get("height", 720)
        shown = f"{height}p ({str(about['videoCodec']).upper()})"
        video = {
            "id": part.id * 10 + 1,
            "streamType": 1,
            "default": True,
            "codec": about["videoCodec"],
            "index": 0,
        }
        video |= {"bitrate": about.get("bitrate", 0), "height": height, "width": about.get("width", 1280)}
        found.append(video | {"displayTitle": shown, "extendedDisplayTitle": shown})
    if "audioCodec" in about:
        channels = about.get("audioChannels", 2)
        shown = f"{str(about['audioCodec']).upper()} ({'Stereo' if channels == 2 else channels})"
        audio = {"id": part.id * 10 + 2, "streamType": 2, "selected": True, "codec": about["audioCodec"]}
        audio |= {"index": len(found), "channels": channels, "samplingRate": 48000}
        found.append(audio | {"displayTitle": shown, "extendedDisplayTitle": shown})
    return found


def describe_tree(library: Library, item: Item) -> dict[str, Any]:
    """One MetadataItem of /library/metadata/{id}/tree, in the form of the recorded cassette."""
    fields = item.fields
    parent = library.items.get(item.parent) if item.parent is not None else None
    entry: dict[str, Any] = {
        "id": item.key,
        "title": fields.get("title", ""),
        "guid": fields.get("guid", ""),
        "parentTitle": parent.fields.get("title", "") if parent else "",
        "instanceRatingKey": "",
        "index": fields.get("index", 1),
    }
    if "originallyAvailableAt" in fields:
        entry["originallyAvailableAt"] = fields["originallyAvailableAt"]
    entry["refreshedAt"] = fields.get("refreshedAt") or fields.get("updatedAt") or fields.get("addedAt", 0)
    children = library.children(item.key)
    if children:
        entry["MetadataItem"] = [describe_tree(library, child) for child in children]
    if item.media:
        entry["MediaItem"] = [
            {"id": medium.id, "MediaPart": [_tree_part(medium, part) for part in medium.parts]}
            for medium in item.media
        ]
    return entry


def _tree_part(medium: Media, part: Part) -> dict[str, Any]:
    digest = hashlib.sha1(part.file.encode()).hexdigest()
    hashes = part.hashes or {"openSubtitleHash": digest[:16], "hash": digest}
    entry: dict[str, Any] = {"id": part.id, "file": part.file, "size": part.size} | hashes
    if medium.duration is not None:
        entry["duration"] = medium.duration
    words = {"displayTitle", "extendedDisplayTitle", "streamType", "default", "selected", "bitrate"}
    entry["MediaStream"] = [
        {"id": stream["id"], "index": stream.get("index", 0), "type": stream["streamType"]}
        | {name: value for name, value in stream.items() if name not in words}
        for stream in streams(medium, part)
    ]
    return entry
