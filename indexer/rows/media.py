"""The files of an item: its versions, their files and streams, its chapters and markers. Pure, like `extract`."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element

from indexer.rows.rows import ChapterRow, FileRow, MarkerRow, MediaRow, StreamRow, VersionRow
from indexer.rows.values import file_name, first_known, flag, moment, real, text, whole
from plexsync_plugin.core.model import Kind

STREAM_TYPES = {"1": "video", "2": "audio", "3": "subtitle", "4": "lyrics"}
# Transfer functions of the two formats without Dolby's layer (ITU-R BT.2100, as ffmpeg names them).
HDR_TRANSFERS = {"smpte2084": "HDR10", "arib-std-b67": "HLG"}


class Quality(NamedTuple):
    """What the streams of one version tell of it."""

    hdr: str | None
    dolby_vision_profile: int | None
    bit_depth: int | None
    atmos: int | None


NO_VERSION = VersionRow(**dict.fromkeys(VersionRow._fields))  # type: ignore[arg-type] # in place of an item's first, where it has none


def quality(medium: Element) -> Quality:
    """Of the first video stream, or the first of audio where there is none; Atmos of any audio stream."""
    streams = [stream for part in medium.findall("Part") for stream in part.findall("Stream")]
    of_video, of_audio = _of_type(streams, "video"), _of_type(streams, "audio")
    first = next(iter((*of_video, *of_audio)), None)
    return Quality(
        hdr=None if first is None else _hdr(first),
        dolby_vision_profile=None if first is None else whole(first, "DOVIProfile"),
        bit_depth=None if first is None else whole(first, "bitDepth"),
        atmos=max(map(_has_atmos, of_audio), default=None),
    )


def _of_type(streams: Sequence[Element], name: str) -> list[Element]:
    return [stream for stream in streams if STREAM_TYPES.get(stream.get("streamType", "")) == name]


def _has_atmos(stream: Element) -> int:
    """Plex has no word of its own for it: ffmpeg's profile says it, or the title that the file gives the stream."""
    get = stream.get
    words = f"{get('profile', '')}\n{get('title', '')}\n{get('displayTitle', '')}"
    return int("atmos" in words.lower())


def media(element: Element, key: int, kind: Kind, section: int) -> Iterator[MediaRow]:
    for version, medium in enumerate(element.findall("Media")):
        yield _version(medium, key, version)
        for place, part in enumerate(medium.findall("Part")):
            yield _file(medium, part, (key, version, place), kind, section)
            for position, stream in enumerate(part.findall("Stream")):
                yield _stream(stream, (key, version, place), position)
    yield from _chapters(element, key)
    yield from _markers(element, key)


def _version(medium: Element, key: int, version: int) -> VersionRow:
    told = quality(medium)
    return VersionRow(
        ratingKey=key,
        version=version,
        mediaId=whole(medium, "id"),
        duration=whole(medium, "duration"),
        container=text(medium, "container"),
        bitrate=whole(medium, "bitrate"),
        videoCodec=text(medium, "videoCodec"),
        videoProfile=text(medium, "videoProfile"),
        videoResolution=text(medium, "videoResolution"),
        videoFrameRate=text(medium, "videoFrameRate"),
        width=whole(medium, "width"),
        height=whole(medium, "height"),
        aspectRatio=real(medium, "aspectRatio"),
        audioCodec=text(medium, "audioCodec"),
        audioProfile=text(medium, "audioProfile"),
        audioChannels=whole(medium, "audioChannels"),
        optimizedForStreaming=whole(medium, "optimizedForStreaming"),
        hasVoiceActivity=whole(medium, "hasVoiceActivity"),
        title=text(medium, "title"),
        proxyType=whole(medium, "proxyType"),
        target=text(medium, "target"),
        deletedAt=moment(medium, "deletedAt"),
        hdr=told.hdr,
        dolbyVisionProfile=told.dolby_vision_profile,
        bitDepth=told.bit_depth,
        atmos=told.atmos,
    )


