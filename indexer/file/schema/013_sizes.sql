-- The size of each item without the seven tables of page_items, so that a list of the largest reads each table of sizes once.

-- Bytes of each item of Plex, as the page inside Stash sorts by them.
CREATE VIEW page_sizes (
    rating_key, -- the item
    kind, -- 1 movie, 2 show, 3 season, 4 episode, 8 artist, 9 album, 10 track
    size -- bytes of its files
) AS
SELECT ratingKey, 1, sizeBytes FROM movies WHERE available = 1
UNION ALL SELECT ratingKey, 2, totalSizeBytes FROM tv_shows WHERE available = 1
UNION ALL SELECT seasonRatingKey, 3, seasonSizeBytes FROM seasons WHERE available = 1
UNION ALL SELECT ratingKey, 4, sizeBytes FROM episodes WHERE available = 1
UNION ALL SELECT ratingKey, 8, totalSizeBytes FROM artists WHERE available = 1
UNION ALL SELECT ratingKey, 9, albumSizeBytes FROM albums WHERE available = 1
UNION ALL SELECT ratingKey, 10, sizeBytes FROM tracks WHERE available = 1;
