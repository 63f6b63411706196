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
    contentChangedAt INTEGER, -- Plex's counter of changes (not a time) when the library was last read
    updatedAt INTEGER, -- when the library itself was last changed, epoch seconds, as Plex gives it
    scannedAt INTEGER, -- when Plex last scanned the library, epoch seconds, as Plex gives it
    lastSweepAt TEXT, -- when the library was last listed in full; NULL: never
    runsSinceSweep INTEGER NOT NULL DEFAULT 0, -- runs since then that found its counters unchanged and read nothing
    available INTEGER NOT NULL DEFAULT 1 -- 0: Plex no longer has this library
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
    addedAt TEXT, -- when Plex added it
    updatedAt TEXT, -- when Plex last changed it; Plex leaves it out for some items
    thumb TEXT, -- address of the poster on the server; its last part changes when the item does
    art TEXT, -- address of the background on the server
    elementHash TEXT NOT NULL, -- fingerprint of the item in Plex's listing; equal means unchanged
    available INTEGER NOT NULL DEFAULT 1, -- 1: Plex lists it; 0: it no longer does
    lastSeen TEXT NOT NULL -- when Plex last listed it
) STRICT;
CREATE TABLE movies (
    ratingKey INTEGER PRIMARY KEY REFERENCES items (ratingKey) ON DELETE CASCADE, -- Plex's number of the movie
    title TEXT NOT NULL, -- title
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
    episodeNumber INTEGER, -- number within the season
    title TEXT NOT NULL, -- title
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
    available INTEGER NOT NULL DEFAULT 1, -- 1: Plex lists it; 0: it no longer does
    lastSeen TEXT NOT NULL -- when Plex last listed it
) STRICT;
CREATE TABLE files (
    ratingKey INTEGER NOT NULL REFERENCES items (ratingKey) ON DELETE CASCADE, -- the item whose file it is
    version INTEGER NOT NULL, -- place of the version among the item's versions, from 0
    part INTEGER NOT NULL, -- place of the file within the version, from 0
    kind INTEGER NOT NULL, -- kind of the item: 1 movie, 4 episode, 10 track
    sectionKey INTEGER NOT NULL, -- the library that holds the item
    mediaId INTEGER, -- Plex's number of the version
    partId INTEGER, -- Plex's number of the file
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
    PRIMARY KEY (ratingKey, version, part)
) STRICT;
CREATE TABLE credits (
    ratingKey INTEGER NOT NULL REFERENCES items (ratingKey) ON DELETE CASCADE, -- the item
    job TEXT NOT NULL, -- actor, director, writer or producer
    position INTEGER NOT NULL, -- place in Plex's list, from 0
    name TEXT NOT NULL, -- the person
    role TEXT, -- the character an actor plays
    thumb TEXT, -- address of the person's picture
    tagId INTEGER, -- Plex's number of the person on this server
    PRIMARY KEY (ratingKey, job, position)
) STRICT;
CREATE TABLE tags (
    ratingKey INTEGER NOT NULL REFERENCES items (ratingKey) ON DELETE CASCADE, -- the item
    type TEXT NOT NULL, -- genre, collection, label, country, mood or style
    position INTEGER NOT NULL, -- place in Plex's list, from 0
    name TEXT NOT NULL, -- the tag
    PRIMARY KEY (ratingKey, type, position)
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
INSERT INTO "meta" VALUES ('machineId', '51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c');
INSERT INTO "meta" VALUES ('serverName', 'Simulated Plex');
INSERT INTO "meta" VALUES ('serverVersion', '1.43.1.10611-1e34174b1');
INSERT INTO "sections" VALUES (1, 'Scenes', 'movie', '8c95402a-0ba2-82b0-83d3-f3f2537bb4c7', 76, 1700000001, 1700000001, '2026-11-29T09:05:09Z', 0, 1);
INSERT INTO "items" VALUES (101, 1, 1, NULL, NULL, 'First', NULL, NULL, 'plex://movie/dbc0f004854457f59fb16ab8', '2023-11-14T22:15:01Z', '2026-11-29T09:05:07Z', '/library/metadata/101/thumb/1795943107', '/library/metadata/101/art/1795943107', '4f8bc395256833d9d45fce5e25400669', 1, '2026-11-29T09:05:09Z');
INSERT INTO "items" VALUES (102, 1, 1, NULL, NULL, 'Second', NULL, NULL, 'plex://movie/c8306ae139ac98f432932286', '2023-11-14T22:15:02Z', '2026-11-29T09:05:07Z', '/library/metadata/102/thumb/1795943107', '/library/metadata/102/art/1795943107', 'a8ef6a30744a14099ff2e5371b57a145', 1, '2026-11-29T09:05:09Z');
INSERT INTO "items" VALUES (103, 1, 1, NULL, NULL, 'scene 3', NULL, NULL, 'plex://movie/934385f53d1bd0c1b8493e44', '2023-11-14T22:15:03Z', '2023-11-14T22:15:03Z', '/library/metadata/103/thumb/1700000103', '/library/metadata/103/art/1700000103', '644315c253f3976881aa9e44fd00f458', 1, '2026-11-29T09:05:09Z');
INSERT INTO "movies" VALUES (101, 'First', NULL, 1800000, '30 min', 1000001, '1.0 MB', 'aac', 'h264', '720', 'mkv', 'Drama, Comedy, Crime', NULL, NULL, NULL, NULL, 'Old Actor as Somebody', 'What the agent found.', NULL, NULL, NULL, NULL, NULL, '85aa6c07590949c1adf9fee6c22bc04d7b0a23e284fb68ae43887744b2c3190b', 1, '2026-11-29T09:05:09Z');
INSERT INTO "movies" VALUES (102, 'Second', NULL, 1800000, '30 min', 1000002, '1.0 MB', 'aac', 'h264', '720', 'mkv', 'Drama, Comedy, Crime', NULL, NULL, NULL, NULL, 'Old Actor as Somebody', 'Words', NULL, NULL, NULL, NULL, NULL, '1bacfbf3c22b7758f963d76652cee161692a9537500bce356336b52e692e04f8', 1, '2026-11-29T09:05:09Z');
INSERT INTO "movies" VALUES (103, 'scene 3', NULL, 1800000, '30 min', 1000003, '1.0 MB', 'aac', 'h264', '720', 'mkv', 'Drama, Comedy, Crime', NULL, NULL, NULL, NULL, 'Old Actor as Somebody', 'What the agent found.', NULL, NULL, NULL, NULL, NULL, 'a56899d3922d0e0285f47584481c602241f5189aa251ebfe056fda5a6ad593e1', 1, '2026-11-29T09:05:09Z');
INSERT INTO "files" VALUES (101, 0, 0, 1, 1, 1, 1, '/media/videos/scene 1.mp4', 'scene 1.mp4', 1000001, 1800000, 'mkv', 3250, 'h264', '720', 1280, 720, 'aac', 2);
INSERT INTO "files" VALUES (102, 0, 0, 1, 1, 2, 2, '/media/videos/scene 2.mp4', 'scene 2.mp4', 1000002, 1800000, 'mkv', 3250, 'h264', '720', 1280, 720, 'aac', 2);
INSERT INTO "files" VALUES (103, 0, 0, 1, 1, 3, 3, '/media/videos/scene 3.mp4', 'scene 3.mp4', 1000003, 1800000, 'mkv', 3250, 'h264', '720', 1280, 720, 'aac', 2);
INSERT INTO "credits" VALUES (101, 'actor', 0, 'Old Actor', 'Somebody', NULL, 4);
INSERT INTO "credits" VALUES (102, 'actor', 0, 'Old Actor', 'Somebody', NULL, 4);
INSERT INTO "credits" VALUES (103, 'actor', 0, 'Old Actor', 'Somebody', NULL, 4);
INSERT INTO "tags" VALUES (101, 'genre', 0, 'Drama');
INSERT INTO "tags" VALUES (101, 'genre', 1, 'Comedy');
INSERT INTO "tags" VALUES (101, 'genre', 2, 'Crime');
INSERT INTO "field_locks" VALUES (101, 'title');
INSERT INTO "field_locks" VALUES (102, 'summary');
INSERT INTO "field_locks" VALUES (102, 'title');
INSERT INTO "runs" VALUES (1, '2026-11-29T09:05:09Z', '2026-11-29T09:05:10Z', 4, 1, 0, 40, 40, 0, 0);
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
CREATE INDEX credits_name ON credits (name);
CREATE INDEX tags_name ON tags (type, name);
CREATE INDEX guids_guid ON guids (guid);
CREATE VIEW sync_files (rating_key, kind, section_key, path, name, size) AS
SELECT files.ratingKey, files.kind, files.sectionKey, files.path, files.name, files.size
FROM files JOIN items ON items.ratingKey = files.ratingKey
WHERE items.available = 1 AND files.kind IN (1, 4) AND files.path IS NOT NULL;
CREATE VIEW sync_server (machine_id, name, last_complete_run) AS
SELECT
    (SELECT value FROM meta WHERE name = 'machineId'),
    (SELECT value FROM meta WHERE name = 'serverName'),
    (SELECT value FROM meta WHERE name = 'lastCompleteRun');
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
PRAGMA user_version=1;
