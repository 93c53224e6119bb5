"""Whether the marks of two pages say that a post was edited between them."""

from __future__ import annotations

from archive.store.stamps import iso, same_minute
from archive.store.stored_post import StoredPost
from scraper.core.records import Post

_MINUTE_CHARS = len("2013-01-12T00:20")


def is_edited_between(stored: StoredPost, post: Post, seen_at: str) -> bool:
    """Whether the stored words and those of a page, seen at a time in stored form, are of
    two states of the post.

    Two marks say so, and one mark of a time after the older of the two captures. Marks are
    printed to the minute: an edit in the minute of a capture says nothing.
    """
    mark = iso(post.edited_at)
    if mark and stored.edited_at:
        return not same_minute(mark, stored.edited_at)
    if seen_at >= stored.words_seen_at:
        return _is_after(mark, stored.words_seen_at)
    return _is_after(stored.edited_at, seen_at)


def _is_after(mark: str | None, captured_at: str) -> bool:
    if mark is None:
        return False
    return mark[:_MINUTE_CHARS] > captured_at[:_MINUTE_CHARS]
