-- plexsync.db: everything the worker must not forget (docs/architecture.md, "State on disk").
-- Times are epoch seconds (UTC). Written by the worker alone; everybody else reads.

-- Work on one scene. A job that is done stays as a row, so that the table is never longer than the number of scenes
-- and the later rows of a bulk edit find what its first row caused.
CREATE TABLE jobs (
    scene_id INTEGER PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'dead')),
    generation INTEGER NOT NULL DEFAULT 1,      -- bumped by each new event
    priority INTEGER NOT NULL,                  -- 0 a person's edit, 1 bulk work, 2 reconcile
    due_at REAL NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,        -- used up towards max_retries
    waits INTEGER NOT NULL DEFAULT 0,           -- failures that used up no attempt, in a row
    looks INTEGER NOT NULL DEFAULT 0,           -- look-ups that found no item, in a row
    first_failed_at REAL,
    last_tried_at REAL,
    reason TEXT NOT NULL DEFAULT '',            -- class of the last failure
    message TEXT NOT NULL DEFAULT '',           -- its sentence
    batch TEXT NOT NULL DEFAULT '',             -- the multi-id event that bumped it last
    order_id INTEGER REFERENCES orders (id) ON DELETE SET NULL,
    changed_at REAL NOT NULL
) STRICT;
CREATE INDEX jobs_due ON jobs (priority, due_at) WHERE state = 'waiting';
CREATE INDEX jobs_by_state ON jobs (state);
CREATE INDEX jobs_by_order ON jobs (order_id) WHERE order_id IS NOT NULL;

-- Work that is not about one scene: commands of a person, edited performers, studios, tags.
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    ticket TEXT NOT NULL UNIQUE,                -- how the task that gave it finds it again
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    ids TEXT NOT NULL,                          -- JSON
    args TEXT NOT NULL,                         -- JSON
    state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'failed')),
    cursor INTEGER NOT NULL DEFAULT 0,          -- how far it has come, so that a kill does not start it again
    total INTEGER NOT NULL DEFAULT 0,           -- jobs it has put in
    due_at REAL NOT NULL DEFAULT 0,             -- not before, where a step of it failed
    attempts INTEGER NOT NULL DEFAULT 0,        -- refused steps in a row
    waits INTEGER NOT NULL DEFAULT 0,           -- other failures in a row
    message TEXT NOT NULL DEFAULT '',           -- what it says of itself, or why it is postponed
    created_at REAL NOT NULL,
    ended_at REAL
) STRICT;
CREATE INDEX orders_waiting ON orders (id) WHERE state = 'waiting';

-- What a person must look at: a scene whose job ended badly, an order that was given up, or a row of the inbox that cannot be read.
CREATE TABLE dead_letters (
    id INTEGER PRIMARY KEY,
    scene_id INTEGER UNIQUE,                    -- NULL for an order, or an unreadable row
    order_id INTEGER UNIQUE REFERENCES orders (id) ON DELETE CASCADE,
    reason TEXT NOT NULL,
    message TEXT NOT NULL,
    candidates TEXT NOT NULL DEFAULT '[]',      -- JSON: the items that could be meant
    detail TEXT NOT NULL DEFAULT '',            -- traceback, or the unreadable row
    attempts INTEGER NOT NULL DEFAULT 0,
    first_at REAL NOT NULL,
    last_at REAL NOT NULL
) STRICT;
CREATE INDEX dead_letters_by_reason ON dead_letters (reason);

