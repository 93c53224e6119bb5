"""EPUB 3: a thread as a book, its chapters twenty floors each, or one for each post of its
opener (只看楼主: how novels are kept)."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, Final
from uuid import NAMESPACE_URL, uuid5

from markupsafe import Markup

from archive.export.book_file import BookFile, BookPicture, Chapter
from archive.export.form import Form, Part
from archive.export.job import ChosenThread, Job
from archive.export.messages import (
    Picture,
    is_beside_message,
    picture_at,
    shown_in_file,
    with_pictures,
)
from archive.export.tables import stamp_of
from archive.export.templates import render
from archive.export.words import (
    hanging_lines,
    head_of,
    remarks_of,
    thread_lines,
)
from archive.export.xhtml import to_xhtml
from archive.reading.posts import ThreadPost
from archive.web.shown_posts import ShownPost
from scraper.core.errors import InputError

_FLOORS: Final = 20
"""Posts of a chapter."""
_TITLE_CHARS: Final = 30
_COVER_CHARS: Final = 10
_COVER_LINES: Final = 5
_EPOCH: Final = "1970-01-01T00:00:00Z"
_SUFFIXES: Final = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif"}
"""Pictures that every reader of books shows (EPUB 3.2, core media types)."""
_OTHER_PICTURE: Final = Markup("<span>［电子书不支持这种图片］</span>")
_UNSHOWN: Final = "pictures of kinds that books cannot show"


@dataclass(frozen=True, slots=True)
class _BookPost:
    """A post as a chapter has it."""

    post: ThreadPost
    head: str
    subject: str
    remarks: list[str]
    message: Markup
    pictures: list[Markup]
    lines: list[str]


class _Book:
    """A thread on its way into a book."""

    def __init__(self, job: Job, chosen: ChosenThread, out: BinaryIO) -> None:
        self._job = job
        self._chosen = chosen
        self._file = BookFile(out)
        self._is_by_post = bool(job.choice.only_opener or job.choice.author)
        self._size = 1 if self._is_by_post else _FLOORS
        self._chapter_of: dict[int, str] = {}
        for place, post_id in enumerate(chosen.post_ids):
            number = place // self._size
            self._chapter_of[post_id] = _chapter_file(number)

    def write(self) -> None:
        """All of it."""
        chosen = self._chosen
        self._write_cover()
        shown = shown_in_file(self._job, chosen)
        number = 0
        while posts := list(islice(shown, self._size)):
            self._write_chapter(number, posts)
            number += 1

        name = f"{chosen.forum.base_url} {chosen.name} {self._is_by_post}"
        identifier = uuid5(NAMESPACE_URL, name)
        self._file.close(
            identifier=identifier.urn,
            title=chosen.title,
            author=chosen.summary.author,
            forum=chosen.forum.title,
            url=chosen.url,
            date=stamp_of(chosen.summary.created_at),
            modified=stamp_of(chosen.thread.last_seen_at) or _EPOCH,
        )

    def _write_cover(self) -> None:
        chosen = self._chosen
        wrapped = textwrap.wrap(chosen.title, _COVER_CHARS)
        picture = render(
            "cover.svg",
            title_lines=wrapped[:_COVER_LINES],
            author=chosen.summary.author,
            forum=chosen.forum.title,
        )
        self._file.add("cover.svg", picture)
        page = render(
            "cover.xhtml",
            title=chosen.title,
            lines=thread_lines(chosen),
        )
        self._file.add("cover.xhtml", page)

    def _write_chapter(self, number: int, shown: list[ShownPost]) -> None:
        posts = [self._post(each) for each in shown]
        chapter = Chapter(
            file=_chapter_file(number),
            title=self._title(number, posts),
        )
        page = render(
            "chapter.xhtml",
            title=chapter.title,
            posts=posts,
        )
        self._file.add_chapter(chapter, page)

    def _title(self, number: int, posts: list[_BookPost]) -> str:
        first = posts[0].post
        if self._is_by_post:
            return _first_words(first) or f"{number + 1}"
        start = number * self._size + 1
        end = start + len(posts) - 1
        return f"{start}–{end}"

    def _post(self, shown: ShownPost) -> _BookPost:
        post = shown.post
        forum = self._chosen.forum
        lines = []
        for kind, line in hanging_lines(post, forum):
            lines.append(f"{kind}：{line}")
        pictures = []
        for file in shown.files:
            if is_beside_message(shown, file):
                picture = picture_at(self._job, file.here, self._put)
                pictures.append(picture)
        message = with_pictures(self._job, shown.message, self._put)
        return _BookPost(
            post=post,
            head=head_of(post, forum),
            subject="" if post.opening else post.subject,
            remarks=remarks_of(post, forum),
            message=to_xhtml(message, self._link),
            pictures=pictures,
            lines=lines,
        )

    def _put(self, picture: Picture) -> Markup:
        """A picture into the book."""
        suffix = _SUFFIXES.get(picture.content_type)
        if suffix is None:
            self._job.told[_UNSHOWN] += 1
            return _OTHER_PICTURE
        name = f"images/{picture.capture_id}.{suffix}"
        in_book = BookPicture(name, picture.content_type)
        self._file.add_picture(in_book, picture.body)
        return Markup('<img class="picture" alt="" src="{}"/>').format(name)

    def _link(self, anchor: str) -> str:
        """`#p17` → where that post is in the book."""
        digits = anchor.removeprefix("#p")
        if not digits.isdecimal():
            return ""
        file = self._chapter_of.get(int(digits))
        return f"{file}{anchor}" if file else ""


def _write(job: Job, out: BinaryIO) -> None:
    threads = job.threads()
    chosen = next(threads)
    if next(threads, None) is not None:
        raise InputError(
            "a book holds one thread, and several are chosen: name one with --thread, "
            "or a folder for a book each"
        )
    _Book(job, chosen, out).write()


def _parts(job: Job) -> Iterator[Part]:
    for chosen in job.threads():
        yield _part(job, chosen)


def _part(job: Job, chosen: ChosenThread) -> Part:
    def write(out: BinaryIO) -> None:
        book = _Book(job, chosen, out)
        book.write()

    return Part(f"{chosen.name}.epub", write)


def _chapter_file(number: int) -> str:
    return f"chapter-{number + 1}.xhtml"


def _first_words(post: ThreadPost) -> str:
    """What a chapter of one post is called: its title, else how it begins."""
    first, *_ = [*post.text.split("\n"), ""]
    words = post.subject or first.strip()
    return words[:_TITLE_CHARS]


FORM: Final = Form(
    summary="EPUB, a thread as a book",
    suffixes=(".epub",),
    write=_write,
    parts=_parts,
)
