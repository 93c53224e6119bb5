"""The windows of a post, all its ratings and the further pages of its comments: when to ask
for them. Pure rules.

A thread's page shows a post's newest few. The windows are asked for where it says that
there are more, and again only where it says something else than before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Final

from scraper.core.records import Post, PostExtras, ThreadPage
from scraper.policy.scope import WINDOW, DiscoveredPage, Key

COMMENTS_PAGE: Final = 2
"""The first page of comments is the one that the thread's page shows."""

_DIGEST_BYTES: Final = 8


def first_windows(page: ThreadPage) -> list[Key]:
    """The windows that list what a thread's page leaves out of its posts."""
    keys = []
    for post in page.posts:
        if post.pid is None:
            continue
        if _has_more_ratings(post):
            keys.append(Key("ratings", post.pid))
        if _has_more_comments(post):
            keys.append(Key("comments", post.pid, COMMENTS_PAGE))
    return keys


def from_posts(
    page: ThreadPage, asked: Key, known: Mapping[Key, str], fid: int | None
) -> Iterator[DiscoveredPage]:
    """The windows of a thread's page, as far as they are not known in this state: `known`
    has the fingerprint that each was last asked for at."""
    posts = {post.pid: post for post in page.posts}
    for key in first_windows(page):
        fingerprint = _fingerprint(key, posts[key.item])
        if known.get(key) == fingerprint:
            continue
        yield DiscoveredPage(
            key=key,
            priority=WINDOW,
            again=True,
            fid=page.fid or fid,
            tid=page.tid or asked.item,
            listing_fingerprint=fingerprint,
        )


def next_comments(
    page: PostExtras, asked: Key, tid: int | None, fid: int | None
) -> Iterator[DiscoveredPage]:
    """The page of a post's comments after one of them."""
    if page.page != asked.page or page.page >= page.pages:
        return
    yield DiscoveredPage(
        key=Key("comments", asked.item, asked.page + 1),
        priority=WINDOW,
        again=True,
        fid=fid,
        tid=tid,
    )


def _has_more_ratings(post: Post) -> bool:
    people = {(rating.author, rating.uid) for rating in post.ratings}
    return (post.ratings_total or 0) > len(people)


def _has_more_comments(post: Post) -> bool:
    return (post.comments_total or 0) > len(post.comments)


def _fingerprint(key: Key, post: Post) -> str:
    """What a thread's page says of a post's ratings or comments, without their times: these
    may be printed as `5 分钟前`."""
    if key.kind == "ratings":
        shown = [
            (rating.author, rating.credit, rating.score, rating.reason)
            for rating in post.ratings
        ]
        text = repr((post.ratings_total, shown))
    else:
        said = [(comment.author, comment.text) for comment in post.comments]
        text = repr((post.comments_total, said))
    digest = hashlib.blake2b(text.encode(), digest_size=_DIGEST_BYTES)
    return digest.hexdigest()
