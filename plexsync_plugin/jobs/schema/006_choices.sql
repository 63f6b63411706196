-- Matches that a person has made by hand: this file of Stash is that file of Plex. About a file and not a scene, since another scene
-- may have the file after a merge.
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

-- The address of a photo that Plex took and did not show yet, and how often it was sent: '' and 0 once it was seen.
ALTER TABLE photos ADD COLUMN sent TEXT NOT NULL DEFAULT '';
ALTER TABLE photos ADD COLUMN sends INTEGER NOT NULL DEFAULT 0;
