-- Undo goes scene by scene: 0 while a scene's items have yet to be given back. Until then it is in sync as before.
ALTER TABLE undone ADD COLUMN restored INTEGER NOT NULL DEFAULT 1;
CREATE INDEX undone_to_restore ON undone (scene_id) WHERE restored = 0;

-- The address under which Plex showed our picture: while it is the same, so is the picture (docs/facts/plex.md section 4).
-- '' where it is not known.
ALTER TABLE images ADD COLUMN shown TEXT NOT NULL DEFAULT '';

-- Fields, joined by commas, in which a person's value stays although Stash has another one (preserve_plex_edits).
ALTER TABLE ledger ADD COLUMN kept TEXT NOT NULL DEFAULT '';

-- What a cast member showed before our first photo, for Undo: '' for none, NULL where nobody looked.
ALTER TABLE photos ADD COLUMN before TEXT;
