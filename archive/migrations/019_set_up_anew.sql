-- Forums that were set up anew at the same address: their numbers begin again, and mean other posts, threads, members.

ALTER TABLE sites ADD COLUMN replaces_id INTEGER REFERENCES sites(id); -- The forum that was at its address before: another one, whose numbers mean other things
ALTER TABLE sites ADD COLUMN began_at TEXT; -- For a forum that took another's place: the oldest time that told so
ALTER TABLE sites ADD COLUMN gone_at TEXT; -- Time of the capture that shows another forum at its address
CREATE INDEX sites_replaced ON sites(replaces_id) WHERE replaces_id IS NOT NULL;
