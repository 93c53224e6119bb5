"""HTML in one file, its pictures inside: cleaned as the browser's pages are, without scripts,
and nothing is loaded from elsewhere."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from archive.export.by_thread import ListedThread, TextForm
from archive.export.form import Form
from archive.export.job import ChosenThread, Job
from archive.export.messages import (
    Picture,
    is_beside_message,
    picture_at,
    shown_in_file,
    with_pictures,
)
from archive.export.templates import render
from archive.export.words import (
    comment_lines,
    file_words,
    head_of,
    poll_lines,
    rating_lines,
    remarks_of,
    thread_lines,
)
from archive.reading.forums import Forum
from archive.web.shown_posts import ShownFile, ShownPost

_TITLE: Final = "论坛存档"
_ADDRESSES: Final = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class _File:
    """A file that hangs on a post: what is said of it, its address on the forum, and the
    picture that it is, where it is one and not in the message."""

    words: str
    address: str
    picture: Markup


def _begin(_job: Job) -> Iterator[str]:
    begin = render("begin.html", title=_TITLE)
    yield begin


def _end(_job: Job) -> Iterator[str]:
    end = render("end.html")
    yield end


def _thread(job: Job, chosen: ChosenThread) -> Iterator[str]:
    lines = thread_lines(chosen)
    yield render(
        "thread.html",
        chosen=chosen,
        lines=lines,
    )
    for shown in shown_in_file(job, chosen):
        yield _post(job, shown, chosen.forum)


def _post(job: Job, shown: ShownPost, forum: Forum) -> str:
    post = shown.post
    files = []
    for file in shown.files:
        hanging = _file(job, shown, file)
        files.append(hanging)
    poll = []
    if post.poll:
        poll = poll_lines(post.poll)
    return render(
        "post.html",
        post=post,
        head=head_of(post, forum),
        remarks=remarks_of(post, forum),
        message=with_pictures(job, shown.message, _as_data),
        poll=poll,
        files=files,
        ratings=rating_lines(post),
        comments=comment_lines(post, forum),
    )


def _file(job: Job, shown: ShownPost, file: ShownFile) -> _File:
    picture = Markup("")
    if is_beside_message(shown, file):
        picture = picture_at(job, file.here, _as_data)
    address = file.address
    if not address.startswith(_ADDRESSES):
        address = ""
    return _File(
        words=file_words(file.file),
        address=address,
        picture=picture,
    )


def _as_data(picture: Picture) -> Markup:
    """A picture within the page (RFC 2397)."""
    encoded = base64.b64encode(picture.body)
    data = encoded.decode("ascii")
    address = f"data:{picture.content_type};base64,{data}"
    tag = Markup('<img class="picture" alt="" src="{}">')
    return tag.format(address)


def _contents(listed: list[ListedThread]) -> Iterator[str]:
    yield render("begin.html", title=_TITLE)
    yield render(
        "contents.html",
        title=_TITLE,
        listed=listed,
    )
    yield render("end.html")


_TEXT: Final = TextForm(
    suffix=".html",
    thread=_thread,
    contents=_contents,
    begin=_begin,
    end=_end,
)
FORM: Final = Form(
    summary="HTML, its pictures inside",
    suffixes=(".html", ".htm"),
    write=_TEXT.write,
    parts=_TEXT.parts,
)
