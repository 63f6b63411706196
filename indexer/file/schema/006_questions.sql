-- Indexes for the questions that dashboards ask (docs/questions.md), each leading to the rows of the answer alone.

DROP INDEX streams_type;
CREATE INDEX streams_language ON streams (type, languageCode, ratingKey);
CREATE INDEX streams_item ON streams (ratingKey, type, languageCode, codec);
DROP INDEX item_people_person;
CREATE INDEX item_people_person ON item_people (personId, job, ratingKey);
CREATE INDEX items_added ON items (kind, addedAt) WHERE available = 1;
CREATE INDEX movies_year ON movies (year, title) WHERE available = 1;
CREATE INDEX movies_resolution ON movies (videoResolution, sizeBytes) WHERE available = 1;
CREATE INDEX movies_size ON movies (sizeBytes) WHERE available = 1;
CREATE INDEX movies_duration ON movies (duration) WHERE available = 1;
CREATE INDEX movies_rating ON movies (audienceRating) WHERE available = 1;
CREATE INDEX movies_age ON movies (contentRating, title) WHERE available = 1;
CREATE INDEX movies_studio ON movies (studio) WHERE available = 1;
CREATE INDEX movies_title ON movies (lower(title), year) WHERE available = 1;
CREATE INDEX episodes_aired ON episodes (originallyAvailableAt) WHERE available = 1;
CREATE INDEX episodes_place ON episodes (showRatingKey, seasonNumber, episodeNumber);
CREATE INDEX tv_shows_size ON tv_shows (totalSizeBytes) WHERE available = 1;
CREATE INDEX files_size ON files (size) WHERE leftOut IS NULL;
CREATE INDEX files_container ON files (container, size) WHERE leftOut IS NULL;
CREATE INDEX watch_states_time ON watch_states (lastViewedAt);
