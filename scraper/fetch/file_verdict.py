"""Is an answer the picture, file, style sheet or script that was asked for? Pure judgements,
as `verdict` has them for pages."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from scraper.core.records import Capture
from scraper.core.requisites import RequisiteKind
from scraper.fetch.values import Failure
from scraper.fetch.verdict import (
    GONE,
    HEAD_BYTES,
    HTML_START,
    failure,
    is_redirect_or_unchanged,
    status_failure,
)

_PICTURES: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM")
_ICON: Final = b"\0\0\1\0"
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_OF_PICTURE: Final = ("image/",)
_NO_WORDS: Final = ("image/", "audio/", "video/", "font/")
_OF_FONT: Final = ("font/", "application/")


def media_type_fits(capture: Capture, allowed: tuple[str, ...]) -> bool:
    """Whether a file is of a wanted type, by its header, or by its first bytes where it is
    a picture."""
    head = capture.body[:HEAD_BYTES]
    is_webp = head[8:12] == b"WEBP"
    if is_webp or head.startswith(_PICTURES):
        return any("image/".startswith(prefix) for prefix in allowed)

    content_type = capture.header("content-type")
    media_type = content_type.partition(";")[0]
    if not media_type.strip().lower().startswith(allowed):
        return False
    return HTML_START.search(head) is None


def judge_media(
    capture: Capture, now: datetime, allowed: tuple[str, ...]
) -> Failure | None:
    """Why a capture is not the file that was asked for; None where it is, or is gone (404, 410)."""
    if is_redirect_or_unchanged(capture) or capture.status in GONE:
        return None

    found = status_failure(capture, False, now)
    if found is not None:
        return found
    if not capture.body:
        return failure(capture, "empty", "an empty file", transient=True)
    if media_type_fits(capture, allowed):
        return None

    return _wrong_type(capture)


def judge_requisite(
    capture: Capture, now: datetime, kind: RequisiteKind
) -> Failure | None:
    """Why a capture is not the style sheet, script, picture or font that was asked for; None
    where it is, or is gone (404, 410). Servers name types of sheets and scripts in many ways:
    a page in their place shows by its first character."""
    if is_redirect_or_unchanged(capture) or capture.status in GONE:
        return None

    found = status_failure(capture, False, now)
    if found is not None:
        return found
    return None if _is_of_kind(capture, kind) else _wrong_type(capture)


def _is_of_kind(capture: Capture, kind: RequisiteKind) -> bool:
    match kind:
        case "picture" | "thumb":
            is_icon = capture.body.startswith(_ICON)
            return is_icon or media_type_fits(capture, _OF_PICTURE)
        case "font":
            return media_type_fits(capture, _OF_FONT)
    content_type = capture.header("content-type").strip().lower()
    if content_type.startswith(_NO_WORDS):
        return False
    text = capture.body.removeprefix(_BYTE_ORDER_MARK)[:HEAD_BYTES]
    return not text.lstrip().startswith(b"<")


def _wrong_type(capture: Capture) -> Failure:
    kind = capture.header("content-type") or "a type that is not named"
    return failure(capture, "wrong_type", f"not a file that is kept: {kind[:80]}")
