"""The numbers of a whole index that the report, the page inside Stash and the table `statistics` show: one query each."""

UNKNOWN = "unknown"

# Name of the number -> a query for items and bytes.
TILES = {
    "movies": "SELECT count(*), ifnull(sum(sizeBytes), 0) FROM movies WHERE available = 1",
    "shows": "SELECT count(*), 0 FROM tv_shows WHERE available = 1",
    "episodes": "SELECT count(*), ifnull(sum(sizeBytes), 0) FROM episodes WHERE available = 1",
    "artists": "SELECT count(*), 0 FROM artists WHERE available = 1",
    "albums": "SELECT count(*), 0 FROM albums WHERE available = 1",
    "tracks": "SELECT count(*), ifnull(sum(sizeBytes), 0) FROM tracks WHERE available = 1",
    "files": "SELECT count(*), ifnull(sum(size), 0) FROM files WHERE leftOut IS NULL",
    "withoutFile": "SELECT count(*), 0 FROM without_file",
    "withoutPoster": "SELECT count(*), 0 FROM items WHERE available = 1 AND kind IN (1, 2, 8, 9) AND thumb IS NULL",
    "duplicates": "SELECT count(*), ifnull(sum(sizeBytes), 0) FROM duplicates",
    "noLongerInPlex": "SELECT count(*), 0 FROM items WHERE available = 0",
    "items": "SELECT count(*), 0 FROM items WHERE available = 1",
}


def _by_file(column: str, condition: str = "1") -> str:
    """The items and bytes of each value of a column of files."""
    return (
        f"SELECT coalesce({column}, '{UNKNOWN}'), count(DISTINCT ratingKey), ifnull(sum(size), 0) FROM files "
        f"WHERE leftOut IS NULL AND {condition} GROUP BY 1 ORDER BY 3 DESC, 1"
    )


# What the shares are of -> label, items and bytes, the largest first.
SHARES = {
    "library": "SELECT sections.title, count(DISTINCT ratingKey), ifnull(sum(size), 0) FROM files "
    "JOIN sections ON sections.key = sectionKey WHERE leftOut IS NULL GROUP BY sections.key ORDER BY 3 DESC, 1",
    "resolution": _by_file("videoResolution", "kind <> 10"),
    "videoCodec": _by_file("videoCodec", "kind <> 10"),
    "audioCodec": _by_file("audioCodec"),
    "container": _by_file("container"),
}
GROWTH = "SELECT month, sum(added), ifnull(sum(addedBytes), 0) FROM growth GROUP BY month ORDER BY month"
