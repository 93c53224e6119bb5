-- A lost capture of a page that was kept again later is made good.

-- Captures that cannot be read back, and of which no later one shows the same page.
CREATE VIEW lost_unreplaced AS SELECT
  l.id -- Number of the capture in this file
FROM lost_captures l JOIN captures c ON c.id = l.id
WHERE NOT EXISTS (
  SELECT 1 FROM captures n WHERE n.url = c.url AND n.fetched_at > c.fetched_at
  AND n.kind = c.kind AND n.theme = c.theme
  AND n.id NOT IN (SELECT id FROM lost_captures));
