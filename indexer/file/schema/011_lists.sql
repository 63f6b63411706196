-- Collections and playlists as Plex lists them, and what is in them, in order.

-- The collections of the libraries, and the playlists of the token's owner; a row goes when Plex no longer lists it.
CREATE TABLE lists (
    ratingKey INTEGER PRIMARY KEY, -- Plex's number of it
    kind TEXT NOT NULL, -- collection or playlist
    sectionKey INTEGER REFERENCES sections (key) ON DELETE CASCADE, -- the library of a collection; NULL: a playlist
    title TEXT NOT NULL, -- its name
    titleSort TEXT, -- what Plex sorts by, where it differs from the title
    summary TEXT, -- what it is about
    memberKind TEXT, -- Plex's word for what it holds: movie, show, ... of a collection; video, audio or photo of a playlist
    smart INTEGER NOT NULL, -- 1: a filter fills it; 0: people chose what is in it
    memberOrder TEXT, -- release (date), title or custom (as people arranged it); NULL: as a smart collection's filter or a playlist has it
    members INTEGER NOT NULL DEFAULT 0, -- how many rows of list_members it has
    duration INTEGER, -- milliseconds of a playlist, as Plex says
    poster TEXT, -- address of its poster on the server; made of its members' where nobody chose one
    art TEXT, -- address of its background on the server
    guid TEXT, -- Plex's identifier of it
    addedAt TEXT, -- when it was made
    updatedAt TEXT, -- when Plex last changed it
    elementHash TEXT, -- fingerprint of it in Plex's listing when its members were read; NULL: they are to be read anew
    membersReadAt TEXT -- when its members were last read; NULL: never
) STRICT;
CREATE INDEX lists_place ON lists (kind, sectionKey, title);

-- What is in each collection and playlist; an item can be in a playlist twice.
CREATE TABLE list_members (
    listKey INTEGER NOT NULL REFERENCES lists (ratingKey) ON DELETE CASCADE, -- the collection or playlist
    position INTEGER NOT NULL, -- place in it, from 0
    ratingKey INTEGER, -- the item; NULL: it is on another server
    title TEXT, -- title of what the index did not hold when this was read (photos, libraries that are left out); else NULL
    PRIMARY KEY (listKey, position)
) STRICT;
CREATE INDEX list_members_item ON list_members (ratingKey, listKey);

ALTER TABLE sections ADD COLUMN collectionsReadAt TEXT; -- when its collections were last listed; NULL: never

-- The collections of each library, smart ones too (the view `collections` counts the tags of items, which smart ones do not set).
CREATE VIEW library_collections (
    ratingKey, -- Plex's number of the collection
    library, -- title of the library
    title, -- its name
    summary, -- what it is about
    memberKind, -- what it holds: movie, show, season, episode, artist, album or track
    smart, -- 1: a filter fills it; 0: people chose what is in it
    memberOrder, -- release (date), title or custom; NULL: as the filter of a smart one has it
    members, -- how many items are in it
    poster, -- address of its poster on the server
    addedAt, -- when it was made
    updatedAt -- when Plex last changed it
) AS
SELECT lists.ratingKey, sections.title, lists.title, lists.summary, lists.memberKind, lists.smart, lists.memberOrder,
    lists.members, lists.poster, lists.addedAt, lists.updatedAt
FROM lists JOIN sections ON sections.key = lists.sectionKey
WHERE lists.kind = 'collection' AND sections.available = 1;

-- The playlists of the token's owner.
CREATE VIEW playlists (
    ratingKey, -- Plex's number of the playlist
    title, -- its name
    summary, -- what it is about
    memberKind, -- video, audio or photo
    smart, -- 1: a filter fills it; 0: people chose what is in it
    members, -- how many items are in it
    duration, -- milliseconds, as Plex says
    poster, -- address of its picture on the server
    addedAt, -- when it was made
    updatedAt -- when Plex last changed it
) AS
SELECT ratingKey, title, summary, memberKind, smart, members, duration, poster, addedAt, updatedAt
FROM lists WHERE kind = 'playlist';

-- What is in each collection and playlist, with titles: `WHERE listKey = ... ORDER BY position`.
CREATE VIEW list_contents (
    listKey, -- Plex's number of the collection or playlist
    list, -- its name
    listKind, -- collection or playlist
    position, -- place in it, from 0
    ratingKey, -- the item; NULL: it is on another server
    kind, -- movie, show, season, episode, artist, album or track; NULL: the index does not hold it
    title, -- title of the item
    partOf, -- the show of an episode or season, the artist of an album or track
    available -- 1: Plex lists the item; 0: it no longer does; NULL: the index does not hold it
) AS
SELECT list_members.listKey, lists.title, lists.kind, list_members.position, list_members.ratingKey,
    CASE items.kind WHEN 1 THEN 'movie' WHEN 2 THEN 'show' WHEN 3 THEN 'season' WHEN 4 THEN 'episode' WHEN 8 THEN 'artist'
        WHEN 9 THEN 'album' WHEN 10 THEN 'track' END,
    coalesce(items.title, list_members.title), above.title, items.available
FROM list_members JOIN lists ON lists.ratingKey = list_members.listKey
LEFT JOIN items ON items.ratingKey = list_members.ratingKey
LEFT JOIN items AS above ON above.ratingKey = coalesce(items.grandparentKey, items.parentKey);
