"""Whether a capture may be a page at all, and what it is where it is none."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from archive.intake.file_kinds import DOCUMENTS, ERRORS, ROBOTS, TEXTS, kind_of_type
from scraper.addresses.urls import parse_url
from scraper.core.errors import PageError
from scraper.core.records import Capture, Page, Unknown

_PAGES: Final = (
    "text/",
    "application/json",
    "application/xml",
    "application/xhtml",
    "application/rss",
    "application/atom",
)
_MARKUP: Final = ("text/html", "application/xhtml")
_PAGES_OF_FORUM: Final = ("board", "thread", "post")
_FIRST_ERROR_STATUS: Final = 400
_NO_PAGES: Final = ("text/css", "text/javascript", "text/calendar")


def may_be_page(capture: Capture) -> bool:
    """Whether a capture may be a page, by its address, its type and what the server says
    is to be done with it."""
    if _is_robots(capture) or _is_download(capture):
        return False
    content_type = capture.header("content-type").strip().lower()
    is_redirect = 300 <= capture.status < 400
    if is_redirect or not content_type:
        return True
    if content_type.startswith(_NO_PAGES):
        return False
    return content_type.startswith(_PAGES)


def kind_of(capture: Capture) -> str:
    """What a capture is that is no page."""
    if _is_robots(capture):
        return ROBOTS
    if _is_download(capture):
        return DOCUMENTS
    return kind_of_type(capture.header("content-type"))


def _is_robots(capture: Capture) -> bool:
    return urlsplit(capture.url).path == "/robots.txt"


def _is_download(capture: Capture) -> bool:
    disposition = capture.header("content-disposition")
    return disposition.strip().lower().startswith("attachment")


def kind_of_foreign(capture: Capture) -> str:
    """What a capture is that is not of Discuz!, and could not have been a page of a forum;
    empty where it could: a server's error where a thread should have been, say."""
    if capture.status >= _FIRST_ERROR_STATUS:
        target = parse_url(capture.url)
        is_lost = target is not None and target.kind in _PAGES_OF_FORUM
        return "" if is_lost else ERRORS
    content_type = capture.header("content-type").strip().lower()
    return "" if content_type.startswith(_MARKUP) else TEXTS


def unknown_software(page: Page | PageError) -> Unknown | None:
    """What a page says that is not one of Discuz!; None where it is."""
    if isinstance(page, PageError) or page.software:
        return None
    return page.content if isinstance(page.content, Unknown) else None
