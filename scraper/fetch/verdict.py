"""Is an answer the page that was asked for? A pure judgement; what is not becomes a failure
with a name.

From the outside in: challenge pages, status, anti-flood page, system error, somebody else's
page, login. Most looks are at bytes: only a page that shows no sign of the forum is decoded.
Notices are pages of the forum: whether one is the forum's state shows where it stands
(`front_page`).
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from scraper.core.records import Capture
from scraper.fetch.values import Failure, FailureReason
from scraper.markup.signals import shown_uid
from scraper.markup.snapshot import take_snapshot
from scraper.policy.politeness import REST_LONGEST_S, retry_after_s
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
HEAD_BYTES: Final = 2_000
_ERROR_BYTES: Final = 30_000
_TAIL_BYTES: Final = 8_000
_EVASIVE_REST_S: Final = 1.1  # `attackevasive` allows one request a second
GONE: Final = (404, 410)
_LOGIN_ADVICE: Final = (
    "export the cookies again and give the browser's own User-Agent with them "
    "(--user-agent): logins of Discuz! 6, 7 and X1 hold for that browser alone"
)
# Discuz!'s error pages (class_error.php; db_mysql_error.inc.php), with status 200 on older
# versions.
_SYSTEM_ERROR = re.compile(
    rb"<h1>Discuz! (?:System|Database) Error</h1>|<title>[^<]* - (?:System|Database) Error<"
    rb"|\A.{0,500}<(?:b|strong)>Discuz! info</",
    re.S,
)
HTML_START = re.compile(rb"<html|<!doctype html", re.I)
_END = re.compile(rb"</html", re.I)
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
    if is_redirect_or_unchanged(capture):
        return None

    ours = is_ours(capture)
    if not ours:
        challenge = _challenge(capture)
        if challenge is not None:
            return challenge

    found = status_failure(capture, ours, now) or _bytes(capture, ours)
    if found is not None:
        return found
    return _login(capture, uid) if login else None


def is_ours(capture: Capture) -> bool:
    """Whether anything in a page says that a Discuz! forum made it; the address that was
    asked for does not count."""
    body = capture.body
    if any(sign in body for sign in _SURE_SIGNS):
        return True

    address = urlsplit(capture.url)
    asked = f"{address.path}?{address.query}" if address.query else address.path
    if len(asked) > 1:  # error pages of servers repeat the address
        body = body.replace(asked.encode(), b"")
    return any(sign in body for sign in _LIKELY_SIGNS)


def uid_of(capture: Capture) -> int | None:
    """The member whom a page shows as logged in: 0 for a guest, None where it does not say."""
    at = capture.body.find(_UID_AT)
    if at < 0:
        return None
    assignment = capture.body[at : at + _UID_SPAN]
    return shown_uid(assignment.decode("ascii", "replace"))


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


def is_redirect_or_unchanged(capture: Capture) -> bool:
    return 300 <= capture.status < 400


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
        f"{found.message}; log in with a browser, then give its cookies (--cookies) and "
        "its User-Agent (--user-agent)",
    )


def status_failure(capture: Capture, ours: bool, now: datetime) -> Failure | None:
    """What the status says, where it speaks of no page."""
    status = capture.status
    rest_s = retry_after_s(capture.header("retry-after"), now)
    if status == 429 or (status == 503 and rest_s is not None):
        return _throttled(capture, rest_s)
    if status == 408:
        return failure(
            capture,
            "timeout",
            "status 408: the server got tired of waiting",
            transient=True,
        )
    # X3.4 tells of a missing member with a notice and status 500.
    if status >= 500 and not _is_notice(capture):
        return failure(
            capture,
            "server_error",
            f"status {status}",
            transient=True,
            rest_s=rest_s,
        )
    if 400 <= status < 500 and status not in GONE and not ours:
        message = f"status {status}, and no page of the forum"
        return failure(capture, "forbidden", message)
    return None


def _throttled(capture: Capture, rest_s: float | None) -> Failure:
    message = f"status {capture.status}"
    if rest_s:
        message += f", wants to be left alone for {rest_s:.0f} s"
    if rest_s == REST_LONGEST_S:
        message += " or longer: it is asked again then"
    return failure(
        capture,
        "throttled",
        message,
        transient=True,
        rest_s=rest_s,
    )


def _bytes(capture: Capture, ours: bool) -> Failure | None:
    """What the bytes say, where they are no whole page of the forum."""
    body = capture.body
    if capture.status in GONE:
        return None
    if not body.strip():
        return failure(capture, "empty", "an empty page", transient=True)
    if _is_system_error(capture):
        message = "the forum's own error page"
        return failure(capture, "server_error", message, transient=True)
    if not HTML_START.search(body[:HEAD_BYTES]):
        return None
    if not ours:
        message = "a page that is not the forum's: a proxy or the host put it there"
        return failure(capture, "foreign", message, transient=True)
    if _ends_early(capture):
        message = "the page ends before its end"
        return failure(capture, "truncated", message, transient=True)
    return None


def _is_system_error(capture: Capture) -> bool:
    if len(capture.body) >= _ERROR_BYTES:
        return False
    if not _SYSTEM_ERROR.search(capture.body):
        return False
    return not _is_notice(capture)


def _ends_early(capture: Capture) -> bool:
    """Whether nothing but the page itself could tell that it was cut, and it does."""
    length = capture.header("content-length")
    if length or capture.header("transfer-encoding"):
        return False
    tail = capture.body[-_TAIL_BYTES:]
    return not _END.search(tail)


def _login(capture: Capture, uid: int | None) -> Failure | None:
    """Whom else the page shows as logged in than the member of the cookies; `uid`: that
    member, None where no page has named one yet."""
    shown = uid_of(capture)
    if shown is None:
        return None
    if shown and uid in (None, shown):
        return None

    who = f"member {shown}" if shown else "nobody"
    wanted = f" instead of member {uid}" if uid else ": the cookies do not log in"
    return failure(
        capture,
        "login_lost",
        f"the page shows {who} logged in{wanted}; {_LOGIN_ADVICE}",
    )


def _is_notice(capture: Capture) -> bool:
    return any(sign in capture.body for sign in _NOTICE_SIGNS)
