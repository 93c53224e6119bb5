"""The JSON of a thread (module `viewthread`) and of one post's comments (`viewcomment`)."""

from __future__ import annotations

import re
from dataclasses import replace

from scraper.core.errors import PageError
from scraper.core.records import Post, PostExtras, ThreadPage
from scraper.markup.flat import plain
from scraper.markup.snapshot import Snapshot
from scraper.pages.api.messages import Dialect, dialect_of
from scraper.pages.api.paging import asked_page, pages_of
from scraper.pages.api.posts import read_comments, read_post
from scraper.pages.api.special import best_pid, read_poll, special_of, thread_fields
from scraper.pages.api.values import (
    JsonMap,
    count,
)

_SOME_POSTS = re.compile(r"[?&](?:viewpid|authorid)=\d")


def read_thread(answer: JsonMap, variables: JsonMap, page: Snapshot) -> ThreadPage:
    """Read a thread; PageError where it has no post."""
    thread = variables.map("thread")
    dialect = _dialect(answer, variables, page)
    posts = _posts(variables, dialect, page)
    if not posts:
        raise PageError("a thread in JSON without a single post that could be read")

    special = special_of(thread)
    display_order = thread.number("displayorder") or 0
    here, pages = _page_numbers(variables, thread, posts, page)
    return ThreadPage(
        tid=_tid(variables, thread),
        fid=thread.ident("fid") or variables.ident("fid"),
        title=thread.words("subject"),
        page=here,
        pages=pages,
        special=special,
        closed=thread.number("closed") == 1,
        sticky=display_order > 0,
        digest=thread.flag("digest"),
        filtered=bool(_SOME_POSTS.search(page.url)),
        views=thread.count("views"),
        replies=count(thread.first("allreplies", "replies")),
        price=None if special else thread.ident("price"),
        read_level=thread.ident("readperm"),
        fields=thread_fields(variables, dialect.hooked),
        posts=posts,
    )


def read_comments_page(
    answer: JsonMap, variables: JsonMap, page: Snapshot
) -> PostExtras:
    """Read the comments of one post; PageError where the answer does not tell which."""
    pid = variables.ident("pid")
    if pid is None:
        raise PageError("comments in JSON of no post")

    comments = variables.get("comments")
    of_this_post = variables.map("comments").get(str(pid))
    return PostExtras(
        tid=variables.ident("tid"),
        pid=pid,
        page=asked_page(page),
        comments=read_comments(of_this_post or comments, page.clock),
    )


def _tid(variables: JsonMap, thread: JsonMap) -> int | None:
    tid = thread.ident("tid")
    if tid is not None:
        return tid
    first, *_ = variables.rows("postlist")
    return first.ident("tid")


def _dialect(answer: JsonMap, variables: JsonMap, page: Snapshot) -> Dialect:
    sources = []
    for row in variables.rows("postlist"):
        source = row.string("message")
        sources.append(source)

    version = answer.number("Version")
    charset = answer.string("Charset") or page.encoding
    return dialect_of(version, charset, sources)


def _posts(variables: JsonMap, dialect: Dialect, page: Snapshot) -> tuple[Post, ...]:
    """Each post once, as sticky replies may come again; the poll on the opening one, the
    best answer marked."""
    best = best_pid(variables)
    comments = variables.map("comments")
    comment_counts = variables.map("commentcount")
    posts: dict[int | None, Post] = {}
    for row in variables.rows("postlist"):
        post = read_post(
            row,
            comments,
            comment_counts,
            page.clock,
            dialect,
        )
        if post is None:
            continue

        known = posts.get(post.pid)
        if known is not None:
            posts[post.pid] = _with_floor(known, post.floor)
            continue

        if row.flag("first"):
            post = _opening(post, variables, page)
        if post.pid == best:
            post = replace(post, best_answer=True)
        posts[post.pid] = post
    return tuple(posts.values())


def _with_floor(post: Post, floor: int | None) -> Post:
    """A post with the floor of its own place, where it has none: a recommended reply is
    printed before the others, too, and there its floor is -1."""
    if post.floor is not None:
        return post
    return replace(post, floor=floor)


def _opening(post: Post, variables: JsonMap, page: Snapshot) -> Post:
    """The opening post with the thread's poll; of a thread to be paid for, what the author
    gives away."""
    poll = read_poll(variables.map("special_poll"), page.fetched_at)
    post = replace(post, poll=poll)
    if not post.withheld:
        return post

    thread = variables.map("thread")
    free = plain(thread.string("freemessage"))
    return replace(post, text=free or post.text)


def _page_numbers(
    variables: JsonMap, thread: JsonMap, posts: tuple[Post, ...], page: Snapshot
) -> tuple[int, int]:
    """This page's number and how many there are: the address may ask for more than there
    are, and gets the last."""
    here = asked_page(page)
    size = variables.ident("ppp")
    replies = thread.count("replies")
    if size is None or replies is None:
        return here, here

    newest_first = thread.flag("ordertype")
    last_floor = posts[-1].floor
    if page.target is None and last_floor and not newest_first:
        here = pages_of(last_floor, size)

    pages = pages_of(replies + 1, size)
    return min(here, pages), pages
