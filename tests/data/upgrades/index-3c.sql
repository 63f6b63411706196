-- The index as an earlier PlexSync made it, with a few rows.
PRAGMA foreign_keys=OFF;
PRAGMA application_id=1347647561;
CREATE TABLE meta (
    name TEXT PRIMARY KEY, -- machineId, serverName, serverVersion, indexId or lastCompleteRun
    value TEXT NOT NULL -- its value as text; times in ISO 8601, UTC
) STRICT;
CREATE TABLE sections (
    key INTEGER PRIMARY KEY, -- Plex's number of the library
    title TEXT NOT NULL, -- its name in Plex
    type TEXT NOT NULL, -- Plex's word: movie, show or artist
    uuid TEXT, -- Plex's identifier, which stays when the library is renamed
    agent TEXT, -- Plex's name of what finds the metadata
    scanner TEXT, -- Plex's name of what finds the files
    language TEXT, -- language of the metadata ("en-US")
    createdAt TEXT, -- when the library was made
    contentChangedAt INTEGER, -- Plex's counter of changes (not a time) when the library was last read
    updatedAt INTEGER, -- when the library itself was last changed, epoch seconds, as Plex gives it
    scannedAt INTEGER, -- when Plex last scanned the library, epoch seconds, as Plex gives it
    lastSweepAt TEXT, -- when the library was last listed in full; NULL: never
    runsSinceSweep INTEGER NOT NULL DEFAULT 0, -- runs since then that found its counters unchanged and read nothing
    available INTEGER NOT NULL DEFAULT 1 -- 0: Plex no longer has this library
) STRICT;
CREATE TABLE section_folders (
    sectionKey INTEGER NOT NULL REFERENCES sections (key) ON DELETE CASCADE, -- the library
    position INTEGER NOT NULL, -- place in Plex's list, from 0
    path TEXT NOT NULL, -- full path as the Plex server sees it
    PRIMARY KEY (sectionKey, position)
) STRICT;
CREATE TABLE items (
    ratingKey INTEGER PRIMARY KEY, -- Plex's number of the item
    kind INTEGER NOT NULL, -- 1 movie, 2 show, 3 season, 4 episode, 8 artist, 9 album, 10 track
    sectionKey INTEGER NOT NULL REFERENCES sections (key) ON DELETE CASCADE, -- the library that holds it
    parentKey INTEGER, -- rating key of the season, show, album or artist above it, as Plex gives it
    grandparentKey INTEGER, -- rating key of the show or artist two levels up, as Plex gives it
    title TEXT NOT NULL, -- title, of every kind
    titleSort TEXT, -- what Plex sorts by, where it differs from the title
    editionTitle TEXT, -- the edition of a movie ("Director's Cut")
    guid TEXT, -- Plex's identifier of the work, the same on every server
    slug TEXT, -- name of a movie or show in addresses of Plex's own site (watch.plex.tv/movie/...)
    addedAt TEXT, -- when Plex added it
    updatedAt TEXT, -- when Plex last changed it; Plex leaves it out for some items
    thumb TEXT, -- address of the poster on the server; its last part changes when the item does
    art TEXT, -- address of the background on the server
    userRating REAL, -- the rating given by the token's owner, 0 to 10
    deletedAt TEXT, -- since when Plex misses its files and keeps it in the trash; NULL: it does not
    elementHash TEXT NOT NULL, -- fingerprint of the item in Plex's listing; equal means unchanged
    available INTEGER NOT NULL DEFAULT 1, -- 1: Plex lists it; 0: it no longer does
    lastSeen TEXT NOT NULL -- when Plex last listed it
) STRICT;
CREATE TABLE movies (
    ratingKey INTEGER PRIMARY KEY REFERENCES items (ratingKey) ON DELETE CASCADE, -- Plex's number of the movie
    title TEXT NOT NULL, -- title
    originalTitle TEXT, -- title in the original language
    year INTEGER, -- year of release
    duration INTEGER, -- length of the first version in milliseconds
    durationHuman TEXT, -- the same for reading ("1 h 42 min")
    sizeBytes INTEGER, -- bytes of all files of all versions; NULL: no file
    sizeHuman TEXT, -- the same for reading ("4.3 GB")
    audioCodec TEXT, -- audio codec of the first version
    videoCodec TEXT, -- video codec of the first version
    videoResolution TEXT, -- resolution of the first version, in Plex's words ("1080", "4k")
    container TEXT, -- container of the first version ("mkv")
    genres TEXT, -- genres, joined by ", "; without ambiguity in table tags
    studio TEXT, -- studio
    writers TEXT, -- writers, joined by ", "; without ambiguity in table credits
    directors TEXT, -- directors, joined by ", "
    producers TEXT, -- producers, joined by ", "
    actors TEXT, -- cast as "Name as Character", joined by ", "
    summary TEXT, -- summary
    tagline TEXT, -- tagline
    contentRating TEXT, -- age rating ("PG-13")
    originallyAvailableAt TEXT, -- date of release as Plex gives it
    rating REAL, -- critics' rating, 0 to 10
    audienceRating REAL, -- audience's rating, 0 to 10
    mediaHash TEXT, -- fingerprint of size, duration, codec, resolution, container, title and year
    available INTEGER NOT NULL DEFAULT 1, -- 1: Plex lists it; 0: it no longer does
    lastSeen TEXT NOT NULL -- when Plex last listed it
) STRICT;
CREATE TABLE tv_shows (
    ratingKey INTEGER PRIMARY KEY REFERENCES items (ratingKey) ON DELETE CASCADE, -- Plex's number of the show
    title TEXT NOT NULL, -- title
    originalTitle TEXT, -- title in the original language
    year INTEGER, -- year of first broadcast
    duration INTEGER, -- usual length of an episode in milliseconds, as Plex gives it
    tagline TEXT, -- tagline
    avgEpisodeDuration INTEGER, -- average length of its available episodes in milliseconds
    seasonCount INTEGER, -- available seasons
    totalEpisodes INTEGER, -- available episodes
    totalSizeBytes INTEGER, -- bytes of all files of its available episodes
    avgVideoResolutions TEXT, -- the resolutions of its available episodes, the most frequent first, joined by ", "
    avgAudioCodecs TEXT, -- the audio codecs of its available episodes, the most frequent first, joined by ", "
    actors TEXT, -- cast as "Name as Character", joined by ", "
    summary TEXT, -- summary
    genres TEXT, -- genres, joined by ", "
    studio TEXT, -- studio or network
    contentRating TEXT, -- age rating
    rating REAL, -- critics' rating, 0 to 10
    audienceRating REAL, -- audience's rating, 0 to 10
    originallyAvailableAt TEXT, -- date of first broadcast as Plex gives it
    theme TEXT, -- address of its theme music on the server
    available INTEGER NOT NULL DEFAULT 1, -- 1: Plex lists it; 0: it no longer does
    lastSeen TEXT NOT NULL, -- when Plex last listed it
    addedAt TEXT, -- when Plex added it
    updatedAt TEXT -- when Plex last changed it
) STRICT;
CREATE TABLE seasons (
    seasonRatingKey INTEGER PRIMARY KEY REFERENCES items (ratingKey) ON DELETE CASCADE, -- Plex's number of the season
    showRatingKey INTEGER REFERENCES tv_shows (ratingKey) ON DELETE CASCADE, -- its show; NULL: Plex does not list that
    seasonNumber INTEGER, -- number of the season; 0 holds the specials
    title TEXT, -- title ("Season 1")
    summary TEXT, -- summary
    seasonTotalEpisode INTEGER, -- available episodes
    avgSeasonEpisodeDuration INTEGER, -- average length of its available episodes in milliseconds
    seasonSizeBytes INTEGER, -- bytes of all files of its available episodes
    yearRange TEXT, -- years of its available episodes ("2014" or "2014-2016")
    available INTEGER NOT NULL DEFAULT 1, -- 1: Plex lists it; 0: it no longer does
    lastSeen TEXT NOT NULL -- when Plex last listed it
) STRICT;
CREATE TABLE episodes (
    ratingKey INTEGER PRIMARY KEY REFERENCES items (ratingKey) ON DELETE CASCADE, -- Plex's number of the episode
    seasonRatingKey INTEGER REFERENCES seasons (seasonRatingKey) ON DELETE CASCADE, -- its season; NULL: Plex does not list that
    showRatingKey INTEGER REFERENCES tv_shows (ratingKey) ON DELETE CASCADE, -- its show; NULL: Plex does not list that
    seasonNumber INTEGER, -- number of its season; 0 holds the specials
    episodeNumber INTEGER, -- number within the season
    title TEXT NOT NULL, -- title
    originalTitle TEXT, -- title in the original language
    contentRating TEXT, -- age rating
    year INTEGER, -- year of first broadcast
    duration INTEGER, -- length of the first version in milliseconds
    durationHuman TEXT, -- the same for reading
    audioCodec TEXT, -- audio codec of the first version
    videoCodec TEXT, -- video codec of the first version
    videoResolution TEXT, -- resolution of the first version, in Plex's words
    container TEXT, -- container of the first version
    sizeBytes INTEGER, -- bytes of all files of all versions; NULL: no file
    sizeHuman TEXT, -- the same for reading
    directors TEXT, -- directors, joined by ", "
    writers TEXT, -- writers, joined by ", "
    actors TEXT, -- cast as "Name as Character", joined by ", "
    rating REAL, -- critics' rating, 0 to 10
    audienceRating REAL, -- audience's rating, 0 to 10
    summary TEXT, -- summary
    originallyAvailableAt TEXT, -- date of first broadcast as Plex gives it
    mediaHash TEXT, -- fingerprint of size, duration, codec, resolution, container, title and year
    available INTEGER NOT NULL DEFAULT 1, -- 1: Plex lists it; 0: it no longer does
    lastSeen TEXT NOT NULL -- when Plex last listed it
) STRICT;
CREATE TABLE artists (
    ratingKey INTEGER PRIMARY KEY REFERENCES items (ratingKey) ON DELETE CASCADE, -- Plex's number of the artist
    artistName TEXT NOT NULL, -- name
    totalAlbums INTEGER, -- available albums
    totalTracks INTEGER, -- available tracks
    totalSizeBytes INTEGER, -- bytes of all files of the available tracks
    yearRange TEXT, -- years of the available albums ("1998" or "1998-2005")
    summary TEXT, -- biography
    genres TEXT, -- genres, joined by ", "
    available INTEGER NOT NULL DEFAULT 1, -- 1: Plex lists it; 0: it no longer does
    lastSeen TEXT NOT NULL -- when Plex last listed it
) STRICT;
CREATE TABLE albums (
    ratingKey INTEGER PRIMARY KEY REFERENCES items (ratingKey) ON DELETE CASCADE, -- Plex's number of the album
    artistRatingKey INTEGER REFERENCES artists (ratingKey) ON DELETE CASCADE, -- its artist; NULL: Plex does not list that
    title TEXT NOT NULL, -- title
    year INTEGER, -- year of release
    tracks INTEGER, -- available tracks
    albumSizeBytes INTEGER, -- bytes of all files of its available tracks
    albumDuration INTEGER, -- length of all available tracks together in milliseconds
    originallyAvailableAt TEXT, -- date of release as Plex gives it
    studio TEXT, -- record label
    genres TEXT, -- genres, joined by ", "
    albumContainers TEXT, -- the containers of its available tracks, the most frequent first, joined by ", "
    summary TEXT, -- review
    available INTEGER NOT NULL DEFAULT 1, -- 1: Plex lists it; 0: it no longer does
    lastSeen TEXT NOT NULL -- when Plex last listed it
) STRICT;
CREATE TABLE tracks (
    ratingKey INTEGER PRIMARY KEY REFERENCES items (ratingKey) ON DELETE CASCADE, -- Plex's number of the track
    albumRatingKey INTEGER REFERENCES albums (ratingKey) ON DELETE CASCADE, -- its album; NULL: Plex does not list that
    artistRatingKey INTEGER REFERENCES artists (ratingKey) ON DELETE CASCADE, -- the album's artist; NULL: Plex does not list that
    title TEXT NOT NULL, -- title
    originalTitle TEXT, -- the track's own artist, where that is not the album's
    discNumber INTEGER, -- number of the disc
    trackNumber INTEGER, -- number on its disc
    duration INTEGER, -- length in milliseconds
    durationHuman TEXT, -- the same for reading
    sizeBytes INTEGER, -- bytes of all files of all versions; NULL: no file
    sizeHuman TEXT, -- the same for reading
    audioCodec TEXT, -- audio codec of the first version
    container TEXT, -- container of the first version
    mediaHash TEXT, -- fingerprint of size, duration, codec, resolution, container, title and year
    summary TEXT, -- summary
    originallyAvailableAt TEXT, -- date of release as Plex gives it
    genres TEXT, -- genres, joined by ", "
    ratingCount INTEGER, -- how many listeners it has had elsewhere (Last.fm), as Plex gives it
    musicAnalysisVersion INTEGER, -- version of Plex's analysis of how it sounds; NULL: it has not been analysed
    available INTEGER NOT NULL DEFAULT 1, -- 1: Plex lists it; 0: it no longer does
    lastSeen TEXT NOT NULL -- when Plex last listed it
) STRICT;
CREATE TABLE versions (
    ratingKey INTEGER NOT NULL REFERENCES items (ratingKey) ON DELETE CASCADE, -- the item whose version it is
    version INTEGER NOT NULL, -- place among the item's versions, from 0
    mediaId INTEGER, -- Plex's number of the version
    duration INTEGER, -- milliseconds
    container TEXT, -- container ("mkv")
    bitrate INTEGER, -- kilobits per second
    videoCodec TEXT, -- video codec ("hevc")
    videoProfile TEXT, -- profile of the video codec ("main 10")
    videoResolution TEXT, -- resolution in Plex's words ("1080", "4k")
    videoFrameRate TEXT, -- frame rate in Plex's words ("24p", "PAL")
    width INTEGER, -- pixels
    height INTEGER, -- pixels
    aspectRatio REAL, -- width of the picture divided by its height
    audioCodec TEXT, -- audio codec ("eac3")
    audioProfile TEXT, -- profile of the audio codec ("lc")
    audioChannels INTEGER, -- audio channels
    optimizedForStreaming INTEGER, -- 1: its index stands at its start, so that players begin at once; NULL: not told
    hasVoiceActivity INTEGER, -- 1: Plex has found out when someone speaks; NULL: not told
    PRIMARY KEY (ratingKey, version)
) STRICT;
CREATE TABLE files (
    ratingKey INTEGER NOT NULL REFERENCES items (ratingKey) ON DELETE CASCADE, -- the item whose file it is
    version INTEGER NOT NULL, -- place of the version among the item's versions, from 0
    part INTEGER NOT NULL, -- place of the file within the version, from 0
    kind INTEGER NOT NULL, -- kind of the item: 1 movie, 4 episode, 10 track
    sectionKey INTEGER NOT NULL, -- the library that holds the item
    mediaId INTEGER, -- Plex's number of the version
    partId INTEGER, -- Plex's number of the file
    key TEXT, -- address of the file on the server; a number in it changes when the file does
    path TEXT, -- full path as the Plex server sees it
    name TEXT, -- last component of the path
    size INTEGER, -- bytes
    duration INTEGER, -- milliseconds
    container TEXT, -- container ("mkv")
    bitrate INTEGER, -- kilobits per second of the version
    videoCodec TEXT, -- video codec of the version
    videoResolution TEXT, -- resolution of the version, in Plex's words
    width INTEGER, -- pixels
    height INTEGER, -- pixels
    audioCodec TEXT, -- audio codec of the version
    audioChannels INTEGER, -- audio channels of the version
    indexes TEXT, -- "sd": Plex has made the preview pictures that are shown while seeking; NULL: it has not
    PRIMARY KEY (ratingKey, version, part)
) STRICT;
CREATE TABLE streams (
    ratingKey INTEGER NOT NULL REFERENCES items (ratingKey) ON DELETE CASCADE, -- the item whose stream it is
    version INTEGER NOT NULL, -- place of the version among the item's versions, from 0
    part INTEGER NOT NULL, -- place of the file within the version, from 0
    position INTEGER NOT NULL, -- place in Plex's list, from 0
    streamId INTEGER, -- Plex's number of the stream
    type TEXT NOT NULL, -- video, audio, subtitle or lyrics; Plex's number where it is none of these
    codec TEXT, -- codec ("hevc", "eac3", "srt")
    profile TEXT, -- profile of the codec ("main 10", "dts")
    level INTEGER, -- level of the video codec (51 is 5.1)
    language TEXT, -- language by name, in the server's language
    languageCode TEXT, -- language in three letters (ISO 639-2)
    languageTag TEXT, -- language as a tag ("pt-BR")
    title TEXT, -- title that the file gives it ("Commentary", "SDH")
    displayTitle TEXT, -- what Plex shows for it ("English (EAC3 5.1)")
    isDefault INTEGER NOT NULL, -- 1: the file marks it as the default
    selected INTEGER NOT NULL, -- 1: Plex plays it unless told otherwise
    forced INTEGER NOT NULL, -- 1: subtitles for foreign dialogue only
    hearingImpaired INTEGER NOT NULL, -- 1: subtitles that tell sounds too
    visualImpaired INTEGER NOT NULL, -- 1: audio that describes the picture
    dub INTEGER NOT NULL, -- 1: dubbed
    original INTEGER NOT NULL, -- 1: in the original language
    bitrate INTEGER, -- kilobits per second
    bitrateMode TEXT, -- cbr: the bit rate stays the same; vbr: it does not
    bitDepth INTEGER, -- bits per sample
    chromaSubsampling TEXT, -- how much of the colour is kept ("4:2:0")
    channels INTEGER, -- audio channels
    channelLayout TEXT, -- arrangement of the channels ("5.1(side)")
    samplingRate INTEGER, -- hertz
    width INTEGER, -- pixels
    height INTEGER, -- pixels
    frameRate REAL, -- frames per second
    scanType TEXT, -- progressive or interlaced
    hdr TEXT, -- Dolby Vision, HDR10 or HLG; NULL: none, or not told
    colorPrimaries TEXT, -- colour primaries ("bt2020")
    colorSpace TEXT, -- colour space ("bt2020nc")
    colorTransfer TEXT, -- transfer function ("smpte2084")
    dolbyVisionProfile INTEGER, -- profile of Dolby Vision (5, 7, 8)
    loudness REAL, -- integrated loudness in LUFS
    loudnessRange REAL, -- loudness range in LU: small where all is equally loud
    key TEXT, -- address on the server of subtitles or lyrics that lie outside the file; NULL: within it
    path TEXT, -- file of subtitles or lyrics that lie outside the file, where Plex tells it
    PRIMARY KEY (ratingKey, version, part, position)
) STRICT;
CREATE TABLE chapters (
    ratingKey INTEGER NOT NULL REFERENCES items (ratingKey) ON DELETE CASCADE, -- the item
    position INTEGER NOT NULL, -- place in Plex's list, from 0
    title TEXT, -- title
    startsAt INTEGER, -- milliseconds from the start
    endsAt INTEGER, -- milliseconds from the start
    thumb TEXT, -- address of its picture on the server
    PRIMARY KEY (ratingKey, position)
) STRICT;
CREATE TABLE markers (
    ratingKey INTEGER NOT NULL REFERENCES items (ratingKey) ON DELETE CASCADE, -- the item
    position INTEGER NOT NULL, -- place in Plex's list, from 0
    type TEXT, -- intro, credits or commercial
    startsAt INTEGER, -- milliseconds from the start
    endsAt INTEGER, -- milliseconds from the start
    final INTEGER NOT NULL, -- 1: nothing comes after it
    PRIMARY KEY (ratingKey, position)
) STRICT;
CREATE TABLE ratings (
    ratingKey INTEGER NOT NULL REFERENCES items (ratingKey) ON DELETE CASCADE, -- the item
    position INTEGER NOT NULL, -- place in Plex's list, from 0
    type TEXT NOT NULL, -- critic or audience
    source TEXT, -- whose it is, as the name of its picture ("imdb://image.rating")
    value REAL NOT NULL, -- the rating, 0 to 10
    PRIMARY KEY (ratingKey, position)
) STRICT;
CREATE TABLE people (
    id INTEGER PRIMARY KEY, -- number in this file
    name TEXT NOT NULL, -- name
    tagKey TEXT NOT NULL, -- Plex's identifier of the person, the same on every server; "": Plex gives none
    thumb TEXT, -- address of a picture
    UNIQUE (name, tagKey)
) STRICT;
CREATE TABLE item_people (
    ratingKey INTEGER NOT NULL REFERENCES items (ratingKey) ON DELETE CASCADE, -- the item
    job TEXT NOT NULL, -- actor, director, writer or producer
    position INTEGER NOT NULL, -- place in Plex's list, from 0
    personId INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE, -- the person
    role TEXT, -- the character an actor plays
    tagId INTEGER, -- Plex's number of the person in this job on this server
    PRIMARY KEY (ratingKey, job, position)
) STRICT;
CREATE TABLE tag_names (
    id INTEGER PRIMARY KEY, -- number in this file
    type TEXT NOT NULL, -- genre, collection, label, country, mood or style
    name TEXT NOT NULL, -- the tag
    plexId INTEGER, -- Plex's number of the tag on this server
    guid TEXT, -- Plex's identifier of a collection
    UNIQUE (type, name)
) STRICT;
CREATE TABLE item_tags (
    ratingKey INTEGER NOT NULL REFERENCES items (ratingKey) ON DELETE CASCADE, -- the item
    tagNameId INTEGER NOT NULL REFERENCES tag_names (id) ON DELETE CASCADE, -- the tag
    position INTEGER NOT NULL, -- place in Plex's list of this type, from 0
    PRIMARY KEY (ratingKey, tagNameId, position)
) STRICT;
CREATE TABLE guids (
    ratingKey INTEGER NOT NULL REFERENCES items (ratingKey) ON DELETE CASCADE, -- the item
    guid TEXT NOT NULL, -- such as imdb://tt0165832
    PRIMARY KEY (ratingKey, guid)
) STRICT;
CREATE TABLE field_locks (
    ratingKey INTEGER NOT NULL REFERENCES items (ratingKey) ON DELETE CASCADE, -- the item
    field TEXT NOT NULL, -- name of the field
    PRIMARY KEY (ratingKey, field)
) STRICT;
CREATE TABLE folders (
    ratingKey INTEGER NOT NULL REFERENCES items (ratingKey) ON DELETE CASCADE, -- the item
    path TEXT NOT NULL, -- full path as the Plex server sees it
    PRIMARY KEY (ratingKey, path)
) STRICT;
CREATE TABLE images (
    ratingKey INTEGER NOT NULL REFERENCES items (ratingKey) ON DELETE CASCADE, -- the item
    type TEXT NOT NULL, -- Plex's word: clearLogo, backgroundSquare, banner
    url TEXT NOT NULL, -- address on the server
    PRIMARY KEY (ratingKey, type)
) STRICT;
CREATE TABLE watch_states (
    ratingKey INTEGER PRIMARY KEY REFERENCES items (ratingKey) ON DELETE CASCADE, -- the item
    viewCount INTEGER, -- how often it was watched to its end
    lastViewedAt TEXT, -- when it was last watched
    viewOffset INTEGER, -- where watching stopped, in milliseconds
    viewedLeafCount INTEGER, -- watched episodes of a show or season
    skipCount INTEGER, -- how often a track was skipped
    lastRatedAt TEXT -- when it was last rated
) STRICT;
CREATE TABLE runs (
    id INTEGER PRIMARY KEY, -- number of the run
    startedAt TEXT NOT NULL, -- when it began
    endedAt TEXT NOT NULL, -- when it ended
    requests INTEGER NOT NULL, -- requests sent to Plex
    sectionsRead INTEGER NOT NULL, -- libraries listed in full
    sectionsUnchanged INTEGER NOT NULL, -- libraries whose counters showed that nothing had changed
    seen INTEGER NOT NULL, -- items listed
    added INTEGER NOT NULL, -- items stored for the first time
    changed INTEGER NOT NULL, -- items stored anew
    lost INTEGER NOT NULL -- items that Plex no longer lists
) STRICT;
CREATE TABLE run_counts (
    runId INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE, -- the run
    sectionKey INTEGER NOT NULL REFERENCES sections (key) ON DELETE CASCADE, -- the library
    tableName TEXT NOT NULL, -- one of the seven library tables
    seen INTEGER NOT NULL, -- items listed
    added INTEGER NOT NULL, -- items stored for the first time
    changed INTEGER NOT NULL, -- items stored anew
    lost INTEGER NOT NULL, -- items that Plex no longer lists
    missing INTEGER NOT NULL, -- items listed whose details Plex did not give
    PRIMARY KEY (runId, sectionKey, tableName)
) STRICT;
INSERT INTO "meta" VALUES ('machineId', '51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c');
INSERT INTO "meta" VALUES ('serverName', 'Simulated Plex');
INSERT INTO "meta" VALUES ('serverVersion', '1.43.1.10611-1e34174b1');
INSERT INTO "sections" VALUES (1, 'Scenes', 'movie', '8c95402a-0ba2-82b0-83d3-f3f2537bb4c7', 'tv.plex.agents.movie', 'Plex Movie', 'en-US', '2023-11-14T22:13:21Z', 76, 1700000001, 1700000001, '2026-11-29T09:04:59Z', 0, 1);
INSERT INTO "section_folders" VALUES (1, 0, '/media/videos');
INSERT INTO "items" VALUES (101, 1, 1, NULL, NULL, 'First', NULL, NULL, 'plex://movie/dbc0f004854457f59fb16ab8', NULL, '2023-11-14T22:15:01Z', '2026-11-29T09:04:57Z', '/library/metadata/101/thumb/1795943097', '/library/metadata/101/art/1795943097', NULL, NULL, '0292873c8f9e5ad085539fce2be03f2d', 1, '2026-11-29T09:04:59Z');
INSERT INTO "items" VALUES (102, 1, 1, NULL, NULL, 'Second', NULL, NULL, 'plex://movie/c8306ae139ac98f432932286', NULL, '2023-11-14T22:15:02Z', '2026-11-29T09:04:58Z', '/library/metadata/102/thumb/1795943098', '/library/metadata/102/art/1795943098', NULL, NULL, '6b6e06dba60f90e0c768c0e10f9dfe3e', 1, '2026-11-29T09:04:59Z');
INSERT INTO "items" VALUES (103, 1, 1, NULL, NULL, 'scene 3', NULL, NULL, 'plex://movie/934385f53d1bd0c1b8493e44', NULL, '2023-11-14T22:15:03Z', '2023-11-14T22:15:03Z', '/library/metadata/103/thumb/1700000103', '/library/metadata/103/art/1700000103', NULL, NULL, '433d58a6a3a1aca4d547d72fe47c8642', 1, '2026-11-29T09:04:59Z');
INSERT INTO "movies" VALUES (101, 'First', NULL, NULL, 1800000, '30 min', 1000001, '1.0 MB', 'aac', 'h264', '720', 'mkv', 'Drama, Comedy, Crime', NULL, NULL, NULL, NULL, 'Old Actor as Somebody', 'What the agent found.', NULL, NULL, NULL, NULL, NULL, '85aa6c07590949c1adf9fee6c22bc04d7b0a23e284fb68ae43887744b2c3190b', 1, '2026-11-29T09:04:59Z');
INSERT INTO "movies" VALUES (102, 'Second', NULL, NULL, 1800000, '30 min', 1000002, '1.0 MB', 'aac', 'h264', '720', 'mkv', 'Drama, Comedy, Crime', NULL, NULL, NULL, NULL, 'Old Actor as Somebody', 'Words', NULL, NULL, NULL, NULL, NULL, '1bacfbf3c22b7758f963d76652cee161692a9537500bce356336b52e692e04f8', 1, '2026-11-29T09:04:59Z');
INSERT INTO "movies" VALUES (103, 'scene 3', NULL, NULL, 1800000, '30 min', 1000003, '1.0 MB', 'aac', 'h264', '720', 'mkv', 'Drama, Comedy, Crime', NULL, NULL, NULL, NULL, 'Old Actor as Somebody', 'What the agent found.', NULL, NULL, NULL, NULL, NULL, 'a56899d3922d0e0285f47584481c602241f5189aa251ebfe056fda5a6ad593e1', 1, '2026-11-29T09:04:59Z');
INSERT INTO "versions" VALUES (101, 0, 1, 1800000, 'mkv', 3250, 'h264', 'high', '720', '24p', 1280, 720, 1.78, 'aac', NULL, 2, NULL, 0);
INSERT INTO "versions" VALUES (102, 0, 2, 1800000, 'mkv', 3250, 'h264', 'high', '720', '24p', 1280, 720, 1.78, 'aac', NULL, 2, NULL, 0);
INSERT INTO "versions" VALUES (103, 0, 3, 1800000, 'mkv', 3250, 'h264', 'high', '720', '24p', 1280, 720, 1.78, 'aac', NULL, 2, NULL, 0);
INSERT INTO "files" VALUES (101, 0, 0, 1, 1, 1, 1, '/library/parts/1/1700000101/file.mp4', '/media/videos/scene 1.mp4', 'scene 1.mp4', 1000001, 1800000, 'mkv', 3250, 'h264', '720', 1280, 720, 'aac', 2, NULL);
INSERT INTO "files" VALUES (102, 0, 0, 1, 1, 2, 2, '/library/parts/2/1700000102/file.mp4', '/media/videos/scene 2.mp4', 'scene 2.mp4', 1000002, 1800000, 'mkv', 3250, 'h264', '720', 1280, 720, 'aac', 2, NULL);
INSERT INTO "files" VALUES (103, 0, 0, 1, 1, 3, 3, '/library/parts/3/1700000103/file.mp4', '/media/videos/scene 3.mp4', 'scene 3.mp4', 1000003, 1800000, 'mkv', 3250, 'h264', '720', 1280, 720, 'aac', 2, NULL);
INSERT INTO "streams" VALUES (101, 0, 0, 0, 11, 'video', 'h264', NULL, NULL, NULL, NULL, NULL, NULL, '720p (H264)', 1, 0, 0, 0, 0, 0, 0, 3250, NULL, NULL, NULL, NULL, NULL, NULL, 1280, 720, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO "streams" VALUES (101, 0, 0, 1, 12, 'audio', 'aac', NULL, NULL, NULL, NULL, NULL, NULL, 'AAC (Stereo)', 0, 1, 0, 0, 0, 0, 0, NULL, NULL, NULL, NULL, 2, NULL, 48000, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO "streams" VALUES (102, 0, 0, 0, 21, 'video', 'h264', NULL, NULL, NULL, NULL, NULL, NULL, '720p (H264)', 1, 0, 0, 0, 0, 0, 0, 3250, NULL, NULL, NULL, NULL, NULL, NULL, 1280, 720, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO "people" VALUES (1, 'Old Actor', '', NULL);
INSERT INTO "item_people" VALUES (101, 'actor', 0, 1, 'Somebody', 4);
INSERT INTO "item_people" VALUES (102, 'actor', 0, 1, 'Somebody', 4);
INSERT INTO "item_people" VALUES (103, 'actor', 0, 1, 'Somebody', 4);
INSERT INTO "tag_names" VALUES (1, 'genre', 'Comedy', 2, NULL);
INSERT INTO "tag_names" VALUES (2, 'genre', 'Crime', 3, NULL);
INSERT INTO "tag_names" VALUES (3, 'genre', 'Drama', 1, NULL);
INSERT INTO "item_tags" VALUES (101, 3, 0);
INSERT INTO "item_tags" VALUES (101, 1, 1);
INSERT INTO "item_tags" VALUES (101, 2, 2);
INSERT INTO "field_locks" VALUES (101, 'title');
INSERT INTO "field_locks" VALUES (102, 'summary');
INSERT INTO "field_locks" VALUES (102, 'title');
INSERT INTO "runs" VALUES (1, '2026-11-29T09:04:59Z', '2026-11-29T09:04:59Z', 4, 1, 0, 40, 40, 0, 0);
INSERT INTO "run_counts" VALUES (1, 1, 'movies', 40, 40, 0, 0, 0);
CREATE VIRTUAL TABLE search USING fts5 (
    title, -- title, or name of an artist
    originalTitle, -- title in the original language, or the artist of a track
    summary, -- summary, biography or review
    people, -- cast and crew, with the names of characters
    content = 'search_texts', content_rowid = 'ratingKey', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE INDEX items_section ON items (sectionKey, kind, available);
CREATE INDEX items_guid ON items (guid);
CREATE INDEX movies_available ON movies (available);
CREATE INDEX tv_shows_available ON tv_shows (available);
CREATE INDEX seasons_show ON seasons (showRatingKey);
CREATE INDEX episodes_season ON episodes (seasonRatingKey);
CREATE INDEX episodes_show ON episodes (showRatingKey);
CREATE INDEX episodes_available ON episodes (available);
CREATE INDEX albums_artist ON albums (artistRatingKey);
CREATE INDEX tracks_album ON tracks (albumRatingKey);
CREATE INDEX tracks_artist ON tracks (artistRatingKey);
CREATE INDEX files_path ON files (path);
CREATE INDEX files_name_size ON files (name, size);
CREATE INDEX streams_type ON streams (type, languageCode);
CREATE INDEX item_people_person ON item_people (personId);
CREATE INDEX item_tags_name ON item_tags (tagNameId);
CREATE INDEX guids_guid ON guids (guid);
CREATE VIEW sync_files (
    rating_key, -- the item
    kind, -- 1 movie, 4 episode
    section_key, -- the library that holds it
    path, -- full path as the Plex server sees it
    name, -- last component of the path
    size -- bytes
) AS
SELECT files.ratingKey, files.kind, files.sectionKey, files.path, files.name, files.size
FROM files JOIN items ON items.ratingKey = files.ratingKey
WHERE items.available = 1 AND files.kind IN (1, 4) AND files.path IS NOT NULL;
CREATE VIEW sync_server (
    machine_id, -- its identifier
    name, -- its name
    last_complete_run -- when a run last ended with nothing left out
) AS
SELECT
    (SELECT value FROM meta WHERE name = 'machineId'),
    (SELECT value FROM meta WHERE name = 'serverName'),
    (SELECT value FROM meta WHERE name = 'lastCompleteRun');
CREATE VIEW search_texts (
    ratingKey, -- the item
    title, -- title, or name of an artist
    originalTitle, -- title in the original language, or the artist of a track
    summary, -- summary, biography or review
    people -- cast and crew, with the names of characters
) AS
SELECT ratingKey, title, originalTitle, summary,
        ltrim(ifnull(', ' || actors, '') || ifnull(', ' || directors, '') || ifnull(', ' || writers, '') || ifnull(', ' || producers, ''), ', ') FROM movies
UNION ALL SELECT ratingKey, title, originalTitle, summary, actors FROM tv_shows
UNION ALL SELECT seasonRatingKey, title, NULL, summary, NULL FROM seasons
UNION ALL SELECT ratingKey, title, originalTitle, summary,
        ltrim(ifnull(', ' || actors, '') || ifnull(', ' || directors, '') || ifnull(', ' || writers, ''), ', ') FROM episodes
UNION ALL SELECT ratingKey, artistName, NULL, summary, NULL FROM artists
UNION ALL SELECT ratingKey, title, NULL, summary, NULL FROM albums
UNION ALL SELECT ratingKey, title, originalTitle, summary, NULL FROM tracks;
CREATE VIEW credits (
    ratingKey, -- the item
    job, -- actor, director, writer or producer
    position, -- place in Plex's list, from 0
    name, -- the person
    role, -- the character an actor plays
    thumb, -- address of the person's picture
    tagId, -- Plex's number of the person in this job on this server
    personId -- row in people
) AS
SELECT item_people.ratingKey, item_people.job, item_people.position, people.name, item_people.role, people.thumb,
    item_people.tagId, item_people.personId
FROM item_people JOIN people ON people.id = item_people.personId;
CREATE VIEW tags (
    ratingKey, -- the item
    type, -- genre, collection, label, country, mood or style
    position, -- place in Plex's list of this type, from 0
    name -- the tag
) AS
SELECT item_tags.ratingKey, tag_names.type, item_tags.position, tag_names.name
FROM item_tags JOIN tag_names ON tag_names.id = item_tags.tagNameId;
CREATE VIEW genres (
    name, -- the genre
    items, -- items that have it
    id -- row in tag_names
) AS
SELECT tag_names.name, count(*), tag_names.id
FROM tag_names JOIN item_tags ON item_tags.tagNameId = tag_names.id
WHERE tag_names.type = 'genre' AND item_tags.ratingKey NOT IN (SELECT ratingKey FROM items WHERE available = 0)
GROUP BY tag_names.id;
CREATE VIEW collections (
    name, -- the collection
    items, -- items in it
    guid, -- Plex's identifier of it
    id -- row in tag_names
) AS
SELECT tag_names.name, count(*), tag_names.guid, tag_names.id
FROM tag_names JOIN item_tags ON item_tags.tagNameId = tag_names.id
WHERE tag_names.type = 'collection' AND item_tags.ratingKey NOT IN (SELECT ratingKey FROM items WHERE available = 0)
GROUP BY tag_names.id;
CREATE VIEW labels (
    name, -- the label
    items, -- items that have it
    id -- row in tag_names
) AS
SELECT tag_names.name, count(*), tag_names.id
FROM tag_names JOIN item_tags ON item_tags.tagNameId = tag_names.id
WHERE tag_names.type = 'label' AND item_tags.ratingKey NOT IN (SELECT ratingKey FROM items WHERE available = 0)
GROUP BY tag_names.id;
CREATE VIEW storage (
    library, -- title of the library
    kind, -- movie, episode or track
    videoResolution, -- resolution in Plex's words; NULL: music, or not told
    videoCodec, -- video codec; NULL: music, or not told
    audioCodec, -- audio codec
    files, -- files
    sizeBytes, -- their bytes
    duration -- their length in milliseconds
) AS
SELECT sections.title, CASE held.kind WHEN 1 THEN 'movie' WHEN 4 THEN 'episode' ELSE 'track' END,
    held.videoResolution, held.videoCodec, held.audioCodec, held.files, held.size, held.duration
FROM (
    SELECT sectionKey, kind, videoResolution, videoCodec, audioCodec, count(*) AS files, sum(size) AS size,
        sum(duration) AS duration
    FROM files WHERE ratingKey NOT IN (SELECT ratingKey FROM items WHERE available = 0)
    GROUP BY sectionKey, kind, videoResolution, videoCodec, audioCodec
) AS held JOIN sections ON sections.key = held.sectionKey
ORDER BY held.size DESC;
CREATE VIEW growth (
    month, -- year and month in which Plex added it ("2024-03")
    library, -- title of the library
    kind, -- movie, episode or track
    added, -- items added in that month
    addedBytes, -- bytes of their files
    items, -- items of this kind at the end of that month
    sizeBytes -- bytes at the end of that month
) AS
SELECT month, title, kind, added, addedBytes,
    sum(added) OVER (PARTITION BY sectionKey, kind ORDER BY month),
    sum(addedBytes) OVER (PARTITION BY sectionKey, kind ORDER BY month)
FROM (
    SELECT substr(items.addedAt, 1, 7) AS month, items.sectionKey AS sectionKey, sections.title AS title,
        CASE items.kind WHEN 1 THEN 'movie' WHEN 4 THEN 'episode' ELSE 'track' END AS kind,
        count(*) AS added, ifnull(sum(held.sizeBytes), 0) AS addedBytes
    FROM (
        SELECT ratingKey, sizeBytes FROM movies WHERE available = 1
        UNION ALL SELECT ratingKey, sizeBytes FROM episodes WHERE available = 1
        UNION ALL SELECT ratingKey, sizeBytes FROM tracks WHERE available = 1
    ) AS held JOIN items USING (ratingKey) JOIN sections ON sections.key = items.sectionKey
    WHERE items.addedAt IS NOT NULL
    GROUP BY 1, items.sectionKey, items.kind
);
CREATE VIEW duplicates (
    reason, -- same work, same title and year, or several versions
    library, -- title of the library, or of several, joined by ","
    kind, -- movie, episode or track
    title, -- title
    partOf, -- the show of an episode, the artist of a track
    copies, -- items of the work, or versions of the item
    sizeBytes, -- bytes of all of them
    ratingKeys -- the items, joined by ", "
) AS
WITH works AS (
    SELECT guid, kind FROM items
    WHERE available = 1 AND kind IN (1, 4, 10) AND guid IS NOT NULL AND guid NOT LIKE 'local://%'
    GROUP BY guid, kind HAVING count(*) > 1
), titles AS (
    SELECT lower(title), year FROM movies WHERE available = 1 AND year IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1
), several AS (
    SELECT ratingKey, count(*) AS copies FROM versions GROUP BY ratingKey HAVING count(*) > 1
), found AS (
    SELECT 'same work' AS reason, items.ratingKey, items.guid AS work, NULL AS copies
    FROM works CROSS JOIN items USING (guid, kind) WHERE items.available = 1
    UNION ALL
    SELECT 'same title and year', movies.ratingKey, lower(movies.title) || ' ' || movies.year, NULL
    FROM movies JOIN items USING (ratingKey)
    WHERE movies.available = 1 AND (lower(movies.title), movies.year) IN titles
        AND (items.guid IS NULL OR items.guid NOT IN (SELECT guid FROM works WHERE kind = 1))
    UNION ALL
    SELECT 'several versions', items.ratingKey, items.ratingKey, several.copies
    FROM several JOIN items USING (ratingKey) WHERE items.available = 1
)
SELECT found.reason, group_concat(DISTINCT sections.title),
    CASE items.kind WHEN 1 THEN 'movie' WHEN 4 THEN 'episode' ELSE 'track' END, min(items.title), min(above.title),
    ifnull(found.copies, count(*)),
    sum((SELECT sum(size) FROM files WHERE files.ratingKey = items.ratingKey)), group_concat(items.ratingKey, ', ')
FROM found JOIN items USING (ratingKey) JOIN sections ON sections.key = items.sectionKey
LEFT JOIN items AS above ON above.ratingKey = items.grandparentKey
GROUP BY found.reason, items.kind, found.work HAVING ifnull(found.copies, count(*)) > 1;
CREATE VIEW artwork (
    ratingKey, -- the item
    type, -- thumb (the poster), art (the background), or a word of Plex: clearLogo, backgroundSquare, banner
    url, -- address on the server
    stamp -- number at the end of the address: the picture cannot have changed while it stays
) AS
SELECT ratingKey, type, url, nullif(CAST(substr(url, length(rtrim(url, '0123456789')) + 1) AS INTEGER), 0)
FROM (
    SELECT ratingKey, 'thumb' AS type, thumb AS url FROM items WHERE thumb IS NOT NULL
    UNION ALL SELECT ratingKey, 'art', art FROM items WHERE art IS NOT NULL
    UNION ALL SELECT ratingKey, type, url FROM images
);
CREATE VIEW missing_artwork (
    ratingKey, -- the item
    library, -- title of the library
    kind, -- movie, show, season, episode, artist or album
    title, -- title
    partOf, -- the show of a season or episode, the artist of an album
    missing -- poster, background, or both
) AS
SELECT items.ratingKey, sections.title,
    CASE items.kind WHEN 1 THEN 'movie' WHEN 2 THEN 'show' WHEN 3 THEN 'season' WHEN 4 THEN 'episode' WHEN 8 THEN 'artist'
        ELSE 'album' END,
    items.title, above.title,
    CASE WHEN items.thumb IS NOT NULL THEN 'background' WHEN items.art IS NULL AND items.kind IN (1, 2, 8) THEN 'both'
        ELSE 'poster' END
FROM items JOIN sections ON sections.key = items.sectionKey
LEFT JOIN items AS above ON above.ratingKey = ifnull(items.grandparentKey, items.parentKey)
WHERE items.available = 1 AND items.kind <> 10
    AND (items.thumb IS NULL OR (items.art IS NULL AND items.kind IN (1, 2, 8)));
CREATE VIEW unwatched (
    ratingKey, -- the item
    library, -- title of the library
    kind, -- movie or episode
    title, -- title
    partOf, -- the show of an episode
    seasonNumber, -- number of the season of an episode; 0 holds the specials
    episodeNumber, -- number of an episode within its season
    addedAt, -- when Plex added it
    viewOffset, -- where watching stopped, in milliseconds; NULL: not begun
    sizeBytes -- bytes of all its files
) AS
SELECT items.ratingKey, sections.title, CASE items.kind WHEN 1 THEN 'movie' ELSE 'episode' END, items.title, tv_shows.title,
    episodes.seasonNumber, episodes.episodeNumber, items.addedAt, watch_states.viewOffset,
    (SELECT sum(size) FROM files WHERE files.ratingKey = items.ratingKey)
FROM items JOIN sections ON sections.key = items.sectionKey
LEFT JOIN watch_states USING (ratingKey)
LEFT JOIN episodes USING (ratingKey) LEFT JOIN tv_shows ON tv_shows.ratingKey = episodes.showRatingKey
WHERE items.available = 1 AND items.kind IN (1, 4) AND ifnull(watch_states.viewCount, 0) = 0;
CREATE VIEW without_file (
    ratingKey, -- the item
    library, -- title of the library
    kind, -- movie, episode or track
    title, -- title
    partOf, -- the show of an episode, the artist of a track
    deletedAt -- since when Plex misses the files; NULL: it does not say
) AS
SELECT items.ratingKey, sections.title, CASE items.kind WHEN 1 THEN 'movie' WHEN 4 THEN 'episode' ELSE 'track' END,
    items.title, above.title, items.deletedAt
FROM items JOIN sections ON sections.key = items.sectionKey
LEFT JOIN items AS above ON above.ratingKey = items.grandparentKey
WHERE items.available = 1 AND items.kind IN (1, 4, 10)
    AND (items.deletedAt IS NOT NULL
        OR NOT EXISTS (SELECT 1 FROM files WHERE files.ratingKey = items.ratingKey AND files.path IS NOT NULL));
CREATE TRIGGER movies_deleted AFTER DELETE ON movies BEGIN
    DELETE FROM items WHERE ratingKey = OLD.ratingKey;
END;
CREATE TRIGGER tv_shows_deleted AFTER DELETE ON tv_shows BEGIN
    DELETE FROM items WHERE ratingKey = OLD.ratingKey;
END;
CREATE TRIGGER seasons_deleted AFTER DELETE ON seasons BEGIN
    DELETE FROM items WHERE ratingKey = OLD.seasonRatingKey;
END;
CREATE TRIGGER episodes_deleted AFTER DELETE ON episodes BEGIN
    DELETE FROM items WHERE ratingKey = OLD.ratingKey;
END;
CREATE TRIGGER artists_deleted AFTER DELETE ON artists BEGIN
    DELETE FROM items WHERE ratingKey = OLD.ratingKey;
END;
CREATE TRIGGER albums_deleted AFTER DELETE ON albums BEGIN
    DELETE FROM items WHERE ratingKey = OLD.ratingKey;
END;
CREATE TRIGGER tracks_deleted AFTER DELETE ON tracks BEGIN
    DELETE FROM items WHERE ratingKey = OLD.ratingKey;
END;
CREATE TRIGGER movies_search_insert AFTER INSERT ON movies BEGIN
    INSERT INTO search (rowid, title, originalTitle, summary, people)
    VALUES (NEW.ratingKey, NEW.title, NEW.originalTitle, NEW.summary,
        ltrim(ifnull(', ' || NEW.actors, '') || ifnull(', ' || NEW.directors, '') || ifnull(', ' || NEW.writers, '') || ifnull(', ' || NEW.producers, ''), ', '));
END;
CREATE TRIGGER movies_search_delete AFTER DELETE ON movies BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people)
    VALUES ('delete', OLD.ratingKey, OLD.title, OLD.originalTitle, OLD.summary,
        ltrim(ifnull(', ' || OLD.actors, '') || ifnull(', ' || OLD.directors, '') || ifnull(', ' || OLD.writers, '') || ifnull(', ' || OLD.producers, ''), ', '));
END;
CREATE TRIGGER movies_search_update AFTER UPDATE OF title, originalTitle, actors, directors, writers, producers, summary ON movies
WHEN (OLD.title, OLD.originalTitle, OLD.actors, OLD.directors, OLD.writers, OLD.producers, OLD.summary)
    IS NOT (NEW.title, NEW.originalTitle, NEW.actors, NEW.directors, NEW.writers, NEW.producers, NEW.summary) BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people)
    VALUES ('delete', OLD.ratingKey, OLD.title, OLD.originalTitle, OLD.summary,
        ltrim(ifnull(', ' || OLD.actors, '') || ifnull(', ' || OLD.directors, '') || ifnull(', ' || OLD.writers, '') || ifnull(', ' || OLD.producers, ''), ', '));
    INSERT INTO search (rowid, title, originalTitle, summary, people)
    VALUES (NEW.ratingKey, NEW.title, NEW.originalTitle, NEW.summary,
        ltrim(ifnull(', ' || NEW.actors, '') || ifnull(', ' || NEW.directors, '') || ifnull(', ' || NEW.writers, '') || ifnull(', ' || NEW.producers, ''), ', '));
END;
CREATE TRIGGER tv_shows_search_insert AFTER INSERT ON tv_shows BEGIN
    INSERT INTO search (rowid, title, originalTitle, summary, people)
    VALUES (NEW.ratingKey, NEW.title, NEW.originalTitle, NEW.summary, NEW.actors);
END;
CREATE TRIGGER tv_shows_search_delete AFTER DELETE ON tv_shows BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people)
    VALUES ('delete', OLD.ratingKey, OLD.title, OLD.originalTitle, OLD.summary, OLD.actors);
END;
CREATE TRIGGER tv_shows_search_update AFTER UPDATE OF title, originalTitle, actors, summary ON tv_shows
WHEN (OLD.title, OLD.originalTitle, OLD.actors, OLD.summary)
    IS NOT (NEW.title, NEW.originalTitle, NEW.actors, NEW.summary) BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people)
    VALUES ('delete', OLD.ratingKey, OLD.title, OLD.originalTitle, OLD.summary, OLD.actors);
    INSERT INTO search (rowid, title, originalTitle, summary, people)
    VALUES (NEW.ratingKey, NEW.title, NEW.originalTitle, NEW.summary, NEW.actors);
