-- Posts that filters ask for and that few are: found at once in an archive of millions, by time.

CREATE INDEX posts_withheld ON posts(posted_at) WHERE withheld <> '';
CREATE INDEX posts_edited ON posts(posted_at) WHERE edited_at IS NOT NULL OR edited_by <> '';
CREATE INDEX posts_gone ON posts(posted_at) WHERE gone_at IS NOT NULL;
CREATE INDEX posts_anonymous ON posts(posted_at) WHERE anonymous;
CREATE INDEX threads_in_digest ON threads(id) WHERE digest;
