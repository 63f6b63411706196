-- Plays in Plex that count in Stash. Each is written down before Stash is told of it, and stays: what is read again is known.
-- passed: was there before plays were counted. waiting: its item has no scene yet. planned: Stash is to be told.
-- adding: Stash is being told. ours: it is in Stash by us. theirs: Stash had it. removing: Stash is being told to drop it.
-- undone: a person took it back.
CREATE TABLE plays (
    server TEXT NOT NULL,
    rating_key INTEGER NOT NULL,
    account INTEGER NOT NULL,
    played_at INTEGER NOT NULL,                 -- Plex's own time
    section INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (
        state IN ('passed', 'waiting', 'planned', 'adding', 'ours', 'theirs', 'removing', 'undone')
    ),
    scene_id INTEGER NOT NULL DEFAULT 0,        -- 0 while it has none
    stash_had INTEGER NOT NULL DEFAULT 0,       -- plays of this second in Stash when it was looked at before adding or removing
    PRIMARY KEY (server, rating_key, account, played_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX plays_to_do ON plays (server, state) WHERE state IN ('waiting', 'planned', 'adding', 'removing');
CREATE INDEX plays_by_scene ON plays (scene_id, played_at) WHERE scene_id > 0;

-- How far a library's history and stars have been read. All times are Plex's own.
CREATE TABLE watched_sections (
    server TEXT NOT NULL,
    section INTEGER NOT NULL,
    accounts TEXT NOT NULL DEFAULT '',          -- JSON: from when on plays count, by account, '*' for every other; '' for not yet
    played_to INTEGER NOT NULL DEFAULT 0,
    rated_to INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (server, section)
) STRICT, WITHOUT ROWID;

-- What Stash was given as a scene's resume point. In milliseconds; -1 for nothing yet.
CREATE TABLE resume_points (
    scene_id INTEGER PRIMARY KEY,
    seen TEXT NOT NULL,                         -- what Plex showed when it was looked at last
    wrote INTEGER NOT NULL DEFAULT -1,
    writing INTEGER NOT NULL DEFAULT -1         -- may have been given: a crash can fall between the two
) STRICT;

-- The star of an item and the rating of its scene when the two were found, or made, to be the same.
CREATE TABLE stars (
    server TEXT NOT NULL,
    rating_key INTEGER NOT NULL,
    scene_id INTEGER NOT NULL,
    plex TEXT NOT NULL,                         -- as Plex showed it, '' for none
    stash TEXT NOT NULL,                        -- as it is written to Plex, '' for none
    PRIMARY KEY (server, rating_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX stars_by_scene ON stars (scene_id);
