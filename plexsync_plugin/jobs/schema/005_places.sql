-- What a listing of Plex is compared with, so that reconciling sees an item that has come to a file's exact place since.
ALTER TABLE file_matches ADD COLUMN name TEXT NOT NULL DEFAULT '';     -- of the file, folded; '' in rows from before
ALTER TABLE file_matches ADD COLUMN size INTEGER NOT NULL DEFAULT 0;   -- bytes, as Stash has them; 0: not known
ALTER TABLE file_matches ADD COLUMN place TEXT NOT NULL DEFAULT '';    -- the file, as the item names it; '': not known
CREATE INDEX file_matches_by_name ON file_matches (server, name);
