-- Which WARC files there are, so that one that is missing, cut or exchanged is noticed.

-- WARC files in the folder beside this file. A name that was used once is never used again.
CREATE TABLE warc_files (
  name TEXT PRIMARY KEY, -- Name of the file
  is_ours INTEGER NOT NULL, -- 1 for a file that this archive writes, 0 for one that somebody put beside them: that one is never changed nor read
  size_bytes INTEGER NOT NULL DEFAULT 0, -- Its size when it was last written, or looked at
  head_digest TEXT NOT NULL DEFAULT '', -- SHA-1 of its first 16 KB then; empty where it was never looked at
  tail_digest TEXT NOT NULL DEFAULT '', -- SHA-1 of its last 16 KB then
  is_closed INTEGER NOT NULL DEFAULT 0, -- 1 where nothing is added to it any more
  trouble TEXT NOT NULL DEFAULT '' -- What is wrong with it: missing, cut, exchanged (another file has its name), altered (its beginning or end is not what was written), unreadable; empty where nothing is
) STRICT, WITHOUT ROWID;

-- The names that captures have: stepping along the index, for there may be millions of them.
INSERT INTO warc_files(name, is_ours, size_bytes)
WITH RECURSIVE names(name) AS (
  SELECT min(file) FROM captures
  UNION ALL
  SELECT (SELECT min(file) FROM captures WHERE file > name) FROM names WHERE name IS NOT NULL
)
SELECT name, 1, (SELECT offset + length FROM captures WHERE file = name ORDER BY offset DESC LIMIT 1)
FROM names WHERE name IS NOT NULL;

ALTER TABLE captures ADD COLUMN damaged INTEGER NOT NULL DEFAULT 0; -- 1 where its record was found to be another than the one that was written, or none at all, though its file is there
CREATE INDEX captures_damaged ON captures(id) WHERE damaged = 1;
CREATE INDEX captures_by_original ON captures(refers_to) WHERE refers_to IS NOT NULL;

-- WARC records that cannot be read back.
CREATE VIEW lost_records AS SELECT
  id -- Number of the capture in this file
FROM captures WHERE file IS NULL
UNION
SELECT id FROM captures WHERE damaged = 1
UNION
SELECT c.id FROM warc_files w JOIN captures c ON c.file = w.name
WHERE w.trouble IN ('missing', 'exchanged', 'unreadable')
UNION
SELECT c.id FROM warc_files w JOIN captures c ON c.file = w.name
WHERE w.trouble = 'cut' AND c.offset + c.length > w.size_bytes;

-- Captures that cannot be read back: their record is lost, or the one that holds the same body.
CREATE VIEW lost_captures AS SELECT
  id -- Number of the capture in this file
FROM lost_records
UNION
SELECT c.id FROM lost_records l JOIN captures c ON c.refers_to = l.id;
