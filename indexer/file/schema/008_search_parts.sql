-- Search by parts of words, and in scripts that put no space between words, beside the search by words. What is searched is
-- folded by the indexer (indexer/rows/folding.py), which fills the table anew where meta.searchForm tells of another folding.

-- What is searched by parts of words, of every item: its titles, and of its other texts what a search by words misses.
CREATE TABLE search_folded (
    ratingKey INTEGER PRIMARY KEY REFERENCES items (ratingKey) ON DELETE CASCADE, -- the item
    text TEXT NOT NULL -- lower case: each title without and with its accents, then other words, a line each
) STRICT;

-- Search by parts of words, of three characters or more: `WHERE search_parts MATCH '"part"'`; `rowid` is the rating key.
CREATE VIRTUAL TABLE search_parts USING fts5 (
    text, -- lower case: each title without and with its accents, then other words, a line each
    content = 'search_folded', content_rowid = 'ratingKey', tokenize = 'trigram'
);

CREATE TRIGGER search_folded_insert AFTER INSERT ON search_folded BEGIN
    INSERT INTO search_parts (rowid, text) VALUES (NEW.ratingKey, NEW.text);
END;
CREATE TRIGGER search_folded_delete AFTER DELETE ON search_folded BEGIN
    INSERT INTO search_parts (search_parts, rowid, text) VALUES ('delete', OLD.ratingKey, OLD.text);
END;
CREATE TRIGGER search_folded_update AFTER UPDATE ON search_folded BEGIN
    INSERT INTO search_parts (search_parts, rowid, text) VALUES ('delete', OLD.ratingKey, OLD.text);
    INSERT INTO search_parts (rowid, text) VALUES (NEW.ratingKey, NEW.text);
END;

-- Not by the index of parts: LIKE by it finds no two characters that take more than two bytes, up to SQLite 3.40 at least. Reading
-- all texts of 200 000 items takes a tenth of a second.

-- Titles by what a person types, of what Plex lists now: `WHERE text LIKE '%ac/dc%'` needs no quoting but for ' and the signs % and _.
CREATE VIEW search_typed (
    ratingKey, -- the item
    kind, -- movie, show, season, episode, artist, album or track
    library, -- title of the library
    title, -- title
    year, -- year of a movie, show, episode or album
    partOf, -- the show of a season or episode, the artist of an album or track
    text -- what is searched: lower case, each title without and with its accents
) AS
SELECT items.ratingKey,
    CASE items.kind WHEN 1 THEN 'movie' WHEN 2 THEN 'show' WHEN 3 THEN 'season' WHEN 4 THEN 'episode' WHEN 8 THEN 'artist'
        WHEN 9 THEN 'album' ELSE 'track' END,
    sections.title, items.title, coalesce(movies.year, tv_shows.year, episodes.year, albums.year), above.title, search_folded.text
FROM search_folded CROSS JOIN items ON items.ratingKey = search_folded.ratingKey
JOIN sections ON sections.key = items.sectionKey
LEFT JOIN items AS above ON above.ratingKey = ifnull(items.grandparentKey, items.parentKey)
LEFT JOIN movies ON movies.ratingKey = items.ratingKey
LEFT JOIN tv_shows ON tv_shows.ratingKey = items.ratingKey
LEFT JOIN episodes ON episodes.ratingKey = items.ratingKey
LEFT JOIN albums ON albums.ratingKey = items.ratingKey
WHERE items.available = 1;
