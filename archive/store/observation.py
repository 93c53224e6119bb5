"""The circumstances in which a page shows posts: when, in which layout, to whom, how much of
them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from archive.store.layouts import rank_of
from archive.store.stamps import iso
from scraper.addresses.urls import parse_url
from scraper.core.census import POST_SPLIT
from scraper.core.records import Page, Post, ThreadPage

Reader: TypeAlias = Literal["", "guest", "member"]
"""Who looked; empty where the page does not say."""

_PART: Final = re.compile(r"[?&]cp=\d")
_ALL_PARTS: Final = re.compile(r"[?&]cp=all\b")


@dataclass(frozen=True, slots=True)
class Observation:
    """The circumstances of a page: when it was captured (stored form), how full its layout
    is, which capture it is.

    `filtered`: one author's posts, or another order, so its floors are its own; `part`: it
    shows one part of its opening post, which the author split; `all_parts`: it was asked for
    all of them (`cp=all`); `fileless`: its reader may not see files; `saved`: a browser
    saved it.
    """

    at: str
    rank: int
    capture_id: int | None = None
    filtered: bool = False
    part: bool = False
    all_parts: bool = False
    reader: Reader = ""
    fileless: bool = False
    saved: bool = False


def observe(page: Page, content: ThreadPage, capture_id: int | None) -> Observation:
    """The circumstances of a thread's page."""
    return Observation(
        at=iso(page.captured_at) or "",
        rank=rank_of(page.theme),
        capture_id=capture_id,
        filtered=is_filtered(page, content),
        part=_shows_part(page),
        all_parts=bool(_ALL_PARTS.search(page.url)),
        reader=_reader_of(page),
        fileless=page.hides_files,
        saved=page.is_saved_copy,
    )


def is_filtered(page: Page, content: ThreadPage) -> bool:
    """Whether a page shows one author's posts, or another order: floors and places are then
    its own."""
    if content.filtered:
        return True
    target = parse_url(page.url)
    return target is not None and target.partial


def _shows_part(page: Page) -> bool:
    if _PART.search(page.url):
        return True
    return any(warning.kind == POST_SPLIT for warning in page.warnings)


def _reader_of(page: Page) -> Reader:
    if page.reader_uid is None:
        return ""
    return "member" if page.reader_uid else "guest"


def opening_of(page: Page, content: ThreadPage) -> Post | None:
    """The post that opens the thread, where the page shows it: floor 1, or the first of a
    first page in usual order."""
    first = content.posts[0]
    for post in content.posts:
        if post.floor == 1:
            first = post
            break
    if first.floor is not None:
        is_opening = first.floor == 1 and not content.filtered
    else:
        is_opening = content.page == 1 and not is_filtered(page, content)
    return first if is_opening else None