def _file(medium: Element, part: Element, place: tuple[int, int, int], kind: Kind, section: int) -> FileRow:
    path = text(part, "file")
    return FileRow(
        ratingKey=place[0],
        version=place[1],
        part=place[2],
        kind=int(kind),
        sectionKey=section,
        mediaId=whole(medium, "id"),
        partId=whole(part, "id"),
        key=text(part, "key"),
        path=path,
        name=None if path is None else file_name(path),
        size=whole(part, "size"),
        duration=first_known(whole(part, "duration"), whole(medium, "duration")),
        container=text(part, "container") or text(medium, "container"),
        bitrate=whole(medium, "bitrate"),
        videoCodec=text(medium, "videoCodec"),
        videoResolution=text(medium, "videoResolution"),
        width=whole(medium, "width"),
        height=whole(medium, "height"),
        audioCodec=text(medium, "audioCodec"),
        audioChannels=whole(medium, "audioChannels"),
        indexes=text(part, "indexes"),
        deletedAt=moment(part, "deletedAt"),
    )


def _stream(stream: Element, place: tuple[int, int, int], position: int) -> StreamRow:
    get = stream.get  # there are more streams than anything else
    given = get("streamType", "")
    return StreamRow(
        ratingKey=place[0],
        version=place[1],
        part=place[2],
        position=position,
        streamId=whole(stream, "id"),
        type=STREAM_TYPES.get(given, given),
        codec=get("codec") or None,
        profile=get("profile") or None,
        level=whole(stream, "level"),
        language=get("language") or None,
        languageCode=get("languageCode") or None,
        languageTag=get("languageTag") or None,
        title=get("title") or None,
        displayTitle=get("displayTitle") or None,
        isDefault=flag(stream, "default"),
        selected=flag(stream, "selected"),
        forced=flag(stream, "forced"),
        hearingImpaired=flag(stream, "hearingImpaired"),
        visualImpaired=flag(stream, "visualImpaired"),
        dub=flag(stream, "dub"),
        original=flag(stream, "original"),
        bitrate=whole(stream, "bitrate"),
        bitrateMode=get("bitrateMode") or None,
        bitDepth=whole(stream, "bitDepth"),
        chromaSubsampling=get("chromaSubsampling") or None,
        channels=whole(stream, "channels"),
        channelLayout=get("audioChannelLayout") or None,
        samplingRate=whole(stream, "samplingRate"),
        width=whole(stream, "width"),
        height=whole(stream, "height"),
        frameRate=real(stream, "frameRate"),
        scanType=get("scanType") or None,
        hdr=_hdr(stream),
        colorPrimaries=get("colorPrimaries") or None,
        colorSpace=get("colorSpace") or None,
        colorTransfer=get("colorTrc") or None,
        dolbyVisionProfile=whole(stream, "DOVIProfile"),
        loudness=real(stream, "loudness"),
        loudnessRange=real(stream, "lra"),
        key=get("key") or None,
        path=get("file") or None,
        atmos=_has_atmos(stream) if given == "2" else None,
    )


def _hdr(stream: Element) -> str | None:
    if flag(stream, "DOVIPresent"):
        return "Dolby Vision"
    return HDR_TRANSFERS.get(stream.get("colorTrc", ""))


def _chapters(element: Element, key: int) -> Iterator[ChapterRow]:
    for position, chapter in enumerate(element.findall("Chapter")):
        yield ChapterRow(
            ratingKey=key,
            position=position,
            title=text(chapter, "tag"),
            startsAt=whole(chapter, "startTimeOffset"),
            endsAt=whole(chapter, "endTimeOffset"),
            thumb=text(chapter, "thumb"),
        )


def _markers(element: Element, key: int) -> Iterator[MarkerRow]:
    for position, marker in enumerate(element.findall("Marker")):
        yield MarkerRow(
            ratingKey=key,
            position=position,
            type=text(marker, "type"),
            startsAt=whole(marker, "startTimeOffset"),
            endsAt=whole(marker, "endTimeOffset"),
            final=flag(marker, "final"),
        )
