-- Full-text search. The words are indexed here, the texts stay in the library tables: triggers on those tables keep both in
-- step, whoever inserts, updates or deletes, by upsert or by cascade.

-- The texts that can be searched, of every item.
CREATE VIEW search_texts (
    ratingKey, -- the item
    title, -- title, or name of an artist
    originalTitle, -- title in the original language, or the artist of a track
    summary, -- summary, biography or review
    people -- cast and crew, with the names of characters
) AS
SELECT ratingKey, title, originalTitle, summary,
        ltrim(ifnull(', ' || actors, '') || ifnull(', ' || directors, '') || ifnull(', ' || writers, '') || ifnull(', ' || producers, ''), ', ') FROM movies
UNION ALL SELECT ratingKey, title, originalTitle, summary, actors FROM tv_shows
UNION ALL SELECT seasonRatingKey, title, NULL, summary, NULL FROM seasons
UNION ALL SELECT ratingKey, title, originalTitle, summary,
        ltrim(ifnull(', ' || actors, '') || ifnull(', ' || directors, '') || ifnull(', ' || writers, ''), ', ') FROM episodes
UNION ALL SELECT ratingKey, artistName, NULL, summary, NULL FROM artists
UNION ALL SELECT ratingKey, title, NULL, summary, NULL FROM albums
UNION ALL SELECT ratingKey, title, originalTitle, summary, NULL FROM tracks;

-- Full-text search over titles, people and summaries: `WHERE search MATCH 'word'`; `rowid` is the rating key, `rank` sorts the best first.
CREATE VIRTUAL TABLE search USING fts5 (
    title, -- title, or name of an artist
    originalTitle, -- title in the original language, or the artist of a track
    summary, -- summary, biography or review
    people, -- cast and crew, with the names of characters
    content = 'search_texts', content_rowid = 'ratingKey', tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TRIGGER movies_search_insert AFTER INSERT ON movies BEGIN
    INSERT INTO search (rowid, title, originalTitle, summary, people)
    VALUES (NEW.ratingKey, NEW.title, NEW.originalTitle, NEW.summary,
        ltrim(ifnull(', ' || NEW.actors, '') || ifnull(', ' || NEW.directors, '') || ifnull(', ' || NEW.writers, '') || ifnull(', ' || NEW.producers, ''), ', '));
END;
CREATE TRIGGER movies_search_delete AFTER DELETE ON movies BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people)
    VALUES ('delete', OLD.ratingKey, OLD.title, OLD.originalTitle, OLD.summary,
        ltrim(ifnull(', ' || OLD.actors, '') || ifnull(', ' || OLD.directors, '') || ifnull(', ' || OLD.writers, '') || ifnull(', ' || OLD.producers, ''), ', '));
END;
CREATE TRIGGER movies_search_update AFTER UPDATE OF title, originalTitle, actors, directors, writers, producers, summary ON movies
WHEN (OLD.title, OLD.originalTitle, OLD.actors, OLD.directors, OLD.writers, OLD.producers, OLD.summary)
    IS NOT (NEW.title, NEW.originalTitle, NEW.actors, NEW.directors, NEW.writers, NEW.producers, NEW.summary) BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people)
    VALUES ('delete', OLD.ratingKey, OLD.title, OLD.originalTitle, OLD.summary,
        ltrim(ifnull(', ' || OLD.actors, '') || ifnull(', ' || OLD.directors, '') || ifnull(', ' || OLD.writers, '') || ifnull(', ' || OLD.producers, ''), ', '));
    INSERT INTO search (rowid, title, originalTitle, summary, people)
    VALUES (NEW.ratingKey, NEW.title, NEW.originalTitle, NEW.summary,
        ltrim(ifnull(', ' || NEW.actors, '') || ifnull(', ' || NEW.directors, '') || ifnull(', ' || NEW.writers, '') || ifnull(', ' || NEW.producers, ''), ', '));
END;

CREATE TRIGGER tv_shows_search_insert AFTER INSERT ON tv_shows BEGIN
    INSERT INTO search (rowid, title, originalTitle, summary, people)
    VALUES (NEW.ratingKey, NEW.title, NEW.originalTitle, NEW.summary, NEW.actors);
END;
CREATE TRIGGER tv_shows_search_delete AFTER DELETE ON tv_shows BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people)
    VALUES ('delete', OLD.ratingKey, OLD.title, OLD.originalTitle, OLD.summary, OLD.actors);
END;
CREATE TRIGGER tv_shows_search_update AFTER UPDATE OF title, originalTitle, actors, summary ON tv_shows
WHEN (OLD.title, OLD.originalTitle, OLD.actors, OLD.summary)
    IS NOT (NEW.title, NEW.originalTitle, NEW.actors, NEW.summary) BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people)
    VALUES ('delete', OLD.ratingKey, OLD.title, OLD.originalTitle, OLD.summary, OLD.actors);
    INSERT INTO search (rowid, title, originalTitle, summary, people)
    VALUES (NEW.ratingKey, NEW.title, NEW.originalTitle, NEW.summary, NEW.actors);
END;

CREATE TRIGGER seasons_search_insert AFTER INSERT ON seasons BEGIN
    INSERT INTO search (rowid, title, originalTitle, summary, people)
    VALUES (NEW.seasonRatingKey, NEW.title, NULL, NEW.summary, NULL);
END;
CREATE TRIGGER seasons_search_delete AFTER DELETE ON seasons BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people)
    VALUES ('delete', OLD.seasonRatingKey, OLD.title, NULL, OLD.summary, NULL);
