-- Search by words also finds parts of titles and names in scripts that put no space between words, which the tokenizer takes for one word
-- as long as they are: the indexer writes their parts (indexer/rows/folding.py), and they are words of their own here.

DROP TRIGGER movies_search_insert;
DROP TRIGGER movies_search_delete;
DROP TRIGGER movies_search_update;
DROP TRIGGER tv_shows_search_insert;
DROP TRIGGER tv_shows_search_delete;
DROP TRIGGER tv_shows_search_update;
DROP TRIGGER seasons_search_insert;
DROP TRIGGER seasons_search_delete;
DROP TRIGGER seasons_search_update;
DROP TRIGGER episodes_search_insert;
DROP TRIGGER episodes_search_delete;
DROP TRIGGER episodes_search_update;
DROP TRIGGER artists_search_insert;
DROP TRIGGER artists_search_delete;
DROP TRIGGER artists_search_update;
DROP TRIGGER albums_search_insert;
DROP TRIGGER albums_search_delete;
DROP TRIGGER albums_search_update;
DROP TRIGGER tracks_search_insert;
DROP TRIGGER tracks_search_delete;
DROP TRIGGER tracks_search_update;
DROP TRIGGER search_folded_insert;
DROP TRIGGER search_folded_delete;
DROP TRIGGER search_folded_update;
DROP TABLE search;
DROP VIEW search_texts;

ALTER TABLE search_folded ADD COLUMN parts TEXT; -- parts of titles and names in scripts without spaces, each as a word

-- The texts that can be searched, of every item.
CREATE VIEW search_texts (
    ratingKey, -- the item
    title, -- title, or name of an artist
    originalTitle, -- title in the original language, or the artist of a track
    summary, -- summary, biography or review
    people, -- cast and crew, with the names of characters
    parts -- parts of titles and names in scripts without spaces, each as a word
) AS
SELECT ratingKey, title, originalTitle, summary, people, (SELECT parts FROM search_folded WHERE search_folded.ratingKey = texts.ratingKey)
FROM (
    SELECT ratingKey, title, originalTitle, summary,
            ltrim(ifnull(', ' || actors, '') || ifnull(', ' || directors, '') || ifnull(', ' || writers, '') || ifnull(', ' || producers, ''), ', ') AS people FROM movies
    UNION ALL SELECT ratingKey, title, originalTitle, summary, actors FROM tv_shows
    UNION ALL SELECT seasonRatingKey, title, NULL, summary, NULL FROM seasons
    UNION ALL SELECT ratingKey, title, originalTitle, summary,
            ltrim(ifnull(', ' || actors, '') || ifnull(', ' || directors, '') || ifnull(', ' || writers, ''), ', ') FROM episodes
    UNION ALL SELECT ratingKey, artistName, NULL, summary, NULL FROM artists
    UNION ALL SELECT ratingKey, title, NULL, summary, NULL FROM albums
    UNION ALL SELECT ratingKey, title, originalTitle, summary, NULL FROM tracks
) AS texts;

-- Full-text search over titles, people and summaries: `WHERE search MATCH 'word'`; `rowid` is the rating key, `rank` sorts the best first.
CREATE VIRTUAL TABLE search USING fts5 (
    title, -- title, or name of an artist
    originalTitle, -- title in the original language, or the artist of a track
    summary, -- summary, biography or review
    people, -- cast and crew, with the names of characters
    parts, -- parts of titles and names in scripts without spaces, each as a word
    content = 'search_texts', content_rowid = 'ratingKey', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO search (search) VALUES ('rebuild');

CREATE TRIGGER movies_search_insert AFTER INSERT ON movies BEGIN
    INSERT INTO search (rowid, title, originalTitle, summary, people, parts)
    VALUES (NEW.ratingKey, NEW.title, NEW.originalTitle, NEW.summary,
        ltrim(ifnull(', ' || NEW.actors, '') || ifnull(', ' || NEW.directors, '') || ifnull(', ' || NEW.writers, '') || ifnull(', ' || NEW.producers, ''), ', '),
        (SELECT parts FROM search_folded WHERE ratingKey = NEW.ratingKey));
END;
CREATE TRIGGER movies_search_delete AFTER DELETE ON movies BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people, parts)
    VALUES ('delete', OLD.ratingKey, OLD.title, OLD.originalTitle, OLD.summary,
        ltrim(ifnull(', ' || OLD.actors, '') || ifnull(', ' || OLD.directors, '') || ifnull(', ' || OLD.writers, '') || ifnull(', ' || OLD.producers, ''), ', '),
        (SELECT parts FROM search_folded WHERE ratingKey = OLD.ratingKey));
