-- The archive's tables. Every table and column says what it means in the comment beside it; `archive.schema` shows these
-- comments in Datasette. Times are text in UTC, `2013-01-12T00:20:37Z`, or `2013-01-12` where only a day is known.
-- Migrations are append-only: a released file is never changed, the next change is the next file.

-- Forums. A forum may change its host: the row stays, its addresses are in site_addresses.
CREATE TABLE sites (
  id INTEGER PRIMARY KEY, -- Number of the forum in this file
  name TEXT NOT NULL DEFAULT '', -- The forum's name for itself, as its pages print it
  base_url TEXT NOT NULL, -- Address that the forum's other addresses are relative to, with a final slash
  software TEXT NOT NULL DEFAULT '', -- Software and version as printed, such as Discuz! X3.4
  utc_offset_minutes INTEGER NOT NULL DEFAULT 480, -- Zone of the times on its pages, minutes east of Greenwich
  first_seen_at TEXT NOT NULL, -- Time of the oldest capture of it
  last_seen_at TEXT NOT NULL -- Time of the newest capture of it, give or take an hour
) STRICT;

-- Addresses by which a forum is or was known: other hosts, with and without www.
CREATE TABLE site_addresses (
  address TEXT PRIMARY KEY, -- Host and folder without scheme and www, with a final slash: bbs.example.com/forum/
  site_id INTEGER NOT NULL REFERENCES sites(id) ON DELETE CASCADE, -- The forum
  printed INTEGER NOT NULL DEFAULT 0 -- 1 where the forum's own pages print this address, 0 where only captures have it
) STRICT, WITHOUT ROWID;
CREATE INDEX site_addresses_by_site ON site_addresses(site_id);

-- Responses as they were received: where each one lies in the WARC files beside this file, and what became of it.
CREATE TABLE captures (
  id INTEGER PRIMARY KEY, -- Number of the capture in this file
  site_id INTEGER REFERENCES sites(id), -- The forum, where it is known
  url TEXT NOT NULL, -- Address that was asked for, secrets blanked
  fetched_at TEXT NOT NULL, -- When the response was received
  status INTEGER NOT NULL, -- HTTP status; 0 for a saved file or a text extraction
  content_type TEXT NOT NULL DEFAULT '', -- Content-Type header as sent
  size_bytes INTEGER NOT NULL, -- Size of the body without transfer and content coding
  digest TEXT NOT NULL, -- SHA-1 of the body in base 32, as in WARC-Payload-Digest
  file TEXT, -- WARC file in the folder beside this file; empty where the record was lost
  offset INTEGER NOT NULL, -- Where its record begins in that file, in bytes
  length INTEGER NOT NULL, -- Size of the compressed record in bytes
  record TEXT NOT NULL, -- Type of its WARC record: response, resource, conversion, or revisit for a body stored before
  refers_to INTEGER REFERENCES captures(id), -- For a revisit: the capture that holds the same body
  kind TEXT NOT NULL DEFAULT '', -- What the page is: thread, board, index, profile, feed, notice, redirect, other
  theme TEXT NOT NULL DEFAULT '', -- Parser that read it
  outcome TEXT NOT NULL DEFAULT 'pending', -- stored, unchanged, notice, redirect, other, failed, foreign, or pending: not read yet
  message TEXT NOT NULL DEFAULT '', -- The forum's notice, or why the page could not be read
  thread_id INTEGER REFERENCES threads(id), -- The thread whose page this is
  board_id INTEGER REFERENCES boards(id), -- The board whose page this is
  page INTEGER -- Number of the page in its thread or board
) STRICT;
CREATE UNIQUE INDEX captures_by_digest ON captures(digest, url, fetched_at);
CREATE INDEX captures_by_url ON captures(url, fetched_at);
CREATE INDEX captures_by_place ON captures(file, offset);
CREATE INDEX captures_pending ON captures(id) WHERE outcome = 'pending';
CREATE INDEX captures_by_thread ON captures(thread_id) WHERE thread_id IS NOT NULL;

