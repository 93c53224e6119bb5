-- Which capture told last: of two of one second, that which was read later counts as the newer, also when both are read again.

ALTER TABLE threads ADD COLUMN last_capture_id INTEGER; -- Of the captures of last_seen_at, the one that was read last
ALTER TABLE threads ADD COLUMN fields_capture_id INTEGER; -- The capture that its thread_fields come from
ALTER TABLE boards ADD COLUMN last_capture_id INTEGER; -- Of the captures of last_seen_at, the one that was read last
ALTER TABLE posts ADD COLUMN last_capture_id INTEGER; -- Of the captures of last_seen_at, the one that was read last
ALTER TABLE users ADD COLUMN name_seen_at TEXT NOT NULL DEFAULT ''; -- Time of the capture that first had this name
ALTER TABLE users ADD COLUMN profile_capture_id INTEGER; -- The capture of profile_seen_at
