-- Totals of the artists and albums of library :section, from their available children. Of bytes, each path counts once; what is left
-- out for another reason than its path (files.leftOut) does not.
UPDATE albums SET
    (tracks, albumDuration) = (
        SELECT count(*), coalesce(sum(tracks.duration), 0)
        FROM tracks
        WHERE tracks.albumRatingKey = albums.ratingKey AND +tracks.available = 1
    ),
    albumSizeBytes = (
        SELECT coalesce(sum(size), 0) FROM (
            SELECT max(files.size) AS size FROM tracks CROSS JOIN files USING (ratingKey)
            WHERE tracks.albumRatingKey = albums.ratingKey AND +tracks.available = 1 AND ifnull(files.leftOut, 'same path') = 'same path'
            GROUP BY ifnull(files.path, files.ratingKey || ' ' || files.version || ' ' || files.part)
        )
    ),
    albumContainers = (
        SELECT group_concat(value, ', ') FROM (
            SELECT container AS value FROM tracks
            WHERE albumRatingKey = albums.ratingKey AND +available = 1 AND container IS NOT NULL
            GROUP BY container ORDER BY count(*) DESC, container
        )
    )
WHERE ratingKey IN (SELECT ratingKey FROM items WHERE sectionKey = :section AND kind = 9);

UPDATE artists SET
    (totalAlbums, yearRange) = (
        SELECT
            count(*),
            CASE WHEN min(albums.year) < max(albums.year)
                THEN min(albums.year) || '-' || max(albums.year)
                ELSE CAST(min(albums.year) AS TEXT)
            END
        FROM albums
        WHERE albums.artistRatingKey = artists.ratingKey AND +albums.available = 1
    ),
    totalTracks = (
        SELECT count(*) FROM tracks
        WHERE tracks.artistRatingKey = artists.ratingKey AND +tracks.available = 1
    ),
    totalSizeBytes = (
        SELECT coalesce(sum(size), 0) FROM (
            SELECT max(files.size) AS size FROM tracks CROSS JOIN files USING (ratingKey)
            WHERE tracks.artistRatingKey = artists.ratingKey AND +tracks.available = 1 AND ifnull(files.leftOut, 'same path') = 'same path'
            GROUP BY ifnull(files.path, files.ratingKey || ' ' || files.version || ' ' || files.part)
        )
    )
WHERE ratingKey IN (SELECT ratingKey FROM items WHERE sectionKey = :section AND kind = 8);
