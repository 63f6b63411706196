-- What each file of a scene was found to be, and on what grounds; and which files an item held when it was written.

CREATE TABLE file_matches (
    scene_id INTEGER NOT NULL,
    server TEXT NOT NULL,
    path TEXT NOT NULL,                         -- the file, as Stash names it
    rating_key INTEGER NOT NULL,                -- of an item that holds it; 0: none does
    grounds INTEGER NOT NULL,                   -- core.match: the higher, the surer
    mark TEXT NOT NULL,                         -- fingerprint of the settings that it was looked for under
    PRIMARY KEY (scene_id, server, path, rating_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX file_matches_by_item ON file_matches (server, rating_key);

-- '' in rows that were written before: what they know of the item is taken for true.
ALTER TABLE ledger ADD COLUMN files TEXT NOT NULL DEFAULT '';  -- JSON: [path, size] of each file that the item held then
