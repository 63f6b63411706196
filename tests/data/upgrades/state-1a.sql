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
    synced_at REAL NOT NULL,
    PRIMARY KEY (scene_id, server)
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
INSERT INTO "jobs" VALUES (1, 'done', 1, 0, 1.79594310756502699858e+09, 0, 0, 0, NULL, 1.79594310762310838697e+09, '', '', '', NULL, 1.79594310763796114922e+09);
INSERT INTO "jobs" VALUES (2, 'done', 1, 0, 1.79594310789547634125e+09, 0, 0, 0, NULL, 1.79594310791647410394e+09, '', '', '', NULL, 1.79594310793789768221e+09);
INSERT INTO "jobs" VALUES (3, 'done', 1, 0, 1.79594311070420861245e+09, 0, 0, 0, NULL, 1.79594311071748781198e+09, '', '', '', NULL, 1.79594311073788547514e+09);
INSERT INTO "matches" VALUES (1, '51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c', 101, 1, 1);
INSERT INTO "matches" VALUES (2, '51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c', 102, 1, 1);
INSERT INTO "matches" VALUES (3, '51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c', 103, 1, 1);
INSERT INTO "synced" VALUES (1, '51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c', '600eaff3789f3a8aa102a605b71c7f335166cea098af7b29da0febe56f21bb58', 1.79594310763531088827e+09);
INSERT INTO "synced" VALUES (2, '51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c', '7767a4d99c66c8522eb6e6d43153d7b90176194c688579bbd9a995be597c2194', 1.79594310793634915355e+09);
INSERT INTO "synced" VALUES (3, '51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c', 'c67de4286b7b318e3920ab5cd9400d0257569ae75dcf46a90cdef203a3786c7f', 1.79594311073035335537e+09);
INSERT INTO "ledger" VALUES ('51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c', 101, 1, 1, 1, '{"title": {"wrote": ["First"], "saved": {"value": "scene 1", "locked": false}}}', 1.79594310763015580171e+09);
INSERT INTO "ledger" VALUES ('51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c', 102, 2, 1, 1, '{"summary": {"wrote": ["Words"], "saved": {"value": "What the agent found.", "locked": false}}, "title": {"wrote": ["Second"], "saved": {"value": "scene 2", "locked": false}}}', 1.79594310793013906477e+09);
INSERT INTO "ledger" VALUES ('51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c', 103, 3, 1, 1, '{"title": {"wrote": ["Third"], "saved": {"value": "scene 3", "locked": false}}}', 1.79594311071964669226e+09);
INSERT INTO "counters" VALUES ('done', 3);
INSERT INTO "servers" VALUES ('http://127.0.0.1:32400', '51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c', 'Simulated Plex');
CREATE INDEX jobs_due ON jobs (priority, due_at) WHERE state = 'waiting';
CREATE INDEX jobs_by_state ON jobs (state);
CREATE INDEX jobs_by_order ON jobs (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX orders_waiting ON orders (id) WHERE state = 'waiting';
CREATE INDEX dead_letters_by_reason ON dead_letters (reason);
CREATE INDEX matches_by_item ON matches (server, rating_key);
CREATE INDEX ledger_by_scene ON ledger (scene_id);
PRAGMA user_version=1;
