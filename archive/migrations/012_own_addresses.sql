-- Addresses in forms that a forum's owner made up: what they were learned from, and where they are asked for.

-- Links of a forum's own forms beside numbers that the same page prints: they prove what other links of these forms lead to.
CREATE TABLE own_addresses (
  site_id INTEGER NOT NULL REFERENCES sites(id) ON DELETE CASCADE, -- The forum
  kind TEXT NOT NULL, -- What it leads to: thread, board, user, post, category, tag, or last for a thread's last page
  address TEXT NOT NULL, -- The link's address, below the forum's own
  name TEXT NOT NULL DEFAULT '', -- Words of the link, where they alone tell one such thing from another
  number INTEGER, -- The forum's own number of it, as the page prints it elsewhere; empty where the link's place tells the kind alone
  page INTEGER, -- Number of the page that it leads to; empty where its place does not tell
  PRIMARY KEY (site_id, kind, address, name)
) STRICT, WITHOUT ROWID;

ALTER TABLE crawls ADD COLUMN own_kinds TEXT NOT NULL DEFAULT ''; -- Kinds of pages (thread, board), divided by commas, that are asked for at addresses of the forum's own forms, since robots.txt or a redirect asks for that
