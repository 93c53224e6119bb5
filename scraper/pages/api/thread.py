"""The JSON of a thread (module `viewthread`) and of one post's comments (`viewcomment`)."""

from __future__ import annotations

import re
from dataclasses import replace

from scraper.core.errors import PageError
from scraper.core.records import Post, PostExtras, ThreadPage
from scraper.markup.flat import plain
from scraper.markup.snapshot import Snapshot
from scraper.pages.api.messages import Dialect, dialect_of
from scraper.pages.api.posts import read_comments, read_post
from scraper.pages.api.special import best_pid, read_poll, special_of, thread_fields
from scraper.pages.api.values import (
    Map,
    count,
    first_of,
    flag,
    ident,
    mapping,
    number,
    rows,
    string,
    words,
)

_SOME_POSTS = re.compile(r"[?&](?:viewpid|authorid)=\d")


def read_thread(answer: Map, variables: Map, page: Snapshot) -> ThreadPage:
    """Read a thread; PageError where it has no post."""
    thread = mapping(variables.get("thread"))
    dialect = _dialect(answer, variables, page)
    posts = _posts(variables, dialect, page)
    if not posts:
        raise PageError("a thread in JSON without a single post that could be read")
    special = special_of(thread)
    price = ident(thread.get("price")) if not special else None
    here, pages = _place(variables, thread, posts, page)
    return ThreadPage(
        tid=ident(thread.get("tid"))
        or ident(rows(variables.get("postlist"))[0].get("tid")),
        fid=ident(first_of(thread, "fid")) or ident(variables.get("fid")),
        title=words(thread.get("subject")),
        page=here,
        pages=pages,
        special=special,
        closed=number(thread.get("closed")) == 1,
        sticky=(number(thread.get("displayorder")) or 0) > 0,
        digest=flag(thread.get("digest")),
        filtered=bool(_SOME_POSTS.search(page.url)),
        views=count(thread.get("views")),
        replies=count(first_of(thread, "allreplies", "replies")),
        price=price,
        read_level=ident(thread.get("readperm")),
        fields=thread_fields(variables, dialect.hooked),
        posts=posts,
    )


def read_remarks(answer: Map, variables: Map, page: Snapshot) -> PostExtras:
    """Read the comments of one post; PageError where the answer does not tell which."""
    pid = ident(variables.get("pid"))
    if pid is None:
        raise PageError("comments in JSON of no post")
    said = variables.get("comments")
    return PostExtras(
        tid=ident(variables.get("tid")),
        pid=pid,
        page=page.target.page if page.target else 1,
        comments=read_comments(mapping(said).get(str(pid)) or said, page.clock),
    )


def _dialect(answer: Map, variables: Map, page: Snapshot) -> Dialect:
    sources = [string(row.get("message")) for row in rows(variables.get("postlist"))]
    return dialect_of(
        number(answer.get("Version")),
        string(answer.get("Charset")) or page.encoding,
        sources,
    )


def _posts(variables: Map, dialect: Dialect, page: Snapshot) -> tuple[Post, ...]:
    """Each post once, as sticky replies may come again; the poll on the opening one, the
    best answer marked."""
    best, comments = best_pid(variables), mapping(variables.get("comments"))
    posts: dict[int | None, Post] = {}
    for row in rows(variables.get("postlist")):
        post = read_post(row, comments, page.clock, dialect)
        if post is None:
            continue
        if (
            known := posts.get(post.pid)
        ) is not None:  # a recommended reply has no floor (-1) but in its own place
            posts[post.pid] = (
                known if known.floor is not None else replace(known, floor=post.floor)
            )
            continue
        if flag(row.get("first")):
            post = _opening(post, variables, page)
        posts[post.pid] = replace(post, best_answer=True) if post.pid == best else post
    return tuple(posts.values())


def _opening(post: Post, variables: Map, page: Snapshot) -> Post:
    """The opening post with the thread's poll; of a thread to be paid for, what the author
    gives away."""
    free = (
        plain(string(mapping(variables.get("thread")).get("freemessage")))
        if post.withheld
        else ""
    )
    return replace(
        post,
        text=free or post.text,
        poll=read_poll(variables.get("special_poll"), page.fetched_at),
    )


def _place(
    variables: Map, thread: Map, posts: tuple[Post, ...], page: Snapshot
) -> tuple[int, int]:
    """This page's number and how many there are: the address may ask for more than there
    are, and gets the last."""
    size, replies = ident(variables.get("ppp")), count(thread.get("replies"))
    asked = page.target.page if page.target else 1
    if not size or replies is None:
        return asked, asked
    pages = max(1, -(-(replies + 1) // size))
    if page.target is None and posts[-1].floor and not flag(thread.get("ordertype")):
        asked = -(-posts[-1].floor // size)
    return min(asked, pages), pages
