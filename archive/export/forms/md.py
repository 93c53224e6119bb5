"""Markdown: a thread as a file, a heading for each post."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from archive.export.by_thread import ListedThread, TextForm
from archive.export.form import Form
from archive.export.job import ChosenThread, Job
from archive.export.words import (
    hanging_lines,
    head_of,
    remarks_of,
    thread_lines,
)
from archive.plain import plain
from archive.reading.chosen import load_markdown
from archive.reading.forums import Forum
from archive.reading.posts import ThreadPost

_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>#|~&])")
_TAG: Final = re.compile(r"<(?=[a-zA-Z/!?])(?!https?://)")
_FENCE: Final = re.compile(r" {0,3}(`{3,}|~{3,})")
_ADDRESS: Final = re.compile(r"https?://[^\s<>]+")


def _thread(job: Job, chosen: ChosenThread) -> Iterator[str]:
    yield f"# {_line(chosen.title)}\n\n"
    for line in thread_lines(chosen):
        yield f"- {_line(line)}\n"
    yield "\n"
    for posts in job.posts(chosen.post_ids):
        markdowns = load_markdown(job.conn, [post.id for post in posts])
        for post in posts:
            message = markdowns.get(post.id) or _words_of(post)
            yield from _post(post, message, chosen.forum)


def _post(post: ThreadPost, message: str, forum: Forum) -> Iterator[str]:
    yield f"## {_line(head_of(post, forum))}\n\n"
    for remark in remarks_of(post, forum):
        yield f"*〔{_line(remark)}〕*\n\n"
    if post.subject and not post.opening:
        yield f"**{_line(post.subject)}**\n\n"
    yield f"{_without_tags(message)}\n\n"
    below = list(hanging_lines(post, forum))
    for kind, line in below:
        yield f"- {kind}：{_line(line)}\n"
    if below:
        yield "\n"


def _words_of(post: ThreadPost) -> str:
    """The words of a post that is not here as Markdown, each line one of its own."""
    lines = [_line(line) for line in post.text.splitlines()]
    return "  \n".join(lines)


def _without_tags(message: str) -> str:
    """A message in which no reader of Markdown finds HTML of a stranger's, and whose code
    ends with it."""
    lines = []
    fence = ""
    for line in plain(message).strip().splitlines():
        found = _FENCE.match(line)
        if not fence and found:
            fence = found[1]
        elif fence and line.strip().startswith(fence):
            fence = ""
        elif not fence:
            line = _TAG.sub("&lt;", line)
        lines.append(line)
    if fence:
        lines.append(fence)
    return "\n".join(lines)


def _line(text: str) -> str:
    """Words that mean themselves, on one line; an address leads where it says."""
    if _ADDRESS.fullmatch(text):
        return f"<{text}>"
    one_line = " ".join(plain(text).split())
    return _SPECIAL.sub(r"\\\1", one_line)


def _contents(listed: list[ListedThread]) -> Iterator[str]:
    for each in listed:
        yield f"- [{_line(each.title)}]({each.file})  \n  {_line(each.words)}\n"


_TEXT: Final = TextForm(
    suffix=".md",
    thread=_thread,
    contents=_contents,
)
FORM: Final = Form(
    summary="Markdown",
    suffixes=(".md",),
    write=_TEXT.write,
    parts=_TEXT.parts,
)
