-- Captures that are being read again after a run that ended without a word: one of them may have ended it.
CREATE TABLE suspects (
  capture_id INTEGER PRIMARY KEY REFERENCES captures(id) ON DELETE CASCADE, -- The capture
  tries INTEGER NOT NULL DEFAULT 0 -- How often it was begun to be read, and never to its end
) STRICT;
