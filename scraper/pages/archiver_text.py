"""A message of an archiver page → words, quotes and edit mark.

4.0 to 7.2 print messages as typed, BBCode and all; X strips every `[tag]` and leaves the words (archivermessage() in
source/archiver/forum/viewthread.php), so that a quote's words run into the poster's own. All of them escape `<`: what
markup there is, is the forum's.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from unicodedata import east_asian_width

from scraper.core.records import Post
from scraper.markup.bbcode import read_bbcode, tidy
from scraper.markup.dates import Clock
from scraper.markup.html import fold
from scraper.markup.quotes import make_quote
from scraper.markup.text import Message

_BREAK = re.compile(r"<br ?/?>\n?")
_TAG = re.compile(r"<[^<>]*>")
_HIDDEN = re.compile(r"<b>(\*{4} [^<*]{1,60} \*{4,5})</b>")
_JAMMER = re.compile(
    r"<(font|span) style=\"?(?:font-size: ?0|display: ?none)[^<>]*>[^<]*</\1>"
)
_WITHHELD = re.compile(r"\*{4} ([^*\n]{2,60}) \*{4}")
_PREVIEW = re.compile(r"<div\b[^<>]*\bt_f\b[^<>]*>(.*?)</div>", re.I | re.S)
_ENTITY = re.compile(r"&#(\d{2,7});")
_ARROW = re.compile(r"\s*\S*image/common/back\.gif")
_HEAD_VERBS: Final = ("发表于", "發表於", "发布于", "發表于", "posted", "wrote")
_ELLIPSIS = re.compile(r" ?\.\.\.(?=\n|$)")
_CUT_WIDTH: Final = (
    80,
    104,
)  # messagecutstr(…, 100) counts a Chinese character as two, and adds an ellipsis
_LONGEST_QUOTE: Final = 2_000


@dataclass(frozen=True, slots=True)
class Archived:
    """A message, and the forum's words where it withholds it."""

    message: Message
    withheld: str = ""


def read_archived(source: str, clock: Clock, unescape: bool = False) -> Archived:
    """Read a message as served. `unescape`: as in `scraper.markup.text.read_message`."""
    hidden = tuple(_HIDDEN.findall(source)) if "****" in source else ()
    text = _lines(_HIDDEN.sub("", source) if hidden else source)
    if unescape and "&#" in text:
        text = _ENTITY.sub(_character, text)
    if (
        text.startswith("****")
        and not hidden
        and (blocked := _WITHHELD.fullmatch(text.strip()))
    ):
        return Archived(Message(), blocked[1])
    message = read_bbcode(text, clock)
    if hidden and not (
        message.text or message.quotes or message.images or message.attachments
    ):
        return Archived(message, fold(hidden[0].strip("* ")))
    return Archived(message)


def read_for_sale(source: str) -> Archived:
    """X prints its pay box (viewthread_pay) for the opening post of a thread for sale: a
    free part, and the price."""
    free = _PREVIEW.search(source)
    words = fold(html.unescape(_TAG.sub(" ", _PREVIEW.sub(" ", source))))
    text = tidy(_lines(free[1])) if free else ""
    return Archived(Message(text=text), words)


def take_quotes(posts: list[Post], clock: Clock) -> list[Post]:
    """Posts of an X archiver page, each with the quote that its words begin with (`X 发表于 T`).

    The quoted words are taken out where their end is certain: where the quoted post stands
    on the same page, or where Discuz! cut them short. Else they stay, below the line that
    names their author.
    """
    known = {
        (post.author, post.posted_at.replace(second=0)): post.text
        for post in posts
        if post.posted_at
    }
    return [_take_quote(post, known, clock) for post in posts]


def _take_quote(
    post: Post, known: dict[tuple[str, datetime], str], clock: Clock
) -> Post:
    head, _, rest = post.text.partition("\n")
    if len(head) > 160 or not any(verb in head for verb in _HEAD_VERBS):
        return post
    quote = make_quote(_ARROW.sub("", head), [], clock)
    if not quote.author or quote.posted_at is None:
        return post
    end = _end_of_quote(
        rest, known.get((quote.author, quote.posted_at.replace(second=0)), "")
    )
    if not end:
        return replace(post, quotes=(quote,))
    return replace(
        post, quotes=(replace(quote, text=rest[:end].strip()),), text=rest[end:].strip()
    )


def _end_of_quote(text: str, quoted: str) -> int:
    """How much of a text is quoted; 0 where that is not certain."""
    same, ended = _common(text[:_LONGEST_QUOTE], quoted[:_LONGEST_QUOTE])
    cut = _ELLIPSIS.search(text, 0, _LONGEST_QUOTE)
    if same and ended:
        return same
    if cut and text.count("\n", 0, cut.start()) < 3:
        width = sum(
            2 if east_asian_width(char) in "WF" else 1 for char in text[: cut.start()]
        )
        if _CUT_WIDTH[0] <= width <= _CUT_WIDTH[1] or (
            same and not text[same : cut.start()].strip()
        ):
            return cut.end()
    return 0


def _common(text: str, quoted: str) -> tuple[int, bool]:
    """How far a text goes along with the quoted post, white space aside, and whether it
    reached that post's end."""
    at = 0
    for char in quoted:
        if char.isspace():
            continue
        while at < len(text) and text[at].isspace():
            at += 1
        if at == len(text) or text[at] != char:
            return at, False
        at += 1
    return at, bool(quoted)


def _lines(source: str) -> str:
    """Markup to lines: `<br />` ends one, jammer text goes, entities are undone."""
    if "style=" in source:
        source = _JAMMER.sub("", source)
    if "\r" in source:
        source = source.replace("\r", "")
    source = source.replace("<br />\n", "\n")
    if "<" in source:
        source = _TAG.sub("", _BREAK.sub("\n", source))
    return html.unescape(source).strip()


def _character(found: re.Match[str]) -> str:
    point = int(found[1])
    return (
        chr(point)
        if 31 < point < 0x110000 and not 0xD800 <= point < 0xE000
        else found[0]
    )
