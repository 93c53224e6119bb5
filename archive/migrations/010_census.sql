-- What a page prints against what was read of it, so that an empty column is noticed by the program.

ALTER TABLE captures ADD COLUMN warnings TEXT NOT NULL DEFAULT ''; -- What the page prints and was not read: a JSON object of kinds (no-authors, posts-missed, page-cut …) and details; empty where it was read whole
ALTER TABLE captures ADD COLUMN field_counts TEXT NOT NULL DEFAULT ''; -- How many of its records had each field that its layout prints: a JSON object such as {"posts.author": [10, 10]} (read, of all)

CREATE INDEX captures_with_warnings ON captures(site_id, id) WHERE warnings <> '';

-- How often each field that a layout prints was read, by forum, layout and kind of page: 0 of many is a reader that fails in silence.
CREATE VIEW census AS SELECT
  c.site_id AS site_id, -- Number of the forum in this file
  c.theme AS theme, -- The reader of the layout
  c.kind AS kind, -- Kind of page
  f.key AS field, -- The field, as `parse` prints it
  sum(json_extract(f.value, '$[0]')) AS was_read, -- Records in which it was read
  sum(json_extract(f.value, '$[1]')) AS total, -- Records that should have it
  count(*) AS pages -- Pages that were counted
FROM captures c, json_each(c.field_counts) f
WHERE c.field_counts <> ''
GROUP BY 1, 2, 3, 4;
