"""A message of an archiver page → words, quotes and edit mark.

4.0 to 7.2 print messages as typed, BBCode and all; X strips every `[tag]` and leaves the
words (archivermessage() in source/archiver/forum/viewthread.php), so that a quote's words
run into the poster's own. All of them escape `<`: what markup there is, is the forum's.
"""

from __future__ import annotations

import html
import re
import sys
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeAlias
from unicodedata import east_asian_width

from scraper.core.records import Post, Quote
from scraper.markup.bbcode import read_bbcode, tidy
from scraper.markup.dates import Clock
from scraper.markup.html import fold
from scraper.markup.line_times import around_time, last_time
from scraper.markup.quotes import make_quote
from scraper.markup.text import Message
from scraper.markup.wording import Wording

_BREAK = re.compile(r"<br ?/?>\n?")
_TAG = re.compile(r"<[^<>]*>")
_HIDDEN = re.compile(r"<b>(\*{4} [^<*]{1,60} \*{4,5})</b>")
_JAMMER = re.compile(
    r"<(font|span) style=\"?(?:font-size: ?0|display: ?none)[^<>]*>[^<]*</\1>"
)
_WITHHELD = re.compile(r"\*{4} ([^*\n]{2,60}) \*{4}")
_PREVIEW = re.compile(r"<div\b[^<>]*\bt_f\b[^<>]*>(.*?)</div>", re.I | re.S)
_ENTITY = re.compile(r"&#(\d{2,7});")
_ARROW = re.compile(r"\s{0,4}(?<!\S)\S{0,300}?image/common/back\.gif")
_HEAD_VERBS: Final = ("发表于", "發表於", "发布于", "發表于", "posted", "wrote")
_ELLIPSIS = re.compile(r" ?\.\.\.(?=\n|$)")
# messagecutstr(…, 100) counts a Chinese character as two, and adds an ellipsis
_CUT_WIDTH: Final = (80, 104)
_LONGEST_HEAD: Final = 160
_LONGEST_QUOTE: Final = 2_000
_MOST_LINES: Final = 3  # of a quote that was cut

_PostKey: TypeAlias = tuple[str, datetime]


@dataclass(frozen=True, slots=True)
class Archived:
    """A message, and the forum's words where it withholds it."""

    message: Message
    withheld: str = ""


def read_archived(source: str, clock: Clock, unescape: bool = False) -> Archived:
    """Read a message as served. `unescape`: as in `scraper.markup.text.read_message`."""
    hidden: list[str] = []
    if "****" in source:
        hidden = _HIDDEN.findall(source)
        source = _HIDDEN.sub("", source)
    text = _lines(source)
    if unescape and "&#" in text:
        text = _ENTITY.sub(_character, text)

    if not hidden and text.startswith("****"):
        blocked = _WITHHELD.fullmatch(text.strip())
        if blocked:
            return Archived(Message(), blocked[1])
    message = read_bbcode(text, clock)
    if hidden and _has_nothing(message):
        withheld = hidden[0].strip("* ")
        return Archived(message, fold(withheld))
    return Archived(message)


def _has_nothing(message: Message) -> bool:
    if message.text or message.quotes:
        return False
    return not message.images and not message.attachments


def read_for_sale(source: str) -> Archived:
    """X prints its pay box (viewthread_pay) for the opening post of a thread for sale: a
    free part, and the price."""
    text = ""
    free = _PREVIEW.search(source)
    if free:
        lines = _lines(free[1])
        text = tidy(lines)
    box = _PREVIEW.sub(" ", source)
    box = _TAG.sub(" ", box)
    unescaped = html.unescape(box)
    words = fold(unescaped)
    message = Message(text=text)
    return Archived(message, words)


def take_quotes(posts: list[Post], clock: Clock, verb: str = "") -> list[Post]:
    """Posts of an X archiver page, each with the quote that its words begin with (`X 发表于 T`).
    `verb`: what the page says before the time of a post, in whatever language.

    The quoted words are taken out where their end is certain: where the quoted post stands
    on the same page, or where Discuz! cut them short. Else they stay, below the line that
    names their author.
    """
    texts: dict[_PostKey, str] = {}
    for post in posts:
        if post.posted_at is None:
            continue
        key = _key(post.author, post.posted_at)
        texts[key] = post.text
    is_known = any(known in verb for known in _HEAD_VERBS)
    wording = Wording("" if is_known else verb)
    return [_take_quote(post, texts, clock, wording) for post in posts]