-- Boards (版块) and categories.
CREATE TABLE boards (
  id INTEGER PRIMARY KEY, -- Number of the board in this file
  site_id INTEGER NOT NULL REFERENCES sites(id), -- The forum
  fid INTEGER, -- The forum's own number of the board
  parent_id INTEGER REFERENCES boards(id), -- The board or category it belongs to
  category TEXT NOT NULL DEFAULT '', -- Name of the category it is listed under
  name TEXT NOT NULL DEFAULT '', -- Name of the board
  description TEXT NOT NULL DEFAULT '', -- What the forum says about the board
  threads INTEGER, -- Number of threads that the forum states
  posts INTEGER, -- Number of posts that the forum states
  moderators TEXT NOT NULL DEFAULT '', -- Names of its moderators, divided by commas
  first_seen_at TEXT NOT NULL, -- Time of the oldest capture that shows it
  last_seen_at TEXT NOT NULL, -- Time of the newest capture that shows it, give or take an hour
  gone_at TEXT -- Time of the capture that no longer shows it
) STRICT;
CREATE UNIQUE INDEX boards_by_fid ON boards(site_id, fid) WHERE fid IS NOT NULL;
CREATE INDEX boards_by_name ON boards(site_id, name);

-- Members who posted or whose profile was captured. Guests and anonymous authors have no row.
CREATE TABLE users (
  id INTEGER PRIMARY KEY, -- Number of the member in this file
  site_id INTEGER NOT NULL REFERENCES sites(id), -- The forum
  uid INTEGER NOT NULL, -- The forum's own number of the member
  name TEXT NOT NULL, -- Name as last seen
  first_seen_at TEXT NOT NULL, -- Time of the oldest capture that names the member
  profile_seen_at TEXT, -- Time of the newest captured profile page
  gone_at TEXT -- Time of the capture that says there is no such member
) STRICT;
CREATE UNIQUE INDEX users_by_uid ON users(site_id, uid);
CREATE INDEX users_by_name ON users(site_id, name);

-- What profile pages say of members, as names and values.
CREATE TABLE user_fields (
  user_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE, -- The member
  position INTEGER NOT NULL, -- Place on the page, from 1
  name TEXT NOT NULL, -- Label as printed
  value TEXT NOT NULL, -- Value as printed
  PRIMARY KEY (user_id, position)
) STRICT, WITHOUT ROWID;

-- Threads (主题).
CREATE TABLE threads (
  id INTEGER PRIMARY KEY, -- Number of the thread in this file
  site_id INTEGER NOT NULL REFERENCES sites(id), -- The forum
  tid INTEGER, -- The forum's own number of the thread; empty where only pages without it were captured
  board_id INTEGER REFERENCES boards(id), -- The board it is in
  title TEXT NOT NULL DEFAULT '', -- Title
  type TEXT NOT NULL DEFAULT '', -- Thread type within its board (主题分类)
  special TEXT NOT NULL DEFAULT '', -- poll, reward, debate, activity or trade
  author TEXT NOT NULL DEFAULT '', -- Name of the author; empty for an anonymous one
  user_id INTEGER REFERENCES users(id), -- The author, where a number is printed
  created_at TEXT, -- Time of the opening post, or the day that board pages print
  replies INTEGER, -- Replies that the forum states
  views INTEGER, -- Views that the forum states
  pages INTEGER, -- Pages that the thread was last seen to have
  last_post_at TEXT, -- Time of the last reply that the forum states
  last_author TEXT NOT NULL DEFAULT '', -- Author of the last reply that the forum states
  excerpt TEXT NOT NULL DEFAULT '', -- Beginning of the opening post as a feed or picture board shows it
  sticky INTEGER NOT NULL DEFAULT 0, -- 1 where it is kept on top of its board (置顶)
  digest INTEGER NOT NULL DEFAULT 0, -- 1 where it is marked as excellent (精华)
  closed INTEGER NOT NULL DEFAULT 0, -- 1 where it takes no more replies
  moved_to INTEGER, -- For the pointer that a moved thread leaves behind: number (tid) of the thread it points to
  price INTEGER, -- Price of reading it, in the forum's credits
  read_level INTEGER, -- Reading permission (阅读权限) it asks for
  rank INTEGER NOT NULL DEFAULT 0, -- How full the fullest layout was that these values come from: 5 desktop … 1 text
  first_seen_at TEXT NOT NULL, -- Time of the oldest capture that shows it
  last_seen_at TEXT NOT NULL, -- Time of the newest capture that shows it
  gone_at TEXT -- Time of the capture that says it is no longer there
) STRICT;
CREATE UNIQUE INDEX threads_by_tid ON threads(site_id, tid) WHERE tid IS NOT NULL;
CREATE INDEX threads_by_title ON threads(site_id, title);
CREATE INDEX threads_by_board ON threads(board_id, last_post_at);
CREATE INDEX threads_by_user ON threads(user_id);

