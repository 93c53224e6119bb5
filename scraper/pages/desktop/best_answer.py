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
    best_pid = _pid_in(box)
    answer = _answer_in(box)
    for index, post in enumerate(posts):
        is_best = post.pid == best_pid
        if best_pid is None:
            is_best = _is_same(post, answer)
        if is_best:
            posts[index] = replace(post, best_answer=True)


def best_answer_elsewhere(box: LexborNode, posts: list[Post]) -> tuple[Field, ...]:
    """The best answer as a detail of the thread, where its post is not on the page."""
    if any(post.best_answer for post in posts):
        return ()
    answer = _answer_in(box)
    if not answer.text:
        return ()
    value = f"{answer.author}: {answer.text}"
    field = Field(name="最佳答案", value=value)
    return (field,)


def _pid_in(box: LexborNode) -> int | None:
    markup = box.html or ""
    markup = markup.replace("&amp;", "&")
    found = _BEST_PID.search(markup)
    return int(found[1]) if found else None


def _answer_in(box: LexborNode) -> Post:
    """Author and words of the best answer; in 6.0 the box has the message's own class."""
    author, uid = user_of(box)
    text = ""
    for node in box.css(".t_msgfont, .mtn"):
        if node.mem_id != box.mem_id:
            text = words(node)
            break
    return Post(
        author=author,
        uid=uid,
        text=text,
    )


def _is_same(post: Post, answer: Post) -> bool:
    has_same_uid = answer.uid is not None and answer.uid == post.uid
    if post.author != answer.author and not has_same_uid:
        return False
    text = _without_space(answer.text)
    return text != "" and _without_space(post.text) == text


def _without_space(text: str) -> str:
    return "".join(text.split())