END;
CREATE TRIGGER seasons_search_insert AFTER INSERT ON seasons BEGIN
    INSERT INTO search (rowid, title, originalTitle, summary, people)
    VALUES (NEW.seasonRatingKey, NEW.title, NULL, NEW.summary, NULL);
END;
CREATE TRIGGER seasons_search_delete AFTER DELETE ON seasons BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people)
    VALUES ('delete', OLD.seasonRatingKey, OLD.title, NULL, OLD.summary, NULL);
END;
CREATE TRIGGER seasons_search_update AFTER UPDATE OF title, summary ON seasons
WHEN (OLD.title, OLD.summary)
    IS NOT (NEW.title, NEW.summary) BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people)
    VALUES ('delete', OLD.seasonRatingKey, OLD.title, NULL, OLD.summary, NULL);
    INSERT INTO search (rowid, title, originalTitle, summary, people)
    VALUES (NEW.seasonRatingKey, NEW.title, NULL, NEW.summary, NULL);
END;
CREATE TRIGGER episodes_search_insert AFTER INSERT ON episodes BEGIN
    INSERT INTO search (rowid, title, originalTitle, summary, people)
    VALUES (NEW.ratingKey, NEW.title, NEW.originalTitle, NEW.summary,
        ltrim(ifnull(', ' || NEW.actors, '') || ifnull(', ' || NEW.directors, '') || ifnull(', ' || NEW.writers, ''), ', '));
