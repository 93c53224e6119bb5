"""The best answer of a reward thread, which the opening post repeats in a box of its own."""

from __future__ import annotations

import re
from dataclasses import replace

from selectolax.lexbor import LexborNode

from scraper.core.records import Field, Post
from scraper.markup.html import words
from scraper.pages.desktop.ratings import user_of

_BEST_PID = re.compile(r"goto=findpost[^'\"<>]{0,80}[?&;]pid=(\d{1,18})")


def mark_best_answer(posts: list[Post], box: LexborNode) -> None:
    """Mark the post that the box repeats: by its number, else by author and words."""
    markup = (box.html or "").replace("&amp;", "&")
    found = _BEST_PID.search(markup)
    best_pid = int(found[1]) if found else None
    author, uid = user_of(box)
    text = _without_space(_answer_in(box))

    for index, post in enumerate(posts):
        if best_pid is not None:
            is_best = post.pid == best_pid
        else:
            is_same_author = post.author == author or (uid and post.uid == uid)
            is_best = bool(
                text and is_same_author and _without_space(post.text) == text
            )
        if is_best:
            posts[index] = replace(post, best_answer=True)


def best_answer_elsewhere(box: LexborNode, posts: list[Post]) -> tuple[Field, ...]:
    """The best answer as a detail of the thread, where its post is not on the page."""
    if any(post.best_answer for post in posts):
        return ()
    text = _answer_in(box)
    if not text:
        return ()
    author, _ = user_of(box)
    return (Field(name="最佳答案", value=f"{author}: {text}"),)


def _answer_in(box: LexborNode) -> str:
    """The words of the best answer; in 6.0 the box has the message's own class."""
    for node in box.css(".t_msgfont, .mtn"):
        if node.mem_id != box.mem_id:
            return words(node)
    return ""


def _without_space(text: str) -> str:
    return "".join(text.split())
