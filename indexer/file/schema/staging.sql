-- The file beside the index in which a run collects what it reads. Thrown away when the run ends or its form changes;
-- tables for the rows themselves are added from the row classes (indexer/rows/rows.py).

CREATE TABLE run (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    index_id TEXT NOT NULL,
    rebuild INTEGER NOT NULL,
    started_at REAL NOT NULL
) STRICT;

CREATE TABLE listings (
    section INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    token TEXT NOT NULL, -- counters of the library when the listing began
    next_start INTEGER NOT NULL DEFAULT 0,
    total INTEGER, -- NULL until the first page
    complete INTEGER NOT NULL DEFAULT 0,
    published INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (section, kind)
) STRICT;

CREATE TABLE listed (
    rating_key INTEGER PRIMARY KEY,
    section INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    mark TEXT NOT NULL, -- fingerprint of the listing element
    verdict INTEGER NOT NULL -- 0 unchanged, 1 added, 2 changed
) STRICT;
CREATE INDEX listed_section ON listed (section, kind, verdict);

-- The items whose details are here, as of the listing element with this fingerprint.
CREATE TABLE detailed (
    rating_key INTEGER PRIMARY KEY,
    mark TEXT NOT NULL
) STRICT;
