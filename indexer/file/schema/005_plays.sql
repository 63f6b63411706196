-- Who has played what, as Plex's history tells it: a row is a real play ("mark as played" writes none, docs/facts/plex.md section 13).

-- The users of the server that Plex names; 1 is its owner.
CREATE TABLE users (
    id INTEGER PRIMARY KEY, -- Plex's number of the account
    name TEXT -- its name; NULL: Plex does not name it (any more)
) STRICT;

-- Every play in Plex's history, also of items that Plex no longer has.
CREATE TABLE plays (
    historyKey TEXT PRIMARY KEY, -- Plex's address of the row in its history
    ratingKey INTEGER, -- the item; it may be gone, and NULL: Plex does not tell
    userId INTEGER, -- who played it; NULL: Plex does not tell
    deviceId INTEGER, -- Plex's number of the device
    playedAt TEXT, -- when; NULL: Plex does not tell
    kind INTEGER, -- 1 movie, 4 episode, 10 track; NULL: something else
    sectionKey INTEGER, -- the library that held it then
    title TEXT, -- its title then
    partOf TEXT -- the show of an episode, the artist of a track, then
) STRICT;
CREATE INDEX plays_item ON plays (ratingKey, playedAt, userId);
CREATE INDEX plays_time ON plays (playedAt);
CREATE INDEX plays_user ON plays (userId, playedAt);

-- How often each item was played, and by how many, the most first; of items that Plex still lists.
CREATE VIEW most_watched (
    ratingKey, -- the item
    library, -- title of the library
    kind, -- movie, episode or track
    title, -- title
    partOf, -- the show of an episode, the artist of a track
    plays, -- how often it was played
    users, -- by how many
    lastPlayedAt -- when it was last played
) AS
SELECT items.ratingKey, sections.title, CASE items.kind WHEN 1 THEN 'movie' WHEN 4 THEN 'episode' ELSE 'track' END,
    items.title, above.title, played.plays, played.users, played.lastPlayedAt
FROM (
    SELECT ratingKey, count(*) AS plays, count(DISTINCT userId) AS users, max(playedAt) AS lastPlayedAt
    FROM plays GROUP BY ratingKey
) AS played JOIN items USING (ratingKey) JOIN sections ON sections.key = items.sectionKey
LEFT JOIN items AS above ON above.ratingKey = items.grandparentKey
WHERE items.available = 1 AND items.kind IN (1, 4, 10)
ORDER BY played.plays DESC, played.lastPlayedAt DESC;

-- Movies and episodes that nobody has ever played: not in the history, and not marked as watched by the token's owner.
CREATE VIEW never_watched (
    ratingKey, -- the item
    library, -- title of the library
    kind, -- movie or episode
    title, -- title
    partOf, -- the show of an episode
    addedAt, -- when Plex added it
    sizeBytes -- bytes of all its files
) AS
SELECT items.ratingKey, sections.title, CASE items.kind WHEN 1 THEN 'movie' ELSE 'episode' END, items.title, above.title,
    items.addedAt, (SELECT sum(size) FROM files WHERE files.ratingKey = items.ratingKey)
FROM items JOIN sections ON sections.key = items.sectionKey
LEFT JOIN items AS above ON above.ratingKey = items.grandparentKey
WHERE items.available = 1 AND items.deletedAt IS NULL AND items.kind IN (1, 4)
    AND NOT EXISTS (SELECT 1 FROM plays WHERE plays.ratingKey = items.ratingKey)
    AND NOT EXISTS (SELECT 1 FROM watch_states WHERE watch_states.ratingKey = items.ratingKey AND watch_states.viewCount > 0);

-- Plays by month and user.
CREATE VIEW plays_by_month (
    month, -- year and month ("2024-03")
    user, -- name of the user; NULL: Plex does not name it
    kind, -- movie, episode or track; NULL: something else
    plays, -- plays in that month
    items -- different items
) AS
SELECT substr(plays.playedAt, 1, 7), users.name, CASE plays.kind WHEN 1 THEN 'movie' WHEN 4 THEN 'episode' WHEN 10 THEN 'track' END,
    count(*), count(DISTINCT plays.ratingKey)
FROM plays LEFT JOIN users ON users.id = plays.userId WHERE plays.playedAt IS NOT NULL
GROUP BY 1, plays.userId, plays.kind;

-- What each user has played, the most active first.
CREATE VIEW plays_by_user (
    userId, -- Plex's number of the account
    user, -- name of the user; NULL: Plex does not name it
    plays, -- all plays
    items, -- different items
    firstPlayedAt, -- when the first was
    lastPlayedAt -- when the last was
) AS
SELECT plays.userId, users.name, count(*), count(DISTINCT plays.ratingKey), min(plays.playedAt), max(plays.playedAt)
FROM plays LEFT JOIN users ON users.id = plays.userId
GROUP BY plays.userId ORDER BY count(*) DESC;

-- Movies and episodes that were played since Plex added them: how soon, how often and by how many.
CREATE VIEW watched_since_added (
    ratingKey, -- the item
    library, -- title of the library
    kind, -- movie or episode
    title, -- title
    partOf, -- the show of an episode
    addedAt, -- when Plex added it
    firstPlayedAt, -- when it was first played after that
    days, -- whole days between the two
    plays, -- plays since it was added
    users -- by how many
) AS
SELECT items.ratingKey, sections.title, CASE items.kind WHEN 1 THEN 'movie' ELSE 'episode' END, items.title, above.title,
    items.addedAt, min(plays.playedAt), CAST(julianday(min(plays.playedAt)) - julianday(items.addedAt) AS INTEGER),
    count(*), count(DISTINCT plays.userId)
FROM plays JOIN items ON items.ratingKey = plays.ratingKey AND plays.playedAt >= items.addedAt
JOIN sections ON sections.key = items.sectionKey
LEFT JOIN items AS above ON above.ratingKey = items.grandparentKey
WHERE items.available = 1 AND items.kind IN (1, 4)
GROUP BY items.ratingKey;
