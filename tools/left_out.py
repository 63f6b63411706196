"""What recorded answers of Plex hold and the index does not, each name with the reason; docs/schema.md shows it.

A test walks recorded answers: whatever is neither here nor changes a row is an error, and so is a name that no answer
holds. Names: `_LEFT_OUT_HEAD` of `schema_page`.
"""

from collections.abc import Mapping

_NAMES: Mapping[str, str] = {
    # An item's own attributes.
    "the number in items.kind": "item.type",
    "made of the rating key": "item.key movie.id",
    "the library: items.sectionKey and table sections": (
        "item.librarySectionID item.librarySectionKey item.librarySectionTitle item.librarySectionUUID"
    ),
    "the row of the season, show, album or artist above has it; items.parentKey and items.grandparentKey point there": (
        "item.parentGuid item.parentKey item.parentStudio item.parentTheme item.parentThumb item.parentTitle "
        "item.parentYear item.grandparentArt item.grandparentGuid item.grandparentKey item.grandparentSlug "
        "item.grandparentTheme item.grandparentThumb item.grandparentTitle item.grandparentYear"
    ),
    "1 in every recorded answer": "show.index season.parentIndex artist.index album.index",
    "counted from the rows of what is available": "show.childCount item.leafCount",
    "that Plex has measured it: streams.loudness has the result": "album.loudnessAnalysisVersion",
    "whether the file or an agent gave the chapters; table chapters has them": "item.chapterSource",
    "trailers and other extras are in no library's listing, so nothing in the index could be joined to them": (
        "item.primaryExtraKey item.hasPremiumPrimaryExtra Extras.*"
    ),
    "what this token may do or is shown, not what the item is": "item.allowSync Preferences.*",
    "of one search, match or history entry, not of the item": (
        "movie.score movie.title.queryRange movie.accountID movie.deviceID movie.historyKey movie.viewedAt movie.subtype"
    ),
    "of a recording from television that is planned or running; what is recorded becomes an ordinary item": (
        "episode.beginsAt episode.endsAt episode.status item.mediaProviderID item.mediaSubscriptionID Media.beginsAt "
        "Media.endsAt Media.channelID Media.channelIdentifier"
    ),
    "of a conversion that is waiting or running": "movie.processingState movie.processingStateContext",
    "how exactly the time of a photo or video of one's own is known": "movie.createdAtAccuracy movie.createdAtTZOffset",
    # Elements of an item.
    "address of a listing by this tag, made of its number": "*.filter",
    "counted in the views genres, collections and labels": "Genre.count",
    "Plex's suggestions by name, up to twenty an item: the largest table of all, of what is often not in the library": (
        "Similar.*"
    ),
    "texts of critics, which belong to them; table ratings has the numbers": "Review.*",
    "the item's title again": "Image.alt",
    "colours for Plex's own pages, made from the poster": "UltraBlurColors.*",
    # Versions, files and streams.
    "as in the version: table versions has it": (
        "Part.audioProfile Part.videoProfile Part.optimizedForStreaming"
    ),
    "of one playback or conversion: what is sent to a player, and how": (
        "Media.protocol Media.selected Part.bitrate Part.decision Part.height Part.protocol Part.selected Part.width "
        "Stream.burn Stream.decision Stream.ignore Stream.location"
    ),
    "for sending at a limited rate alone; the average is in bitrate": (
        "Part.deepAnalysisVersion Part.requiredBandwidths Stream.requiredBandwidths"
    ),
    "how the file is built, for a player alone": "Media.has64bitOffsets Part.has64bitOffsets Stream.streamIdentifier",
    "that a picture is within the file; items.thumb is the one that Plex shows": "Part.hasThumbnail",
    "how a decoder has to read the picture; size, depth, colours and aspect ratio are stored": (
        "Stream.anamorphic Stream.chromaLocation Stream.codedHeight Stream.codedWidth Stream.colorRange "
        "Stream.hasScalingMatrix Stream.pixelAspectRatio Stream.refFrames"
    ),
    "what a player turns the volume by; loudness and its range are stored": (
        "Stream.albumGain Stream.albumPeak Stream.albumRange Stream.gain Stream.peak"
    ),
    "displayTitle with profile and title added, which have columns": "Stream.extendedDisplayTitle",
    "the codec says it (srt; lrc has times, txt has none)": "Stream.format Stream.timed",
    "place in the file; streams.position is the one in Plex's list": "Stream.index",
    "who gave the lyrics, and how a player shows them": "Stream.provider Stream.minLines Stream.canAutoSync",
    # Listings, libraries, and items of other kinds.
    "of the listing itself the indexer reads how long it is (`totalSize`, `size`) and where it begins (`offset`); the rest is "
    "of its library or parent, which have rows, or for Plex's own pages": "listing.*",
    "pictures, menus and the state of a scan": (
        "library.art library.composite library.thumb library.allowSync library.content library.directory library.filters "
        "library.hidden library.refreshing"
    ),
    "number of a setting or folder that nothing else refers to": "library.metadataAgentProviderGroupId Location.id",
    "not an item of a library; that an item is in a collection stands in tags": "collection.*",
    "belongs to a user, not to a library": "playlist.*",
    "photo libraries are not indexed": "photo.*",
    "what a set of items has in common, made up for an editor": "common.*",
    "a picture to choose from; artwork has those that are shown": "picture.*",
}

LEFT_OUT: Mapping[str, str] = {name: reason for reason, names in _NAMES.items() for name in names.split()}