END;
CREATE TRIGGER episodes_search_delete AFTER DELETE ON episodes BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people)
    VALUES ('delete', OLD.ratingKey, OLD.title, OLD.originalTitle, OLD.summary,
        ltrim(ifnull(', ' || OLD.actors, '') || ifnull(', ' || OLD.directors, '') || ifnull(', ' || OLD.writers, ''), ', '));
END;
CREATE TRIGGER episodes_search_update AFTER UPDATE OF title, originalTitle, actors, directors, writers, summary ON episodes
WHEN (OLD.title, OLD.originalTitle, OLD.actors, OLD.directors, OLD.writers, OLD.summary)
    IS NOT (NEW.title, NEW.originalTitle, NEW.actors, NEW.directors, NEW.writers, NEW.summary) BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people)
    VALUES ('delete', OLD.ratingKey, OLD.title, OLD.originalTitle, OLD.summary,
        ltrim(ifnull(', ' || OLD.actors, '') || ifnull(', ' || OLD.directors, '') || ifnull(', ' || OLD.writers, ''), ', '));
    INSERT INTO search (rowid, title, originalTitle, summary, people)
    VALUES (NEW.ratingKey, NEW.title, NEW.originalTitle, NEW.summary,
        ltrim(ifnull(', ' || NEW.actors, '') || ifnull(', ' || NEW.directors, '') || ifnull(', ' || NEW.writers, ''), ', '));
