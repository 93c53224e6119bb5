-- The search index: pairs of Chinese characters, made by archive/segment.py, in a table of stock SQLite.

-- Search index of posts, filled by discuz-archive with pairs of characters: search by the view `search`, not by hand.
CREATE VIRTUAL TABLE posts_fts USING fts5(
  body, -- Words of posts.text as pairs of characters, then the month of the post and compounds such as rtx4090
  title, -- Words of posts.subject as pairs of characters
  content='' /* content="posts" */, tokenize='ascii', detail=full
);
INSERT INTO posts_fts(posts_fts, rank) VALUES ('rank', 'bm25(1.0, 8.0)');
-- Pages are stored some twenty posts at a time: merging sixteen small segments at once is a third cheaper than four.
INSERT INTO posts_fts(posts_fts, rank) VALUES ('automerge', 16);

-- Posts that changed since they were last indexed, with the words that the index still holds for them.
CREATE TABLE posts_fts_dirty (
  id INTEGER PRIMARY KEY, -- Number of the post
  text TEXT, -- posts.text as indexed; empty where the index holds nothing of the post
  subject TEXT, -- posts.subject as indexed
  posted_at TEXT -- posts.posted_at as indexed
) STRICT;

-- Characters that the search takes for another: capitals, full width, traditional, accented.
CREATE TABLE posts_fts_charmap (
  c TEXT PRIMARY KEY, -- Character as typed
  n TEXT NOT NULL -- What stands for it in the index; may be empty
) STRICT, WITHOUT ROWID;

-- Which characters make words: ranges of code points.
CREATE TABLE posts_fts_kinds (
  first INTEGER PRIMARY KEY, -- First code point of the range
  kind INTEGER NOT NULL -- 1 Chinese, Japanese, Korean; 2 letters; 3 digits; 4 symbols, a word each; 0 none of these
) STRICT;

-- What the search index was made with.
CREATE TABLE posts_fts_state (
  name TEXT PRIMARY KEY, -- segmentation: version of the rules for words
  value TEXT NOT NULL -- Its value
) STRICT, WITHOUT ROWID;

CREATE INDEX posts_by_time ON posts(posted_at);
CREATE INDEX posts_by_author ON posts(author, posted_at);

-- Whoever changes a post, with whatever program, leaves its old words in posts_fts_dirty. No statement here can meet a
-- conflict: under INSERT OR REPLACE from outside, an OR IGNORE in here would turn into OR REPLACE and lose old words.
CREATE TRIGGER posts_fts_replace BEFORE INSERT ON posts BEGIN
  INSERT INTO posts_fts_dirty(id, text, subject, posted_at)
  SELECT id, text, subject, posted_at FROM posts AS old
  WHERE (id = new.id OR (site_id = new.site_id AND pid = new.pid))
    AND NOT EXISTS (SELECT 1 FROM posts_fts_dirty AS dirty WHERE dirty.id = old.id);
END;
CREATE TRIGGER posts_fts_insert AFTER INSERT ON posts BEGIN
  INSERT INTO posts_fts_dirty(id)
  SELECT new.id WHERE NOT EXISTS (SELECT 1 FROM posts_fts_dirty WHERE id = new.id);
END;
CREATE TRIGGER posts_fts_update AFTER UPDATE OF id, text, subject, posted_at ON posts
WHEN old.text <> new.text OR old.subject <> new.subject OR old.id <> new.id
  OR substr(old.posted_at, 1, 7) IS NOT substr(new.posted_at, 1, 7) BEGIN
  INSERT INTO posts_fts_dirty(id, text, subject, posted_at)
  SELECT old.id, old.text, old.subject, old.posted_at
  WHERE NOT EXISTS (SELECT 1 FROM posts_fts_dirty WHERE id = old.id);
  INSERT INTO posts_fts_dirty(id)
  SELECT new.id WHERE NOT EXISTS (SELECT 1 FROM posts_fts_dirty WHERE id = new.id);
END;
CREATE TRIGGER posts_fts_delete AFTER DELETE ON posts BEGIN
  INSERT INTO posts_fts_dirty(id, text, subject, posted_at)
  SELECT old.id, old.text, old.subject, old.posted_at
  WHERE NOT EXISTS (SELECT 1 FROM posts_fts_dirty WHERE id = old.id);
END;
