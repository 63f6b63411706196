-- One definition of what counts: each path once, without what Plex keeps in its trash and what it made itself.
-- `files.leftOut` holds it, decided anew whenever a library is published (queries/left_out.sql); sums, views and the report read it.

ALTER TABLE versions ADD COLUMN title TEXT; -- name of the version; of one that Plex made, what it was made for
ALTER TABLE versions ADD COLUMN proxyType INTEGER; -- 42: Plex made it itself from another one (an optimized version)
ALTER TABLE versions ADD COLUMN target TEXT; -- what Plex made it for ("Optimized for TV"); NULL: it is the user's own
ALTER TABLE versions ADD COLUMN deletedAt TEXT; -- since when Plex keeps the version in its trash; NULL: it does not
ALTER TABLE files ADD COLUMN deletedAt TEXT; -- since when Plex keeps the file in its trash; NULL: it does not
ALTER TABLE files ADD COLUMN leftOut TEXT; -- why no sum counts it: gone, trash, optimized (made by Plex), or same path (counted with another item); NULL: it counts

UPDATE files SET leftOut = 'gone' WHERE ratingKey IN (SELECT ratingKey FROM items WHERE available = 0);
-- The new columns come from details: all of them are read once more.
UPDATE sections SET contentChangedAt = NULL, lastDetailsAt = NULL;

CREATE INDEX files_storage ON files (sectionKey, kind, videoResolution, videoCodec, audioCodec, size, duration) WHERE leftOut IS NULL;
CREATE INDEX files_content ON files (kind, size, duration) WHERE leftOut IS NULL AND size > 0 AND duration > 0;
CREATE INDEX versions_more ON versions (ratingKey) WHERE version > 0;

DROP VIEW storage;
-- Space by library, resolution and codec, the largest first. Each path counts once: of several libraries that show a file, in the first.
CREATE VIEW storage (
    library, -- title of the library
    kind, -- movie, episode or track
    videoResolution, -- resolution in Plex's words; NULL: music, or not told
    videoCodec, -- video codec; NULL: music, or not told
    audioCodec, -- audio codec
    files, -- files
    sizeBytes, -- their bytes
    duration -- their length in milliseconds
) AS
SELECT sections.title, CASE held.kind WHEN 1 THEN 'movie' WHEN 4 THEN 'episode' ELSE 'track' END,
    held.videoResolution, held.videoCodec, held.audioCodec, held.files, held.size, held.duration
FROM (
    SELECT sectionKey, kind, videoResolution, videoCodec, audioCodec, count(*) AS files, sum(size) AS size,
        sum(duration) AS duration
    FROM files WHERE leftOut IS NULL
    GROUP BY sectionKey, kind, videoResolution, videoCodec, audioCodec
) AS held JOIN sections ON sections.key = held.sectionKey
ORDER BY held.size DESC;

DROP VIEW growth;
-- Growth by month: what was added to each library, of what is still there and not in the trash. Each path counts once.
CREATE VIEW growth (
    month, -- year and month in which Plex added it ("2024-03")
    library, -- title of the library
    kind, -- movie, episode or track
    added, -- items added in that month
    addedBytes, -- bytes of their files
    items, -- items of this kind at the end of that month
    sizeBytes -- bytes at the end of that month
) AS
SELECT month, title, kind, added, addedBytes,
    sum(added) OVER (PARTITION BY sectionKey, kind ORDER BY month),
    sum(addedBytes) OVER (PARTITION BY sectionKey, kind ORDER BY month)
FROM (
    SELECT substr(items.addedAt, 1, 7) AS month, items.sectionKey AS sectionKey, sections.title AS title,
        CASE items.kind WHEN 1 THEN 'movie' WHEN 4 THEN 'episode' ELSE 'track' END AS kind,
        count(*) AS added, ifnull(sum(held.size), 0) AS addedBytes
    FROM items
    LEFT JOIN (SELECT ratingKey, sum(size) AS size FROM files WHERE leftOut IS NULL GROUP BY ratingKey) AS held USING (ratingKey)
    JOIN sections ON sections.key = items.sectionKey
    WHERE items.kind IN (1, 4, 10) AND items.available = 1 AND items.deletedAt IS NULL AND items.addedAt IS NOT NULL
    GROUP BY 1, items.sectionKey, items.kind
);

