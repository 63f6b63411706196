-- Identifiers in other databases and what a version is like, as columns one can ask for. The values of what is stored already
-- are taken from guids and streams, as extraction takes them from an item (indexer/rows/media.py, indexer/rows/parts.py).

ALTER TABLE streams ADD COLUMN atmos INTEGER; -- 1: audio with Dolby Atmos, by its profile or title; NULL: no audio
ALTER TABLE versions ADD COLUMN hdr TEXT; -- Dolby Vision, HDR10 or HLG; NULL: none, or not told
ALTER TABLE versions ADD COLUMN dolbyVisionProfile INTEGER; -- profile of Dolby Vision (5, 7, 8)
ALTER TABLE versions ADD COLUMN bitDepth INTEGER; -- bits per sample: of the video, or of the audio where there is none
ALTER TABLE versions ADD COLUMN atmos INTEGER; -- 1: an audio stream has Dolby Atmos; NULL: Plex tells of no audio stream
ALTER TABLE movies ADD COLUMN imdb TEXT; -- identifier at IMDb ("tt0165832")
ALTER TABLE movies ADD COLUMN tmdb INTEGER; -- identifier at The Movie Database
ALTER TABLE movies ADD COLUMN tvdb INTEGER; -- identifier at TheTVDB
ALTER TABLE tv_shows ADD COLUMN imdb TEXT; -- identifier at IMDb ("tt0165832")
ALTER TABLE tv_shows ADD COLUMN tmdb INTEGER; -- identifier at The Movie Database
ALTER TABLE tv_shows ADD COLUMN tvdb INTEGER; -- identifier at TheTVDB
ALTER TABLE seasons ADD COLUMN imdb TEXT; -- identifier at IMDb ("tt0165832")
ALTER TABLE seasons ADD COLUMN tmdb INTEGER; -- identifier at The Movie Database
ALTER TABLE seasons ADD COLUMN tvdb INTEGER; -- identifier at TheTVDB
ALTER TABLE episodes ADD COLUMN imdb TEXT; -- identifier at IMDb ("tt0165832")
ALTER TABLE episodes ADD COLUMN tmdb INTEGER; -- identifier at The Movie Database
ALTER TABLE episodes ADD COLUMN tvdb INTEGER; -- identifier at TheTVDB
ALTER TABLE movies ADD COLUMN hdr TEXT; -- Dolby Vision, HDR10 or HLG, of the first version; NULL: none, or not told
ALTER TABLE movies ADD COLUMN dolbyVisionProfile INTEGER; -- profile of Dolby Vision of the first version (5, 7, 8)
ALTER TABLE movies ADD COLUMN bitDepth INTEGER; -- bits per sample of the first version: of its video
ALTER TABLE movies ADD COLUMN audioChannels INTEGER; -- audio channels of the first version
ALTER TABLE movies ADD COLUMN atmos INTEGER; -- 1: an audio stream of the first version has Dolby Atmos; NULL: Plex tells of no audio stream
ALTER TABLE episodes ADD COLUMN hdr TEXT; -- Dolby Vision, HDR10 or HLG, of the first version; NULL: none, or not told
ALTER TABLE episodes ADD COLUMN dolbyVisionProfile INTEGER; -- profile of Dolby Vision of the first version (5, 7, 8)
ALTER TABLE episodes ADD COLUMN bitDepth INTEGER; -- bits per sample of the first version: of its video
ALTER TABLE episodes ADD COLUMN audioChannels INTEGER; -- audio channels of the first version
ALTER TABLE episodes ADD COLUMN atmos INTEGER; -- 1: an audio stream of the first version has Dolby Atmos; NULL: Plex tells of no audio stream
ALTER TABLE tracks ADD COLUMN bitDepth INTEGER; -- bits per sample of the first version
ALTER TABLE tracks ADD COLUMN audioChannels INTEGER; -- audio channels of the first version
ALTER TABLE tracks ADD COLUMN atmos INTEGER; -- 1: an audio stream of the first version has Dolby Atmos; NULL: Plex tells of no audio stream
ALTER TABLE artists ADD COLUMN musicbrainz TEXT; -- identifier at MusicBrainz
ALTER TABLE albums ADD COLUMN musicbrainz TEXT; -- identifier at MusicBrainz
ALTER TABLE tracks ADD COLUMN musicbrainz TEXT; -- identifier at MusicBrainz

UPDATE streams SET atmos = ifnull(profile LIKE '%atmos%', 0) OR ifnull(title LIKE '%atmos%', 0) OR ifnull(displayTitle LIKE '%atmos%', 0)
WHERE type = 'audio';
UPDATE versions SET
    (hdr, dolbyVisionProfile, bitDepth) = (
        SELECT hdr, dolbyVisionProfile, bitDepth FROM streams
        WHERE streams.ratingKey = versions.ratingKey AND streams.version = versions.version AND type IN ('video', 'audio')
        ORDER BY type = 'video' DESC, part, position LIMIT 1
    ),
    atmos = (
        SELECT max(atmos) FROM streams WHERE streams.ratingKey = versions.ratingKey AND streams.version = versions.version
    );