-- Which items a scene was found to be.
CREATE TABLE matches (
    scene_id INTEGER NOT NULL,
    server TEXT NOT NULL,
    rating_key INTEGER NOT NULL,
    section INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    files TEXT NOT NULL DEFAULT '',             -- fingerprint of the files that the item held then
    PRIMARY KEY (scene_id, server, rating_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX matches_by_item ON matches (server, rating_key);

-- What was last written to a scene's items, as a whole: equal hash, nothing to do.
CREATE TABLE synced (
    scene_id INTEGER NOT NULL,
    server TEXT NOT NULL,
    desired_hash TEXT NOT NULL,
    updated_at TEXT NOT NULL,                   -- Stash's own time of the scene; its cover may be new when this differs
    synced_at REAL NOT NULL,
    PRIMARY KEY (scene_id, server)
) STRICT, WITHOUT ROWID;

-- Which scenes show a performer, studio, tag or group: after a destroy Stash no longer knows.
CREATE TABLE scene_entities (
    kind TEXT NOT NULL,
    entity_id INTEGER NOT NULL,
    scene_id INTEGER NOT NULL,
    PRIMARY KEY (kind, entity_id, scene_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX scene_entities_by_scene ON scene_entities (scene_id);

-- Scenes that a person has undone: left alone until they are edited, or everything is synced by hand.
CREATE TABLE undone (
    scene_id INTEGER PRIMARY KEY,
    undone_at REAL NOT NULL
) STRICT;

-- Pictures given to Plex, per item and place (posters, arts). A row without any SHA-1 tells that a person's was left alone.
CREATE TABLE images (
    server TEXT NOT NULL,
    rating_key INTEGER NOT NULL,
    element TEXT NOT NULL CHECK (element IN ('posters', 'arts')),
    section INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    sha1 TEXT NOT NULL DEFAULT '',              -- of the bytes that Plex has from us; '' while there are none
    sending TEXT NOT NULL DEFAULT '',           -- SHA-1s of bytes under way, so that a crash in between is recognised
    source TEXT NOT NULL DEFAULT '',            -- the cover (its ETag) that is settled here, and in which form
    saved TEXT,                                 -- key of the picture that was selected before our first, '' for none; NULL: not asked yet
    saved_locked INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (server, rating_key, element)
) STRICT, WITHOUT ROWID;

-- A scene's cover as Stash served it last, and when to look again while it is still Stash's stand-in.
CREATE TABLE covers (
    scene_id INTEGER PRIMARY KEY,
    etag TEXT NOT NULL,
    wanted TEXT NOT NULL DEFAULT '',            -- the settings that it was asked for under
    sure INTEGER NOT NULL DEFAULT 0,            -- 0: asked for within the second that Stash gives as the scene's time
    stand_in INTEGER NOT NULL DEFAULT 0,        -- 1: nothing of it can be given to Plex
    looks INTEGER NOT NULL DEFAULT 0,           -- how often it was looked at again
    look_at REAL
) STRICT;
CREATE INDEX covers_to_look_at ON covers (look_at) WHERE look_at IS NOT NULL;

-- Photos given to Plex, once per performer: Plex shares them between all items.
CREATE TABLE photos (
    server TEXT NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    PRIMARY KEY (server, name)
) STRICT, WITHOUT ROWID;

-- Pairs of folders learned from files that are the same by name and size.
CREATE TABLE learned_paths (
    server TEXT NOT NULL,
    stash TEXT NOT NULL,
    plex TEXT NOT NULL,
    hits INTEGER NOT NULL,
    PRIMARY KEY (server, stash, plex)
) STRICT, WITHOUT ROWID;

-- Folders that Plex was asked to scan, once a day each.
CREATE TABLE folder_scans (
    server TEXT NOT NULL,
    folder TEXT NOT NULL,                       -- as Plex names it
    asked_at REAL NOT NULL,
    PRIMARY KEY (server, folder)
) STRICT, WITHOUT ROWID;

-- When something that happens by itself happened last (reconcile), and other small facts.
CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Per item: what we wrote and what we overwrote. Outlives the scene; Undo needs it.
CREATE TABLE ledger (
    server TEXT NOT NULL,
    rating_key INTEGER NOT NULL,
    scene_id INTEGER NOT NULL,
    section INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    fields TEXT NOT NULL,                       -- JSON: core.ledger.Record by field
    accepted TEXT NOT NULL DEFAULT '',          -- fingerprint of a listing that was found changed, and looked into since
    written_at REAL NOT NULL,
    PRIMARY KEY (server, rating_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_by_scene ON ledger (scene_id);

-- One row: the circuit breaker, so that a restart does not forget an outage.
CREATE TABLE breaker (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    state TEXT NOT NULL CHECK (state IN ('closed', 'open', 'half_open')),
    failures INTEGER NOT NULL,
    probe_at REAL NOT NULL,
    interval REAL NOT NULL
) STRICT;

CREATE TABLE outages (
    id INTEGER PRIMARY KEY,
    started_at REAL NOT NULL,
    ended_at REAL,
    cause TEXT NOT NULL,
    jobs_waiting INTEGER NOT NULL DEFAULT 0
) STRICT;


-- Which server answers at an address, so that unchanged scenes cost Plex no request at all.
CREATE TABLE servers (
    url TEXT PRIMARY KEY,
    machine_id TEXT NOT NULL,
    name TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What a person has been told and is still true; one row per cause, so that nothing is said twice.
CREATE TABLE notices (
    cause TEXT PRIMARY KEY,
    level TEXT NOT NULL,
    text TEXT NOT NULL,
    blocking INTEGER NOT NULL,                  -- 1: no job is done while it is true
    said_at REAL NOT NULL,
    delivered INTEGER NOT NULL                  -- 0: Stash did not take it yet, it is said again
) STRICT, WITHOUT ROWID;
