-- Files of scenes that no Plex item holds, by the name that Plex will show, so that one which appears there is recognised
-- without a word to Stash.
CREATE TABLE missing_files (
    scene_id INTEGER NOT NULL,
    path     TEXT    NOT NULL,                  -- as Stash names it
    size     INTEGER NOT NULL,                  -- in bytes; 0: not known
    name     TEXT    NOT NULL,                  -- of the file, folded as names are compared
    PRIMARY KEY (scene_id, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX missing_files_by_name ON missing_files (name);
