"""Is an answer the page that was asked for? A pure judgement; what is not becomes a failure
with a name.

From the outside in: shields, status, anti-flood page, system error, somebody else's page,
notice, login. Most looks are at bytes: only a page that shows no sign of the forum, or is a
notice, is decoded.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from scraper.core.records import Capture
from scraper.fetch.cookies import check_login
from scraper.fetch.values import Failure, FailureReason
from scraper.markup.decode import decode
from scraper.markup.snapshot import take_snapshot
from scraper.policy.politeness import retry_after_s
from scraper.themes import notice
from scraper.themes.challenge import find_challenge

_SURE_SIGNS: Final = (
    b"Discuz!",
    b"Comsenz",
    b"discuz_uid",
    b"postmessage_",
    b"STYLEID",
    b"cookiepre",
)
_LIKELY_SIGNS: Final = (
    b"formhash",
    b"viewthread",
    b"forumdisplay",
    b"forum.php",
    b"archiver/",
    b"messagetext",
    b"normalthread_",
    b"space-uid-",
    b"jump_c",
)
_NOTICE_SIGNS: Final = (
    b'id="messagetext"',
    b'class="jump_c"',
    b'class="box message"',
    b'class="alert_error"',
)
_HEAD_BYTES: Final = 2_000
_NOTICE_BYTES: Final = 120_000
_ERROR_BYTES: Final = 30_000
_EVASIVE_REST_S: Final = 1.1  # `attackevasive` allows one request a second
_GONE: Final = (404, 410)
# Discuz!'s error pages (class_error.php; db_mysql_error.inc.php), with status 200 on older
# versions.
_SYSTEM_ERROR = re.compile(
    rb"<h1>Discuz! (?:System|Database) Error</h1>|<title>[^<]* - (?:System|Database) Error<"
    rb"|\A.{0,500}<(?:b|strong)>Discuz! info</",
    re.S,
)
_HTML = re.compile(rb"<html|<!doctype html", re.I)
_END = re.compile(rb"</html", re.I)
_CONTROLS: Final = bytes(set(range(32)) - set(b"\t\n\v\f\r")) + b"\x7f"
_CONTROL = re.compile(rb".{0,8}?[\x00-\x08\x0e-\x1f\x7f]", re.S)
_REPLACED = re.compile("[^\ufffd]{0,6}\ufffd")
_ESCAPED = re.compile("[^\udc80-\udcff]{0,6}[\udc80-\udcff]")
_UID_AT: Final = b"discuz_uid"
_UID_SPAN: Final = 60


def judge(
    capture: Capture, now: datetime, login: bool = False, uid: int | None = None
) -> Failure | None:
    """Why a capture is not the page that was asked for; None where it is. Redirects and 304
    are not judged.

    With `login` a page that says who reads it must show a member, and the one of `uid`
    where that is known.
    """
    if 300 <= capture.status < 400:
        return None
    ours = is_ours(capture)
    return (
        (None if ours else _challenge(capture))
        or _status(capture, ours, now)
        or _bytes(capture, ours)
        or _closed(capture)
        or (_login(capture, uid) if login else None)
    )


def is_ours(capture: Capture) -> bool:
    """Whether anything in a page says that a Discuz! forum made it; the address that was
    asked for does not count."""
    body = capture.body
    if any(sign in body for sign in _SURE_SIGNS):
        return True
    address = urlsplit(capture.url)
    asked = f"{address.path}?{address.query}" if address.query else address.path
    rest = body.replace(asked.encode(), b"") if len(asked) > 1 else body
    return any(sign in rest for sign in _LIKELY_SIGNS)


def uid_of(capture: Capture) -> int | None:
    """The member whom a page shows as logged in: 0 for a guest, None where it does not say."""
    at = capture.body.find(_UID_AT)
    return (
        check_login(capture.body[at : at + _UID_SPAN].decode("ascii", "replace"))
        if at >= 0
        else None
    )


def breaks(capture: Capture) -> frozenset[str | bytes]:
    """Where a page's text is broken: bytes that mean nothing, control characters, each with
    what stands before it.

    Forums have such places of their own (subjects cut in the middle of a character): those
    are the same at every look.
    """
    body = capture.body
    controls = (
        _CONTROL.findall(body)
        if len(body.translate(None, _CONTROLS)) < len(body)
        else []
    )
    try:
        body.decode("utf-8")
        return frozenset(controls)
    except UnicodeDecodeError:
        text, encoding = decode(body, capture.header("content-type"))
    if encoding == "utf-16":
        return frozenset()
    if (
        encoding == "utf-8"
    ):  # U+FFFD itself may be what a member wrote, or an earlier move of the forum did
        return frozenset(
            [*controls, *_ESCAPED.findall(body.decode("utf-8", "surrogateescape"))]
        )
    return frozenset([*controls, *_REPLACED.findall(text)])


def damage(found: frozenset[str | bytes]) -> int:
    """How bad breaks are together: control characters are rarer in forums than half
    characters, and count threefold."""
    return sum(3 if isinstance(one, bytes) else 1 for one in found)


def media_type_fits(capture: Capture, allowed: tuple[str, ...]) -> bool:
    """Whether a file is of a wanted type, by its header, or by its first bytes where it is
    a picture."""
    kind = capture.header("content-type").partition(";")[0].strip().lower()
    head = capture.body[:16]
    picture = (
        head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM"))
        or head[8:12] == b"WEBP"
    )
    if picture:
        return any("image/".startswith(prefix) for prefix in allowed)
    return kind.startswith(allowed) and _HTML.search(capture.body[:_HEAD_BYTES]) is None


def judge_media(
    capture: Capture, now: datetime, allowed: tuple[str, ...]
) -> Failure | None:
    """Why a capture is not the file that was asked for; None where it is, or is gone (404, 410)."""
    if 300 <= capture.status < 400 or capture.status in _GONE:
        return None
    if found := _status(capture, False, now):
        return found
    if not capture.body:
        return failure(capture, "empty", "an empty file", transient=True)
    if not media_type_fits(capture, allowed):
        kind = capture.header("content-type") or "a type that is not named"
        return failure(capture, "wrong_type", f"not a file that is kept: {kind[:80]}")
    return None


def failure(
    capture: Capture,
    reason: FailureReason,
    message: str,
    *,
    transient: bool = False,
    rest_s: float | None = None,
) -> Failure:
    """A failure that keeps what came instead of the page."""
    return Failure(
        url=capture.url,
        reason=reason,
        message=message,
        transient=transient,
        retry_after_s=rest_s,
        capture=capture,
    )


def _challenge(capture: Capture) -> Failure | None:
    found = find_challenge(take_snapshot(capture))
    if found is None or found.name == "empty":
        return None
    if found.evasive and found.reason == "throttled":
        return failure(
            capture, "throttled", found.message, transient=True, rest_s=_EVASIVE_REST_S
        )
    return failure(
        capture,
        "challenge",
        f"{found.message}; log in with a browser, then give its cookies (--cookies)",
    )


def _status(capture: Capture, ours: bool, now: datetime) -> Failure | None:
    status, rest_s = capture.status, retry_after_s(capture.header("retry-after"), now)
    if status == 429 or (status == 503 and rest_s is not None):
        wait = f", wants to be left alone for {rest_s:.0f} s" if rest_s else ""
        return failure(
            capture,
            "throttled",
            f"status {status}{wait}",
            transient=True,
            rest_s=rest_s,
        )
    if status == 408:
        return failure(
            capture,
            "timeout",
            "status 408: the server got tired of waiting",
            transient=True,
        )
    if status >= 500 and not _is_notice(
        capture
    ):  # X3.4 tells of a missing member with a notice and status 500
        return failure(
            capture, "server_error", f"status {status}", transient=True, rest_s=rest_s
        )
    if 400 <= status < 500 and status not in _GONE and not ours:
        return failure(
            capture, "forbidden", f"status {status}, and no page of the forum"
        )
    return None


def _bytes(capture: Capture, ours: bool) -> Failure | None:
    body = capture.body
    if capture.status in _GONE:
        return None
    if not body.strip():
        return failure(capture, "empty", "an empty page", transient=True)
    if (
        len(body) < _ERROR_BYTES
        and _SYSTEM_ERROR.search(body)
        and not _is_notice(capture)
    ):
        return failure(
            capture, "server_error", "the forum's own error page", transient=True
        )
    if not _HTML.search(body[:_HEAD_BYTES]):
        return None
    if not ours:
        return failure(
            capture,
            "foreign",
            "a page that is not the forum's: a proxy or the host put it there",
            transient=True,
        )
    framed = capture.header("content-length") or capture.header("transfer-encoding")
    if not framed and not _END.search(body[-_HEAD_BYTES * 4 :]):
        return failure(
            capture, "truncated", "the page ends before its end", transient=True
        )
    return None


def _closed(capture: Capture) -> Failure | None:
    if len(capture.body) > _NOTICE_BYTES or not _is_notice(capture):
        return None
    page = take_snapshot(capture)
    content = notice.THEME.read(page) if notice.THEME.recognise(page) else None
    if getattr(content, "reason", "") != "closed":
        return None
    return failure(
        capture,
        "closed",
        f"the forum is closed: {getattr(content, 'message', '')[:200]}",
        transient=True,
    )


def _login(capture: Capture, uid: int | None) -> Failure | None:
    shown = uid_of(capture)
    if shown is None or (shown and uid in (None, shown)):
        return None
    who = f"member {shown}" if shown else "nobody"
    wanted = f" instead of member {uid}" if uid else ": the cookies do not log in"
    return failure(
        capture,
        "login_lost",
        f"the page shows {who} logged in{wanted}; export the cookies again, then run "
        "the same command",
    )


def _is_notice(capture: Capture) -> bool:
    return any(sign in capture.body for sign in _NOTICE_SIGNS)
