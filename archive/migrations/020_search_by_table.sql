-- What the search index is found by, and how its characters are.

-- A stock Datasette or sqlite-utils took posts_fts for the index of posts by a comment in it, offered a search by it, and
-- found some words of two characters only. Without the comment they offer none; the view `search` finds everything.
PRAGMA writable_schema = ON;
UPDATE sqlite_master SET sql = replace(sql, ' /* content="posts" */', '') WHERE name = 'posts_fts';
PRAGMA writable_schema = OFF;

-- Which characters stand for one, without reading the whole table.
CREATE INDEX posts_fts_charmap_by_n ON posts_fts_charmap(n);
CREATE INDEX posts_fts_charmap_long ON posts_fts_charmap(n) WHERE length(n) > 1;
