-- What each forum is crawled for, and since when as a member.

ALTER TABLE crawls ADD COLUMN scope TEXT NOT NULL DEFAULT ''; -- The boards, threads and members that runs were about so far, as JSON lists of their numbers; empty for the whole forum
ALTER TABLE crawls ADD COLUMN member_since TEXT NOT NULL DEFAULT ''; -- When the first run with cookies began after those without: pages visited before were read as a guest; empty where none was

-- A forum whose front page was never visited was crawled for what was named. The threads of named boards and members are not named themselves.
UPDATE crawls SET scope = json_object(
  'boards', (SELECT json_group_array(item) FROM frontier f
    WHERE f.site_id = crawls.site_id AND kind = 'board' AND page = 1),
  'threads', (SELECT json_group_array(item) FROM frontier f
    WHERE f.site_id = crawls.site_id AND kind = 'thread' AND page = 1 AND NOT EXISTS (
      SELECT 1 FROM frontier o WHERE o.site_id = crawls.site_id AND o.kind IN ('board', 'user'))),
  'users', (SELECT json_group_array(item) FROM frontier f
    WHERE f.site_id = crawls.site_id AND kind = 'user' AND page = 1)
)
WHERE EXISTS (SELECT 1 FROM frontier f WHERE f.site_id = crawls.site_id)
  AND NOT EXISTS (SELECT 1 FROM frontier f WHERE f.site_id = crawls.site_id AND kind = 'index');
