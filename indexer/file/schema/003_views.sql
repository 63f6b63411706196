-- What people ask first, as views: of what Plex lists now, unless a sentence says otherwise.
-- Each answers within a second on 200 000 items, so that programs which stop slow questions show it. Hence, where all files or
-- tags are read, the few items that are gone are left out by a list of them: looking up 200 000 items takes twice as long.

-- Who takes part in which item, by name; also of what Plex no longer lists.
CREATE VIEW credits (
    ratingKey, -- the item
    job, -- actor, director, writer or producer
    position, -- place in Plex's list, from 0
    name, -- the person
    role, -- the character an actor plays
    thumb, -- address of the person's picture
    tagId, -- Plex's number of the person in this job on this server
    personId -- row in people
) AS
SELECT item_people.ratingKey, item_people.job, item_people.position, people.name, item_people.role, people.thumb,
    item_people.tagId, item_people.personId
FROM item_people JOIN people ON people.id = item_people.personId;

-- Which item has which tags, by name; also of what Plex no longer lists.
CREATE VIEW tags (
    ratingKey, -- the item
    type, -- genre, collection, label, country, mood or style
    position, -- place in Plex's list of this type, from 0
    name -- the tag
) AS
SELECT item_tags.ratingKey, tag_names.type, item_tags.position, tag_names.name
FROM item_tags JOIN tag_names ON tag_names.id = item_tags.tagNameId;

-- Genres, and how many items have them.
CREATE VIEW genres (
    name, -- the genre
    items, -- items that have it
    id -- row in tag_names
) AS
SELECT tag_names.name, count(*), tag_names.id
FROM tag_names JOIN item_tags ON item_tags.tagNameId = tag_names.id
WHERE tag_names.type = 'genre' AND item_tags.ratingKey NOT IN (SELECT ratingKey FROM items WHERE available = 0)
GROUP BY tag_names.id;

-- Collections, and how many items are in them.
CREATE VIEW collections (
    name, -- the collection
    items, -- items in it
    guid, -- Plex's identifier of it
    id -- row in tag_names
) AS
SELECT tag_names.name, count(*), tag_names.guid, tag_names.id
FROM tag_names JOIN item_tags ON item_tags.tagNameId = tag_names.id
WHERE tag_names.type = 'collection' AND item_tags.ratingKey NOT IN (SELECT ratingKey FROM items WHERE available = 0)
GROUP BY tag_names.id;

-- Labels, and how many items have them.
CREATE VIEW labels (
    name, -- the label
    items, -- items that have it
    id -- row in tag_names
) AS
SELECT tag_names.name, count(*), tag_names.id
FROM tag_names JOIN item_tags ON item_tags.tagNameId = tag_names.id
WHERE tag_names.type = 'label' AND item_tags.ratingKey NOT IN (SELECT ratingKey FROM items WHERE available = 0)
GROUP BY tag_names.id;

-- Space by library, resolution and codec, the largest first.
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
    FROM files WHERE ratingKey NOT IN (SELECT ratingKey FROM items WHERE available = 0)
    GROUP BY sectionKey, kind, videoResolution, videoCodec, audioCodec
) AS held JOIN sections ON sections.key = held.sectionKey
ORDER BY held.size DESC;

-- Growth by month: what was added to each library, of what is still there.
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
        count(*) AS added, ifnull(sum(held.sizeBytes), 0) AS addedBytes
    FROM (
        SELECT ratingKey, sizeBytes FROM movies WHERE available = 1
        UNION ALL SELECT ratingKey, sizeBytes FROM episodes WHERE available = 1
        UNION ALL SELECT ratingKey, sizeBytes FROM tracks WHERE available = 1
    ) AS held JOIN items USING (ratingKey) JOIN sections ON sections.key = items.sectionKey
    WHERE items.addedAt IS NOT NULL
    GROUP BY 1, items.sectionKey, items.kind
);

