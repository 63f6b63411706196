-- plexsync.db as an earlier PlexSync made it, with a few rows.
PRAGMA foreign_keys=OFF;
PRAGMA application_id=1349276465;
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
    message TEXT NOT NULL DEFAULT '',
    created_at REAL NOT NULL,
    ended_at REAL
) STRICT;
CREATE TABLE dead_letters (
    id INTEGER PRIMARY KEY,
    scene_id INTEGER UNIQUE,                    -- NULL for an unreadable row
    reason TEXT NOT NULL,
    message TEXT NOT NULL,
    candidates TEXT NOT NULL DEFAULT '[]',      -- JSON: the items that could be meant
    detail TEXT NOT NULL DEFAULT '',            -- traceback, or the unreadable row
    attempts INTEGER NOT NULL DEFAULT 0,
    first_at REAL NOT NULL,
    last_at REAL NOT NULL
) STRICT;
CREATE TABLE matches (
    scene_id INTEGER NOT NULL,
    server TEXT NOT NULL,
    rating_key INTEGER NOT NULL,
    section INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    PRIMARY KEY (scene_id, server, rating_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE synced (
    scene_id INTEGER NOT NULL,
    server TEXT NOT NULL,
    desired_hash TEXT NOT NULL,
    updated_at TEXT NOT NULL,                   -- Stash's own time of the scene; its cover may be new when this differs
    synced_at REAL NOT NULL,
    PRIMARY KEY (scene_id, server)
) STRICT, WITHOUT ROWID;
CREATE TABLE scene_entities (
    kind TEXT NOT NULL,
    entity_id INTEGER NOT NULL,
    scene_id INTEGER NOT NULL,
    PRIMARY KEY (kind, entity_id, scene_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE undone (
    scene_id INTEGER PRIMARY KEY,
    undone_at REAL NOT NULL
) STRICT;
CREATE TABLE images (
    server TEXT NOT NULL,
    rating_key INTEGER NOT NULL,
    element TEXT NOT NULL CHECK (element IN ('posters', 'arts')),
    sha1 TEXT NOT NULL,                         -- of the bytes that were uploaded last
    saved TEXT NOT NULL DEFAULT '',             -- key of the picture that was selected before our first
    saved_locked INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (server, rating_key, element)
) STRICT, WITHOUT ROWID;
CREATE TABLE covers (
    scene_id INTEGER PRIMARY KEY,
    etag TEXT NOT NULL,
    stand_in INTEGER NOT NULL DEFAULT 0,
    looks INTEGER NOT NULL DEFAULT 0,
    look_at REAL
) STRICT;
CREATE TABLE photos (
    server TEXT NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    PRIMARY KEY (server, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE learned_paths (
    server TEXT NOT NULL,
    stash TEXT NOT NULL,
    plex TEXT NOT NULL,
    hits INTEGER NOT NULL,
    PRIMARY KEY (server, stash, plex)
) STRICT, WITHOUT ROWID;
CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE ledger (
    server TEXT NOT NULL,
    rating_key INTEGER NOT NULL,
    scene_id INTEGER NOT NULL,
    section INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    fields TEXT NOT NULL,                       -- JSON: core.ledger.Record by field
    written_at REAL NOT NULL,
    PRIMARY KEY (server, rating_key)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE servers (
    url TEXT PRIMARY KEY,
    machine_id TEXT NOT NULL,
    name TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE notices (
    cause TEXT PRIMARY KEY,
    level TEXT NOT NULL,
    text TEXT NOT NULL,
    blocking INTEGER NOT NULL,                  -- 1: no job is done while it is true
    said_at REAL NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "jobs" VALUES (1, 'done', 1, 0, 1.79594307795818686483e+09, 0, 0, 0, NULL, 1.7959430780389375687e+09, '', '', '', NULL, 1.79594307806032443047e+09);
INSERT INTO "jobs" VALUES (2, 'done', 1, 0, 1.79594307832613444327e+09, 0, 0, 0, NULL, 1.7959430783665130139e+09, '', '', '', NULL, 1.79594307841707253453e+09);
INSERT INTO "jobs" VALUES (3, 'done', 1, 0, 1.79594308020205736158e+09, 0, 0, 0, NULL, 1.79594308023638725285e+09, '', '', '', NULL, 1.79594308026742601391e+09);
INSERT INTO "matches" VALUES (1, '51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c', 101, 1, 1);
INSERT INTO "matches" VALUES (2, '51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c', 102, 1, 1);
INSERT INTO "matches" VALUES (3, '51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c', 103, 1, 1);
INSERT INTO "synced" VALUES (1, '51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c', '094355c89f2de3b47217355bcda21653d57f82bc68b1e00903f5d24632fce26f', '2026-11-29T09:04:36Z', 1.79594307805604767804e+09);
INSERT INTO "synced" VALUES (2, '51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c', '7600c0612abc1784fc60d3f9aa8537698f29638e06d73885ee8b80f991623b19', '2026-11-29T09:04:38Z', 1.79594307840713262561e+09);
INSERT INTO "synced" VALUES (3, '51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c', '4a0c5ed7d020d607b8234f24f913918968c1777633f48dabae957ed68dcc309e', '2026-11-29T09:04:39Z', 1.79594308026325249669e+09);
INSERT INTO "ledger" VALUES ('51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c', 101, 1, 1, 1, '{"title": {"wrote": ["First"], "saved": {"value": "scene 1", "locked": false}}}', 1.79594307805481147766e+09);
INSERT INTO "ledger" VALUES ('51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c', 102, 2, 1, 1, '{"summary": {"wrote": ["Words"], "saved": {"value": "What the agent found.", "locked": false}}, "title": {"wrote": ["Second"], "saved": {"value": "scene 2", "locked": false}}}', 1.79594307839345312116e+09);
INSERT INTO "ledger" VALUES ('51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c', 103, 3, 1, 1, '{"title": {"wrote": ["Third"], "saved": {"value": "scene 3", "locked": false}}}', 1.79594308025025677687e+09);
INSERT INTO "counters" VALUES ('done', 3);
INSERT INTO "servers" VALUES ('http://127.0.0.1:32400', '51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c', 'Simulated Plex');
CREATE INDEX jobs_due ON jobs (priority, due_at) WHERE state = 'waiting';
CREATE INDEX jobs_by_state ON jobs (state);
CREATE INDEX jobs_by_order ON jobs (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX orders_waiting ON orders (id) WHERE state = 'waiting';
CREATE INDEX dead_letters_by_reason ON dead_letters (reason);
CREATE INDEX matches_by_item ON matches (server, rating_key);
CREATE INDEX scene_entities_by_scene ON scene_entities (scene_id);
CREATE INDEX covers_to_look_at ON covers (look_at) WHERE look_at IS NOT NULL;
CREATE INDEX ledger_by_scene ON ledger (scene_id);
PRAGMA user_version=1;
