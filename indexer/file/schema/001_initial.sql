-- The index: one Plex server's libraries. Every column carries the sentence that docs/schema.md shows.
-- Names of the seven library tables are promised to dashboards: add, never rename or drop.

-- Facts about this file, one per row.
CREATE TABLE meta (
    name TEXT PRIMARY KEY, -- machineId, serverName, serverVersion, indexId or lastCompleteRun
    value TEXT NOT NULL -- its value as text; times in ISO 8601, UTC
) STRICT;

-- The libraries (sections) of the server.
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
    lastDetailsAt TEXT, -- when the details of all its items were last read; NULL: never
    lastSweepAt TEXT, -- when the library was last listed in full; NULL: never
    runsSinceSweep INTEGER NOT NULL DEFAULT 0, -- runs since then that found its counters unchanged and read nothing
    available INTEGER NOT NULL DEFAULT 1 -- 0: Plex no longer has this library
) STRICT;

-- The folders of each library.
CREATE TABLE section_folders (
    sectionKey INTEGER NOT NULL REFERENCES sections (key) ON DELETE CASCADE, -- the library
    position INTEGER NOT NULL, -- place in Plex's list, from 0
    path TEXT NOT NULL, -- full path as the Plex server sees it
    PRIMARY KEY (sectionKey, position)
) STRICT;

-- What every item has, whatever its kind; one row for each row of the seven library tables.
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
CREATE INDEX items_section ON items (sectionKey, kind, available);
CREATE INDEX items_guid ON items (guid);

-- One row per movie.
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
CREATE INDEX movies_available ON movies (available);

-- One row per show.
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
CREATE INDEX tv_shows_available ON tv_shows (available);

-- One row per season.
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
CREATE INDEX seasons_show ON seasons (showRatingKey);

-- One row per episode.
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
CREATE INDEX episodes_season ON episodes (seasonRatingKey);
CREATE INDEX episodes_show ON episodes (showRatingKey);
CREATE INDEX episodes_available ON episodes (available);

-- One row per artist.
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

-- One row per album.
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
CREATE INDEX albums_artist ON albums (artistRatingKey);

-- One row per track.
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
CREATE INDEX tracks_album ON tracks (albumRatingKey);
CREATE INDEX tracks_artist ON tracks (artistRatingKey);

-- Every version of a movie, episode or track: Plex keeps several of one item apart.
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

-- Every file of every version of a movie, episode or track.
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
CREATE INDEX files_path ON files (path);
CREATE INDEX files_name_size ON files (name, size);

-- Every stream of every file: video, audio, subtitles, lyrics.
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
CREATE INDEX streams_type ON streams (type, languageCode);

-- Chapters of a movie or episode.
CREATE TABLE chapters (
    ratingKey INTEGER NOT NULL REFERENCES items (ratingKey) ON DELETE CASCADE, -- the item
    position INTEGER NOT NULL, -- place in Plex's list, from 0
    title TEXT, -- title
    startsAt INTEGER, -- milliseconds from the start
    endsAt INTEGER, -- milliseconds from the start
    thumb TEXT, -- address of its picture on the server
    PRIMARY KEY (ratingKey, position)
) STRICT;

-- Where intro, credits and commercials are, as Plex found out.
CREATE TABLE markers (
    ratingKey INTEGER NOT NULL REFERENCES items (ratingKey) ON DELETE CASCADE, -- the item
    position INTEGER NOT NULL, -- place in Plex's list, from 0
    type TEXT, -- intro, credits or commercial
    startsAt INTEGER, -- milliseconds from the start
    endsAt INTEGER, -- milliseconds from the start
    final INTEGER NOT NULL, -- 1: nothing comes after it
    PRIMARY KEY (ratingKey, position)
) STRICT;

-- What critics and audiences think of an item, by source.
CREATE TABLE ratings (
    ratingKey INTEGER NOT NULL REFERENCES items (ratingKey) ON DELETE CASCADE, -- the item
    position INTEGER NOT NULL, -- place in Plex's list, from 0
    type TEXT NOT NULL, -- critic or audience
    source TEXT, -- whose it is, as the name of its picture ("imdb://image.rating")
    value REAL NOT NULL, -- the rating, 0 to 10
    PRIMARY KEY (ratingKey, position)
) STRICT;

-- Everybody who takes part in an item, once.
CREATE TABLE people (
    id INTEGER PRIMARY KEY, -- number in this file
    name TEXT NOT NULL, -- name
    tagKey TEXT NOT NULL, -- Plex's identifier of the person, the same on every server; "": Plex gives none
    thumb TEXT, -- address of a picture
    UNIQUE (name, tagKey)
) STRICT;

