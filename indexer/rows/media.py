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


NOTHING_TOLD = Quality(None, None, None, None)


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
    told = (stream.get(name, "") for name in ("profile", "title", "displayTitle"))
    return int(any("atmos" in words.lower() for words in told))


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
    given = stream.get("streamType", "")
    return StreamRow(
        ratingKey=place[0],
        version=place[1],
        part=place[2],
        position=position,
        streamId=whole(stream, "id"),
        type=STREAM_TYPES.get(given, given),
        codec=text(stream, "codec"),
        profile=text(stream, "profile"),
        level=whole(stream, "level"),
        language=text(stream, "language"),
        languageCode=text(stream, "languageCode"),
        languageTag=text(stream, "languageTag"),
        title=text(stream, "title"),
        displayTitle=text(stream, "displayTitle"),
        isDefault=flag(stream, "default"),
        selected=flag(stream, "selected"),
        forced=flag(stream, "forced"),
        hearingImpaired=flag(stream, "hearingImpaired"),
        visualImpaired=flag(stream, "visualImpaired"),
        dub=flag(stream, "dub"),
        original=flag(stream, "original"),
        bitrate=whole(stream, "bitrate"),
        bitrateMode=text(stream, "bitrateMode"),
        bitDepth=whole(stream, "bitDepth"),
        chromaSubsampling=text(stream, "chromaSubsampling"),
        channels=whole(stream, "channels"),
        channelLayout=text(stream, "audioChannelLayout"),
        samplingRate=whole(stream, "samplingRate"),
        width=whole(stream, "width"),
        height=whole(stream, "height"),
        frameRate=real(stream, "frameRate"),
        scanType=text(stream, "scanType"),
        hdr=_hdr(stream),
        colorPrimaries=text(stream, "colorPrimaries"),
        colorSpace=text(stream, "colorSpace"),
        colorTransfer=text(stream, "colorTrc"),
        dolbyVisionProfile=whole(stream, "DOVIProfile"),
        loudness=real(stream, "loudness"),
        loudnessRange=real(stream, "lra"),
        key=text(stream, "key"),
        path=text(stream, "file"),
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