UPDATE movies SET (hdr, dolbyVisionProfile, bitDepth, audioChannels, atmos) = (
    SELECT hdr, dolbyVisionProfile, bitDepth, audioChannels, atmos FROM versions
    WHERE versions.ratingKey = movies.ratingKey AND version = 0
);
UPDATE episodes SET (hdr, dolbyVisionProfile, bitDepth, audioChannels, atmos) = (
    SELECT hdr, dolbyVisionProfile, bitDepth, audioChannels, atmos FROM versions
    WHERE versions.ratingKey = episodes.ratingKey AND version = 0
);
UPDATE tracks SET (bitDepth, audioChannels, atmos) = (
    SELECT bitDepth, audioChannels, atmos FROM versions WHERE versions.ratingKey = tracks.ratingKey AND version = 0
);

UPDATE movies SET
    imdb = (SELECT min(substr(guid, 8)) FROM guids WHERE guids.ratingKey = movies.ratingKey AND guid GLOB 'imdb://tt[0-9]*'
        AND substr(guid, 10) NOT GLOB '*[^0-9]*'),
    tmdb = (SELECT min(CAST(substr(guid, 8) AS INTEGER)) FROM guids WHERE guids.ratingKey = movies.ratingKey
        AND guid GLOB 'tmdb://[0-9]*' AND substr(guid, 8) NOT GLOB '*[^0-9]*' AND length(guid) <= 22),
    tvdb = (SELECT min(CAST(substr(guid, 8) AS INTEGER)) FROM guids WHERE guids.ratingKey = movies.ratingKey
        AND guid GLOB 'tvdb://[0-9]*' AND substr(guid, 8) NOT GLOB '*[^0-9]*' AND length(guid) <= 22);
UPDATE tv_shows SET
    imdb = (SELECT min(substr(guid, 8)) FROM guids WHERE guids.ratingKey = tv_shows.ratingKey AND guid GLOB 'imdb://tt[0-9]*'
        AND substr(guid, 10) NOT GLOB '*[^0-9]*'),
    tmdb = (SELECT min(CAST(substr(guid, 8) AS INTEGER)) FROM guids WHERE guids.ratingKey = tv_shows.ratingKey
        AND guid GLOB 'tmdb://[0-9]*' AND substr(guid, 8) NOT GLOB '*[^0-9]*' AND length(guid) <= 22),
    tvdb = (SELECT min(CAST(substr(guid, 8) AS INTEGER)) FROM guids WHERE guids.ratingKey = tv_shows.ratingKey
        AND guid GLOB 'tvdb://[0-9]*' AND substr(guid, 8) NOT GLOB '*[^0-9]*' AND length(guid) <= 22);
UPDATE seasons SET
    imdb = (SELECT min(substr(guid, 8)) FROM guids WHERE guids.ratingKey = seasons.seasonRatingKey AND guid GLOB 'imdb://tt[0-9]*'
        AND substr(guid, 10) NOT GLOB '*[^0-9]*'),
    tmdb = (SELECT min(CAST(substr(guid, 8) AS INTEGER)) FROM guids WHERE guids.ratingKey = seasons.seasonRatingKey
        AND guid GLOB 'tmdb://[0-9]*' AND substr(guid, 8) NOT GLOB '*[^0-9]*' AND length(guid) <= 22),
    tvdb = (SELECT min(CAST(substr(guid, 8) AS INTEGER)) FROM guids WHERE guids.ratingKey = seasons.seasonRatingKey
        AND guid GLOB 'tvdb://[0-9]*' AND substr(guid, 8) NOT GLOB '*[^0-9]*' AND length(guid) <= 22);
UPDATE episodes SET
    imdb = (SELECT min(substr(guid, 8)) FROM guids WHERE guids.ratingKey = episodes.ratingKey AND guid GLOB 'imdb://tt[0-9]*'
        AND substr(guid, 10) NOT GLOB '*[^0-9]*'),
    tmdb = (SELECT min(CAST(substr(guid, 8) AS INTEGER)) FROM guids WHERE guids.ratingKey = episodes.ratingKey
        AND guid GLOB 'tmdb://[0-9]*' AND substr(guid, 8) NOT GLOB '*[^0-9]*' AND length(guid) <= 22),
    tvdb = (SELECT min(CAST(substr(guid, 8) AS INTEGER)) FROM guids WHERE guids.ratingKey = episodes.ratingKey
        AND guid GLOB 'tvdb://[0-9]*' AND substr(guid, 8) NOT GLOB '*[^0-9]*' AND length(guid) <= 22);
UPDATE artists SET musicbrainz = (
    SELECT min(substr(guid, 8)) FROM guids WHERE guids.ratingKey = artists.ratingKey AND guid GLOB 'mbid://?*'
);
UPDATE albums SET musicbrainz = (
    SELECT min(substr(guid, 8)) FROM guids WHERE guids.ratingKey = albums.ratingKey AND guid GLOB 'mbid://?*'
);
UPDATE tracks SET musicbrainz = (
    SELECT min(substr(guid, 8)) FROM guids WHERE guids.ratingKey = tracks.ratingKey AND guid GLOB 'mbid://?*'
);