END;
CREATE TRIGGER movies_search_update AFTER UPDATE OF title, originalTitle, actors, directors, writers, producers, summary ON movies
WHEN (OLD.title, OLD.originalTitle, OLD.actors, OLD.directors, OLD.writers, OLD.producers, OLD.summary)
    IS NOT (NEW.title, NEW.originalTitle, NEW.actors, NEW.directors, NEW.writers, NEW.producers, NEW.summary) BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people, parts)
    VALUES ('delete', OLD.ratingKey, OLD.title, OLD.originalTitle, OLD.summary,
        ltrim(ifnull(', ' || OLD.actors, '') || ifnull(', ' || OLD.directors, '') || ifnull(', ' || OLD.writers, '') || ifnull(', ' || OLD.producers, ''), ', '),
        (SELECT parts FROM search_folded WHERE ratingKey = OLD.ratingKey));
    INSERT INTO search (rowid, title, originalTitle, summary, people, parts)
    VALUES (NEW.ratingKey, NEW.title, NEW.originalTitle, NEW.summary,
        ltrim(ifnull(', ' || NEW.actors, '') || ifnull(', ' || NEW.directors, '') || ifnull(', ' || NEW.writers, '') || ifnull(', ' || NEW.producers, ''), ', '),
        (SELECT parts FROM search_folded WHERE ratingKey = NEW.ratingKey));
END;

CREATE TRIGGER tv_shows_search_insert AFTER INSERT ON tv_shows BEGIN
    INSERT INTO search (rowid, title, originalTitle, summary, people, parts)
    VALUES (NEW.ratingKey, NEW.title, NEW.originalTitle, NEW.summary, NEW.actors,
        (SELECT parts FROM search_folded WHERE ratingKey = NEW.ratingKey));
END;
CREATE TRIGGER tv_shows_search_delete AFTER DELETE ON tv_shows BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people, parts)
    VALUES ('delete', OLD.ratingKey, OLD.title, OLD.originalTitle, OLD.summary, OLD.actors,
        (SELECT parts FROM search_folded WHERE ratingKey = OLD.ratingKey));
END;
CREATE TRIGGER tv_shows_search_update AFTER UPDATE OF title, originalTitle, actors, summary ON tv_shows
WHEN (OLD.title, OLD.originalTitle, OLD.actors, OLD.summary)
    IS NOT (NEW.title, NEW.originalTitle, NEW.actors, NEW.summary) BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people, parts)
    VALUES ('delete', OLD.ratingKey, OLD.title, OLD.originalTitle, OLD.summary, OLD.actors,
        (SELECT parts FROM search_folded WHERE ratingKey = OLD.ratingKey));
    INSERT INTO search (rowid, title, originalTitle, summary, people, parts)
    VALUES (NEW.ratingKey, NEW.title, NEW.originalTitle, NEW.summary, NEW.actors,
        (SELECT parts FROM search_folded WHERE ratingKey = NEW.ratingKey));
END;

CREATE TRIGGER seasons_search_insert AFTER INSERT ON seasons BEGIN
    INSERT INTO search (rowid, title, originalTitle, summary, people, parts)
    VALUES (NEW.seasonRatingKey, NEW.title, NULL, NEW.summary, NULL,
        (SELECT parts FROM search_folded WHERE ratingKey = NEW.seasonRatingKey));
END;
CREATE TRIGGER seasons_search_delete AFTER DELETE ON seasons BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people, parts)
    VALUES ('delete', OLD.seasonRatingKey, OLD.title, NULL, OLD.summary, NULL,
        (SELECT parts FROM search_folded WHERE ratingKey = OLD.seasonRatingKey));
END;
CREATE TRIGGER seasons_search_update AFTER UPDATE OF title, summary ON seasons
WHEN (OLD.title, OLD.summary)
    IS NOT (NEW.title, NEW.summary) BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people, parts)
    VALUES ('delete', OLD.seasonRatingKey, OLD.title, NULL, OLD.summary, NULL,
        (SELECT parts FROM search_folded WHERE ratingKey = OLD.seasonRatingKey));
    INSERT INTO search (rowid, title, originalTitle, summary, people, parts)
    VALUES (NEW.seasonRatingKey, NEW.title, NULL, NEW.summary, NULL,
        (SELECT parts FROM search_folded WHERE ratingKey = NEW.seasonRatingKey));