-- What is there more than once: several items of one work, movies of one title and year, items of several versions.
CREATE VIEW duplicates (
    reason, -- same work, same title and year, or several versions
    library, -- title of the library, or of several, joined by ","
    kind, -- movie, episode or track
    title, -- title
    partOf, -- the show of an episode, the artist of a track
    copies, -- items of the work, or versions of the item
    sizeBytes, -- bytes of all of them
    ratingKeys -- the items, joined by ", "
) AS
WITH works AS (
    SELECT guid, kind FROM items
    WHERE available = 1 AND kind IN (1, 4, 10) AND guid IS NOT NULL AND guid NOT LIKE 'local://%'
    GROUP BY guid, kind HAVING count(*) > 1
), titles AS (
    SELECT lower(title), year FROM movies WHERE available = 1 AND year IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1
), several AS (
    SELECT ratingKey, count(*) AS copies FROM versions GROUP BY ratingKey HAVING count(*) > 1
), found AS (
    SELECT 'same work' AS reason, items.ratingKey, items.guid AS work, NULL AS copies
    FROM works CROSS JOIN items USING (guid, kind) WHERE items.available = 1
    UNION ALL
    SELECT 'same title and year', movies.ratingKey, lower(movies.title) || ' ' || movies.year, NULL
    FROM movies JOIN items USING (ratingKey)
    WHERE movies.available = 1 AND (lower(movies.title), movies.year) IN titles
        AND (items.guid IS NULL OR items.guid NOT IN (SELECT guid FROM works WHERE kind = 1))
    UNION ALL
    SELECT 'several versions', items.ratingKey, items.ratingKey, several.copies
    FROM several JOIN items USING (ratingKey) WHERE items.available = 1
)
SELECT found.reason, group_concat(DISTINCT sections.title),
    CASE items.kind WHEN 1 THEN 'movie' WHEN 4 THEN 'episode' ELSE 'track' END, min(items.title), min(above.title),
    ifnull(found.copies, count(*)),
    sum((SELECT sum(size) FROM files WHERE files.ratingKey = items.ratingKey)), group_concat(items.ratingKey, ', ')
FROM found JOIN items USING (ratingKey) JOIN sections ON sections.key = items.sectionKey
LEFT JOIN items AS above ON above.ratingKey = items.grandparentKey
GROUP BY found.reason, items.kind, found.work HAVING ifnull(found.copies, count(*)) > 1;

-- All pictures of all items, with their stamps; also of what Plex no longer lists.
CREATE VIEW artwork (
    ratingKey, -- the item
    type, -- thumb (the poster), art (the background), or a word of Plex: clearLogo, backgroundSquare, banner
    url, -- address on the server
    stamp -- number at the end of the address: the picture cannot have changed while it stays
) AS
SELECT ratingKey, type, url, nullif(CAST(substr(url, length(rtrim(url, '0123456789')) + 1) AS INTEGER), 0)
FROM (
    SELECT ratingKey, 'thumb' AS type, thumb AS url FROM items WHERE thumb IS NOT NULL
    UNION ALL SELECT ratingKey, 'art', art FROM items WHERE art IS NOT NULL
    UNION ALL SELECT ratingKey, type, url FROM images
);

-- Items without poster, and movies, shows and artists without background.
CREATE VIEW missing_artwork (
    ratingKey, -- the item
    library, -- title of the library
    kind, -- movie, show, season, episode, artist or album
    title, -- title
    partOf, -- the show of a season or episode, the artist of an album
    missing -- poster, background, or both
) AS
SELECT items.ratingKey, sections.title,
    CASE items.kind WHEN 1 THEN 'movie' WHEN 2 THEN 'show' WHEN 3 THEN 'season' WHEN 4 THEN 'episode' WHEN 8 THEN 'artist'
        ELSE 'album' END,
    items.title, above.title,
    CASE WHEN items.thumb IS NOT NULL THEN 'background' WHEN items.art IS NULL AND items.kind IN (1, 2, 8) THEN 'both'
        ELSE 'poster' END
FROM items JOIN sections ON sections.key = items.sectionKey
LEFT JOIN items AS above ON above.ratingKey = ifnull(items.grandparentKey, items.parentKey)
WHERE items.available = 1 AND items.kind <> 10
    AND (items.thumb IS NULL OR (items.art IS NULL AND items.kind IN (1, 2, 8)));

-- Movies and episodes that the token's owner has not watched to the end.
CREATE VIEW unwatched (
    ratingKey, -- the item
    library, -- title of the library
    kind, -- movie or episode
    title, -- title
    partOf, -- the show of an episode
    seasonNumber, -- number of the season of an episode; 0 holds the specials
    episodeNumber, -- number of an episode within its season
    addedAt, -- when Plex added it
    viewOffset, -- where watching stopped, in milliseconds; NULL: not begun
    sizeBytes -- bytes of all its files
) AS
SELECT items.ratingKey, sections.title, CASE items.kind WHEN 1 THEN 'movie' ELSE 'episode' END, items.title, tv_shows.title,
    episodes.seasonNumber, episodes.episodeNumber, items.addedAt, watch_states.viewOffset,
    (SELECT sum(size) FROM files WHERE files.ratingKey = items.ratingKey)
FROM items JOIN sections ON sections.key = items.sectionKey
LEFT JOIN watch_states USING (ratingKey)
LEFT JOIN episodes USING (ratingKey) LEFT JOIN tv_shows ON tv_shows.ratingKey = episodes.showRatingKey
WHERE items.available = 1 AND items.kind IN (1, 4) AND ifnull(watch_states.viewCount, 0) = 0;

-- Movies, episodes and tracks for which Plex gives no file.
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
    AND (items.deletedAt IS NOT NULL
        OR NOT EXISTS (SELECT 1 FROM files WHERE files.ratingKey = items.ratingKey AND files.path IS NOT NULL));
