-- What the owners of forums allow beyond their robots.txt, as the people who crawl them say.

ALTER TABLE crawls ADD COLUMN owner_consents_at TEXT NOT NULL DEFAULT ''; -- When a run was last told that the forum's owner allows what its robots.txt forbids; empty where none was
