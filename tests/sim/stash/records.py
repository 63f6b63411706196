"""What one record of each kind looks like, and how one of a library file becomes complete.

A record is a plain dict; ids and references are integers, times are text. Owns the defaults, not the tables.
"""

import copy
import hashlib
from pathlib import PurePosixPath
from typing import Any

from tests.sim.stash.clock import now

Record = dict[str, Any]

SCENE: Record = {
    "title": "",
    "code": "",
    "details": "",
    "director": "",
    "urls": [],
    "date": None,
    "rating100": None,
    "organized": False,
    "studio_id": None,
    "performer_ids": [],
    "tag_ids": [],
    "groups": [],
    "stash_ids": [],
    "files": [],
    "play_history": [],
    "o_history": [],
    "resume_time": 0,
    "play_duration": 0,
    "interactive": False,
}
FILE: Record = {
    "size": 1_000_000,
    "duration": 60,
    "width": 640,
    "height": 360,
    "frame_rate": 25,
    "bit_rate": 1_870_542,
    "video_codec": "h264",
    "audio_codec": "aac",
    "format": "mp4",
}
PERFORMER: Record = {
    "name": "",
    "disambiguation": "",
    "urls": [],
    "gender": None,
    "alias_list": [],
    "favorite": False,
    "tag_ids": [],
    "ignore_auto_tag": False,
    "stash_ids": [],
    "custom_fields": {},
    "rating100": None,
}
STUDIO: Record = {
    "name": "",
    "urls": [],
    "parent_id": None,
    "aliases": [],
    "tag_ids": [],
    "ignore_auto_tag": False,
    "stash_ids": [],
    "rating100": None,
    "favorite": False,
    "details": "",
}
TAG: Record = {
    "name": "",
    "description": None,
    "aliases": [],
    "ignore_auto_tag": False,
    "favorite": False,
    "stash_ids": [],
    "parent_ids": [],
}
GROUP: Record = {
    "name": "",
    "aliases": "",
    "duration": None,
    "date": None,
    "rating100": None,
    "studio_id": None,
    "director": "",
    "synopsis": "",
    "urls": [],
    "tag_ids": [],
}
MARKER: Record = {"title": "", "seconds": 0, "end_seconds": None, "tag_ids": []}
DEFAULTS = {
    "scene": SCENE,
    "performer": PERFORMER,
    "studio": STUDIO,
    "tag": TAG,
    "group": GROUP,
    "marker": MARKER,
}
_REFERENCES = ("studio_id", "parent_id", "scene_id", "primary_tag_id")
_REFERENCE_LISTS = ("performer_ids", "tag_ids", "parent_ids")


def complete(kind: str, given: Record, number: int) -> Record:
    """The whole record of `kind` with the id `number`; Raises KeyError for a kind that there is not."""
    record = copy.deepcopy(DEFAULTS[kind]) | copy.deepcopy(given)
    record["id"] = number
    moment = now()
    record.setdefault("created_at", moment)
    record.setdefault("updated_at", record["created_at"])
    for name in _REFERENCES:
        if record.get(name) is not None:
            record[name] = int(record[name])
    for name in _REFERENCE_LISTS:
        if name in record:
            record[name] = [int(value) for value in record[name]]
    if kind == "scene":
        record["groups"] = [complete_membership(entry) for entry in record["groups"]]
    return record


def complete_membership(entry: Record) -> Record:
    """One element of a scene's groups; movies are the old name of groups."""
    number = entry.get("group_id", entry.get("movie_id"))
    return {"group_id": int(str(number)), "scene_index": entry.get("scene_index")}


def complete_file(given: Record, number: int, moment: str) -> Record:
    """`given` holds at least path; the oshash defaults to a value that path and size determine."""
    record = FILE | given
    record["id"] = number
    record["basename"] = PurePosixPath(record["path"].replace("\\", "/")).name
    for name in ("created_at", "updated_at", "mod_time"):
        record.setdefault(name, moment)
    if "fingerprints" not in record:
        digest = hashlib.md5(f"{record['path']} {record['size']}".encode()).hexdigest()
        record["fingerprints"] = [{"type": "oshash", "value": record.pop("oshash", digest[:16])}]
    return record
