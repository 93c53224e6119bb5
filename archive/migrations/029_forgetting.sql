-- What is removed on request: what was asked, what keeps it from coming back, and how far a removal has come.

-- Requests to forget something, and what became of each. No column says what was forgotten, nor whose it was.
CREATE TABLE forgetting_requests (
  id INTEGER PRIMARY KEY, -- Number of the request in this file
  asked_at TEXT NOT NULL, -- When the command was run
  kind TEXT NOT NULL, -- What was named: user, thread, post, or text for words wherever they stand
  reason TEXT NOT NULL DEFAULT '', -- Why, as whoever ran the command put it: no personal data belongs here
  asked_by TEXT NOT NULL DEFAULT '', -- On whose word, as whoever ran the command put it: a role or a case number, and no name
  step TEXT NOT NULL DEFAULT 'pages', -- What is to be done next: pages (the WARC files), index (the search index), file (this file), or done
  posts INTEGER NOT NULL DEFAULT 0, -- Posts that were removed, their former versions with them
  others INTEGER NOT NULL DEFAULT 0, -- Posts of others that had words of it, which were blanked
  threads INTEGER NOT NULL DEFAULT 0, -- Threads that were removed
  members INTEGER NOT NULL DEFAULT 0, -- Members that were removed
  media INTEGER NOT NULL DEFAULT 0, -- Pictures and files that nobody else shows, and that were removed
  captures_blanked INTEGER NOT NULL DEFAULT 0, -- Kept pages that show other things, too: their words were blanked
  captures_removed INTEGER NOT NULL DEFAULT 0, -- Kept pages that showed nothing else, and were removed
  done_at TEXT -- When all of it was gone; empty while there is more to do
) STRICT;

-- Marks by which a page is seen to show what was forgotten: keyed digests, from which it cannot be read.
CREATE TABLE forgotten_marks (
  kind TEXT NOT NULL, -- What is digested: post, thread, user, opening (numbers), name, moment (author and minute), said (those and the words), run (a whole piece of text), words (so many characters in a row)
  mark BLOB NOT NULL, -- BLAKE2b of it, with the key of this archive
  chars INTEGER NOT NULL DEFAULT 0, -- For words: how many characters
  request_id INTEGER NOT NULL REFERENCES forgetting_requests(id), -- The request
  PRIMARY KEY (kind, mark)
) STRICT, WITHOUT ROWID;

-- Floors of threads at which a post was removed on request.
CREATE TABLE forgotten_places (
  thread_id INTEGER NOT NULL REFERENCES threads(id) ON DELETE CASCADE, -- The thread
  floor INTEGER NOT NULL, -- The floor
  PRIMARY KEY (thread_id, floor)
) STRICT, WITHOUT ROWID;

-- WARC files that a removal has still to look through, or to take away.
CREATE TABLE forgetting_files (
  name TEXT PRIMARY KEY, -- Name of the file
  step TEXT NOT NULL DEFAULT 'look', -- look: its records are to be looked at; remove: another has taken its place
  made TEXT NOT NULL DEFAULT '' -- Name of the file that is to take its place; empty where none was begun
) STRICT, WITHOUT ROWID;

-- Captures whose records a removal has still to take away.
CREATE TABLE forgetting_captures (
  capture_id INTEGER PRIMARY KEY -- Number of the capture
) STRICT;

ALTER TABLE captures ADD COLUMN blanked INTEGER NOT NULL DEFAULT 0; -- 1 where parts of its page were blanked on request: a metadata record behind its own says so
