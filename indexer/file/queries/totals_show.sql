-- Totals and averages of the shows and seasons of library :section, from their available children.
UPDATE seasons SET
    (seasonTotalEpisode, avgSeasonEpisodeDuration, seasonSizeBytes, yearRange) = (
        SELECT
            count(*),
            CAST(round(avg(episodes.duration)) AS INTEGER),
            coalesce(sum(episodes.sizeBytes), 0),
            CASE WHEN min(episodes.year) < max(episodes.year)
                THEN min(episodes.year) || '-' || max(episodes.year)
                ELSE CAST(min(episodes.year) AS TEXT)
            END
        FROM episodes
        WHERE episodes.seasonRatingKey = seasons.seasonRatingKey AND episodes.available = 1
    )
WHERE seasonRatingKey IN (SELECT ratingKey FROM items WHERE sectionKey = :section AND kind = 3);

UPDATE tv_shows SET
    seasonCount = (
        SELECT count(*) FROM seasons
        WHERE seasons.showRatingKey = tv_shows.ratingKey AND seasons.available = 1
    ),
    (totalEpisodes, avgEpisodeDuration, totalSizeBytes) = (
        SELECT count(*), CAST(round(avg(episodes.duration)) AS INTEGER), coalesce(sum(episodes.sizeBytes), 0)
        FROM episodes
        WHERE episodes.showRatingKey = tv_shows.ratingKey AND episodes.available = 1
    ),
    avgVideoResolutions = (
        SELECT group_concat(value, ', ') FROM (
            SELECT videoResolution AS value FROM episodes
            WHERE showRatingKey = tv_shows.ratingKey AND available = 1 AND videoResolution IS NOT NULL
            GROUP BY videoResolution ORDER BY count(*) DESC, videoResolution
        )
    ),
    avgAudioCodecs = (
        SELECT group_concat(value, ', ') FROM (
            SELECT audioCodec AS value FROM episodes
            WHERE showRatingKey = tv_shows.ratingKey AND available = 1 AND audioCodec IS NOT NULL
            GROUP BY audioCodec ORDER BY count(*) DESC, audioCodec
        )
    )
WHERE ratingKey IN (SELECT ratingKey FROM items WHERE sectionKey = :section AND kind = 2);