END;
CREATE TRIGGER seasons_search_update AFTER UPDATE OF title, summary ON seasons
WHEN (OLD.title, OLD.summary)
    IS NOT (NEW.title, NEW.summary) BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people)
    VALUES ('delete', OLD.seasonRatingKey, OLD.title, NULL, OLD.summary, NULL);
    INSERT INTO search (rowid, title, originalTitle, summary, people)
    VALUES (NEW.seasonRatingKey, NEW.title, NULL, NEW.summary, NULL);
END;

CREATE TRIGGER episodes_search_insert AFTER INSERT ON episodes BEGIN
    INSERT INTO search (rowid, title, originalTitle, summary, people)
    VALUES (NEW.ratingKey, NEW.title, NEW.originalTitle, NEW.summary,
        ltrim(ifnull(', ' || NEW.actors, '') || ifnull(', ' || NEW.directors, '') || ifnull(', ' || NEW.writers, ''), ', '));
END;
CREATE TRIGGER episodes_search_delete AFTER DELETE ON episodes BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people)
    VALUES ('delete', OLD.ratingKey, OLD.title, OLD.originalTitle, OLD.summary,
        ltrim(ifnull(', ' || OLD.actors, '') || ifnull(', ' || OLD.directors, '') || ifnull(', ' || OLD.writers, ''), ', '));
END;
CREATE TRIGGER episodes_search_update AFTER UPDATE OF title, originalTitle, actors, directors, writers, summary ON episodes
WHEN (OLD.title, OLD.originalTitle, OLD.actors, OLD.directors, OLD.writers, OLD.summary)
    IS NOT (NEW.title, NEW.originalTitle, NEW.actors, NEW.directors, NEW.writers, NEW.summary) BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people)
    VALUES ('delete', OLD.ratingKey, OLD.title, OLD.originalTitle, OLD.summary,
        ltrim(ifnull(', ' || OLD.actors, '') || ifnull(', ' || OLD.directors, '') || ifnull(', ' || OLD.writers, ''), ', '));
    INSERT INTO search (rowid, title, originalTitle, summary, people)
    VALUES (NEW.ratingKey, NEW.title, NEW.originalTitle, NEW.summary,
        ltrim(ifnull(', ' || NEW.actors, '') || ifnull(', ' || NEW.directors, '') || ifnull(', ' || NEW.writers, ''), ', '));
END;

CREATE TRIGGER artists_search_insert AFTER INSERT ON artists BEGIN
    INSERT INTO search (rowid, title, originalTitle, summary, people)
    VALUES (NEW.ratingKey, NEW.artistName, NULL, NEW.summary, NULL);
END;
CREATE TRIGGER artists_search_delete AFTER DELETE ON artists BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people)
    VALUES ('delete', OLD.ratingKey, OLD.artistName, NULL, OLD.summary, NULL);
END;
CREATE TRIGGER artists_search_update AFTER UPDATE OF artistName, summary ON artists
WHEN (OLD.artistName, OLD.summary)
    IS NOT (NEW.artistName, NEW.summary) BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people)
    VALUES ('delete', OLD.ratingKey, OLD.artistName, NULL, OLD.summary, NULL);
    INSERT INTO search (rowid, title, originalTitle, summary, people)
    VALUES (NEW.ratingKey, NEW.artistName, NULL, NEW.summary, NULL);
END;

CREATE TRIGGER albums_search_insert AFTER INSERT ON albums BEGIN
    INSERT INTO search (rowid, title, originalTitle, summary, people)
    VALUES (NEW.ratingKey, NEW.title, NULL, NEW.summary, NULL);
END;
CREATE TRIGGER albums_search_delete AFTER DELETE ON albums BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people)
    VALUES ('delete', OLD.ratingKey, OLD.title, NULL, OLD.summary, NULL);
END;
CREATE TRIGGER albums_search_update AFTER UPDATE OF title, summary ON albums
WHEN (OLD.title, OLD.summary)
    IS NOT (NEW.title, NEW.summary) BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people)
    VALUES ('delete', OLD.ratingKey, OLD.title, NULL, OLD.summary, NULL);
    INSERT INTO search (rowid, title, originalTitle, summary, people)
    VALUES (NEW.ratingKey, NEW.title, NULL, NEW.summary, NULL);
END;

CREATE TRIGGER tracks_search_insert AFTER INSERT ON tracks BEGIN
    INSERT INTO search (rowid, title, originalTitle, summary, people)
    VALUES (NEW.ratingKey, NEW.title, NEW.originalTitle, NEW.summary, NULL);
END;
CREATE TRIGGER tracks_search_delete AFTER DELETE ON tracks BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people)
    VALUES ('delete', OLD.ratingKey, OLD.title, OLD.originalTitle, OLD.summary, NULL);
END;
CREATE TRIGGER tracks_search_update AFTER UPDATE OF title, originalTitle, summary ON tracks
WHEN (OLD.title, OLD.originalTitle, OLD.summary)
    IS NOT (NEW.title, NEW.originalTitle, NEW.summary) BEGIN
    INSERT INTO search (search, rowid, title, originalTitle, summary, people)
    VALUES ('delete', OLD.ratingKey, OLD.title, OLD.originalTitle, OLD.summary, NULL);
    INSERT INTO search (rowid, title, originalTitle, summary, people)
    VALUES (NEW.ratingKey, NEW.title, NEW.originalTitle, NEW.summary, NULL);
END;
