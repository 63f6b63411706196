-- The items in which a person's value stays are counted for a sentence, each time one is added.
CREATE INDEX ledger_kept ON ledger (server, scene_id) WHERE kept <> '';
