"""The words that a translated forum puts around names and times, learned from its own page.

A page names each post's time (`<em id="authorposton7">Post time 2014-1-1 12:00</em>`); the
head of a quote says the same between name and time. What stands around the name in an edit
mark is told by the marks of one page together, and by the names that the page has anyway.

Touch and print pages print bare times: there the heads of quotes tell by themselves.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from typing import Final

from scraper.markup.flat import each_from
from scraper.markup.html import fold
from scraper.markup.line_times import Sides, around_time
from scraper.markup.name_frames import last_words, learned_frame
from scraper.markup.wording import Wording, known_name, name_beside

_POSTED = "authorposton"
_VERB = re.compile(
    r"""authorposton\d{1,18}["']?[^<>]{0,80}>([^<\d]{0,60})(?:<span|\d{1,4}[-/.])"""
)
_KNOWN_VERBS: Final = frozenset({"发表于", "發表於", "發表于", "发布于", "發佈於"})
_AUTHOR = re.compile(
    r"""class=["']xw1["'][^<>]{0,80}>([^<>]{1,60})<|<cite>\s*<a\b[^<>]{0,200}>([^<>]{1,60})<"""
)
_HEAD_WORD: Final = "<font color="
_HEAD = re.compile(r"""<font color=["']?#999999["']?>([^<>]{6,200})</font>""")
_MARK_WORD: Final = "<i class="
_MARK = re.compile(
    r"""<i class=["']pstatus["']>([^<>]{0,200}(?:<span\b[^<>]{0,80}>[^<>]{0,60}</span>"""
    r"""[^<>]{0,100})?)</i>"""
)
_SPAN = re.compile(r"<span\b[^<>]*>([^<>]*)</span>")
_MEMBER = re.compile(
    r"""<a href=["'][^"'<>]{0,200}\buid[=-]\d{1,18}[^<>]{0,200}>([^<>]{1,60})</a>"""
    r"""|<b>[^<]{1,40}</b>([^<\n]{1,60})<b>"""
)
"""The author above a touch post, and in a print page between two labels."""
_CHINESE = re.compile(r"发表于|發表於|發表于|发布于|發佈於|编辑|編輯")
_MOST_MARKS: Final = 100


def read_wording(text: str) -> Wording | None:
    """The words of a thread page; None for one in Chinese, or without a line that tells."""
    found = next(each_from(_POSTED, _VERB, text), None)
    if found is None:
        return None
    verb = _plain(found[1])
    if not verb:
        return None
    if verb in _KNOWN_VERBS:
        return None

    names = _printed_names(_AUTHOR, text)
    heads = _heads(text)
    names |= _names_beside(verb, heads)
    known = _longest_first(names)
    marks = _marks(text)
    return Wording(
        verb=verb,
        names=known,
        frame=learned_frame(marks, known),
    )


def read_bare_wording(text: str) -> Wording | None:
    """The words of a touch or print page, which prints its times without a verb; None for
    one in Chinese, or without a line that tells."""
    heads = _not_chinese(_heads(text))
    marks = _not_chinese(_marks(text))
    if not heads and not marks:
        return None

    names = _printed_names(_MEMBER, text)
    verb = _verb_of_heads(heads, _longest_first(names))
    if verb:
        names |= _names_beside(verb, heads)
    known = _longest_first(names)
    return Wording(
        verb=verb,
        names=known,
        frame=learned_frame(marks, known),
    )


def _plain(source: str) -> str:
    unescaped = html.unescape(source)
    return fold(unescaped)


def _not_chinese(lines: Iterable[Sides]) -> list[Sides]:
    """Those of the lines without the usual words in Chinese."""
    kept = []
    for sides in lines:
        is_chinese = any(map(_CHINESE.search, sides))
        if not is_chinese:
            kept.append(sides)
    return kept


def _verb_of_heads(heads: Sequence[Sides], names: Sequence[str]) -> str:
    """What the heads of a page's quotes say beside name and time: beside a name that the
    page has, else what all of them say."""
    afters = {after for _, after in heads}
    if len(afters) == 1:
        (after,) = afters
        if after:
            return after
    befores = [before for before, _ in heads]
    for before in befores:
        name = known_name(before, names)
        if not name:
            continue
        verb = before[len(name) :].strip()
        if verb:
            return verb
    different = set(befores)
    if len(different) < 2:
        return ""
    common = last_words(different)
    return " ".join(common)


def _printed_names(pattern: re.Pattern[str], text: str) -> set[str]:
    """The names in a page, which are one group of two of a pattern."""
    names = set()
    for found in pattern.finditer(text):
        printed = found[1] or found[2]
        name = _plain(printed)
        names.add(name)
    return names


def _names_beside(verb: str, heads: Iterable[Sides]) -> set[str]:
    """Whom a page quotes."""
    return {name_beside(verb, head) for head in heads}


def _longest_first(names: Iterable[str]) -> tuple[str, ...]:
    """Names, without an empty one."""

    def shortness(name: str) -> tuple[int, str]:
        return -len(name), name

    named = filter(None, names)
    ordered = sorted(named, key=shortness)
    return tuple(ordered)


def _heads(text: str) -> list[Sides]:
    """What stands before and after the time in the head of each quote of a page."""
    heads = []
    for found in each_from(_HEAD_WORD, _HEAD, text):
        head = _plain(found[1])
        sides = around_time(head)
        if sides is not None:
            heads.append(sides)
    return heads


def _marks(text: str) -> list[Sides]:
    """What stands before and after the time in each edit mark of a page."""
    marks: list[Sides] = []
    for found in each_from(_MARK_WORD, _MARK, text):
        sides = _around_time_of_mark(found[1])
        if sides is not None:
            marks.append(sides)
        if len(marks) == _MOST_MARKS:
            break
    return marks


def _around_time_of_mark(source: str) -> Sides | None:
    """What an edit mark says before and after its time, which may stand in a `span`."""
    time = ""
    span = _SPAN.search(source)
    if span is not None:
        time = _plain(span[1])
    without_span = _SPAN.sub(r"\1", source)
    line = _plain(without_span)
    return around_time(line, time)
