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

from scraper.markup.code import BREAK, arrange, with_single_spaces
from scraper.markup.dates import Clock
from scraper.markup.html import fold, tree_of
from scraper.markup.smilies import smiley_code
from scraper.markup.text import Message, read_message

_NOT_HOOKED: Final = ("&lt;", "&gt;", "&quot;", "smilieid=", 'class="pstatus"')
_HOOKED_VERSION: Final = 4
_UTF8: Final = ("", "utf-8", "utf8")
_EDIT_MARK = re.compile(
    r"(^|>)(\s*(?:本帖)?最[后後]由\s[^<>\n]{1,60}?\s[于於]\s[^<>\n]{4,40}?"
    r"\s[编編][辑輯]\s?)(?=<br|$)"
)
_QUOTE_OF_HOOK: Final = '<div class="reply_wrap">'
_QUOTE_OF_DESKTOP: Final = '<div class="quote">'
_PICTURE = re.compile(r"<img\b[^<>]{1,1000}>")
_ATTRIBUTE = re.compile(r'(?<!\w)(\w++)="([^"]*)"')
# may stand for white space, or for a character that GBK lacks
_ODD_REFERENCE = re.compile(r"&(?:#|Tab;|NewLine;)")
_TAG = re.compile(r"<[^<>]*+>")
# message_banned, message_single_banned
_NOTICE = re.compile(r"[^<>]{0,40}<em>[^<]{1,200}</em>[^<>]{0,40}")
_BARE_NOTICE = re.compile(
    r"[该該此]帖[仅僅]作者可[见見]|本帖[为為]密[码碼]帖.{0,20}"
    r"|付[费費]主[题題]\s*[,，].{1,40}",
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
    unescape = charset.lower() not in _UTF8
    if version is None or version < _HOOKED_VERSION:
        return Dialect(unescape=unescape)

    hooked = not any(map(_is_unhooked, sources))
    return Dialect(hooked, unescape)


def _is_unhooked(source: str) -> bool:
    return any(mark in source for mark in _NOT_HOOKED)


def read(source: str, clock: Clock, dialect: Dialect) -> Message:
    """One message. `html` is the message as served."""
    markup = source
    if dialect.hooked:
        markup = _as_desktop(markup)
    if "<img" in markup:
        markup = _PICTURE.sub(_smiley, markup)

    served = source.strip()
    if _is_plain(markup):
        text = _plain_text(markup)
        return Message(
            html=served,
            text=text,
        )

    body = tree_of(markup).body
    if body is None:
        return Message(html=served)
    message = read_message(body, clock, dialect.unescape)
    return replace(message, html=served)


def _is_plain(markup: str) -> bool:
    """Whether line breaks are the only markup of a message: in two thirds of all they are."""
    tags = markup.count("<")
    breaks = markup.count("<br />")
    if tags != breaks:
        return False
    if "&" not in markup:
        return True
    return not _ODD_REFERENCE.search(markup)


def _plain_text(markup: str) -> str:
    """The words of a plain message, as `read_message` gives them."""
    text = with_single_spaces(markup)
    text = text.replace(" <br />", "<br />")
    text = text.replace("<br /> ", "<br />")
    text = text.replace("<br />", BREAK)
    if "&" in text:
        text = html.unescape(text)
    return arrange([text], coded=False)


def _smiley(picture: re.Match[str]) -> str:
    return _smiley_or_tag(picture[0])


@lru_cache(maxsize=1024)
def _smiley_or_tag(tag: str) -> str:
    """A smiley's code in place of its picture; any other picture as it is."""
    attributes = dict(_ATTRIBUTE.findall(tag))
    code = smiley_code(attributes)
    if code is None or "<" in code or "&" in code:
        return tag
    return code


def withheld_words(source: str) -> str:
    """The forum's words where they stand in place of a whole message; empty for a message."""
    if len(source) > _LONGEST_NOTICE:
        return ""

    stripped = source.strip()
    if _NOTICE.fullmatch(stripped):
        text = _TAG.sub("", source)
        return fold(html.unescape(text))
    if _BARE_NOTICE.fullmatch(stripped):
        return fold(source)
    return ""


def _as_desktop(source: str) -> str:
    """The hook's form as that of a desktop page."""
    source = source.replace("&amp;", "&")
    source = source.replace(_QUOTE_OF_HOOK, _QUOTE_OF_DESKTOP)
    if "最" in source:
        source = _EDIT_MARK.sub(r'\1<i class="pstatus">\2</i>', source)
    return source