END;

CREATE TRIGGER episodes_search_insert AFTER INSERT ON episodes BEGIN
    INSERT INTO search (rowid, title, originalTitle, summary, people, parts)
    VALUES (NEW.ratingKey, NEW.title, NEW.originalTitle, NEW.summary,
        ltrim(ifnull(', ' || NEW.actors, '') || ifnull(', ' || NEW.directors, '') || ifnull(', ' || NEW.writers, ''), ', '),
        (SELECT parts FROM search_folded WHERE ratingKey = NEW.ratingKey));
END;
CREATE TRIGGER episodes_search_delete AFTER DELETE ON episodes BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people, parts)
    VALUES ('delete', OLD.ratingKey, OLD.title, OLD.originalTitle, OLD.summary,
        ltrim(ifnull(', ' || OLD.actors, '') || ifnull(', ' || OLD.directors, '') || ifnull(', ' || OLD.writers, ''), ', '),
        (SELECT parts FROM search_folded WHERE ratingKey = OLD.ratingKey));
END;
CREATE TRIGGER episodes_search_update AFTER UPDATE OF title, originalTitle, actors, directors, writers, summary ON episodes
WHEN (OLD.title, OLD.originalTitle, OLD.actors, OLD.directors, OLD.writers, OLD.summary)
    IS NOT (NEW.title, NEW.originalTitle, NEW.actors, NEW.directors, NEW.writers, NEW.summary) BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people, parts)
    VALUES ('delete', OLD.ratingKey, OLD.title, OLD.originalTitle, OLD.summary,
        ltrim(ifnull(', ' || OLD.actors, '') || ifnull(', ' || OLD.directors, '') || ifnull(', ' || OLD.writers, ''), ', '),
        (SELECT parts FROM search_folded WHERE ratingKey = OLD.ratingKey));
    INSERT INTO search (rowid, title, originalTitle, summary, people, parts)
    VALUES (NEW.ratingKey, NEW.title, NEW.originalTitle, NEW.summary,
        ltrim(ifnull(', ' || NEW.actors, '') || ifnull(', ' || NEW.directors, '') || ifnull(', ' || NEW.writers, ''), ', '),
        (SELECT parts FROM search_folded WHERE ratingKey = NEW.ratingKey));
END;

CREATE TRIGGER artists_search_insert AFTER INSERT ON artists BEGIN
    INSERT INTO search (rowid, title, originalTitle, summary, people, parts)
    VALUES (NEW.ratingKey, NEW.artistName, NULL, NEW.summary, NULL,
        (SELECT parts FROM search_folded WHERE ratingKey = NEW.ratingKey));
END;
CREATE TRIGGER artists_search_delete AFTER DELETE ON artists BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people, parts)
    VALUES ('delete', OLD.ratingKey, OLD.artistName, NULL, OLD.summary, NULL,
        (SELECT parts FROM search_folded WHERE ratingKey = OLD.ratingKey));
END;
CREATE TRIGGER artists_search_update AFTER UPDATE OF artistName, summary ON artists
WHEN (OLD.artistName, OLD.summary)
    IS NOT (NEW.artistName, NEW.summary) BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people, parts)
    VALUES ('delete', OLD.ratingKey, OLD.artistName, NULL, OLD.summary, NULL,
        (SELECT parts FROM search_folded WHERE ratingKey = OLD.ratingKey));
    INSERT INTO search (rowid, title, originalTitle, summary, people, parts)
    VALUES (NEW.ratingKey, NEW.artistName, NULL, NEW.summary, NULL,
        (SELECT parts FROM search_folded WHERE ratingKey = NEW.ratingKey));
END;

CREATE TRIGGER albums_search_insert AFTER INSERT ON albums BEGIN
    INSERT INTO search (rowid, title, originalTitle, summary, people, parts)
    VALUES (NEW.ratingKey, NEW.title, NULL, NEW.summary, NULL,
        (SELECT parts FROM search_folded WHERE ratingKey = NEW.ratingKey));
END;
CREATE TRIGGER albums_search_delete AFTER DELETE ON albums BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people, parts)
    VALUES ('delete', OLD.ratingKey, OLD.title, NULL, OLD.summary, NULL,
        (SELECT parts FROM search_folded WHERE ratingKey = OLD.ratingKey));
