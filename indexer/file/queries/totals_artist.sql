-- Totals of the artists and albums of library :section, from their available children.
UPDATE albums SET
    (tracks, albumSizeBytes, albumDuration) = (
        SELECT count(*), coalesce(sum(tracks.sizeBytes), 0), coalesce(sum(tracks.duration), 0)
        FROM tracks
        WHERE tracks.albumRatingKey = albums.ratingKey AND tracks.available = 1
    ),
    albumContainers = (
        SELECT group_concat(value, ', ') FROM (
            SELECT container AS value FROM tracks
            WHERE albumRatingKey = albums.ratingKey AND available = 1 AND container IS NOT NULL
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
        WHERE albums.artistRatingKey = artists.ratingKey AND albums.available = 1
    ),
    (totalTracks, totalSizeBytes) = (
        SELECT count(*), coalesce(sum(tracks.sizeBytes), 0)
        FROM tracks
        WHERE tracks.artistRatingKey = artists.ratingKey AND tracks.available = 1
    )
WHERE ratingKey IN (SELECT ratingKey FROM items WHERE sectionKey = :section AND kind = 8);
