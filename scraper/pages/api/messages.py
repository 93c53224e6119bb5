"""The messages of a JSON thread, in two dialects, as words, quotes, links and images.

To version 3 a message is what desktop pages show. From version 4 the plugin's own hook (its
`discuzcode`) makes it: the poster's signs are escaped twice, quotes are `div.reply_wrap`,
edit marks bare words, code blocks and styles are gone.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from scraper.markup.code import BREAK, arrange
from scraper.markup.dates import Clock
from scraper.markup.html import fold, tree_of
from scraper.markup.smilies import smiley_code
from scraper.markup.text import Message, read_message

_NOT_HOOKED: Final = ("&lt;", "&gt;", "&quot;", "smilieid=", 'class="pstatus"')
_HOOKED_VERSION: Final = 4
_EDIT_MARK = re.compile(
    r"(^|>)(\s*(?:本帖)?最[后後]由\s[^<>\n]{1,60}?\s[于於]\s[^<>\n]{4,40}?\s[编編][辑輯]\s?)(?=<br|$)"
)
_WRAP: Final = ('<div class="reply_wrap">', '<div class="quote">')
_PICTURE = re.compile(r"<img\b[^<>]{1,1000}>")
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
_ODD = re.compile(
    r"&(?:#|Tab;|NewLine;)"
)  # may stand for white space, or for a character that GBK lacks
_BREAK = re.compile(r" ?<br /> ?")
_BLANK = re.compile(r"[ \t\r\n\f]+")
_NOTICE = re.compile(
    r"[^<>]{0,40}<em>[^<]{1,200}</em>[^<>]{0,40}"
)  # message_banned, message_single_banned
_NOTICES = re.compile(
    r"[该該此]帖[仅僅]作者可[见見]|本帖[为為]密[码碼]帖.{0,20}|付[费費]主[题題]\s*[,，].{1,40}",
    re.S,
)
_LONGEST_NOTICE: Final = 300


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the messages of an answer are written. `hooked`: by the plugin's hook;
    `unescape`: see `read_message`."""

    hooked: bool = False
    unescape: bool = False


def dialect_of(version: int | None, charset: str, sources: Sequence[str]) -> Dialect:
    """The dialect of an answer: by its version, unless a message shows marks that the hook
    does not leave."""
    hooked = (version or 0) >= _HOOKED_VERSION and not any(
        mark in source for source in sources for mark in _NOT_HOOKED
    )
    return Dialect(hooked, unescape=charset.lower() not in ("", "utf-8", "utf8"))


def read(source: str, clock: Clock, dialect: Dialect) -> Message:
    """One message. `html` is the message as served."""
    markup = _rewritten(source) if dialect.hooked else source
    if "<img" in markup:
        markup = _PICTURE.sub(_smiley, markup)
    if markup.count("<") == markup.count("<br />") and not (
        "&" in markup and _ODD.search(markup)
    ):
        return Message(html=source.strip(), text=_plain(markup))
    body = tree_of(markup).body
    message = (
        read_message(body, clock, unescape=dialect.unescape)
        if body is not None
        else Message()
    )
    return replace(message, html=source.strip())


def _plain(markup: str) -> str:
    """The words of a message whose only markup is line breaks, as `read_message` gives
    them: two thirds of all are."""
    text = _BREAK.sub(BREAK, _BLANK.sub(" ", markup))
    return arrange([html.unescape(text) if "&" in text else text], coded=False)


def _smiley(picture: re.Match[str]) -> str:
    return _smiley_of(picture[0])


@lru_cache(maxsize=1024)
def _smiley_of(tag: str) -> str:
    """A smiley's code in place of its picture; any other picture as it is."""
    code = smiley_code(dict(_ATTRIBUTE.findall(tag)))
    return tag if code is None or "<" in code or "&" in code else code


def withheld_words(source: str) -> str:
    """The forum's words where they stand in place of a whole message; empty for a message."""
    if len(source) > _LONGEST_NOTICE:
        return ""
    if _NOTICE.fullmatch(source.strip()):
        return fold(html.unescape(re.sub(r"<[^>]*>", "", source)))
    return fold(source) if _NOTICES.fullmatch(source.strip()) else ""


def _rewritten(source: str) -> str:
    """The hook's form as that of a desktop page."""
    source = source.replace("&amp;", "&").replace(*_WRAP)
    return (
        _EDIT_MARK.sub(r'\1<i class="pstatus">\2</i>', source)
        if "最" in source
        else source
    )
