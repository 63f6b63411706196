-- Totals and averages of the shows and seasons of library :section, from their available children. Of bytes, each path counts once;
-- what is left out for another reason than its path (files.leftOut) does not.
UPDATE seasons SET
    (seasonTotalEpisode, avgSeasonEpisodeDuration, yearRange) = (
        SELECT
            count(*),
            CAST(round(avg(episodes.duration)) AS INTEGER),
            CASE WHEN min(episodes.year) < max(episodes.year)
                THEN min(episodes.year) || '-' || max(episodes.year)
                ELSE CAST(min(episodes.year) AS TEXT)
            END
        FROM episodes
        WHERE episodes.seasonRatingKey = seasons.seasonRatingKey AND +episodes.available = 1
    ),
    seasonSizeBytes = (
        SELECT coalesce(sum(size), 0) FROM (
            SELECT max(files.size) AS size FROM episodes CROSS JOIN files USING (ratingKey)
            WHERE episodes.seasonRatingKey = seasons.seasonRatingKey AND +episodes.available = 1 AND ifnull(files.leftOut, 'same path') = 'same path'
            GROUP BY ifnull(files.path, files.ratingKey || ' ' || files.version || ' ' || files.part)
        )
    )
WHERE seasonRatingKey IN (SELECT ratingKey FROM items WHERE sectionKey = :section AND kind = 3);

UPDATE tv_shows SET
    seasonCount = (
        SELECT count(*) FROM seasons
        WHERE seasons.showRatingKey = tv_shows.ratingKey AND +seasons.available = 1
    ),
    (totalEpisodes, avgEpisodeDuration) = (
        SELECT count(*), CAST(round(avg(episodes.duration)) AS INTEGER)
        FROM episodes
        WHERE episodes.showRatingKey = tv_shows.ratingKey AND +episodes.available = 1
    ),
    totalSizeBytes = (
        SELECT coalesce(sum(size), 0) FROM (
            SELECT max(files.size) AS size FROM episodes CROSS JOIN files USING (ratingKey)
            WHERE episodes.showRatingKey = tv_shows.ratingKey AND +episodes.available = 1 AND ifnull(files.leftOut, 'same path') = 'same path'
            GROUP BY ifnull(files.path, files.ratingKey || ' ' || files.version || ' ' || files.part)
        )
    ),
    avgVideoResolutions = (
        SELECT group_concat(value, ', ') FROM (
            SELECT videoResolution AS value FROM episodes
            WHERE showRatingKey = tv_shows.ratingKey AND +available = 1 AND videoResolution IS NOT NULL
            GROUP BY videoResolution ORDER BY count(*) DESC, videoResolution
        )
    ),
    avgAudioCodecs = (
        SELECT group_concat(value, ', ') FROM (
            SELECT audioCodec AS value FROM episodes
            WHERE showRatingKey = tv_shows.ratingKey AND +available = 1 AND audioCodec IS NOT NULL
            GROUP BY audioCodec ORDER BY count(*) DESC, audioCodec
        )
    )
WHERE ratingKey IN (SELECT ratingKey FROM items WHERE sectionKey = :section AND kind = 2);
