-- What the browser filters a board's threads by: read from this index alone, the rows of those that fit excepted.

CREATE INDEX threads_by_kind ON threads(board_id, special, digest, gone_at);
