-- What a crawl remembers between runs, beyond the rows of 001.

ALTER TABLE frontier ADD COLUMN fid INTEGER; -- The forum's own number of the board it was found on
ALTER TABLE frontier ADD COLUMN mark TEXT NOT NULL DEFAULT ''; -- For a thread: replies, last reply and its author as a board page stated them when a visit was planned

ALTER TABLE runs ADD COLUMN site_id INTEGER; -- The forum, for a crawl
ALTER TABLE runs ADD COLUMN requests INTEGER NOT NULL DEFAULT 0; -- Requests sent, redirects and robots.txt included
ALTER TABLE runs ADD COLUMN posts_gone INTEGER NOT NULL DEFAULT 0; -- Known posts that were found missing

-- How each forum is crawled: what one run learns for the next.
CREATE TABLE crawls (
  site_id INTEGER PRIMARY KEY REFERENCES sites(id) ON DELETE CASCADE, -- The forum
  address TEXT NOT NULL, -- Address it is crawled at, with a final slash
  style TEXT NOT NULL DEFAULT 'x', -- Form of its addresses: x (forum.php?mod=…) or classic (viewthread.php)
  member INTEGER NOT NULL DEFAULT 0, -- 1 where it was last read as a member, with cookies
  too_fast_s REAL NOT NULL DEFAULT 0, -- Longest pause in seconds at which the forum complained
  begun_at TEXT NOT NULL DEFAULT '', -- When the round that is under way began: a run that is cut short is taken up by the next
  stopped TEXT NOT NULL DEFAULT '' -- Why the last run stopped at this forum before it was through; empty where it did not
) STRICT;

-- Pictures and files that posts show: what was fetched of them. Their bytes are in the WARC files, once for each content.
CREATE TABLE media (
  site_id INTEGER NOT NULL REFERENCES sites(id) ON DELETE CASCADE, -- The forum whose posts show it
  name TEXT NOT NULL, -- What identifies it: its address, or aid: and the number of an attachment whose address changes on every view
  url TEXT NOT NULL, -- Address as the post that was read last shows it
  post_id INTEGER REFERENCES posts(id) ON DELETE SET NULL, -- A post that shows it
  state TEXT NOT NULL DEFAULT 'due', -- due, done or given_up
  due_at TEXT NOT NULL, -- When to ask for it next
  tries INTEGER NOT NULL DEFAULT 0, -- Failed requests so far
  message TEXT NOT NULL DEFAULT '', -- Reason of the last failure
  capture_id INTEGER REFERENCES captures(id) ON DELETE SET NULL, -- The capture that holds it
  digest TEXT NOT NULL DEFAULT '', -- SHA-1 of its bytes in base 32: equal for equal contents
  content_type TEXT NOT NULL DEFAULT '', -- Its type as served
  size_bytes INTEGER, -- Its size
  PRIMARY KEY (site_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX media_due ON media(site_id, state, due_at);
CREATE INDEX media_by_post ON media(post_id);
CREATE INDEX media_by_capture ON media(capture_id);
