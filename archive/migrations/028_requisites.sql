-- What pages need beside themselves to look as they did: style sheets, scripts, pictures of the template.

ALTER TABLE media ADD COLUMN requisite TEXT NOT NULL DEFAULT ''; -- What pages need it for: style, script, picture, font, or thumb (a post's picture in small); empty for what posts show themselves
ALTER TABLE crawls ADD COLUMN requisites_at TEXT NOT NULL DEFAULT ''; -- When the pages kept before were looked through for what they need; empty where they were not
CREATE INDEX media_requisites ON media(site_id, state, due_at) WHERE requisite <> '';