-- Who takes part in which item, in Plex's order; with names in view credits.
CREATE TABLE item_people (
    ratingKey INTEGER NOT NULL REFERENCES items (ratingKey) ON DELETE CASCADE, -- the item
    job TEXT NOT NULL, -- actor, director, writer or producer
    position INTEGER NOT NULL, -- place in Plex's list, from 0
    personId INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE, -- the person
    role TEXT, -- the character an actor plays
    tagId INTEGER, -- Plex's number of the person in this job on this server
    PRIMARY KEY (ratingKey, job, position)
) STRICT;
CREATE INDEX item_people_person ON item_people (personId);

-- Every genre, collection, label and the like, once.
CREATE TABLE tag_names (
    id INTEGER PRIMARY KEY, -- number in this file
    type TEXT NOT NULL, -- genre, collection, label, country, mood or style
    name TEXT NOT NULL, -- the tag
    plexId INTEGER, -- Plex's number of the tag on this server
    guid TEXT, -- Plex's identifier of a collection
    UNIQUE (type, name)
) STRICT;

-- Which item has which tags, in Plex's order; with names in view tags.
CREATE TABLE item_tags (
    ratingKey INTEGER NOT NULL REFERENCES items (ratingKey) ON DELETE CASCADE, -- the item
    tagNameId INTEGER NOT NULL REFERENCES tag_names (id) ON DELETE CASCADE, -- the tag
    position INTEGER NOT NULL, -- place in Plex's list of this type, from 0
    PRIMARY KEY (ratingKey, tagNameId, position)
) STRICT;
CREATE INDEX item_tags_name ON item_tags (tagNameId);

-- Identifiers of an item in other databases.
CREATE TABLE guids (
    ratingKey INTEGER NOT NULL REFERENCES items (ratingKey) ON DELETE CASCADE, -- the item
    guid TEXT NOT NULL, -- such as imdb://tt0165832
    PRIMARY KEY (ratingKey, guid)
) STRICT;
CREATE INDEX guids_guid ON guids (guid);

-- Fields of an item that Plex keeps from being changed by a refresh.
CREATE TABLE field_locks (
    ratingKey INTEGER NOT NULL REFERENCES items (ratingKey) ON DELETE CASCADE, -- the item
    field TEXT NOT NULL, -- name of the field
    PRIMARY KEY (ratingKey, field)
) STRICT;

-- Folders of a show or artist.
CREATE TABLE folders (
    ratingKey INTEGER NOT NULL REFERENCES items (ratingKey) ON DELETE CASCADE, -- the item
    path TEXT NOT NULL, -- full path as the Plex server sees it
    PRIMARY KEY (ratingKey, path)
) STRICT;

-- Pictures of an item beyond poster and background; all of them in view artwork.
CREATE TABLE images (
    ratingKey INTEGER NOT NULL REFERENCES items (ratingKey) ON DELETE CASCADE, -- the item
    type TEXT NOT NULL, -- Plex's word: clearLogo, backgroundSquare, banner
    url TEXT NOT NULL, -- address on the server
    PRIMARY KEY (ratingKey, type)
) STRICT;

-- What the token's owner has watched, as of the last time the library was listed; no row: nothing.
CREATE TABLE watch_states (
    ratingKey INTEGER PRIMARY KEY REFERENCES items (ratingKey) ON DELETE CASCADE, -- the item
    viewCount INTEGER, -- how often it was watched to its end
    lastViewedAt TEXT, -- when it was last watched
    viewOffset INTEGER, -- where watching stopped, in milliseconds
    viewedLeafCount INTEGER, -- watched episodes of a show or season
    skipCount INTEGER, -- how often a track was skipped
    lastRatedAt TEXT -- when it was last rated
) STRICT;

-- What each run of the indexer did.
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

-- What each run did in each library and table.
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

-- A row that leaves a library table takes all that other tables hold of it along.
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

-- Files of the videos that Plex lists now: what sync matches scenes by.
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

-- The server that this file mirrors, for sync.
CREATE VIEW sync_server (
    machine_id, -- its identifier
    name, -- its name
    last_complete_run -- when a run last ended with nothing left out
) AS
SELECT
    (SELECT value FROM meta WHERE name = 'machineId'),
    (SELECT value FROM meta WHERE name = 'serverName'),
    (SELECT value FROM meta WHERE name = 'lastCompleteRun');
