"""The mobile plugin's JSON interface (`api/mobile/index.php?version=4&module=…`, versions 1
to 5), X2 to X3.5.

One object an answer: `Version`, `Charset`, `Variables`, and `Message` where the forum has
something to say instead. What an answer is, its variables tell; the module that the address
asks for only helps.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from scraper.core.records import Content, Notice, Other, Reason
from scraper.core.site import SiteLine
from scraper.markup.snapshot import Snapshot
from scraper.pages import layouts
from scraper.pages.api.lists import read_board, read_feed, read_index
from scraper.pages.api.profile import read_profile
from scraper.pages.api.thread import read_remarks, read_thread
from scraper.pages.api.values import Map, first_of, load, mapping, string, words
from scraper.themes import CERTAIN, Theme
from scraper.themes.notice import reason_of

_OPENING = re.compile(r"\s*(?:[\w.$]{1,60}\()?\{")
_SIGN: Final = re.compile(
    r'"Version"\s*:[^{}]{0,100}"Variables"\s*:|"discuzversion"\s*:'
)
_READERS: Final[tuple[tuple[str, Callable[[Map, Map, Snapshot], Content]], ...]] = (
    ("postlist", read_thread),
    ("comments", read_remarks),
    ("forum_threadlist", read_board),
    ("forumlist", read_index),
    ("space", read_profile),
    ("data", read_feed),
    ("threadlist", read_feed),
)
_KEYS: Final[tuple[tuple[Reason, str], ...]] = (
    ("password", r"passw"),
    ("not_found", r"nonexist|not_?exist|not_found|undefined|deleted"),
    ("closed", r"closed"),
    ("captcha", r"seccode|secqaa"),
    ("throttled", r"flood|too_fast|interval|ctrl"),
    ("login", r"loggedin|nologin|to_login|_login_"),
    (
        "forbidden",
        r"nopermission|no_privilege|no_?access|banned|forbidden|disabled|deny",
    ),
    ("error", r"error|invalid"),
)
_PATTERNS: Final = tuple((reason, re.compile(pattern)) for reason, pattern in _KEYS)
_KEY = re.compile(r"(?:mobile:)?\w+", re.ASCII)
_DONE = re.compile(r"_succee?d|_success")
_LONGEST_NOTICE: Final = 2_000
_HEAD_CHARS: Final = 1_000


def _recognise(page: Snapshot) -> int:
    """No template begins with a brace: what does is told by its keys, before a message's
    words are taken for signs."""
    if not _OPENING.match(page.text):
        return 0
    asked = page.target is not None and page.target.view == "api"
    return (
        CERTAIN
        if asked or "api/mobile" in page.url or _SIGN.search(page.text, 0, _HEAD_CHARS)
        else 0
    )


def _read(page: Snapshot) -> Content:
    answer = load(page.text)
    if notice := _notice(answer):
        return notice
    variables = mapping(answer.get("Variables"))
    for key, reader in _READERS:
        if key in variables:
            return reader(answer, variables, page)
    return Other(
        message=f"api/mobile {page.target.name.partition('module=')[2] if page.target else ''}".strip()
    )


def _notice(answer: Map) -> Notice | None:
    """The forum's words instead of an answer (mobile_message: `messageval` names them,
    `//1` asks for a login), or
    `error`, the plugin's own; None where there is neither, or something was done.
    """
    message = mapping(answer.get("Message"))
    key = (string(message.get("messageval")) or string(answer.get("error"))).partition(
        "//"
    )[0]
    said = words(message.get("messagestr"))
    if not (key or said) or _DONE.search(key):
        return None
    printed = said if said and not _KEY.fullmatch(said) else key or said
    return Notice(reason=_reason(key, said), message=printed[:_LONGEST_NOTICE])


def _reason(key: str, said: str) -> Reason:
    """Why, by the message's name, which is the same in every language; else by its words."""
    named = next(
        (reason for reason, pattern in _PATTERNS if pattern.search(key.lower())), None
    )
    return named or reason_of(said)


def _site(text: str) -> SiteLine:
    """The forum, which only the module `check` names."""
    answer = load(text) if '"sitename"' in text[:_HEAD_CHARS] else {}
    version = words(first_of(answer, "truediscuzversion", "discuzversion"))
    return SiteLine(
        name=words(answer.get("sitename")),
        software=f"Discuz! {version}" if version else "",
    )


THEME = Theme("api", _recognise, _read, _site, prints=layouts.API)
