-- What the browser pages read in order: posts of a thread and of a member, threads of a board by each of its columns.

CREATE INDEX posts_in_order ON posts(thread_id, posted_at, pid, position);
DROP INDEX posts_by_thread; -- the index above begins like it
CREATE INDEX posts_of_user ON posts(user_id, posted_at);
DROP INDEX posts_by_user; -- the same
CREATE INDEX threads_by_reply ON threads(board_id, coalesce(last_post_at, created_at, ''));
CREATE INDEX threads_by_start ON threads(board_id, coalesce(created_at, ''));
CREATE INDEX threads_by_replies ON threads(board_id, coalesce(replies, 0));
CREATE INDEX threads_by_views ON threads(board_id, coalesce(views, 0));
CREATE INDEX threads_on_top ON threads(board_id) WHERE sticky;
CREATE INDEX boards_by_parent ON boards(parent_id);