def _key(author: str, posted_at: datetime) -> _PostKey:
    """Quotes name author and time of a post, the time to the minute."""
    return author, posted_at.replace(second=0)


def _take_quote(
    post: Post,
    texts: dict[_PostKey, str],
    clock: Clock,
    wording: Wording,
) -> Post:
    head, _, rest = post.text.partition("\n")
    if len(head) > _LONGEST_HEAD:
        return post
    verbs = (*_HEAD_VERBS, wording.verb) if wording.verb else _HEAD_VERBS
    if not any(verb in head for verb in verbs):
        return post
    quote = _quote_of_head(_ARROW.sub("", head), clock, wording)
    if not quote.author or quote.posted_at is None:
        return post

    key = _key(quote.author, quote.posted_at)
    end = _end_of_quote(rest, texts.get(key, ""))
    if not end:
        return replace(post, quotes=(quote,))
    quoted = rest[:end]
    own = rest[end:]
    quote = replace(quote, text=quoted.strip())
    return replace(
        post,
        quotes=(quote,),
        text=own.strip(),
    )


def _quote_of_head(head: str, clock: Clock, wording: Wording) -> Quote:
    """The quote that a head line names, without its words; one without an author for a line
    that is none."""
    quote = make_quote(head, [], clock)
    parts = around_time(head)
    if quote.author or not wording.verb or parts is None:
        return quote

    _, after = parts
    if after not in ("", wording.verb):
        return quote
    return Quote(
        author=wording.quoted_author(head),
        posted_at=clock.parse(last_time(head)),
    )


def _end_of_quote(text: str, quoted: str) -> int:
    """How much of a text is quoted; 0 where that is not certain."""
    start = text[:_LONGEST_QUOTE]
    quoted_start = quoted[:_LONGEST_QUOTE]
    same, is_whole = _common(start, quoted_start)
    if same and is_whole:
        return same

    cut = None
    if "..." in start:
        cut = _ELLIPSIS.search(start)
    if cut is None:
        return 0
    end = cut.start()
    words = start[:end]
    if words.count("\n") >= _MOST_LINES:
        return 0
    if _is_of_cut_width(words):
        return cut.end()
    rest = words[same:]
    if same and not rest.strip():
        return cut.end()
    return 0


def _is_of_cut_width(words: str) -> bool:
    """Whether words may have been cut by messagecutstr()."""
    least, most = _CUT_WIDTH
    width = _width(words)
    return least <= width <= most


def _width(text: str) -> int:
    """The width of a text as Discuz! counts it: a Chinese character is two wide."""
    width = len(text)
    for char in text:
        if east_asian_width(char) in "WF":
            width += 1
    return width


def _common(text: str, quoted: str) -> tuple[int, bool]:
    """How far a text goes along with the quoted post, white space aside, and whether it
    reached that post's end."""
    at = 0
    length = len(text)
    for char in quoted:
        if char.isspace():
            continue
        while at < length and text[at].isspace():
            at += 1
        if at == length:
            return at, False
        if text[at] != char:
            return at, False
        at += 1
    reached_end = quoted != ""
    return at, reached_end


def _lines(source: str) -> str:
    """Markup to lines: `<br />` ends one, jammer text goes, entities are undone."""
    if "style=" in source:
        source = _JAMMER.sub("", source)
    if "\r" in source:
        source = source.replace("\r", "")
    source = source.replace("<br />\n", "\n")
    if "<" in source:
        source = _BREAK.sub("\n", source)
        source = _TAG.sub("", source)
    text = html.unescape(source)
    return text.strip()


def _character(found: re.Match[str]) -> str:
    point = int(found[1])
    is_in_range = ord(" ") <= point <= sys.maxunicode
    if not is_in_range:
        return found[0]
    is_surrogate = 0xD800 <= point < 0xE000
    if is_surrogate:
        return found[0]
    return chr(point)
