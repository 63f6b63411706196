-- What the page inside Stash shows: what was done, how much in each hour, and what is known of scenes that need a person.

CREATE TABLE activity (
    id INTEGER PRIMARY KEY AUTOINCREMENT,       -- the newest 500 are kept
    at REAL NOT NULL,
    scene_id INTEGER NOT NULL,
    title TEXT NOT NULL,                        -- of the scene, '' where it is not known
    server TEXT NOT NULL,
    item INTEGER NOT NULL,                      -- rating key, 0 for none
    item_title TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('written', 'failed', 'absent', 'undone')),
    text TEXT NOT NULL,                         -- why, where it failed
    changes TEXT NOT NULL,                      -- JSON: [field, before, after] each
    ms INTEGER NOT NULL,                        -- milliseconds that it took
    requests INTEGER NOT NULL                   -- those that wrote
) STRICT;

-- Scenes settled in an hour; of the last 30 days.
CREATE TABLE hourly (
    hour INTEGER PRIMARY KEY,                   -- its begin, epoch seconds
    ok INTEGER NOT NULL,
    failed INTEGER NOT NULL
) STRICT;

-- What a scene without an item, or with too many, is called and which files it has: nothing of it was ever written.
CREATE TABLE scene_files (
    scene_id INTEGER NOT NULL,
    path TEXT NOT NULL,                         -- as Stash names it
    size INTEGER NOT NULL,                      -- bytes, 0 where Stash does not know it
    title TEXT NOT NULL,
    PRIMARY KEY (scene_id, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX scene_files_by_path ON scene_files (path);

-- What Stash and Plex had of an item when a person asked for it (Compare with Plex now).
CREATE TABLE comparisons (
    scene_id INTEGER NOT NULL,
    server TEXT NOT NULL,
    rating_key INTEGER NOT NULL,
    fields TEXT NOT NULL,                       -- JSON: for each field its value in Stash and in Plex, and whether it is locked
    compared_at REAL NOT NULL,
    PRIMARY KEY (scene_id, server, rating_key)
) STRICT, WITHOUT ROWID;
