"""The forum's line about a post's last edit: `本帖最后由 甲 于 2013-1-12 08:20 编辑`.

X prints it in `i.pstatus`, 6.0 and 7.x in an `i` between square brackets; the archivers
print it as BBCode, or with its tags stripped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from selectolax.lexbor import LexborNode

from scraper.markup.dates import Clock
from scraper.markup.html import attr, printed_time, words
from scraper.markup.line_times import last_time
from scraper.markup.wording import Wording

_SENTENCE = re.compile(
    r"(?:本帖最[后後]由|最[后後]由)\s*+(?P<by>.{0,60}?)[于於]"
    r"\s*+(?P<at>[^于於]{4,40}?)\s*+[编編][辑輯]"
    r"|(?:last )?edited by\s*+(?P<by_en>.{0,60}?) (?:at|on) (?P<at_en>.{6,40}?)\s*+$",
    re.I,
)
# Longer texts are no mark.
_SENTENCE_CHARS: Final = 300
_BEGINNINGS = (
    "本帖最",
    "最后由",
    "最後由",
    "this post was last edited",
    "last edited by",
)

_TYPED = (
    r"(?:本帖最[后後]由(?P<by>[^\n]{1,80}?)[于於][ \xa0]{0,8}+"
    r"(?P<at>\d[\d\-/.年月日]{5,12}[ \xa0][^\n]{3,16}?)[ \xa0]{0,8}+[编編][辑輯]"
    r"|(?:last )?edited by (?P<by_en>[^\n]{1,80}?) (?:at|on) (?P<at_en>\d[^\n]{5,30}?))"
)
_TYPED_IN_TAGS = re.compile(
    r"\[?\[i(?:=s)?\][ \xa0]*+" + _TYPED + r"[ \xa0]*+\[/i\]\]?", re.I
)
_TYPED_ON_A_LINE = re.compile(
    r"^[ \t\xa0]*+(?P<open>\[\s{0,4}+)?" + _TYPED + r"(?(open)\s{0,4}+\])[ \t\xa0]*+$",
    re.I | re.M,
)
_QUOTE_HEAD = re.compile(r"(?:发表于|發表於|發表于)[^\n]{6,60}\s*$")
_QUOTE_HEAD_CHARS: Final = 120
_MOST_MARKS: Final = 20


@dataclass(frozen=True, slots=True)
class EditMark:
    """Who edited a post last, and when; either may be unknown."""

    by: str = ""
    at: datetime | None = None


def read_edit_mark(
    node: LexborNode,
    clock: Clock,
    wording: Wording | None = None,
) -> EditMark | None:
    """The mark that an `i` element is; None where it is words in italics."""
    is_marked = "pstatus" in attr(node, "class")
    if not is_marked and not _begins_as_a_mark(node):
        return None

    line = words(node)
    span = node.css_first("span[title]")
    full_time = printed_time(span)
    found = _find_sentence(line)
    if found:
        time = full_time or found["at"] or found["at_en"]
        return EditMark(
            by=(found["by"] or found["by_en"] or "").strip(),
            at=clock.parse(time),
        )
    if is_marked:
        # In another language: the time is one in each.
        time = full_time or last_time(line) or line
        editor = wording.editor(line, words(span)) if wording else ""
        return EditMark(by=editor, at=clock.parse(time))
    return None


def _find_sentence(line: str) -> re.Match[str] | None:
    if len(line) > _SENTENCE_CHARS:
        return None
    return _SENTENCE.search(line)


def _begins_as_a_mark(node: LexborNode) -> bool:
    first = node.first_child
    if first is None or not first.is_text_node:
        return False
    text = first.text_content or ""
    beginning = text.lstrip().lower()
    return beginning.startswith(_BEGINNINGS)


def take_edit_mark(source: str, clock: Clock) -> tuple[str, str, datetime | None]:
    """A message of BBCode without its marks; who edited it, and when.

    A quote repeats the mark of the quoted post: it goes as well, and says nothing of this
    one.
    """
    if "本帖最" not in source and "dited by" not in source:
        return source, "", None

    pattern = _TYPED_IN_TAGS
    if not pattern.search(source):
        pattern = _TYPED_ON_A_LINE
    rest = pattern.sub("", source)

    mark = _first_own_mark(source, pattern)
    if mark is None:
        return rest, "", None
    time = mark["at"] or mark["at_en"]
    edited_at = clock.parse(time)
    if edited_at is None:
        return rest, "", None
    edited_by = mark["by"] or mark["by_en"]
    return rest, edited_by.strip(), edited_at


def _first_own_mark(source: str, pattern: re.Pattern[str]) -> re.Match[str] | None:
    """The first mark that no quote repeats."""
    marks = pattern.finditer(source)
    for mark in islice(marks, _MOST_MARKS):
        start = mark.start()
        if not _is_quoted(source, start):
            return mark
    return None


def _is_quoted(source: str, at: int) -> bool:
    """Whether a position is within a quote: in its tags, or right below the head line that
    stripped BBCode leaves of it."""
    start = max(0, at - _QUOTE_HEAD_CHARS)
    if _QUOTE_HEAD.search(source[start:at]):
        return True
    last_open = source.rfind("[quote", 0, at)
    last_close = source.rfind("[/quote", 0, at)
    return last_open > last_close
