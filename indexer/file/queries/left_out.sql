-- Why each file is left out of the sums, over all libraries: of several that share a path, one counts.
UPDATE files SET leftOut = found.reason
FROM (
    SELECT ratingKey, version, part,
        CASE WHEN reason IS NULL AND path IS NOT NULL AND row_number() OVER (
            PARTITION BY path, reason IS NULL ORDER BY sectionKey, ratingKey, version, part
        ) > 1 THEN 'same path' ELSE reason END AS reason
    FROM (
        SELECT files.ratingKey, files.version, files.part, files.path, files.sectionKey,
            CASE WHEN items.available = 0 THEN 'gone'
                WHEN items.deletedAt IS NOT NULL OR versions.deletedAt IS NOT NULL OR files.deletedAt IS NOT NULL THEN 'trash'
                WHEN versions.proxyType = 42 OR versions.target IS NOT NULL THEN 'optimized'
            END AS reason
        FROM files JOIN items USING (ratingKey) LEFT JOIN versions USING (ratingKey, version)
    )
) AS found
WHERE files.ratingKey = found.ratingKey AND files.version = found.version AND files.part = found.part
    AND files.leftOut IS NOT found.reason;
