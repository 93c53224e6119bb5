-- What this archive is to the files beside it.

-- Facts about this archive as a whole.
CREATE TABLE archive_facts (
  name TEXT PRIMARY KEY, -- id: its own number, which its WARC files name, so that nobody else's file is taken for one of them
  value TEXT NOT NULL -- Its value
) STRICT, WITHOUT ROWID;
INSERT INTO archive_facts(name, value) VALUES ('id', lower(hex(randomblob(16))));
