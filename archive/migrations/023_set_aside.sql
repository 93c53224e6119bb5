-- Which captures are set aside: they ended what read them, and are passed over.

ALTER TABLE suspects ADD COLUMN reason TEXT NOT NULL DEFAULT ''; -- Why it is set aside; empty: it is to be read again, by itself
ALTER TABLE suspects ADD COLUMN version TEXT NOT NULL DEFAULT ''; -- Version of the program that set it aside
INSERT INTO suspects(capture_id, tries, reason)
  SELECT id, 2, substr(message, 12) FROM captures
  WHERE outcome = 'failed' AND message LIKE 'set aside: %'
  ON CONFLICT DO NOTHING;
