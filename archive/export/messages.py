"""Messages of exported posts: cleaned as the browser's pages show them, their links leading to
posts of the same file or to the forum, their pictures told apart for who puts them in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from markupsafe import Markup

from archive.export.job import ChosenThread, Job
from archive.reading.chosen import rows_of_numbers
from archive.warc.captures import Captures
from archive.web.archive_source import ArchiveSource
from archive.web.links import links_of
from archive.web.media import picture_type
from archive.web.message import as_text
from archive.web.shown_posts import Link, ShownFile, ShownPost, shown_posts
from archive.web.values import PageRequest
from scraper.addresses.urls import absolute
from scraper.core.errors import StorageError

_OUR_PAGE: Final = "/f/"
_PICTURE: Final = re.compile(r'<img (?:(?!src=)[^<>])*+src="/-/media/(\d+)"[^<>]*+>')
_KEPT: Final = re.compile(r"/-/media/(\d+)")
LOST: Final = Markup('<span class="away">［图片已丢失］</span>')
_LOST_WORDS: Final = "pictures whose WARC record is lost, or that are none"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that the archive holds: its capture, its bytes and their type."""

    capture_id: int
    body: bytes
    content_type: str


Put = Callable[[Picture], Markup]
"""A picture → what stands for it in a message."""


def shown_in_file(
    job: Job, chosen: ChosenThread, *, has_anchors: bool = True
) -> Iterator[ShownPost]:
    """The posts of a thread, cleaned. `has_anchors`: links to posts of the same thread lead
    to `#p` and the row of the post."""
    request = PageRequest(source=ArchiveSource(job.conn))
    link = _link(job, chosen, has_anchors)
    for posts in job.posts(chosen.post_ids):
        for post in posts:
            (shown,) = shown_posts(
                request,
                chosen.forum,
                [post],
                link,
            )
            if shown.whole:  # too long to be parsed: all of its words
                shown = replace(shown, message=as_text(post.text))
            yield shown


def with_pictures(job: Job, message: Markup, put: Put) -> Markup:
    """A message with its pictures put in."""

    def replaced(found: re.Match[str]) -> str:
        capture_id = int(found[1])
        return _put(job, capture_id, put)

    # no value of an attribute holds a quotation mark, and no words a `<`: tags alone fit
    source = str(message)
    replaced_source = _PICTURE.sub(replaced, source)
    return Markup(replaced_source)


def is_beside_message(shown: ShownPost, file: ShownFile) -> bool:
    """Whether a file is a picture that the archive holds and the message does not show."""
    if not file.here or not file.file.image:
        return False
    quoted = f'"{file.here}"'
    return quoted not in shown.message


def picture_at(job: Job, here: str, put: Put) -> Markup:
    """A picture that hangs on a post, by where the browser's pages have it."""
    found = _KEPT.fullmatch(here)
    if found is None:
        return Markup("")
    capture_id = int(found[1])
    return _put(job, capture_id, put)


def _put(job: Job, capture_id: int, put: Put) -> Markup:
    picture = _read(job, capture_id)
    if picture is None:
        job.told[_LOST_WORDS] += 1
        return LOST
    job.told["pictures"] += 1
    return put(picture)


def _read(job: Job, capture_id: int) -> Picture | None:
    """A picture; None where it is lost, or is none that browsers show."""
    captures = Captures(job.conn)
    try:
        capture = captures.read(capture_id)
    except (StorageError, OSError):
        return None
    body = capture.body
    content_type = picture_type(body)
    if not content_type:
        return None
    return Picture(
        capture_id,
        body,
        content_type,
    )


def _link(job: Job, chosen: ChosenThread, has_anchors: bool) -> Link:
    on_page = {}
    if has_anchors:
        on_page = rows_of_numbers(job.conn, chosen.post_ids)
    links = links_of(job.conn, chosen.forum, on_page)

    def link(href: str) -> str:
        found = links.resolve(href)
        if found.startswith(_OUR_PAGE):
            return absolute(chosen.forum.base_url, href)
        return found

    return link