END;
CREATE TRIGGER albums_search_update AFTER UPDATE OF title, summary ON albums
WHEN (OLD.title, OLD.summary)
    IS NOT (NEW.title, NEW.summary) BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people, parts)
    VALUES ('delete', OLD.ratingKey, OLD.title, NULL, OLD.summary, NULL,
        (SELECT parts FROM search_folded WHERE ratingKey = OLD.ratingKey));
    INSERT INTO search (rowid, title, originalTitle, summary, people, parts)
    VALUES (NEW.ratingKey, NEW.title, NULL, NEW.summary, NULL,
        (SELECT parts FROM search_folded WHERE ratingKey = NEW.ratingKey));
END;

CREATE TRIGGER tracks_search_insert AFTER INSERT ON tracks BEGIN
    INSERT INTO search (rowid, title, originalTitle, summary, people, parts)
    VALUES (NEW.ratingKey, NEW.title, NEW.originalTitle, NEW.summary, NULL,
        (SELECT parts FROM search_folded WHERE ratingKey = NEW.ratingKey));
END;
CREATE TRIGGER tracks_search_delete AFTER DELETE ON tracks BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people, parts)
    VALUES ('delete', OLD.ratingKey, OLD.title, OLD.originalTitle, OLD.summary, NULL,
        (SELECT parts FROM search_folded WHERE ratingKey = OLD.ratingKey));
END;
CREATE TRIGGER tracks_search_update AFTER UPDATE OF title, originalTitle, summary ON tracks
WHEN (OLD.title, OLD.originalTitle, OLD.summary)
    IS NOT (NEW.title, NEW.originalTitle, NEW.summary) BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people, parts)
    VALUES ('delete', OLD.ratingKey, OLD.title, OLD.originalTitle, OLD.summary, NULL,
        (SELECT parts FROM search_folded WHERE ratingKey = OLD.ratingKey));
    INSERT INTO search (rowid, title, originalTitle, summary, people, parts)
    VALUES (NEW.ratingKey, NEW.title, NEW.originalTitle, NEW.summary, NULL,
        (SELECT parts FROM search_folded WHERE ratingKey = NEW.ratingKey));
END;

CREATE TRIGGER search_folded_insert AFTER INSERT ON search_folded BEGIN
    INSERT INTO search_parts (rowid, text) VALUES (NEW.ratingKey, NEW.text);
END;
CREATE TRIGGER search_folded_delete AFTER DELETE ON search_folded BEGIN
    INSERT INTO search_parts (search_parts, rowid, text) VALUES ('delete', OLD.ratingKey, OLD.text);
END;
CREATE TRIGGER search_folded_update AFTER UPDATE OF text ON search_folded WHEN OLD.text IS NOT NEW.text BEGIN
    INSERT INTO search_parts (search_parts, rowid, text) VALUES ('delete', OLD.ratingKey, OLD.text);
    INSERT INTO search_parts (rowid, text) VALUES (NEW.ratingKey, NEW.text);
END;

-- The item's own row may be written before this one or after it; its triggers take what is here at that moment.
CREATE TRIGGER search_folded_parts_insert AFTER INSERT ON search_folded WHEN NEW.parts IS NOT NULL BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people, parts)
    SELECT 'delete', ratingKey, title, originalTitle, summary, people, NULL FROM search_texts WHERE ratingKey = NEW.ratingKey;
    INSERT INTO search (rowid, title, originalTitle, summary, people, parts)
    SELECT ratingKey, title, originalTitle, summary, people, NEW.parts FROM search_texts WHERE ratingKey = NEW.ratingKey;
END;
CREATE TRIGGER search_folded_parts_delete AFTER DELETE ON search_folded WHEN OLD.parts IS NOT NULL BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people, parts)
    SELECT 'delete', ratingKey, title, originalTitle, summary, people, OLD.parts FROM search_texts WHERE ratingKey = OLD.ratingKey;
    INSERT INTO search (rowid, title, originalTitle, summary, people, parts)
    SELECT ratingKey, title, originalTitle, summary, people, NULL FROM search_texts WHERE ratingKey = OLD.ratingKey;
END;
CREATE TRIGGER search_folded_parts_update AFTER UPDATE OF parts ON search_folded WHEN OLD.parts IS NOT NEW.parts BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people, parts)
    SELECT 'delete', ratingKey, title, originalTitle, summary, people, OLD.parts FROM search_texts WHERE ratingKey = NEW.ratingKey;
    INSERT INTO search (rowid, title, originalTitle, summary, people, parts)
    SELECT ratingKey, title, originalTitle, summary, people, NEW.parts FROM search_texts WHERE ratingKey = NEW.ratingKey;
END;
