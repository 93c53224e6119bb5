-- Pages that were taken for refused while their forum was closed in its owner's words come back.

-- The same words in place of three pages or more, the front page among them, or words that name none of the usual reasons: it was the forum, not the pages. Those that are refused for themselves are refused again.
UPDATE frontier SET state = 'due', tries = 0, outcome = '', message = '',
  due_at = '2000-01-01T00:00:00Z',
  priority = CASE kind WHEN 'index' THEN 0 WHEN 'board' THEN 2 ELSE 4 END
WHERE (site_id, outcome, message) IN (
  SELECT site_id, outcome, message FROM frontier
  WHERE outcome = 'refused'
    OR (state = 'given_up' AND outcome = 'throttled' AND message NOT LIKE 'throttled: status %')
  GROUP BY site_id, outcome, message
  HAVING count(*) >= 3
    AND (message LIKE 'other: %' OR outcome = 'throttled' OR max(kind = 'index'))
);
