"""Posts without words, on a page and in the store, and parts that a page says to hide. Pure."""

from __future__ import annotations

from typing import Final

from archive.store.observation import Observation
from archive.store.stored_post import StoredPost
from scraper.core.records import Post

_HIDDEN_PART_MARKS: Final = ("locked", 'class="notice"')


def shows_no_words(post: Post) -> bool:
    """Whether a page shows a post without any words: a withheld or an empty one."""
    if post.text:
        return False
    if post.withheld:
        return True
    return not post.html


def has_no_words_yet(stored: StoredPost, seen: Observation) -> bool:
    """Whether nothing was to be seen of the post so far: an empty text that a fuller layout
    saw, with pictures or quotes, is all that it says."""
    if stored.text:
        return False
    if stored.withheld:
        return True
    if stored.rank < seen.rank:
        return True
    return not stored.fingerprint


def marks_hidden_part(post: Post) -> bool:
    """Whether a page says of a post that it has a part which it does not show."""
    if post.hidden:
        return True
    return any(mark in post.html for mark in _HIDDEN_PART_MARKS)