DROP VIEW duplicates;
-- What is on disk more than once, and why it is taken for that. Two editions of a movie are two works. No path stands here twice.
CREATE VIEW duplicates (
    reason, -- same content (other paths, equal size and length), same work (several items), several versions (one item), or same title and year
    library, -- title of the library, or of several, joined by ","
    kind, -- movie, episode or track
    title, -- title
    partOf, -- the show of an episode, the artist of a track
    copies, -- files of the same content, or versions of the work
    sizeBytes, -- bytes of all of them
    ratingKeys, -- the items, joined by ", "
    paths -- the files, one a line
) AS
WITH twins AS (
    SELECT kind, size, duration FROM files WHERE leftOut IS NULL AND size > 0 AND duration > 0
    GROUP BY kind, size, duration HAVING count(*) > 1
), twin_files AS (
    SELECT files.ratingKey, files.version, files.part, files.path, files.size, files.size || ' ' || files.duration AS named
    FROM twins CROSS JOIN files USING (kind, size, duration)
    WHERE files.leftOut IS NULL AND files.size > 0 AND files.duration > 0
), works AS (
    SELECT guid, kind, editionTitle FROM items
    WHERE available = 1 AND deletedAt IS NULL AND kind IN (1, 4, 10) AND guid IS NOT NULL AND guid NOT LIKE 'local://%'
    GROUP BY guid, kind, editionTitle HAVING count(*) > 1
), of_works AS (
    SELECT items.ratingKey, 'same work' AS reason, items.guid || ' ' || ifnull(items.editionTitle, '') AS named
    FROM works CROSS JOIN items ON items.guid = works.guid AND items.kind = works.kind AND items.editionTitle IS works.editionTitle
    WHERE items.available = 1 AND items.deletedAt IS NULL
), titles AS (
    SELECT lower(title) AS title, year FROM movies WHERE available = 1 AND year IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1
), of_titles AS (
    SELECT movies.ratingKey, 'same title and year' AS reason,
        titles.title || ' ' || titles.year || ' ' || ifnull(items.editionTitle, '') AS named
    FROM titles CROSS JOIN movies ON lower(movies.title) = titles.title AND movies.year = titles.year JOIN items USING (ratingKey)
    WHERE movies.available = 1 AND items.deletedAt IS NULL AND movies.ratingKey NOT IN (SELECT ratingKey FROM of_works)
), placed AS (
    SELECT * FROM of_works
    UNION ALL SELECT * FROM of_titles
    UNION ALL SELECT DISTINCT ratingKey, 'several versions', CAST(ratingKey AS TEXT) FROM versions
    WHERE version > 0 AND ratingKey NOT IN (SELECT ratingKey FROM of_works) AND ratingKey NOT IN (SELECT ratingKey FROM of_titles)
), found AS (
    SELECT 'same content' AS reason, named, ratingKey, version, path, size FROM twin_files
    UNION ALL
    SELECT placed.reason, placed.named, files.ratingKey, files.version, files.path, files.size
    FROM placed CROSS JOIN files USING (ratingKey)
    WHERE files.leftOut IS NULL AND (files.ratingKey, files.version, files.part) NOT IN (SELECT ratingKey, version, part FROM twin_files)
), counted AS (
    SELECT found.*,
        CASE found.reason WHEN 'same content' THEN found.path ELSE found.ratingKey || ' ' || found.version END AS copy
    FROM found
)
SELECT CASE WHEN counted.reason <> 'same content' AND min(counted.ratingKey) = max(counted.ratingKey) THEN 'several versions'
        ELSE counted.reason END,
    group_concat(DISTINCT sections.title), CASE items.kind WHEN 1 THEN 'movie' WHEN 4 THEN 'episode' ELSE 'track' END,
    min(items.title), min(above.title), count(DISTINCT counted.copy), sum(counted.size),
    replace(group_concat(DISTINCT counted.ratingKey), ',', ', '), group_concat(counted.path, char(10))
FROM counted JOIN items USING (ratingKey) JOIN sections ON sections.key = items.sectionKey
LEFT JOIN items AS above ON above.ratingKey = items.grandparentKey
GROUP BY counted.reason, items.kind, counted.named HAVING count(DISTINCT counted.copy) > 1;

DROP VIEW without_file;
-- Movies, episodes and tracks for which Plex gives no file, or none but in its trash.
CREATE VIEW without_file (
    ratingKey, -- the item
    library, -- title of the library
    kind, -- movie, episode or track
    title, -- title
    partOf, -- the show of an episode, the artist of a track
    deletedAt -- since when Plex misses the files; NULL: it does not say
) AS
SELECT items.ratingKey, sections.title, CASE items.kind WHEN 1 THEN 'movie' WHEN 4 THEN 'episode' ELSE 'track' END,
    items.title, above.title, items.deletedAt
FROM items JOIN sections ON sections.key = items.sectionKey
LEFT JOIN items AS above ON above.ratingKey = items.grandparentKey
WHERE items.available = 1 AND items.kind IN (1, 4, 10)
    AND NOT EXISTS (SELECT 1 FROM files WHERE files.ratingKey = items.ratingKey AND files.path IS NOT NULL
        AND ifnull(files.leftOut, '') <> 'trash');
