-- Numbers of the whole index, so that a page that shows them reads some hundred rows and not the library.

-- What the page inside Stash shows of the libraries; made anew at the end of each run that changed something.
CREATE TABLE statistics (
    topic TEXT NOT NULL, -- tile, growth, or what the shares are of: library, resolution, videoCodec, audioCodec, container
    place INTEGER NOT NULL, -- place in the order in which they are shown, from 1
    label TEXT NOT NULL, -- name of the number, month ("2024-03"), or value of the share
    items INTEGER NOT NULL, -- how many items
    bytes INTEGER NOT NULL, -- bytes of their files
    PRIMARY KEY (topic, place)
) STRICT;

-- One row per item of Plex as the page inside Stash lists it.
CREATE VIEW page_items (
    rating_key, -- the item
    kind, -- 1 movie, 2 show, 3 season, 4 episode, 8 artist, 9 album, 10 track
    section, -- title of the library
    title, -- title
    part_of, -- title of the show or artist above it
    year, -- year of release
    size, -- bytes of its files
    resolution, -- resolution of the first version
    codec, -- video codec of the first version, of a track the audio codec
    sort_title, -- what it is sorted by
    added -- when Plex added it
) AS
SELECT items.ratingKey, items.kind, sections.title, items.title, above.title,
    coalesce(movies.year, tv_shows.year, episodes.year, albums.year),
    coalesce(movies.sizeBytes, episodes.sizeBytes, tracks.sizeBytes, tv_shows.totalSizeBytes, seasons.seasonSizeBytes,
        albums.albumSizeBytes, artists.totalSizeBytes),
    coalesce(movies.videoResolution, episodes.videoResolution),
    coalesce(movies.videoCodec, episodes.videoCodec, tracks.audioCodec),
    ifnull(items.titleSort, items.title), items.addedAt
FROM items
    LEFT JOIN sections ON sections.key = items.sectionKey
    LEFT JOIN items AS above ON above.ratingKey = ifnull(items.grandparentKey, items.parentKey)
    LEFT JOIN movies ON movies.ratingKey = items.ratingKey
    LEFT JOIN tv_shows ON tv_shows.ratingKey = items.ratingKey
    LEFT JOIN seasons ON seasons.seasonRatingKey = items.ratingKey
    LEFT JOIN episodes ON episodes.ratingKey = items.ratingKey
    LEFT JOIN artists ON artists.ratingKey = items.ratingKey
    LEFT JOIN albums ON albums.ratingKey = items.ratingKey
    LEFT JOIN tracks ON tracks.ratingKey = items.ratingKey
WHERE items.available = 1;

-- What a movie or episode shows in the fields that sync writes.
CREATE VIEW page_values (
    rating_key, -- the item
    title, -- title
    titleSort, -- what Plex sorts by, where it differs from the title
    originalTitle, -- title in the original language
    studio, -- studio; of an episode that is its show's, and not told here
    summary, -- summary
    originallyAvailableAt, -- date of release
    contentRating, -- age rating
    userRating, -- the owner's rating, 0 to 10
    genre, -- genres, joined by ", "
    actor, -- cast, joined by ", "
    director, -- directors, joined by ", "
    collection, -- collections, joined by ", "
    locks, -- locked fields, joined by ","
    plays, -- how often it was watched to its end
    played -- when it was last watched
) AS
SELECT items.ratingKey, items.title, items.titleSort, coalesce(movies.originalTitle, episodes.originalTitle), movies.studio,
    coalesce(movies.summary, episodes.summary), coalesce(movies.originallyAvailableAt, episodes.originallyAvailableAt),
    coalesce(movies.contentRating, episodes.contentRating), items.userRating,
    (SELECT group_concat(name, ', ') FROM
        (SELECT name FROM tags WHERE tags.ratingKey = items.ratingKey AND type = 'genre' ORDER BY position)),
    (SELECT group_concat(name, ', ') FROM
        (SELECT name FROM credits WHERE credits.ratingKey = items.ratingKey AND job = 'actor' ORDER BY position)),
    (SELECT group_concat(name, ', ') FROM
        (SELECT name FROM credits WHERE credits.ratingKey = items.ratingKey AND job = 'director' ORDER BY position)),
    (SELECT group_concat(name, ', ') FROM
        (SELECT name FROM tags WHERE tags.ratingKey = items.ratingKey AND type = 'collection' ORDER BY position)),
    (SELECT group_concat(field, ',') FROM field_locks WHERE field_locks.ratingKey = items.ratingKey),
    watch_states.viewCount, watch_states.lastViewedAt
FROM items
    LEFT JOIN movies ON movies.ratingKey = items.ratingKey
    LEFT JOIN episodes ON episodes.ratingKey = items.ratingKey
    LEFT JOIN watch_states ON watch_states.ratingKey = items.ratingKey
WHERE items.available = 1;
