"""What stands before a forum instead of it: challenge and block pages of shields, Discuz!'s
own anti-flood page.

They are recognised and named, never solved. A page of the forum that only speaks of them,
or has a shield's script at its end, is none.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Final

from scraper.core.records import Notice, Reason
from scraper.markup.snapshot import Snapshot
from scraper.themes import NOTICE, Theme

_LONGEST_CHARS: Final = 300_000
_FORUM_SIGNS: Final = (
    "discuz_uid",
    "Discuz!",
    "Comsenz",
    "postmessage_",
    "viewthread",
    "forumdisplay",
    "forum.php?mod=",
    "STYLEID",
)
_EDGEONE_STATUS: Final = 567
_BLOCKED_STATUS: Final = 405  # what Baidu's and Aliyun's shields answer to a plain GET

_MARKS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (
        "Cloudflare",
        (
            "_cf_chl_opt",
            "cf-browser-verification",
            "challenge-error-text",
            "/cdn-cgi/challenge-platform/",
            "Attention Required! | Cloudflare",
            "cf-error-details",
        ),
    ),
    ("EdgeOne", ("EO_Bot_Ssid", "__tst_status", "TencentEdgeOne", "EdgeOne")),
    ("Baidu", ("yunjiasu", "百度安全验证", "百度云加速", "wappass.baidu.com")),
    (
        "Aliyun (acw_sc__v2)",
        ("acw_sc__v2", "aliyun_waf", "errors.aliyun.com", "AliyunCaptcha"),
    ),
    ("testcookie (toNumbers)", ("toNumbers(",)),
    ("Jiasule (__jsl_clearance)", ("__jsl_clearance",)),
    ("Yunsuo", ("security_session_verify", "yunsuo_session")),
    ("BT WAF", ("btwaf", "/_guard/", "正在进行人机识别")),
    ("Safedog", ("safedog", "网站防火墙")),
    ("360", ("wzws-waf-cgi", "wzwsconfirm")),
    ("Sucuri", ("sucuri_cloudproxy_js",)),
    ("Incapsula", ("_Incapsula_Resource",)),
    ("DDoS-Guard", ("ddos-guard",)),
)
# Discuz!'s `attackevasive` setting by its page titles (lang_template.php): 1 and 4 want a
# cookie back and patience.
_EVASIVE: Final[tuple[tuple[Reason, tuple[str, ...]], ...]] = (
    (
        "throttled",
        (
            "频繁刷新限制",
            "頻繁刷新限制",
            "页面重载开启",
            "頁面重載開啟",
            "页面正在重新载入",
        ),
    ),
    ("forbidden", ("代理服务器访问限制", "代理伺服器訪問限制")),
)
# Its pages in other languages (misc_security.php, securitymessage): 8 asks for a sum, the
# two that want patience load themselves again.
_QUESTION: Final = "secqsubmit"
_SUM = re.compile(r"^\d++(?: \+ \d++)++ = \?")
_RELOAD: Final = """setTimeout("reload()", 1001)"""
EVASIVE: Final = "attackevasive"
_ANTI_FLOOD: Final = "the forum's anti-flood page (attackevasive)"
_OWN_QUESTION: Final = (
    "the forum's own question (attackevasive), which a person must answer"
)
_TITLE = re.compile(r"<title[^<>]*+>((?:(?!<title).)*?)</title>", re.I | re.S)
_TITLE_CHARS: Final = 100
_EVASIVE_CHARS: Final = 6_000


@dataclass(frozen=True, slots=True)
class Challenge:
    """What stands before the forum: its name, and whether patience helps (`throttled`) or
    only a person (`captcha`)."""

    name: str
    reason: Reason
    message: str

    @property
    def evasive(self) -> bool:
        """One of Discuz!'s own pages; where it is `throttled`, ask again with its cookie, a
        second later."""
        return self.name == EVASIVE


def find_challenge(page: Snapshot) -> Challenge | None:
    """The challenge that a page is; None for every other page."""
    text = page.text
    if any(sign in text for sign in _FORUM_SIGNS) or len(text) > _LONGEST_CHARS:
        return None
    if not text.strip():
        return _empty(page)
    return _evasive(text) or _shield(page)


def _empty(page: Snapshot) -> Challenge | None:
    capture = page.capture
    if page.target is None or capture.status != 200:
        return None
    if capture.body.strip():
        return None
    return Challenge("empty", "throttled", "an empty page: many shields answer so")


def _evasive(text: str) -> Challenge | None:
    title = _title(text)
    if _QUESTION in text and _SUM.fullmatch(title):
        return Challenge(EVASIVE, "captcha", f"{_OWN_QUESTION}: {title}")

    # A long page may speak of it; its title does not, unless it is one.
    is_short = len(text) <= _EVASIVE_CHARS
    words = html.unescape(text) if is_short else title
    for reason, titles in _EVASIVE:
        for known in titles:
            if known in words:
                return Challenge(EVASIVE, reason, f"{_ANTI_FLOOD}: {known}")
    if _RELOAD in text:
        return Challenge(EVASIVE, "throttled", f"{_ANTI_FLOOD}: {title}")
    return None


def _shield(page: Snapshot) -> Challenge | None:
    name = _name(page)
    if not name:
        return None
    message = f"a challenge page of {name}"
    title = _title(page.text)
    if title:
        message += f": {title[:_TITLE_CHARS]}"
    return Challenge(name, "captcha", message)


def _title(text: str) -> str:
    found = _TITLE.search(text)
    return html.unescape(found[1]).strip() if found else ""


def _name(page: Snapshot) -> str:
    capture = page.capture
    if capture.status == _EDGEONE_STATUS:
        return "EdgeOne"
    if capture.header("cf-mitigated"):
        return "Cloudflare"
    start = page.text[:200].lstrip().lower()
    is_markup = start.startswith("<") and not start.startswith("<?xml")
    if not is_markup:
        # A feed or the JSON interface may quote anything.
        return ""

    for name, marks in _MARKS:
        if any(mark in page.text for mark in marks):
            return name
    if capture.status == _BLOCKED_STATUS:
        return "a shield (status 405, as Baidu and Aliyun answer)"
    return ""


def _recognise(page: Snapshot) -> int:
    found = find_challenge(page)
    return NOTICE + 5 if found else 0


def _read(page: Snapshot) -> Notice:
    found = find_challenge(page)
    if found is None:
        return Notice()
    return Notice(reason=found.reason, message=found.message)


THEME = Theme("challenge", _recognise, _read)
