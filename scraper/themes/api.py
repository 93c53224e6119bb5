"""The mobile plugin's JSON interface (`api/mobile/index.php?version=4&module=…`, versions 1
to 5), X2 to X3.5.

One object an answer: `Version`, `Charset`, `Variables`, and `Message` where the forum has
something to say instead. What an answer is, its variables tell; the module that the address
asks for only helps.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeAlias

from scraper.core.records import Content, Notice, Other, Reason
from scraper.core.site import SiteLine
from scraper.markup.snapshot import Snapshot
from scraper.pages import layouts
from scraper.pages.api.boards import read_index
from scraper.pages.api.lists import read_board, read_feed
from scraper.pages.api.profile import read_profile
from scraper.pages.api.thread import read_comments_page, read_thread
from scraper.pages.api.values import JsonMap, load, words
from scraper.themes import CERTAIN, Theme
from scraper.themes.notice import reason_of

_OPENING = re.compile(r"^\s*+(?:[\w.$]{1,60}\()?\{")
_SIGN: Final = re.compile(
    r'"Version"\s*:[^{}]{0,100}"Variables"\s*:|"discuzversion"\s*:'
)
_Reader: TypeAlias = Callable[[JsonMap, JsonMap, Snapshot], Content]

_READERS: Final[tuple[tuple[str, _Reader], ...]] = (
    ("postlist", read_thread),
    ("comments", read_comments_page),
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
    target = page.target
    if target is not None and target.view == "api":
        return CERTAIN
    if "api/mobile" in page.url:
        return CERTAIN
    if _SIGN.search(page.text, 0, _HEAD_CHARS):
        return CERTAIN
    return 0


def _read(page: Snapshot) -> Content:
    answer = load(page.text)
    notice = _notice(answer)
    if notice is not None:
        return notice

    variables = answer.map("Variables")
    for key, reader in _READERS:
        if key in variables:
            return reader(answer, variables, page)

    asked = page.target.name if page.target else ""
    _, _, module = asked.partition("module=")
    return Other(message=f"api/mobile {module}".strip())


def _notice(answer: JsonMap) -> Notice | None:
    """The forum's words instead of an answer (mobile_message: `messageval` names them,
    `//1` asks for a login), or `error`, the plugin's own; None where there is neither, or
    something was done.
    """
    message = answer.map("Message")
    name = message.string("messageval") or answer.string("error")
    key, _, _ = name.partition("//")
    text = message.words("messagestr")
    if not (key or text) or _DONE.search(key):
        return None

    is_readable = text and not _KEY.fullmatch(text)
    printed = text if is_readable else key or text
    return Notice(
        reason=_reason(key, text),
        message=printed[:_LONGEST_NOTICE],
    )


def _reason(key: str, text: str) -> Reason:
    """Why, by the message's name, which is the same in every language; else by its words."""
    for reason, pattern in _PATTERNS:
        if pattern.search(key.lower()):
            return reason
    return reason_of(text)


def _site(text: str) -> SiteLine:
    """The forum, which only the module `check` names."""
    if '"sitename"' not in text[:_HEAD_CHARS]:
        return SiteLine()

    answer = load(text)
    version = words(answer.first("truediscuzversion", "discuzversion"))
    return SiteLine(
        name=answer.words("sitename"),
        software=f"Discuz! {version}" if version else "",
    )


THEME = Theme("api", _recognise, _read, _site, prints=layouts.API)
