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
    lastDetailsAt TEXT, -- when the details of all its items were last read; NULL: never
    lastSweepAt TEXT, -- when the library was last listed in full; NULL: never
    runsSinceSweep INTEGER NOT NULL DEFAULT 0, -- runs since then that found its counters unchanged and read nothing
    available INTEGER NOT NULL DEFAULT 1 -- 0: Plex no longer has this library
, collectionsReadAt TEXT) STRICT;
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
, imdb TEXT, tmdb INTEGER, tvdb INTEGER, hdr TEXT, dolbyVisionProfile INTEGER, bitDepth INTEGER, audioChannels INTEGER, atmos INTEGER) STRICT;
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
, imdb TEXT, tmdb INTEGER, tvdb INTEGER) STRICT;
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
, imdb TEXT, tmdb INTEGER, tvdb INTEGER) STRICT;
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
, imdb TEXT, tmdb INTEGER, tvdb INTEGER, hdr TEXT, dolbyVisionProfile INTEGER, bitDepth INTEGER, audioChannels INTEGER, atmos INTEGER) STRICT;
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
, musicbrainz TEXT) STRICT;
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
, musicbrainz TEXT) STRICT;
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
, bitDepth INTEGER, audioChannels INTEGER, atmos INTEGER, musicbrainz TEXT) STRICT;
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
    hasVoiceActivity INTEGER, title TEXT, proxyType INTEGER, target TEXT, deletedAt TEXT, hdr TEXT, dolbyVisionProfile INTEGER, bitDepth INTEGER, atmos INTEGER, -- 1: Plex has found out when someone speaks; NULL: not told
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
    indexes TEXT, deletedAt TEXT, leftOut TEXT, -- "sd": Plex has made the preview pictures that are shown while seeking; NULL: it has not
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
    path TEXT, atmos INTEGER, -- file of subtitles or lyrics that lie outside the file, where Plex tells it
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
CREATE TABLE users (
    id INTEGER PRIMARY KEY, -- Plex's number of the account
    name TEXT -- its name; NULL: Plex does not name it (any more)
) STRICT;
CREATE TABLE plays (
    historyKey TEXT PRIMARY KEY, -- Plex's address of the row in its history
    ratingKey INTEGER, -- the item; it may be gone, and NULL: Plex does not tell
    userId INTEGER, -- who played it; NULL: Plex does not tell
    deviceId INTEGER, -- Plex's number of the device
    playedAt TEXT, -- when; NULL: Plex does not tell
    kind INTEGER, -- 1 movie, 4 episode, 10 track; NULL: something else
    sectionKey INTEGER, -- the library that held it then
    title TEXT, -- its title then
    partOf TEXT -- the show of an episode, the artist of a track, then
) STRICT;
CREATE TABLE search_folded (
    ratingKey INTEGER PRIMARY KEY REFERENCES items (ratingKey) ON DELETE CASCADE, -- the item
    text TEXT NOT NULL -- lower case: each title without and with its accents, then other words, a line each
) STRICT;
CREATE TABLE lists (
    ratingKey INTEGER PRIMARY KEY, -- Plex's number of it
    kind TEXT NOT NULL, -- collection or playlist
    sectionKey INTEGER REFERENCES sections (key) ON DELETE CASCADE, -- the library of a collection; NULL: a playlist
    title TEXT NOT NULL, -- its name
    titleSort TEXT, -- what Plex sorts by, where it differs from the title
    summary TEXT, -- what it is about
    memberKind TEXT, -- Plex's word for what it holds: movie, show, ... of a collection; video, audio or photo of a playlist
    smart INTEGER NOT NULL, -- 1: a filter fills it; 0: people chose what is in it
    memberOrder TEXT, -- release (date), title or custom (as people arranged it); NULL: as a smart collection's filter or a playlist has it
    members INTEGER NOT NULL DEFAULT 0, -- how many rows of list_members it has
    duration INTEGER, -- milliseconds of a playlist, as Plex says
    poster TEXT, -- address of its poster on the server; made of its members' where nobody chose one
    art TEXT, -- address of its background on the server
    guid TEXT, -- Plex's identifier of it
    addedAt TEXT, -- when it was made
    updatedAt TEXT, -- when Plex last changed it
    elementHash TEXT, -- fingerprint of it in Plex's listing when its members were read; NULL: they are to be read anew
    membersReadAt TEXT -- when its members were last read; NULL: never
) STRICT;
CREATE TABLE list_members (
    listKey INTEGER NOT NULL REFERENCES lists (ratingKey) ON DELETE CASCADE, -- the collection or playlist
    position INTEGER NOT NULL, -- place in it, from 0
    ratingKey INTEGER, -- the item; NULL: it is on another server
    title TEXT, -- title of what the index did not hold when this was read (photos, libraries that are left out); else NULL
    PRIMARY KEY (listKey, position)
) STRICT;
CREATE TABLE statistics (
    topic TEXT NOT NULL, -- tile, growth, or what the shares are of: library, resolution, videoCodec, audioCodec, container
    place INTEGER NOT NULL, -- place in the order in which they are shown, from 1
    label TEXT NOT NULL, -- name of the number, month ("2024-03"), or value of the share
    items INTEGER NOT NULL, -- how many items
    bytes INTEGER NOT NULL, -- bytes of their files
    PRIMARY KEY (topic, place)
) STRICT;
INSERT INTO "meta" (name,value) VALUES('machineId','51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c');
INSERT INTO "meta" (name,value) VALUES('serverName','Living room');
INSERT INTO "meta" (name,value) VALUES('serverVersion','1.43.1.10611-1e34174b1');
INSERT INTO "sections" (key,title,type,uuid,agent,scanner,language,createdAt,contentChangedAt,updatedAt,scannedAt,lastDetailsAt,lastSweepAt,runsSinceSweep,available,collectionsReadAt) VALUES(1,'Scenes','movie','8c95402a-0ba2-82b0-83d3-f3f2537bb4c7','tv.plex.agents.movie','Plex Movie','en-US','2023-11-14T22:13:21Z',74,1700000001,1700000001,'2026-11-29T13:58:34Z','2026-11-29T13:58:34Z',0,1,'2026-11-29T13:58:34Z');
INSERT INTO "sections" (key,title,type,uuid,agent,scanner,language,createdAt,contentChangedAt,updatedAt,scannedAt,lastDetailsAt,lastSweepAt,runsSinceSweep,available,collectionsReadAt) VALUES(2,'Series','show','6eb549e6-a98f-b1c4-934d-a7fe5961abf6','tv.plex.agents.series','Plex TV Series','en-US','2023-11-14T22:13:22Z',74,1700000002,1700000002,'2026-11-29T13:58:34Z','2026-11-29T13:58:34Z',0,1,'2026-11-29T13:58:34Z');
INSERT INTO "sections" (key,title,type,uuid,agent,scanner,language,createdAt,contentChangedAt,updatedAt,scannedAt,lastDetailsAt,lastSweepAt,runsSinceSweep,available,collectionsReadAt) VALUES(3,'Records','artist','d75306c2-4164-836f-ff70-10286c8cdcf4','tv.plex.agents.music','Plex Music','en-US','2023-11-14T22:13:23Z',74,1700000003,1700000003,'2026-11-29T13:58:34Z','2026-11-29T13:58:34Z',0,1,'2026-11-29T13:58:34Z');
INSERT INTO "section_folders" (sectionKey,position,path) VALUES(1,0,'/media/videos');
INSERT INTO "section_folders" (sectionKey,position,path) VALUES(2,0,'/media/series');
INSERT INTO "section_folders" (sectionKey,position,path) VALUES(3,0,'/media/music');
INSERT INTO "items" (ratingKey,kind,sectionKey,parentKey,grandparentKey,title,titleSort,editionTitle,guid,slug,addedAt,updatedAt,thumb,art,userRating,deletedAt,elementHash,available,lastSeen) VALUES(501,1,1,NULL,NULL,'harbour_lights_final',NULL,NULL,'plex://movie/2c9a62c3748f484690d547c0',NULL,'2023-11-14T22:21:41Z','2023-11-14T22:21:41Z','/library/metadata/501/thumb/1700000501','/library/metadata/501/art/1700000501',NULL,NULL,'1991c6c4fdf860e9a26bdee031d1d298',1,'2026-11-29T13:58:34Z');
INSERT INTO "items" (ratingKey,kind,sectionKey,parentKey,grandparentKey,title,titleSort,editionTitle,guid,slug,addedAt,updatedAt,thumb,art,userRating,deletedAt,elementHash,available,lastSeen) VALUES(502,1,1,NULL,NULL,'night-train-to-lisbon',NULL,NULL,'plex://movie/2f9f705a38307c470e3a819a',NULL,'2023-11-14T22:21:42Z','2023-11-14T22:21:42Z','/library/metadata/502/thumb/1700000502','/library/metadata/502/art/1700000502',NULL,NULL,'95824d09883b9a6a24f28d7bbc499366',1,'2026-11-29T13:58:34Z');
INSERT INTO "items" (ratingKey,kind,sectionKey,parentKey,grandparentKey,title,titleSort,editionTitle,guid,slug,addedAt,updatedAt,thumb,art,userRating,deletedAt,elementHash,available,lastSeen) VALUES(503,1,1,NULL,NULL,'DSC_0042',NULL,NULL,'plex://movie/7110e0d3f236986f20f4297a',NULL,'2023-11-14T22:21:43Z','2023-11-14T22:21:43Z','/library/metadata/503/thumb/1700000503','/library/metadata/503/art/1700000503',NULL,NULL,'327dde9de0afc1fe15410ff93d6c9288',1,'2026-11-29T13:58:34Z');
INSERT INTO "movies" (ratingKey,title,originalTitle,year,duration,durationHuman,sizeBytes,sizeHuman,audioCodec,videoCodec,videoResolution,container,genres,studio,writers,directors,producers,actors,summary,tagline,contentRating,originallyAvailableAt,rating,audienceRating,mediaHash,available,lastSeen,imdb,tmdb,tvdb,hdr,dolbyVisionProfile,bitDepth,audioChannels,atmos) VALUES(501,'harbour_lights_final',NULL,NULL,1840000,'31 min',3120554112,'3.1 GB','aac','h264','720','mkv','Uncategorised',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'612d9b946072e191247c098bae9dda6eb4cc31997a5627142a727804efc2eebe',1,'2026-11-29T13:58:34Z',NULL,NULL,NULL,NULL,NULL,NULL,2,0);
INSERT INTO "movies" (ratingKey,title,originalTitle,year,duration,durationHuman,sizeBytes,sizeHuman,audioCodec,videoCodec,videoResolution,container,genres,studio,writers,directors,producers,actors,summary,tagline,contentRating,originallyAvailableAt,rating,audienceRating,mediaHash,available,lastSeen,imdb,tmdb,tvdb,hdr,dolbyVisionProfile,bitDepth,audioChannels,atmos) VALUES(502,'night-train-to-lisbon',NULL,NULL,2915000,'49 min',4893112009,'4.9 GB','aac','h264','720','mkv','Uncategorised',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'7a9cce4c9f64f8c762d454e3f0a5cd65c13da199ed6de5dba19254e010b48dfb',1,'2026-11-29T13:58:34Z',NULL,NULL,NULL,NULL,NULL,NULL,2,0);
INSERT INTO "movies" (ratingKey,title,originalTitle,year,duration,durationHuman,sizeBytes,sizeHuman,audioCodec,videoCodec,videoResolution,container,genres,studio,writers,directors,producers,actors,summary,tagline,contentRating,originallyAvailableAt,rating,audienceRating,mediaHash,available,lastSeen,imdb,tmdb,tvdb,hdr,dolbyVisionProfile,bitDepth,audioChannels,atmos) VALUES(503,'DSC_0042',NULL,NULL,612000,'10 min',702118400,'702.1 MB','aac','h264','720','mkv','Uncategorised',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'dcc3484789ae619f7a3977755595b3fd28e04cac85256ccb0c3efbb8b58b6840',1,'2026-11-29T13:58:34Z',NULL,NULL,NULL,NULL,NULL,NULL,2,0);
INSERT INTO "versions" (ratingKey,version,mediaId,duration,container,bitrate,videoCodec,videoProfile,videoResolution,videoFrameRate,width,height,aspectRatio,audioCodec,audioProfile,audioChannels,optimizedForStreaming,hasVoiceActivity,title,proxyType,target,deletedAt,hdr,dolbyVisionProfile,bitDepth,atmos) VALUES(501,0,1,1840000,'mkv',3250,'h264','high','720','24p',1280,720,1.78,'aac',NULL,2,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "versions" (ratingKey,version,mediaId,duration,container,bitrate,videoCodec,videoProfile,videoResolution,videoFrameRate,width,height,aspectRatio,audioCodec,audioProfile,audioChannels,optimizedForStreaming,hasVoiceActivity,title,proxyType,target,deletedAt,hdr,dolbyVisionProfile,bitDepth,atmos) VALUES(502,0,2,2915000,'mkv',3250,'h264','high','720','24p',1280,720,1.78,'aac',NULL,2,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "versions" (ratingKey,version,mediaId,duration,container,bitrate,videoCodec,videoProfile,videoResolution,videoFrameRate,width,height,aspectRatio,audioCodec,audioProfile,audioChannels,optimizedForStreaming,hasVoiceActivity,title,proxyType,target,deletedAt,hdr,dolbyVisionProfile,bitDepth,atmos) VALUES(503,0,3,612000,'mkv',3250,'h264','high','720','24p',1280,720,1.78,'aac',NULL,2,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "files" (ratingKey,version,part,kind,sectionKey,mediaId,partId,key,path,name,size,duration,container,bitrate,videoCodec,videoResolution,width,height,audioCodec,audioChannels,indexes,deletedAt,leftOut) VALUES(501,0,0,1,1,1,1,'/library/parts/1/1700000501/file.mp4','/media/videos/harbour_lights_final.mp4','harbour_lights_final.mp4',3120554112,1840000,'mkv',3250,'h264','720',1280,720,'aac',2,NULL,NULL,NULL);
INSERT INTO "files" (ratingKey,version,part,kind,sectionKey,mediaId,partId,key,path,name,size,duration,container,bitrate,videoCodec,videoResolution,width,height,audioCodec,audioChannels,indexes,deletedAt,leftOut) VALUES(502,0,0,1,1,2,2,'/library/parts/2/1700000502/file.mkv','/media/videos/night-train-to-lisbon.mkv','night-train-to-lisbon.mkv',4893112009,2915000,'mkv',3250,'h264','720',1280,720,'aac',2,NULL,NULL,NULL);
INSERT INTO "files" (ratingKey,version,part,kind,sectionKey,mediaId,partId,key,path,name,size,duration,container,bitrate,videoCodec,videoResolution,width,height,audioCodec,audioChannels,indexes,deletedAt,leftOut) VALUES(503,0,0,1,1,3,3,'/library/parts/3/1700000503/file.mp4','/media/videos/DSC_0042.mp4','DSC_0042.mp4',702118400,612000,'mkv',3250,'h264','720',1280,720,'aac',2,NULL,NULL,NULL);
INSERT INTO "streams" (ratingKey,version,part,position,streamId,type,codec,profile,level,language,languageCode,languageTag,title,displayTitle,isDefault,selected,forced,hearingImpaired,visualImpaired,dub,original,bitrate,bitrateMode,bitDepth,chromaSubsampling,channels,channelLayout,samplingRate,width,height,frameRate,scanType,hdr,colorPrimaries,colorSpace,colorTransfer,dolbyVisionProfile,loudness,loudnessRange,key,path,atmos) VALUES(501,0,0,0,11,'video','h264',NULL,NULL,NULL,NULL,NULL,NULL,'720p (H264)',1,0,0,0,0,0,0,3250,NULL,NULL,NULL,NULL,NULL,NULL,1280,720,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "streams" (ratingKey,version,part,position,streamId,type,codec,profile,level,language,languageCode,languageTag,title,displayTitle,isDefault,selected,forced,hearingImpaired,visualImpaired,dub,original,bitrate,bitrateMode,bitDepth,chromaSubsampling,channels,channelLayout,samplingRate,width,height,frameRate,scanType,hdr,colorPrimaries,colorSpace,colorTransfer,dolbyVisionProfile,loudness,loudnessRange,key,path,atmos) VALUES(501,0,0,1,12,'audio','aac',NULL,NULL,NULL,NULL,NULL,NULL,'AAC (Stereo)',0,1,0,0,0,0,0,NULL,NULL,NULL,NULL,2,NULL,48000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "streams" (ratingKey,version,part,position,streamId,type,codec,profile,level,language,languageCode,languageTag,title,displayTitle,isDefault,selected,forced,hearingImpaired,visualImpaired,dub,original,bitrate,bitrateMode,bitDepth,chromaSubsampling,channels,channelLayout,samplingRate,width,height,frameRate,scanType,hdr,colorPrimaries,colorSpace,colorTransfer,dolbyVisionProfile,loudness,loudnessRange,key,path,atmos) VALUES(502,0,0,0,21,'video','h264',NULL,NULL,NULL,NULL,NULL,NULL,'720p (H264)',1,0,0,0,0,0,0,3250,NULL,NULL,NULL,NULL,NULL,NULL,1280,720,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "tag_names" (id,type,name,plexId,guid) VALUES(1,'genre','Uncategorised',1,NULL);
INSERT INTO "tag_names" (id,type,name,plexId,guid) VALUES(2,'genre','Drama',2,NULL);
INSERT INTO "tag_names" (id,type,name,plexId,guid) VALUES(3,'genre','Mystery',3,NULL);
INSERT INTO "item_tags" (ratingKey,tagNameId,position) VALUES(501,1,0);
INSERT INTO "item_tags" (ratingKey,tagNameId,position) VALUES(502,1,0);
INSERT INTO "item_tags" (ratingKey,tagNameId,position) VALUES(503,1,0);
INSERT INTO "runs" (id,startedAt,endedAt,requests,sectionsRead,sectionsUnchanged,seen,added,changed,lost) VALUES(1,'2026-11-29T13:58:34Z','2026-11-29T13:58:34Z',21,3,0,23,23,0,0);
INSERT INTO "run_counts" (runId,sectionKey,tableName,seen,added,changed,lost,missing) VALUES(1,1,'movies',8,8,0,0,0);
INSERT INTO "run_counts" (runId,sectionKey,tableName,seen,added,changed,lost,missing) VALUES(1,2,'tv_shows',1,1,0,0,0);
INSERT INTO "run_counts" (runId,sectionKey,tableName,seen,added,changed,lost,missing) VALUES(1,2,'seasons',2,2,0,0,0);
INSERT INTO "search_folded" (ratingKey,text) VALUES(501,'harbour_lights_final');
INSERT INTO "search_folded" (ratingKey,text) VALUES(502,'night-train-to-lisbon');
INSERT INTO "search_folded" (ratingKey,text) VALUES(503,'dsc_0042');
INSERT INTO "statistics" (topic,place,label,items,bytes) VALUES('tile',1,'movies',8,20860254146);
INSERT INTO "statistics" (topic,place,label,items,bytes) VALUES('tile',2,'shows',1,0);
INSERT INTO "statistics" (topic,place,label,items,bytes) VALUES('tile',3,'episodes',6,5460000012);
CREATE VIRTUAL TABLE search USING fts5 (
    title, -- title, or name of an artist
    originalTitle, -- title in the original language, or the artist of a track
    summary, -- summary, biography or review
    people, -- cast and crew, with the names of characters
    content = 'search_texts', content_rowid = 'ratingKey', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE search_parts USING fts5 (
    text, -- lower case: each title without and with its accents, then other words, a line each
    content = 'search_folded', content_rowid = 'ratingKey', tokenize = 'trigram'
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
CREATE INDEX item_tags_name ON item_tags (tagNameId);
CREATE INDEX guids_guid ON guids (guid);
CREATE INDEX files_storage ON files (sectionKey, kind, videoResolution, videoCodec, audioCodec, size, duration) WHERE leftOut IS NULL;
CREATE INDEX files_content ON files (kind, size, duration) WHERE leftOut IS NULL AND size > 0 AND duration > 0;
CREATE INDEX versions_more ON versions (ratingKey) WHERE version > 0;
CREATE INDEX plays_item ON plays (ratingKey, playedAt, userId);
CREATE INDEX plays_time ON plays (playedAt);
CREATE INDEX plays_user ON plays (userId, playedAt);
CREATE INDEX streams_language ON streams (type, languageCode, ratingKey);
CREATE INDEX streams_item ON streams (ratingKey, type, languageCode, codec);
CREATE INDEX item_people_person ON item_people (personId, job, ratingKey);
CREATE INDEX items_added ON items (kind, addedAt) WHERE available = 1;
CREATE INDEX movies_year ON movies (year, title) WHERE available = 1;
CREATE INDEX movies_resolution ON movies (videoResolution, sizeBytes) WHERE available = 1;
CREATE INDEX movies_size ON movies (sizeBytes) WHERE available = 1;
CREATE INDEX movies_duration ON movies (duration) WHERE available = 1;
CREATE INDEX movies_rating ON movies (audienceRating) WHERE available = 1;
CREATE INDEX movies_age ON movies (contentRating, title) WHERE available = 1;
CREATE INDEX movies_studio ON movies (studio) WHERE available = 1;
CREATE INDEX movies_title ON movies (lower(title), year) WHERE available = 1;
CREATE INDEX episodes_aired ON episodes (originallyAvailableAt) WHERE available = 1;
CREATE INDEX episodes_place ON episodes (showRatingKey, seasonNumber, episodeNumber);
CREATE INDEX tv_shows_size ON tv_shows (totalSizeBytes) WHERE available = 1;
CREATE INDEX files_size ON files (size) WHERE leftOut IS NULL;
CREATE INDEX files_container ON files (container, size) WHERE leftOut IS NULL;
CREATE INDEX watch_states_time ON watch_states (lastViewedAt);
CREATE INDEX lists_place ON lists (kind, sectionKey, title);
CREATE INDEX list_members_item ON list_members (ratingKey, listKey);
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
    FROM files WHERE leftOut IS NULL
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
        count(*) AS added, ifnull(sum(held.size), 0) AS addedBytes
    FROM items
    LEFT JOIN (SELECT ratingKey, sum(size) AS size FROM files WHERE leftOut IS NULL GROUP BY ratingKey) AS held USING (ratingKey)
    JOIN sections ON sections.key = items.sectionKey
    WHERE items.kind IN (1, 4, 10) AND items.available = 1 AND items.deletedAt IS NULL AND items.addedAt IS NOT NULL
    GROUP BY 1, items.sectionKey, items.kind
);
CREATE VIEW duplicates (
    reason, -- same content (other paths, equal size and length), same work (several items), several versions (one item), or same title and year
    library, -- title of the library, or of several, joined by ","
    kind, -- movie, episode or track
    title, -- title
    partOf, -- the show of an episode, the artist of a track
    copies, -- files of the same content, or versions of the work
    sizeBytes, -- bytes of all of them
    ratingKeys, -- the items, joined by ", "
    paths -- the files, one a line
) AS
WITH twins AS (
    SELECT kind, size, duration FROM files WHERE leftOut IS NULL AND size > 0 AND duration > 0
    GROUP BY kind, size, duration HAVING count(*) > 1
), twin_files AS (
    SELECT files.ratingKey, files.version, files.part, files.path, files.size, files.size || ' ' || files.duration AS named
    FROM twins CROSS JOIN files USING (kind, size, duration)
    WHERE files.leftOut IS NULL AND files.size > 0 AND files.duration > 0
), works AS (
    SELECT guid, kind, editionTitle FROM items
    WHERE available = 1 AND deletedAt IS NULL AND kind IN (1, 4, 10) AND guid IS NOT NULL AND guid NOT LIKE 'local://%'
    GROUP BY guid, kind, editionTitle HAVING count(*) > 1
), of_works AS (
    SELECT items.ratingKey, 'same work' AS reason, items.guid || ' ' || ifnull(items.editionTitle, '') AS named
    FROM works CROSS JOIN items ON items.guid = works.guid AND items.kind = works.kind AND items.editionTitle IS works.editionTitle
    WHERE items.available = 1 AND items.deletedAt IS NULL
), titles AS (
    SELECT lower(title) AS title, year FROM movies WHERE available = 1 AND year IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1
), of_titles AS (
    SELECT movies.ratingKey, 'same title and year' AS reason,
        titles.title || ' ' || titles.year || ' ' || ifnull(items.editionTitle, '') AS named
    FROM titles CROSS JOIN movies ON lower(movies.title) = titles.title AND movies.year = titles.year JOIN items USING (ratingKey)
    WHERE movies.available = 1 AND items.deletedAt IS NULL AND movies.ratingKey NOT IN (SELECT ratingKey FROM of_works)
), placed AS (
    SELECT * FROM of_works
    UNION ALL SELECT * FROM of_titles
    UNION ALL SELECT DISTINCT ratingKey, 'several versions', CAST(ratingKey AS TEXT) FROM versions
    WHERE version > 0 AND ratingKey NOT IN (SELECT ratingKey FROM of_works) AND ratingKey NOT IN (SELECT ratingKey FROM of_titles)
), found AS (
    SELECT 'same content' AS reason, named, ratingKey, version, path, size FROM twin_files
    UNION ALL
    SELECT placed.reason, placed.named, files.ratingKey, files.version, files.path, files.size
    FROM placed CROSS JOIN files USING (ratingKey)
    WHERE files.leftOut IS NULL AND (files.ratingKey, files.version, files.part) NOT IN (SELECT ratingKey, version, part FROM twin_files)
), counted AS (
    SELECT found.*,
        CASE found.reason WHEN 'same content' THEN found.path ELSE found.ratingKey || ' ' || found.version END AS copy
    FROM found
)
SELECT CASE WHEN counted.reason <> 'same content' AND min(counted.ratingKey) = max(counted.ratingKey) THEN 'several versions'
        ELSE counted.reason END,
    group_concat(DISTINCT sections.title), CASE items.kind WHEN 1 THEN 'movie' WHEN 4 THEN 'episode' ELSE 'track' END,
    min(items.title), min(above.title), count(DISTINCT counted.copy), sum(counted.size),
    replace(group_concat(DISTINCT counted.ratingKey), ',', ', '), group_concat(counted.path, char(10))
FROM counted JOIN items USING (ratingKey) JOIN sections ON sections.key = items.sectionKey
LEFT JOIN items AS above ON above.ratingKey = items.grandparentKey
GROUP BY counted.reason, items.kind, counted.named HAVING count(DISTINCT counted.copy) > 1;
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
    AND NOT EXISTS (SELECT 1 FROM files WHERE files.ratingKey = items.ratingKey AND files.path IS NOT NULL
        AND ifnull(files.leftOut, '') <> 'trash');
CREATE VIEW most_watched (
    ratingKey, -- the item
    library, -- title of the library
    kind, -- movie, episode or track
    title, -- title
    partOf, -- the show of an episode, the artist of a track
    plays, -- how often it was played
    users, -- by how many
    lastPlayedAt -- when it was last played
) AS
SELECT items.ratingKey, sections.title, CASE items.kind WHEN 1 THEN 'movie' WHEN 4 THEN 'episode' ELSE 'track' END,
    items.title, above.title, played.plays, played.users, played.lastPlayedAt
FROM (
    SELECT ratingKey, count(*) AS plays, count(DISTINCT userId) AS users, max(playedAt) AS lastPlayedAt
    FROM plays GROUP BY ratingKey
) AS played JOIN items USING (ratingKey) JOIN sections ON sections.key = items.sectionKey
LEFT JOIN items AS above ON above.ratingKey = items.grandparentKey
WHERE items.available = 1 AND items.kind IN (1, 4, 10)
ORDER BY played.plays DESC, played.lastPlayedAt DESC;
CREATE VIEW never_watched (
    ratingKey, -- the item
    library, -- title of the library
    kind, -- movie or episode
    title, -- title
    partOf, -- the show of an episode
    addedAt, -- when Plex added it
    sizeBytes -- bytes of all its files
) AS
SELECT items.ratingKey, sections.title, CASE items.kind WHEN 1 THEN 'movie' ELSE 'episode' END, items.title, above.title,
    items.addedAt, (SELECT sum(size) FROM files WHERE files.ratingKey = items.ratingKey)
FROM items JOIN sections ON sections.key = items.sectionKey
LEFT JOIN items AS above ON above.ratingKey = items.grandparentKey
WHERE items.available = 1 AND items.deletedAt IS NULL AND items.kind IN (1, 4)
    AND NOT EXISTS (SELECT 1 FROM plays WHERE plays.ratingKey = items.ratingKey)
    AND NOT EXISTS (SELECT 1 FROM watch_states WHERE watch_states.ratingKey = items.ratingKey AND watch_states.viewCount > 0);
CREATE VIEW plays_by_month (
    month, -- year and month ("2024-03")
    user, -- name of the user; NULL: Plex does not name it
    kind, -- movie, episode or track; NULL: something else
    plays, -- plays in that month
    items -- different items
) AS
SELECT substr(plays.playedAt, 1, 7), users.name, CASE plays.kind WHEN 1 THEN 'movie' WHEN 4 THEN 'episode' WHEN 10 THEN 'track' END,
    count(*), count(DISTINCT plays.ratingKey)
FROM plays LEFT JOIN users ON users.id = plays.userId WHERE plays.playedAt IS NOT NULL
GROUP BY 1, plays.userId, plays.kind;
CREATE VIEW plays_by_user (
    userId, -- Plex's number of the account
    user, -- name of the user; NULL: Plex does not name it
    plays, -- all plays
    items, -- different items
    firstPlayedAt, -- when the first was
    lastPlayedAt -- when the last was
) AS
SELECT plays.userId, users.name, count(*), count(DISTINCT plays.ratingKey), min(plays.playedAt), max(plays.playedAt)
FROM plays LEFT JOIN users ON users.id = plays.userId
GROUP BY plays.userId ORDER BY count(*) DESC;
CREATE VIEW watched_since_added (
    ratingKey, -- the item
    library, -- title of the library
    kind, -- movie or episode
    title, -- title
    partOf, -- the show of an episode
    addedAt, -- when Plex added it
    firstPlayedAt, -- when it was first played after that
    days, -- whole days between the two
    plays, -- plays since it was added
    users -- by how many
) AS
SELECT items.ratingKey, sections.title, CASE items.kind WHEN 1 THEN 'movie' ELSE 'episode' END, items.title, above.title,
    items.addedAt, min(plays.playedAt), CAST(julianday(min(plays.playedAt)) - julianday(items.addedAt) AS INTEGER),
    count(*), count(DISTINCT plays.userId)
FROM plays JOIN items ON items.ratingKey = plays.ratingKey AND plays.playedAt >= items.addedAt
JOIN sections ON sections.key = items.sectionKey
LEFT JOIN items AS above ON above.ratingKey = items.grandparentKey
WHERE items.available = 1 AND items.kind IN (1, 4)
GROUP BY items.ratingKey;
CREATE VIEW search_typed (
    ratingKey, -- the item
    kind, -- movie, show, season, episode, artist, album or track
    library, -- title of the library
    title, -- title
    year, -- year of a movie, show, episode or album
    partOf, -- the show of a season or episode, the artist of an album or track
    text -- what is searched: lower case, each title without and with its accents
) AS
SELECT items.ratingKey,
    CASE items.kind WHEN 1 THEN 'movie' WHEN 2 THEN 'show' WHEN 3 THEN 'season' WHEN 4 THEN 'episode' WHEN 8 THEN 'artist'
        WHEN 9 THEN 'album' ELSE 'track' END,
    sections.title, items.title, coalesce(movies.year, tv_shows.year, episodes.year, albums.year), above.title, search_folded.text
FROM search_folded CROSS JOIN items ON items.ratingKey = search_folded.ratingKey
JOIN sections ON sections.key = items.sectionKey
LEFT JOIN items AS above ON above.ratingKey = ifnull(items.grandparentKey, items.parentKey)
LEFT JOIN movies ON movies.ratingKey = items.ratingKey
LEFT JOIN tv_shows ON tv_shows.ratingKey = items.ratingKey
LEFT JOIN episodes ON episodes.ratingKey = items.ratingKey
LEFT JOIN albums ON albums.ratingKey = items.ratingKey
WHERE items.available = 1;
CREATE VIEW own_pictures (
    ratingKey, -- the item
    file -- path below the folder of the pictures ("movie_image/101.thumb.webp")
) AS
SELECT ratingKey, CASE WHEN kind = 1 THEN 'movie_image/' WHEN kind < 8 THEN 'tv_image/' ELSE 'music_image/' END
    || ratingKey || '.thumb.webp'
FROM items
WHERE available = 1 AND thumb LIKE '/%'
    -- Plex shows a season or an album without a poster by the one of its show or artist, and gives that address.
    AND (thumb NOT LIKE '/library/metadata/%' OR CAST(substr(thumb, 19) AS INTEGER) = ratingKey)
    AND (kind IN (1, 2, 3, 8, 9)
        OR kind = 4 AND EXISTS (SELECT 1 FROM meta WHERE name = 'episodeThumbs' AND value = '1'));
CREATE VIEW pictures (
    ratingKey, -- the item
    distance, -- 0: its own picture; 1: that of its season, show, album or artist; 2: that of the show or artist above these
    ownerKey, -- the item whose picture it is
    file -- path below the folder of the pictures; not there where Plex gave none that could be used
) AS
SELECT ratingKey, 0, ratingKey, file FROM own_pictures
UNION ALL
SELECT items.ratingKey, 1, items.parentKey, own_pictures.file
FROM items JOIN own_pictures ON own_pictures.ratingKey = items.parentKey WHERE items.available = 1
UNION ALL
SELECT items.ratingKey, 2, items.grandparentKey, own_pictures.file
FROM items JOIN own_pictures ON own_pictures.ratingKey = items.grandparentKey WHERE items.available = 1;
CREATE VIEW library_collections (
    ratingKey, -- Plex's number of the collection
    library, -- title of the library
    title, -- its name
    summary, -- what it is about
    memberKind, -- what it holds: movie, show, season, episode, artist, album or track
    smart, -- 1: a filter fills it; 0: people chose what is in it
    memberOrder, -- release (date), title or custom; NULL: as the filter of a smart one has it
    members, -- how many items are in it
    poster, -- address of its poster on the server
    addedAt, -- when it was made
    updatedAt -- when Plex last changed it
) AS
SELECT lists.ratingKey, sections.title, lists.title, lists.summary, lists.memberKind, lists.smart, lists.memberOrder,
    lists.members, lists.poster, lists.addedAt, lists.updatedAt
FROM lists JOIN sections ON sections.key = lists.sectionKey
WHERE lists.kind = 'collection' AND sections.available = 1;
CREATE VIEW playlists (
    ratingKey, -- Plex's number of the playlist
    title, -- its name
    summary, -- what it is about
    memberKind, -- video, audio or photo
    smart, -- 1: a filter fills it; 0: people chose what is in it
    members, -- how many items are in it
    duration, -- milliseconds, as Plex says
    poster, -- address of its picture on the server
    addedAt, -- when it was made
    updatedAt -- when Plex last changed it
) AS
SELECT ratingKey, title, summary, memberKind, smart, members, duration, poster, addedAt, updatedAt
FROM lists WHERE kind = 'playlist';
CREATE VIEW list_contents (
    listKey, -- Plex's number of the collection or playlist
    list, -- its name
    listKind, -- collection or playlist
    position, -- place in it, from 0
    ratingKey, -- the item; NULL: it is on another server
    kind, -- movie, show, season, episode, artist, album or track; NULL: the index does not hold it
    title, -- title of the item
    partOf, -- the show of an episode or season, the artist of an album or track
    available -- 1: Plex lists the item; 0: it no longer does; NULL: the index does not hold it
) AS
SELECT list_members.listKey, lists.title, lists.kind, list_members.position, list_members.ratingKey,
    CASE items.kind WHEN 1 THEN 'movie' WHEN 2 THEN 'show' WHEN 3 THEN 'season' WHEN 4 THEN 'episode' WHEN 8 THEN 'artist'
        WHEN 9 THEN 'album' WHEN 10 THEN 'track' END,
    coalesce(items.title, list_members.title), above.title, items.available
FROM list_members JOIN lists ON lists.ratingKey = list_members.listKey
LEFT JOIN items ON items.ratingKey = list_members.ratingKey
LEFT JOIN items AS above ON above.ratingKey = coalesce(items.grandparentKey, items.parentKey);
CREATE VIEW page_items (
    rating_key, -- the item
    kind, -- 1 movie, 2 show, 3 season, 4 episode, 8 artist, 9 album, 10 track
    section, -- title of the library
    title, -- title
    part_of, -- title of the show or artist above it
    year, -- year of release
    size, -- bytes of its files
    resolution, -- resolution of the first version
    codec, -- video codec of the first version, of a track the audio codec
    sort_title, -- what it is sorted by
    added -- when Plex added it
) AS
SELECT items.ratingKey, items.kind, sections.title, items.title, above.title,
    coalesce(movies.year, tv_shows.year, episodes.year, albums.year),
    coalesce(movies.sizeBytes, episodes.sizeBytes, tracks.sizeBytes, tv_shows.totalSizeBytes, seasons.seasonSizeBytes,
        albums.albumSizeBytes, artists.totalSizeBytes),
    coalesce(movies.videoResolution, episodes.videoResolution),
    coalesce(movies.videoCodec, episodes.videoCodec, tracks.audioCodec),
    ifnull(items.titleSort, items.title), items.addedAt
FROM items
    LEFT JOIN sections ON sections.key = items.sectionKey
    LEFT JOIN items AS above ON above.ratingKey = ifnull(items.grandparentKey, items.parentKey)
    LEFT JOIN movies ON movies.ratingKey = items.ratingKey
    LEFT JOIN tv_shows ON tv_shows.ratingKey = items.ratingKey
    LEFT JOIN seasons ON seasons.seasonRatingKey = items.ratingKey
    LEFT JOIN episodes ON episodes.ratingKey = items.ratingKey
    LEFT JOIN artists ON artists.ratingKey = items.ratingKey
    LEFT JOIN albums ON albums.ratingKey = items.ratingKey
    LEFT JOIN tracks ON tracks.ratingKey = items.ratingKey
WHERE items.available = 1;
CREATE VIEW page_values (
    rating_key, -- the item
    title, -- title
    titleSort, -- what Plex sorts by, where it differs from the title
    originalTitle, -- title in the original language
    studio, -- studio; of an episode that is its show's, and not told here
    summary, -- summary
    originallyAvailableAt, -- date of release
    contentRating, -- age rating
    userRating, -- the owner's rating, 0 to 10
    genre, -- genres, joined by ", "
    actor, -- cast, joined by ", "
    director, -- directors, joined by ", "
    collection, -- collections, joined by ", "
    locks, -- locked fields, joined by ","
    plays, -- how often it was watched to its end
    played -- when it was last watched
) AS
SELECT items.ratingKey, items.title, items.titleSort, coalesce(movies.originalTitle, episodes.originalTitle), movies.studio,
    coalesce(movies.summary, episodes.summary), coalesce(movies.originallyAvailableAt, episodes.originallyAvailableAt),
    coalesce(movies.contentRating, episodes.contentRating), items.userRating,
    (SELECT group_concat(name, ', ') FROM
        (SELECT name FROM tags WHERE tags.ratingKey = items.ratingKey AND type = 'genre' ORDER BY position)),
    (SELECT group_concat(name, ', ') FROM
        (SELECT name FROM credits WHERE credits.ratingKey = items.ratingKey AND job = 'actor' ORDER BY position)),
    (SELECT group_concat(name, ', ') FROM
        (SELECT name FROM credits WHERE credits.ratingKey = items.ratingKey AND job = 'director' ORDER BY position)),
    (SELECT group_concat(name, ', ') FROM
        (SELECT name FROM tags WHERE tags.ratingKey = items.ratingKey AND type = 'collection' ORDER BY position)),
    (SELECT group_concat(field, ',') FROM field_locks WHERE field_locks.ratingKey = items.ratingKey),
    watch_states.viewCount, watch_states.lastViewedAt
FROM items
    LEFT JOIN movies ON movies.ratingKey = items.ratingKey
    LEFT JOIN episodes ON episodes.ratingKey = items.ratingKey
    LEFT JOIN watch_states ON watch_states.ratingKey = items.ratingKey
WHERE items.available = 1;
CREATE VIEW page_sizes (
    rating_key, -- the item
    kind, -- 1 movie, 2 show, 3 season, 4 episode, 8 artist, 9 album, 10 track
    size -- bytes of its files
) AS
SELECT ratingKey, 1, sizeBytes FROM movies WHERE available = 1
UNION ALL SELECT ratingKey, 2, totalSizeBytes FROM tv_shows WHERE available = 1
UNION ALL SELECT seasonRatingKey, 3, seasonSizeBytes FROM seasons WHERE available = 1
UNION ALL SELECT ratingKey, 4, sizeBytes FROM episodes WHERE available = 1
UNION ALL SELECT ratingKey, 8, totalSizeBytes FROM artists WHERE available = 1
UNION ALL SELECT ratingKey, 9, albumSizeBytes FROM albums WHERE available = 1
UNION ALL SELECT ratingKey, 10, sizeBytes FROM tracks WHERE available = 1;
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
CREATE TRIGGER search_folded_insert AFTER INSERT ON search_folded BEGIN
    INSERT INTO search_parts (rowid, text) VALUES (NEW.ratingKey, NEW.text);
END;
CREATE TRIGGER search_folded_delete AFTER DELETE ON search_folded BEGIN
    INSERT INTO search_parts (search_parts, rowid, text) VALUES ('delete', OLD.ratingKey, OLD.text);
END;
CREATE TRIGGER search_folded_update AFTER UPDATE ON search_folded BEGIN
    INSERT INTO search_parts (search_parts, rowid, text) VALUES ('delete', OLD.ratingKey, OLD.text);
    INSERT INTO search_parts (rowid, text) VALUES (NEW.ratingKey, NEW.text);
END;
PRAGMA user_version=12;
