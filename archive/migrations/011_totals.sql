-- Ratings and comments beyond those that a thread's page shows: how many there are, and the windows that list them all.

ALTER TABLE posts ADD COLUMN ratings_total INTEGER; -- How many people rated it, as the forum states; the table ratings may hold fewer
ALTER TABLE posts ADD COLUMN comments_total INTEGER; -- How many comments it has at least, by the newest page that shows some; the table comments may hold fewer

ALTER TABLE ratings ADD COLUMN rated_at TEXT; -- When, where a page printed it: the list of all ratings of a post, and pages of 6.0

ALTER TABLE frontier ADD COLUMN tid INTEGER; -- For the ratings and comments of a post: the forum's own number of its thread

-- Few posts have any: only those are in this index.
CREATE INDEX posts_with_totals ON posts(site_id) WHERE ratings_total IS NOT NULL OR comments_total IS NOT NULL;