-- Tags (标签) of threads.
CREATE TABLE thread_tags (
  thread_id INTEGER NOT NULL REFERENCES threads(id) ON DELETE CASCADE, -- The thread
  tag TEXT NOT NULL, -- The tag
  PRIMARY KEY (thread_id, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX thread_tags_by_tag ON thread_tags(tag);

-- Sorted information (分类信息) and what activities, trades, rewards and debates state, as names and values.
CREATE TABLE thread_fields (
  thread_id INTEGER NOT NULL REFERENCES threads(id) ON DELETE CASCADE, -- The thread
  position INTEGER NOT NULL, -- Place on the page, from 1
  name TEXT NOT NULL, -- Label as printed
  value TEXT NOT NULL, -- Value as printed
  PRIMARY KEY (thread_id, position)
) STRICT, WITHOUT ROWID;

-- Posts (帖子): one row each, in their newest or fullest known state; older words are in post_versions.
CREATE TABLE posts (
  id INTEGER PRIMARY KEY, -- Number of the post in this file and in its search index
  site_id INTEGER NOT NULL REFERENCES sites(id), -- The forum
  thread_id INTEGER NOT NULL REFERENCES threads(id), -- The thread
  pid INTEGER, -- The forum's own number of the post; empty where only pages without it were captured
  floor INTEGER, -- Floor (楼层) as printed, 1 is the opening post; a label that closes up after deletions
  position INTEGER NOT NULL, -- Place on the page it was read from, from 1: orders posts of one minute without pid
  opening INTEGER NOT NULL DEFAULT 0, -- 1 for the post that opens its thread
  author TEXT NOT NULL DEFAULT '', -- Author's name as printed; empty for an anonymous one
  user_id INTEGER REFERENCES users(id), -- The author, where a number is printed
  anonymous INTEGER NOT NULL DEFAULT 0, -- 1 where the author posted anonymously
  posted_at TEXT, -- When it was posted; seconds are 00 where pages print minutes only
  subject TEXT NOT NULL DEFAULT '', -- Its own title; the opening post has the thread's title where none is printed
  html TEXT NOT NULL DEFAULT '', -- Message as served
  markdown TEXT NOT NULL DEFAULT '', -- Message as Markdown, quotes included
  text TEXT NOT NULL DEFAULT '', -- The poster's own words, without quotes, marks and boilerplate
  withheld TEXT NOT NULL DEFAULT '', -- The forum's words for hiding it; text holds what was seen before or by others, if anything
  withheld_reason TEXT, -- blocked, banned, deleted, password, paid, reply, login, author or other
  edited_by TEXT NOT NULL DEFAULT '', -- Who edited it last, as its edit mark says
  edited_at TEXT, -- When it was edited last, as its edit mark says
  signature TEXT NOT NULL DEFAULT '', -- Author's signature under it
  best_answer INTEGER NOT NULL DEFAULT 0, -- 1 for the best answer of a reward thread
  side TEXT NOT NULL DEFAULT '', -- Side it takes in a debate
  rank INTEGER NOT NULL, -- How full the layout is that the words come from: 5 desktop, 4 touch or API, 3 print, 2 archiver, 1 text, 0 feed
  fingerprint TEXT NOT NULL DEFAULT '', -- Digest of its quotes, attachments, ratings …, to tell at a glance that nothing changed
  capture_id INTEGER REFERENCES captures(id), -- The capture that its words come from
  words_since TEXT NOT NULL, -- Time of the oldest capture that shows these words
  words_seen_at TEXT NOT NULL, -- Time of the newest capture that shows these words
  first_seen_at TEXT NOT NULL, -- Time of the oldest capture that shows it
  last_seen_at TEXT NOT NULL, -- Time of the newest capture that shows it
  gone_at TEXT -- Time of the capture that no longer shows it
) STRICT;
CREATE UNIQUE INDEX posts_by_pid ON posts(site_id, pid) WHERE pid IS NOT NULL;
CREATE INDEX posts_by_thread ON posts(thread_id, posted_at);
CREATE INDEX posts_without_pid ON posts(thread_id) WHERE pid IS NULL;
CREATE INDEX posts_by_user ON posts(user_id);

-- Older words of posts whose words changed, and words that only a poorer layout showed.
CREATE TABLE post_versions (
  id INTEGER PRIMARY KEY, -- Number of the version in this file
  post_id INTEGER NOT NULL REFERENCES posts(id) ON DELETE CASCADE, -- The post
  first_seen_at TEXT NOT NULL, -- Time of the oldest capture known to show these words
  last_seen_at TEXT NOT NULL, -- Time of the newest capture known to show these words
  subject TEXT NOT NULL, -- Title then
  html TEXT NOT NULL, -- Message as served then
  text TEXT NOT NULL, -- The poster's words then
  edited_by TEXT NOT NULL DEFAULT '', -- Who had edited it last then
  edited_at TEXT, -- When it had been edited last then
  rank INTEGER NOT NULL, -- How full the layout was, as in posts
  capture_id INTEGER REFERENCES captures(id) -- The capture these words come from
) STRICT;
CREATE INDEX post_versions_by_post ON post_versions(post_id);

-- Quotes of other posts within posts.
CREATE TABLE quotes (
  post_id INTEGER NOT NULL REFERENCES posts(id) ON DELETE CASCADE, -- The post that quotes
  position INTEGER NOT NULL, -- Place in the post, from 1
  pid INTEGER, -- The forum's own number of the quoted post, where the quote links to it
  author TEXT NOT NULL, -- Author of the quoted post as the quote names it
  posted_at TEXT, -- Time of the quoted post as the quote states it
  text TEXT NOT NULL, -- The quoted words
  PRIMARY KEY (post_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX quotes_by_pid ON quotes(pid) WHERE pid IS NOT NULL;

-- Files attached to posts.
CREATE TABLE attachments (
  post_id INTEGER NOT NULL REFERENCES posts(id) ON DELETE CASCADE, -- The post
  position INTEGER NOT NULL, -- Place in the post, from 1
  aid INTEGER, -- The forum's own number of the attachment
  name TEXT NOT NULL, -- File name
  url TEXT NOT NULL, -- Address as served when the words were read; download links carry a token that changes on every view
  size_bytes INTEGER, -- Size as printed, so within a few per cent
  image INTEGER NOT NULL, -- 1 for a picture
  downloads INTEGER, -- Downloads that the forum states
  price INTEGER, -- Price in the forum's credits
  description TEXT NOT NULL, -- What the poster wrote about it
  PRIMARY KEY (post_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX attachments_by_aid ON attachments(aid) WHERE aid IS NOT NULL;

-- Pictures that posts show, smilies not counted.
CREATE TABLE images (
  post_id INTEGER NOT NULL REFERENCES posts(id) ON DELETE CASCADE, -- The post
  position INTEGER NOT NULL, -- Place in the post, from 1
  url TEXT NOT NULL, -- Real address of the picture, as served
  PRIMARY KEY (post_id, position)
) STRICT, WITHOUT ROWID;

-- Addresses that posts link to.
CREATE TABLE links (
  post_id INTEGER NOT NULL REFERENCES posts(id) ON DELETE CASCADE, -- The post
  position INTEGER NOT NULL, -- Place in the post, from 1
  url TEXT NOT NULL, -- Address, as served
  PRIMARY KEY (post_id, position)
) STRICT, WITHOUT ROWID;

-- Ratings (评分) of posts. A rating once seen stays.
CREATE TABLE ratings (
  post_id INTEGER NOT NULL REFERENCES posts(id) ON DELETE CASCADE, -- The post
  position INTEGER NOT NULL, -- Order in which they were found, from 1
  author TEXT NOT NULL, -- Who rated
  uid INTEGER, -- The forum's own number of who rated
  score INTEGER, -- Points given, or taken when negative
  credit TEXT NOT NULL, -- Name of the credit
  reason TEXT NOT NULL, -- Reason stated
  PRIMARY KEY (post_id, position)
) STRICT, WITHOUT ROWID;

-- Short comments (点评) under posts. A comment once seen stays; pages show at most five.
CREATE TABLE comments (
  post_id INTEGER NOT NULL REFERENCES posts(id) ON DELETE CASCADE, -- The post
  position INTEGER NOT NULL, -- Order in which they were found, from 1
  author TEXT NOT NULL, -- Who commented
  uid INTEGER, -- The forum's own number of who commented
  posted_at TEXT, -- When, as printed
  text TEXT NOT NULL, -- The comment
  PRIMARY KEY (post_id, position)
) STRICT, WITHOUT ROWID;

-- Polls, on the opening posts of their threads.
CREATE TABLE polls (
  post_id INTEGER PRIMARY KEY REFERENCES posts(id) ON DELETE CASCADE, -- The opening post
  voters INTEGER, -- Number of voters that the forum states
  multiple INTEGER NOT NULL, -- 1 where several options may be chosen
  ended INTEGER NOT NULL -- 1 where it is over
) STRICT;

-- Options of polls.
CREATE TABLE poll_options (
  post_id INTEGER NOT NULL REFERENCES polls(post_id) ON DELETE CASCADE, -- The poll
  position INTEGER NOT NULL, -- Place in the poll, from 1
  text TEXT NOT NULL, -- The option
  votes INTEGER, -- Votes; empty where the forum hides them until one has voted
  percent REAL, -- Share of the votes as printed
  PRIMARY KEY (post_id, position)
) STRICT, WITHOUT ROWID;

-- Pages to visit: what a crawl has found and when each page is due.
CREATE TABLE frontier (
  site_id INTEGER NOT NULL REFERENCES sites(id) ON DELETE CASCADE, -- The forum
  kind TEXT NOT NULL, -- index, category, board, thread, user, feed
  item INTEGER NOT NULL, -- The forum's own number of the board, thread or user; 0 for the index
  page INTEGER NOT NULL DEFAULT 1, -- Number of the page
  state TEXT NOT NULL DEFAULT 'due', -- due, done, or given_up
  priority INTEGER NOT NULL DEFAULT 0, -- Lower goes first among pages that are due
  due_at TEXT NOT NULL, -- When to visit it next
  tries INTEGER NOT NULL DEFAULT 0, -- Failed visits since the last success
  visited_at TEXT, -- Last visit
  changed_at TEXT, -- Last visit that found something new
  outcome TEXT NOT NULL DEFAULT '', -- What the last visit ended as
  message TEXT NOT NULL DEFAULT '', -- Reason of the last failure
  PRIMARY KEY (site_id, kind, item, page)
) STRICT, WITHOUT ROWID;
CREATE INDEX frontier_due ON frontier(site_id, state, priority, due_at);

-- Runs of crawl and ingest.
CREATE TABLE runs (
  id INTEGER PRIMARY KEY, -- Number of the run in this file
  command TEXT NOT NULL, -- Command, such as ingest or crawl
  arguments TEXT NOT NULL DEFAULT '', -- Its arguments, secrets left out
  version TEXT NOT NULL DEFAULT '', -- Version of discuz-archive
  started_at TEXT NOT NULL, -- When it began
  ended_at TEXT, -- When it ended; empty while it runs or where it was killed
  pages INTEGER NOT NULL DEFAULT 0, -- Pages read
  posts_new INTEGER NOT NULL DEFAULT 0, -- Posts that were not known before
  posts_changed INTEGER NOT NULL DEFAULT 0, -- Known posts that changed
  problems INTEGER NOT NULL DEFAULT 0, -- Pages that failed
  outcome TEXT NOT NULL DEFAULT '', -- How it ended: done, interrupted, failed
  message TEXT NOT NULL DEFAULT '' -- Reason of a failure
) STRICT;

-- What was removed on request and must not come back.
CREATE TABLE tombstones (
  site_id INTEGER NOT NULL REFERENCES sites(id) ON DELETE CASCADE, -- The forum
  kind TEXT NOT NULL, -- thread, post or user
  item INTEGER NOT NULL, -- The forum's own number of it
  forgotten_at TEXT NOT NULL, -- When it was removed
  reason TEXT NOT NULL DEFAULT '', -- Reason given
  PRIMARY KEY (site_id, kind, item)
) STRICT, WITHOUT ROWID;

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

-- Threads with forum, board, address, and what of them is here.
CREATE VIEW thread_list AS SELECT
  t.id AS id, -- Number of the thread in this file
  s.name AS site, -- Forum
  b.name AS board, -- Board
  t.title AS title, -- Title
  t.author AS author, -- Author's name
  t.created_at AS created_at, -- When it was opened
  t.replies AS replies, -- Replies that the forum states
  (SELECT count(*) FROM posts p WHERE p.thread_id = t.id) AS posts_here, -- Posts of it in this file
  t.last_post_at AS last_post_at, -- Time of the last reply that the forum states
  t.gone_at AS gone_at, -- When it was first found missing
  t.tid AS tid, -- The forum's own number of the thread
  CASE WHEN t.tid IS NULL THEN s.base_url
    WHEN s.software LIKE 'Discuz! X%' OR s.software = '' THEN s.base_url || 'forum.php?mod=viewthread&tid=' || t.tid
    ELSE s.base_url || 'viewthread.php?tid=' || t.tid END AS url, -- Public address of the thread
  t.site_id AS site_id -- Number of the forum in this file
FROM threads t
JOIN sites s ON s.id = t.site_id
LEFT JOIN boards b ON b.id = t.board_id;
