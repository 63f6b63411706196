-- Which picture beside the index shows an item (indexer/pictures/files.py keeps them and gives them their names).

-- Items that have a picture of their own beside the index: all but tracks, and episodes where the last run fetched theirs.
CREATE VIEW own_pictures (
    ratingKey, -- the item
    file -- path below the folder of the pictures ("movie_image/101.thumb.webp")
) AS
SELECT ratingKey, CASE WHEN kind = 1 THEN 'movie_image/' WHEN kind < 8 THEN 'tv_image/' ELSE 'music_image/' END
    || ratingKey || '.thumb.webp'
FROM items
WHERE available = 1 AND thumb LIKE '/%'
    -- Plex shows a season or an album without a poster by the one of its show or artist, and gives that address.
    AND (thumb NOT LIKE '/library/metadata/%' OR CAST(substr(thumb, 19) AS INTEGER) = ratingKey)
    AND (kind IN (1, 2, 3, 8, 9)
        OR kind = 4 AND EXISTS (SELECT 1 FROM meta WHERE name = 'episodeThumbs' AND value = '1'));

-- What shows an item, of every row of the seven library tables: the nearest first, `ORDER BY distance LIMIT 1`.
CREATE VIEW pictures (
    ratingKey, -- the item
    distance, -- 0: its own picture; 1: that of its season, show, album or artist; 2: that of the show or artist above these
    ownerKey, -- the item whose picture it is
    file -- path below the folder of the pictures; not there where Plex gave none that could be used
) AS
SELECT ratingKey, 0, ratingKey, file FROM own_pictures
UNION ALL
SELECT items.ratingKey, 1, items.parentKey, own_pictures.file
FROM items JOIN own_pictures ON own_pictures.ratingKey = items.parentKey WHERE items.available = 1
UNION ALL
SELECT items.ratingKey, 2, items.grandparentKey, own_pictures.file
FROM items JOIN own_pictures ON own_pictures.ratingKey = items.grandparentKey WHERE items.available = 1;
