"""What the server says of itself and of its sections: GET /, /identity, /library, /library/sections."""

from typing import Any

from tests.sim.plex.library import Library
from tests.sim.plex.listing import IDENTIFIER
from tests.sim.plex.model import Section

DEFAULTS: dict[str, Any] = {
    "allowCameraUpload": True,
    "allowChannelAccess": True,
    "allowMediaDeletion": True,
    "allowSharing": True,
    "allowSync": True,
    "allowTuners": True,
    "apiVersion": "1.2.0",
    "backgroundProcessing": True,
    "certificate": True,
    "companionProxy": True,
    "countryCode": "aus",
    "diagnostics": "logs,databases,streaminglogs",
    "eventStream": True,
    "friendlyName": "Simulated Plex",
    "hubSearch": True,
    "itemClusters": True,
    "livetv": 7,
    "machineIdentifier": "51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c",
    "mediaProviders": True,
    "multiuser": True,
    "musicAnalysis": 2,
    "myPlex": True,
    "myPlexMappingState": "mapped",
    "myPlexSigninState": "ok",
    "myPlexSubscription": True,
    "myPlexUsername": "someone@example.com",
    "offlineTranscode": 1,
    "ownerFeatures": "adaptive_bitrate,collections,content_filter,item_clusters,lyrics,pass,sync,webhooks",
    "platform": "Linux",
    "platformVersion": "6.17.0-23-generic",
    "pluginHost": True,
    "pushNotifications": False,
    "readOnlyLibraries": False,
    "streamingBrainABRVersion": 3,
    "streamingBrainVersion": 2,
    "sync": True,
    "transcoderActiveVideoSessions": 0,
    "transcoderAudio": True,
    "transcoderLyrics": True,
    "transcoderPhoto": True,
    "transcoderSubtitles": True,
    "transcoderVideo": True,
    "transcoderVideoBitrates": "64,96,208,320,720,1500,2000,3000,4000,8000,10000,12000,20000",
    "transcoderVideoQualities": "0,1,2,3,4,5,6,7,8,9,10,11,12",
    "transcoderVideoResolutions": "128,128,160,240,320,480,768,720,720,1080,1080,1080,1080",
    "updatedAt": 1778018578,
    "updater": True,
    "version": "1.43.1.10611-1e34174b1",
    "voiceSearch": True,
}
_ROOT = (
    "actions activities butler channels clients devices diagnostics hubs library livetv media metadata "
    "neighborhood playQueues player playlists resources search server servers statistics status system "
    "transcode updater"
)
_PAGES = (("all", "All {}"), ("unwatched", "Unwatched"), ("newest", "Recently Released"))
_BY = (
    ("collection", "By Collection"),
    ("genre", "By Genre"),
    ("year", "By Year"),
    ("actor", "By Starring Actor"),
)


def describe_server(about: dict[str, Any]) -> dict[str, Any]:
    directories = [{"count": 1, "key": name, "title": name} for name in _ROOT.split()]
    values = {name: value for name, value in (DEFAULTS | about).items() if value is not None}
    return {"size": len(directories), **values, "Directory": directories}


def describe_identity(about: dict[str, Any]) -> dict[str, Any]:
    values = DEFAULTS | about
    return {
        "size": 0,
        "claimed": True,
        "machineIdentifier": values["machineIdentifier"],
        "version": values["version"],
    }


def describe_library() -> dict[str, Any]:
    found = (
        ("sections", "Library Sections"),
        ("recentlyAdded", "Recently Added Content"),
        ("onDeck", "On Deck Content"),
    )
    frame = {"size": len(found), "allowSync": False, "art": "/:/resources/library-art.png", "content": ""}
    directories = [{"key": key, "title": title} for key, title in found]
    return frame | IDENTIFIER | {"title1": "Plex Library", "title2": "", "Directory": directories}


def describe_sections(library: Library) -> dict[str, Any]:
    directories = [describe_section(section) for section in library.sections.values()]
    return {"size": len(directories), "allowSync": False, "title1": "Plex Library", "Directory": directories}


def describe_section(section: Section) -> dict[str, Any]:
    known = {
        name: value
        for name, value in section.attributes.items()
        if value is not None and name != "librarySectionUUID"
    }
    return known | {"Location": [{"id": number, "path": path} for number, path in section.locations]}


def describe_pages(section: Section, meta: dict[str, Any] | None) -> dict[str, Any]:
    """GET /library/sections/{id}: the ways to look at it; with includeDetails=1 also types, filters and sorts."""
    entries: list[dict[str, Any]] = [
        {"key": key, "title": title.format(section.title)} for key, title in _PAGES
    ]
    entries += [{"secondary": True, "key": key, "title": title} for key, title in _BY]
    entries.append({"key": "folder", "title": "By Folder"})
    if meta is not None:
        entries += meta["Type"]
    frame = {
        "size": len(entries),
        "allowSync": False,
        "art": f"/:/resources/{section.kind}-fanart.jpg",
        "content": "secondary",
        **IDENTIFIER,
        "librarySectionID": section.key,
        "thumb": f"/:/resources/{section.kind}.png",
        "title1": section.title,
        "viewGroup": "secondary",
    }
    return frame | {"Directory": entries}
