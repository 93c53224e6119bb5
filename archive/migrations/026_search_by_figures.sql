-- Searches in the order of threads' replies and views: the threads with most first.

CREATE INDEX threads_by_all_replies ON threads(replies);
CREATE INDEX threads_by_all_views ON threads(views);