END;
CREATE TRIGGER artists_search_insert AFTER INSERT ON artists BEGIN
    INSERT INTO search (rowid, title, originalTitle, summary, people)
    VALUES (NEW.ratingKey, NEW.artistName, NULL, NEW.summary, NULL);
END;
CREATE TRIGGER artists_search_delete AFTER DELETE ON artists BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people)
    VALUES ('delete', OLD.ratingKey, OLD.artistName, NULL, OLD.summary, NULL);
END;
CREATE TRIGGER artists_search_update AFTER UPDATE OF artistName, summary ON artists
WHEN (OLD.artistName, OLD.summary)
    IS NOT (NEW.artistName, NEW.summary) BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people)
    VALUES ('delete', OLD.ratingKey, OLD.artistName, NULL, OLD.summary, NULL);
    INSERT INTO search (rowid, title, originalTitle, summary, people)
    VALUES (NEW.ratingKey, NEW.artistName, NULL, NEW.summary, NULL);
END;
CREATE TRIGGER albums_search_insert AFTER INSERT ON albums BEGIN
    INSERT INTO search (rowid, title, originalTitle, summary, people)
    VALUES (NEW.ratingKey, NEW.title, NULL, NEW.summary, NULL);
END;
CREATE TRIGGER albums_search_delete AFTER DELETE ON albums BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people)
    VALUES ('delete', OLD.ratingKey, OLD.title, NULL, OLD.summary, NULL);
