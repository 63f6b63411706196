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
    due_at REAL NOT NULL DEFAULT 0,             -- not before, where a step of it failed
    attempts INTEGER NOT NULL DEFAULT 0,        -- refused steps in a row
    waits INTEGER NOT NULL DEFAULT 0,           -- other failures in a row
    message TEXT NOT NULL DEFAULT '',           -- what it says of itself, or why it is postponed
    created_at REAL NOT NULL,
    ended_at REAL
) STRICT;
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
CREATE TABLE matches (
    scene_id INTEGER NOT NULL,
    server TEXT NOT NULL,
    rating_key INTEGER NOT NULL,
    section INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    files TEXT NOT NULL DEFAULT '',             -- fingerprint of the files that the item held then
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
, restored INTEGER NOT NULL DEFAULT 1) STRICT;
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
    saved_locked INTEGER NOT NULL DEFAULT 0, shown TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (server, rating_key, element)
) STRICT, WITHOUT ROWID;
CREATE TABLE covers (
    scene_id INTEGER PRIMARY KEY,
    etag TEXT NOT NULL,
    wanted TEXT NOT NULL DEFAULT '',            -- the settings that it was asked for under
    sure INTEGER NOT NULL DEFAULT 0,            -- 0: asked for within the second that Stash gives as the scene's time
    stand_in INTEGER NOT NULL DEFAULT 0,        -- 1: nothing of it can be given to Plex
    looks INTEGER NOT NULL DEFAULT 0,           -- how often it was looked at again
    look_at REAL
) STRICT;
CREATE TABLE photos (
    server TEXT NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL, before TEXT, sent TEXT NOT NULL DEFAULT '', sends INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (server, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE learned_paths (
    server TEXT NOT NULL,
    stash TEXT NOT NULL,
    plex TEXT NOT NULL,
    hits INTEGER NOT NULL,
    PRIMARY KEY (server, stash, plex)
) STRICT, WITHOUT ROWID;
CREATE TABLE folder_scans (
    server TEXT NOT NULL,
    folder TEXT NOT NULL,                       -- as Plex names it
    asked_at REAL NOT NULL,
    PRIMARY KEY (server, folder)
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
    accepted TEXT NOT NULL DEFAULT '',          -- fingerprint of a listing that was found changed, and looked into since
    written_at REAL NOT NULL, files TEXT NOT NULL DEFAULT '', kept TEXT NOT NULL DEFAULT '',
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
    said_at REAL NOT NULL,
    delivered INTEGER NOT NULL                  -- 0: Stash did not take it yet, it is said again
) STRICT, WITHOUT ROWID;
CREATE TABLE file_matches (
    scene_id INTEGER NOT NULL,
    server TEXT NOT NULL,
    path TEXT NOT NULL,                         -- the file, as Stash names it
    rating_key INTEGER NOT NULL,                -- of an item that holds it; 0: none does
    grounds INTEGER NOT NULL,                   -- core.match: the higher, the surer
    mark TEXT NOT NULL, name TEXT NOT NULL DEFAULT '', size INTEGER NOT NULL DEFAULT 0, place TEXT NOT NULL DEFAULT '',                         -- fingerprint of the settings that it was looked for under
    PRIMARY KEY (scene_id, server, path, rating_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE choices (
    server TEXT NOT NULL,
    path TEXT NOT NULL,                         -- the file, as Stash names it
    scene_id INTEGER NOT NULL,                  -- that has it, as far as is known
    size INTEGER NOT NULL,                      -- bytes, as Stash has them: a moved file is known by it
    place TEXT NOT NULL,                        -- the file, as Plex names it
    rating_key INTEGER NOT NULL,                -- of the item that was chosen
    chosen_at REAL NOT NULL,
    PRIMARY KEY (server, path)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE hourly (
    hour INTEGER PRIMARY KEY,                   -- its begin, epoch seconds
    ok INTEGER NOT NULL,
    failed INTEGER NOT NULL
) STRICT;
CREATE TABLE scene_files (
    scene_id INTEGER NOT NULL,
    path TEXT NOT NULL,                         -- as Stash names it
    size INTEGER NOT NULL,                      -- bytes, 0 where Stash does not know it
    title TEXT NOT NULL,
    PRIMARY KEY (scene_id, path)
) STRICT, WITHOUT ROWID;
CREATE TABLE comparisons (
    scene_id INTEGER NOT NULL,
    server TEXT NOT NULL,
    rating_key INTEGER NOT NULL,
    fields TEXT NOT NULL,                       -- JSON: for each field its value in Stash and in Plex, and whether it is locked
    compared_at REAL NOT NULL,
    PRIMARY KEY (scene_id, server, rating_key)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE watched_sections (
    server TEXT NOT NULL,
    section INTEGER NOT NULL,
    accounts TEXT NOT NULL DEFAULT '',          -- JSON: from when on plays count, by account, '*' for every other; '' for not yet
    played_to INTEGER NOT NULL DEFAULT 0,
    rated_to INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (server, section)
) STRICT, WITHOUT ROWID;
CREATE TABLE resume_points (
    scene_id INTEGER PRIMARY KEY,
    seen TEXT NOT NULL,                         -- what Plex showed when it was looked at last
    wrote INTEGER NOT NULL DEFAULT -1,
    writing INTEGER NOT NULL DEFAULT -1         -- may have been given: a crash can fall between the two
) STRICT;
CREATE TABLE stars (
    server TEXT NOT NULL,
    rating_key INTEGER NOT NULL,
    scene_id INTEGER NOT NULL,
    plex TEXT NOT NULL,                         -- as Plex showed it, '' for none
    stash TEXT NOT NULL,                        -- as it is written to Plex, '' for none
    PRIMARY KEY (server, rating_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE missing_files (
    scene_id INTEGER NOT NULL,
    path     TEXT    NOT NULL,                  -- as Stash names it
    size     INTEGER NOT NULL,                  -- in bytes; 0: not known
    name     TEXT    NOT NULL,                  -- of the file, folded as names are compared
    PRIMARY KEY (scene_id, path)
) STRICT, WITHOUT ROWID;
CREATE TABLE collection_posters (
    server     TEXT    NOT NULL,                -- machine identifier
    section    INTEGER NOT NULL,
    name       TEXT    NOT NULL,                -- of the collection, in lower case as Plex compares it
    kind       TEXT    NOT NULL,                -- of what it is made of in Stash: studio or group
    entity_id  INTEGER NOT NULL,
    due        INTEGER NOT NULL DEFAULT 1,      -- 1: Stash is to be asked for its picture
    etag       TEXT    NOT NULL DEFAULT '',     -- of the picture that the collection was last settled with
    is_left    INTEGER NOT NULL DEFAULT 0,      -- 1: settled by leaving another's poster where it is
    rating_key INTEGER NOT NULL DEFAULT 0,      -- of the collection; 0: not known
    sha1       TEXT    NOT NULL DEFAULT '',     -- of the bytes that Plex has from us; '' before the first
    sending    TEXT    NOT NULL DEFAULT '',     -- SHA-1s of bytes that were sent and may have arrived, joined by commas
    saved      TEXT,                            -- what was selected before ours; '': nothing was; NULL: not known yet
    PRIMARY KEY (server, section, name)
) STRICT, WITHOUT ROWID;
INSERT INTO "jobs" (scene_id,state,generation,priority,due_at,attempts,waits,looks,first_failed_at,last_tried_at,reason,message,batch,order_id,changed_at) VALUES(1,'done',3,0,1.79596071667386984827e+09,0,0,0,NULL,1.79596071641634106629e+09,'','','',NULL,1.79596071668074154853e+09);
INSERT INTO "jobs" (scene_id,state,generation,priority,due_at,attempts,waits,looks,first_failed_at,last_tried_at,reason,message,batch,order_id,changed_at) VALUES(2,'done',1,0,1.79596071613785243032e+09,0,0,0,NULL,1.79596071614931535728e+09,'','','',NULL,1.79596071615425515169e+09);
INSERT INTO "matches" (scene_id,server,rating_key,section,kind,files) VALUES(1,'51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c',501,1,1,'04e74fd0b311e789dcfc15ac993123af');
INSERT INTO "matches" (scene_id,server,rating_key,section,kind,files) VALUES(2,'51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c',502,1,1,'e31e4e17782b44b05d5cfd8d6b23ef8c');
INSERT INTO "synced" (scene_id,server,desired_hash,updated_at,synced_at) VALUES(1,'51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c','f3edb7f8774c780e55a8d5e9d405801c50cfa34ea96cc03da0ea496c8ff75ede','2026-11-29T13:58:36Z',1.79596071642103624339e+09);
INSERT INTO "synced" (scene_id,server,desired_hash,updated_at,synced_at) VALUES(2,'51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c','6779bb37aebbe278abc8bb7b365b3a1ea215d36eb88e8605beb937ec99ef1f49','2026-11-29T13:58:35Z',1.79596071615409755709e+09);
INSERT INTO "scene_entities" (kind,entity_id,scene_id) VALUES('performer',1,1);
INSERT INTO "scene_entities" (kind,entity_id,scene_id) VALUES('performer',2,1);
INSERT INTO "scene_entities" (kind,entity_id,scene_id) VALUES('studio',1,1);
INSERT INTO "covers" (scene_id,etag,wanted,sure,stand_in,looks,look_at) VALUES(1,'"5aedb3fa13f6bcea641a6957afd2390d"','posters,arts portrait=0 preserve=0',0,1,0,1.79596101641795420642e+09);
INSERT INTO "covers" (scene_id,etag,wanted,sure,stand_in,looks,look_at) VALUES(2,'"5aedb3fa13f6bcea641a6957afd2390d"','posters,arts portrait=0 preserve=0',0,1,0,1.7959610161510212421e+09);
INSERT INTO "learned_paths" (server,stash,plex,hits) VALUES('51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c','/data','/media',2);
INSERT INTO "facts" (name,value) VALUES('defaults_shown','1');
INSERT INTO "facts" (name,value) VALUES('inbox_row','4');
INSERT INTO "facts" (name,value) VALUES('index_seen','1795960715010772416:524288:10093422');
INSERT INTO "ledger" (server,rating_key,scene_id,section,kind,fields,accepted,written_at,files,kept) VALUES('51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c',501,1,1,1,'{"actor": {"wrote": [[["Maria Costa", "", ""], ["João Prado", "", ""]]], "saved": {"value": [], "locked": false}}, "genre": {"wrote": [[["Night, by the sea", "", ""], ["Travel", "", ""]]], "saved": {"value": [["Uncategorised", "", ""]], "locked": false}}, "originallyAvailableAt": {"wrote": ["2021-05-14"], "saved": {"value": "", "locked": false}}, "studio": {"wrote": ["Harbour Pictures"], "saved": {"value": "", "locked": false}}, "summary": {"wrote": ["An evening at the quay.\n\nShot in one take."], "saved": {"value": "", "locked": false}}, "title": {"wrote": ["Harbour Lights (restored)"], "saved": {"value": "harbour_lights_final", "locked": false}}}','',1795960716.42053,'[["/media/videos/harbour_lights_final.mp4", 3120554112]]','');
INSERT INTO "ledger" (server,rating_key,scene_id,section,kind,fields,accepted,written_at,files,kept) VALUES('51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c',502,2,1,1,'{"actor": {"wrote": [[["Li Wei", "", ""]]], "saved": {"value": [], "locked": false}}, "title": {"wrote": ["Night Train to Lisbon"], "saved": {"value": "night-train-to-lisbon", "locked": false}}}','',1.79596071615356040005e+09,'[["/media/videos/night-train-to-lisbon.mkv", 4893112009]]','');
INSERT INTO "servers" (url,machine_id,name) VALUES('http://127.0.0.1:33179','51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c','Living room');
INSERT INTO "file_matches" (scene_id,server,path,rating_key,grounds,mark,name,size,place) VALUES(1,'51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c','/data/videos/harbour_lights_final.mp4',501,3,'1e8f26268e3ee8e0460c22c0c8798916','harbour_lights_final.mp4',3120554112,'/media/videos/harbour_lights_final.mp4');
INSERT INTO "file_matches" (scene_id,server,path,rating_key,grounds,mark,name,size,place) VALUES(2,'51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c','/data/videos/night-train-to-lisbon.mkv',502,3,'c99cdf13a17011f78ee13e0d07c7545f','night-train-to-lisbon.mkv',4893112009,'/media/videos/night-train-to-lisbon.mkv');
INSERT INTO "activity" (id,at,scene_id,title,server,item,item_title,outcome,text,changes,ms,requests) VALUES(1,1.79596071588517069818e+09,1,'Harbour Lights','51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c',501,'Harbour Lights','written','','[["title", "harbour_lights_final", "Harbour Lights"], ["studio", "", "Harbour Pictures"], ["summary", "", "An evening at the quay.\n\nShot in one take."], ["originallyAvailableAt", "", "2021-05-14"], ["genre", "Uncategorised", "Night, by the sea, Travel"], ["actor", "", "Maria Costa, Jo\u00e3o Prado"]]',6,1);
INSERT INTO "activity" (id,at,scene_id,title,server,item,item_title,outcome,text,changes,ms,requests) VALUES(2,1.79596071615425515169e+09,2,'Night Train to Lisbon','51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c',502,'Night Train to Lisbon','written','','[["title", "night-train-to-lisbon", "Night Train to Lisbon"], ["actor", "", "Li Wei"]]',2,1);
INSERT INTO "activity" (id,at,scene_id,title,server,item,item_title,outcome,text,changes,ms,requests) VALUES(3,1.79596071642119622232e+09,1,'Harbour Lights (restored)','51a0b8f5c1e44d2c9f0d6e7b8a9c0d1e2f3a4b5c',501,'Harbour Lights (restored)','written','','[["title", "Harbour Lights", "Harbour Lights (restored)"]]',2,1);
INSERT INTO "hourly" (hour,ok,failed) VALUES(1795957200,4,0);
CREATE INDEX jobs_due ON jobs (priority, due_at) WHERE state = 'waiting';
CREATE INDEX jobs_by_state ON jobs (state);
CREATE INDEX jobs_by_order ON jobs (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX orders_waiting ON orders (id) WHERE state = 'waiting';
CREATE INDEX dead_letters_by_reason ON dead_letters (reason);
CREATE INDEX matches_by_item ON matches (server, rating_key);
CREATE INDEX scene_entities_by_scene ON scene_entities (scene_id);
CREATE INDEX covers_to_look_at ON covers (look_at) WHERE look_at IS NOT NULL;
CREATE INDEX ledger_by_scene ON ledger (scene_id);
CREATE INDEX file_matches_by_item ON file_matches (server, rating_key);
CREATE INDEX undone_to_restore ON undone (scene_id) WHERE restored = 0;
CREATE INDEX ledger_kept ON ledger (server, scene_id) WHERE kept <> '';
CREATE INDEX file_matches_by_name ON file_matches (server, name);
CREATE INDEX scene_files_by_path ON scene_files (path);
CREATE INDEX plays_to_do ON plays (server, state) WHERE state IN ('waiting', 'planned', 'adding', 'removing');
CREATE INDEX plays_by_scene ON plays (scene_id, played_at) WHERE scene_id > 0;
CREATE INDEX stars_by_scene ON stars (scene_id);
CREATE INDEX missing_files_by_name ON missing_files (name);
CREATE INDEX collection_posters_due ON collection_posters (server) WHERE due = 1;
PRAGMA user_version=10;
