-- Collections of Plex that are made of a studio or a group, and the poster that each was given from there.
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
CREATE INDEX collection_posters_due ON collection_posters (server) WHERE due = 1;
