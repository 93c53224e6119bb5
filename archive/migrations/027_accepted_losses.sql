-- What is lost for good can be accepted: `check` takes it for no problem then.

-- Captures whose loss was accepted (`check --accept-losses`). One that is there again leaves this table.
CREATE TABLE accepted_losses (
  capture_id INTEGER PRIMARY KEY REFERENCES captures(id) ON DELETE CASCADE, -- The capture
  accepted_at TEXT NOT NULL -- When that was (UTC)
) STRICT;

ALTER TABLE warc_files ADD COLUMN accepted TEXT NOT NULL DEFAULT ''; -- What was wrong with it when that was accepted, in the words of trouble; empty where that was not, or no longer holds

-- Captures that cannot be read back, whose loss nobody accepted.
CREATE VIEW lost_unaccepted AS SELECT
  id -- Number of the capture in this file
FROM lost_captures WHERE id NOT IN (SELECT capture_id FROM accepted_losses);
