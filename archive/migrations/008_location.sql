-- Where the forum says that a post was written: X3.5 and many plugins print it beside the author or the time.

ALTER TABLE posts ADD COLUMN location TEXT NOT NULL DEFAULT ''; -- Where the forum says it was written, such as 广东 (IP 归属地, 来自); empty where none is printed

-- Filters by location name a place that few posts have: only posts with one are in this index.
CREATE INDEX posts_by_location ON posts(location, posted_at) WHERE location <> '';

-- The view again, with the location.
DROP VIEW post_list;

-- Posts with the words around them: forum, board, thread and a public address.
CREATE VIEW post_list AS SELECT
  p.id AS id, -- Number of the post in this file
  s.name AS site, -- Forum
  b.name AS board, -- Board
  t.title AS thread, -- Title of the thread
  p.floor AS floor, -- Floor as printed
  p.author AS author, -- Author's name
  u.uid AS uid, -- The forum's own number of the author
  p.posted_at AS posted_at, -- When it was posted
  p.location AS location, -- Where the forum says it was written
  p.subject AS subject, -- Its own title
  p.text AS text, -- The poster's words
  p.withheld AS withheld, -- The forum's words for hiding it
  p.gone_at AS gone_at, -- When it was first found missing
  t.tid AS tid, -- The forum's own number of the thread
  p.pid AS pid, -- The forum's own number of the post
  CASE WHEN t.tid IS NULL THEN s.base_url
    WHEN s.software LIKE 'Discuz! X%' OR s.software = '' THEN s.base_url || CASE WHEN p.pid IS NULL
      THEN 'forum.php?mod=viewthread&tid=' || t.tid
      ELSE 'forum.php?mod=redirect&goto=findpost&ptid=' || t.tid || '&pid=' || p.pid END
    ELSE s.base_url || CASE WHEN p.pid IS NULL THEN 'viewthread.php?tid=' || t.tid
      ELSE 'redirect.php?goto=findpost&ptid=' || t.tid || '&pid=' || p.pid END
  END AS url, -- Public address of the post, or the nearest that is known
  p.thread_id AS thread_id, -- Number of the thread in this file
  p.site_id AS site_id -- Number of the forum in this file
FROM posts p
JOIN threads t ON t.id = p.thread_id
JOIN sites s ON s.id = p.site_id
LEFT JOIN boards b ON b.id = t.board_id
LEFT JOIN users u ON u.id = p.user_id;
