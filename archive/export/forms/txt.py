"""Plain text that reads well on anything: a thread as a file, posts one below the other."""

from __future__ import annotations

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
from archive.reading.forums import Forum
from archive.reading.posts import ThreadPost

_RULE: Final = "=" * 72
_POST_RULE: Final = "-" * 72


def _thread(job: Job, chosen: ChosenThread) -> Iterator[str]:
    lines = [_RULE, chosen.title, *thread_lines(chosen), _RULE, ""]
    yield _text(lines)
    for posts in job.posts(chosen.post_ids):
        for post in posts:
            yield _text(_post(post, chosen.forum))


def _post(post: ThreadPost, forum: Forum) -> Iterator[str]:
    yield head_of(post, forum)
    for remark in remarks_of(post, forum):
        yield f"〔{remark}〕"
    if post.subject and not post.opening:
        yield f"【{post.subject}】"
    yield ""
    for quote in post.quotes:
        quoted = f"{quote.author}：{quote.text}" if quote.author else quote.text
        for line in quoted.splitlines():
            yield f"> {line}"
        yield ""
    yield post.text.strip()
    for url in post.images:
        yield f"[图片] {url}"
    for kind, line in hanging_lines(post, forum):
        yield f"[{kind}] {line}"
    yield ""
    yield _POST_RULE


def _contents(listed: list[ListedThread]) -> Iterator[str]:
    for each in listed:
        lines = [each.title, f"    {each.words}", f"    {each.file}", ""]
        yield _text(lines)


def _text(lines: Iterator[str] | list[str]) -> str:
    return "".join(f"{plain(line)}\n" for line in lines)


_TEXT: Final = TextForm(
    suffix=".txt",
    thread=_thread,
    contents=_contents,
)
FORM: Final = Form(
    summary="plain text",
    suffixes=(".txt",),
    write=_TEXT.write,
    parts=_TEXT.parts,
)