END;
CREATE TRIGGER albums_search_update AFTER UPDATE OF title, summary ON albums
WHEN (OLD.title, OLD.summary)
    IS NOT (NEW.title, NEW.summary) BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people)
    VALUES ('delete', OLD.ratingKey, OLD.title, NULL, OLD.summary, NULL);
    INSERT INTO search (rowid, title, originalTitle, summary, people)
    VALUES (NEW.ratingKey, NEW.title, NULL, NEW.summary, NULL);
END;
CREATE TRIGGER tracks_search_insert AFTER INSERT ON tracks BEGIN
    INSERT INTO search (rowid, title, originalTitle, summary, people)
    VALUES (NEW.ratingKey, NEW.title, NEW.originalTitle, NEW.summary, NULL);
END;
CREATE TRIGGER tracks_search_delete AFTER DELETE ON tracks BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people)
    VALUES ('delete', OLD.ratingKey, OLD.title, OLD.originalTitle, OLD.summary, NULL);
END;
CREATE TRIGGER tracks_search_update AFTER UPDATE OF title, originalTitle, summary ON tracks
WHEN (OLD.title, OLD.originalTitle, OLD.summary)
    IS NOT (NEW.title, NEW.originalTitle, NEW.summary) BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people)
    VALUES ('delete', OLD.ratingKey, OLD.title, OLD.originalTitle, OLD.summary, NULL);
    INSERT INTO search (rowid, title, originalTitle, summary, people)
    VALUES (NEW.ratingKey, NEW.title, NEW.originalTitle, NEW.summary, NULL);
END;
PRAGMA user_version=3;
