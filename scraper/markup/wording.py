"""The words that a translated forum puts around names and times, learned from its own page.

A page names each post's time (`<em id="authorposton7">Post time 2014-1-1 12:00</em>`); the
head of a quote says the same between name and time. What stands around the name in an edit
mark is told by the marks of one page together, and by the names that the page has anyway.

Touch and print pages print bare times: there the heads of quotes tell by themselves.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from scraper.markup.html import fold

_POSTED = "authorposton"
_VERB = re.compile(
    r"""authorposton\d{1,18}["']?[^<>]{0,80}>([^<\d]{0,60})(?:<span|\d{1,4}[-/.])"""
)
_KNOWN_VERBS: Final = frozenset({"发表于", "發表於", "發表于", "发布于", "發佈於"})
_STAMP = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}"
    r"(?:[\s,]{1,3}(?:[^\s\d]{1,6}\s)?\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AaPp]\.?[Mm]\b\.?)?)?"
)
_AUTHOR = re.compile(
    r"""class=["']xw1["'][^<>]{0,80}>([^<>]{1,60})<|<cite>\s*<a\b[^<>]{0,200}>([^<>]{1,60})<"""
)
_HEAD = re.compile(r"""<font color=["']?#999999["']?>([^<>]{6,200})</font>""")
_MARK = re.compile(
    r"""<i class=["']pstatus["']>([^<>]{0,200}(?:<span\b[^<>]{0,80}>[^<>]{0,60}</span>"""
    r"""[^<>]{0,100})?)</i>"""
)
_SPAN = re.compile(r"<span\b[^<>]*>([^<>]*)</span>")
_BY = re.compile(
    r"(?:^|.*\s)(?:by|โดย|bởi|oleh|por|par|von|от|пользователем|tarafından)\s+(?P<name>.+?)"
    r"(?:\s+(?:at|on|เมื่อ|lúc|vào lúc|vào|pada|em|le|am|в))?$",
    re.I,
)
_MEMBER = re.compile(
    r"""<a href=["'][^"'<>]{0,200}\buid[=-]\d{1,18}[^<>]{0,200}>([^<>]{1,60})</a>"""
    r"""|<b>[^<]{1,40}</b>([^<\n]{1,60})<b>"""
)
"""The author above a touch post, and in a print page between two labels."""
_CHINESE = re.compile(r"发表于|發表於|發表于|发布于|發佈於|编辑|編輯")
_MOST_MARKS: Final = 100
# Longer lines are the poster's words.
_LONGEST_LINE: Final = 300


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the name in an edit mark: before its time, or after it."""

    is_after_time: bool
    before: str
    after: str

    def name_in(self, parts: tuple[str, str]) -> str:
        """The name in a mark's words before and after its time; empty for another form."""
        part = parts[self.is_after_time]
        if len(part) <= len(self.before) + len(self.after):
            return ""
        if not part.startswith(self.before) or not part.endswith(self.after):
            return ""
        end = len(part) - len(self.after)
        return part[len(self.before) : end].strip()


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a page that is not in Chinese.

    `verb`: what stands before the time of a post. `names`: the members that the page names.
    `frame`: the words around the name in its edit marks; None where nothing tells.
    """

    verb: str
    names: tuple[str, ...] = ()
    frame: Frame | None = None

    def quoted_author(self, head: str) -> str:
        """Who is quoted, by the head line of a quote; empty where nothing tells."""
        parts = around_time(head)
        if parts is None:
            return ""
        name = _without_verb(parts, self.verb) if self.verb else ""
        return name or _known_name(parts[0], self.names)

    def editor(self, line: str, time: str = "") -> str:
        """Who edited a post, by the line of an edit mark and the words of its time; empty
        where nothing tells."""
        parts = around_time(line, time)
        if parts is None:
            return ""
        if self.frame is not None:
            return self.frame.name_in(parts)
        found = _BY.match(parts[0])
        return found["name"] if found else ""


def read_wording(text: str) -> Wording | None:
    """The words of a thread page; None for one in Chinese, or without a line that tells."""
    at = text.find(_POSTED)
    if at < 0:
        return None
    found = _VERB.search(text, at)
    if found is None:
        return None
    verb = fold(html.unescape(found[1]))
    if not verb or verb in _KNOWN_VERBS:
        return None

    names = _names(text, verb)
    marks = _marks(text)
    return Wording(verb, names, _frame(marks, names))


def read_bare_wording(text: str) -> Wording | None:
    """The words of a touch or print page, which prints its times without a verb; None for
    one in Chinese, or without a line that tells."""
    if "#999999" not in text and "pstatus" not in text:
        return None
    heads = [head for head in _heads(text) if not _is_chinese(head)]
    marks = [mark for mark in _marks(text) if not _is_chinese(mark)]
    if not heads and not marks:
        return None

    members = {found[1] or found[2] for found in _MEMBER.finditer(text)}
    names = {fold(html.unescape(member)) for member in members}
    verb = _verb_of_heads(heads, _longest_first(names))
    if verb:
        names |= {_without_verb(head, verb) for head in heads}
    known = _longest_first(names - {""})
    return Wording(verb, known, _frame(marks, known))


def _is_chinese(parts: tuple[str, str]) -> bool:
    return any(_CHINESE.search(part) for part in parts)


def _verb_of_heads(heads: list[tuple[str, str]], names: tuple[str, ...]) -> str:
    """What the heads of a page's quotes say beside name and time: beside a name that the
    page has, else what all of them say."""
    afters = {after for _, after in heads}
    if len(afters) == 1 and afters != {""}:
        return afters.pop()
    for before, _ in heads:
        name = _known_name(before, names)
        verb = before[len(name) :].strip()
        if name and verb:
            return verb
    different = {before for before, _ in heads}
    if len(different) < 2:
        return ""
    common = _common_words([before.split()[::-1] for before in different])
    return " ".join(common[::-1])


def around_time(line: str, time: str = "") -> tuple[str, str] | None:
    """The words before and after the time in a line, which is the last that it prints;
    None where it prints none."""
    if len(line) > _LONGEST_LINE:
        return None
    if time and time in line:
        before, _, after = line.rpartition(time)
        return before.strip(), after.strip()
    last = last_time(line)
    if not last:
        return None
    before, _, after = line.rpartition(last)
    return before.strip(), after.strip()


def last_time(line: str) -> str:
    """The last time in a line, as printed, for a name may hold one; empty where there is
    none."""
    times = _STAMP.findall(line)
    return times[-1] if times else ""


def _without_verb(parts: tuple[str, str], verb: str) -> str:
    """The name that stands beside the verb."""
    before, after = parts
    if before and after.lower() == verb.lower():
        return before
    for part in parts:
        lowered = part.lower()
        if lowered.endswith(verb.lower()):
            return part[: -len(verb)].strip()
        if lowered.startswith(verb.lower()):
            return part[len(verb) :].strip()
    return ""


def _known_name(words: str, names: Iterable[str]) -> str:
    """The name that words begin with, of those that the page has; they are longest first."""
    for name in names:
        if words == name or words.startswith(f"{name} "):
            return name
    return ""


def _names(text: str, verb: str) -> tuple[str, ...]:
    """Authors of a page's posts and of what they quote, longest first."""
    names = set()
    for found in _AUTHOR.finditer(text):
        name = found[1] or found[2]
        names.add(fold(html.unescape(name)))
    names |= {_without_verb(head, verb) for head in _heads(text)}
    names.discard("")
    return _longest_first(names)


def _longest_first(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


def _heads(text: str) -> list[tuple[str, str]]:
    """What stands before and after the time in the head of each quote of a page."""
    heads = []
    for found in _HEAD.finditer(text):
        parts = around_time(fold(html.unescape(found[1])))
        if parts is not None:
            heads.append(parts)
    return heads


def _marks(text: str) -> list[tuple[str, str]]:
    """What stands before and after the time in each edit mark of a page."""
    marks = []
    for found in _MARK.finditer(text):
        inner = found[1]
        span = _SPAN.search(inner)
        time = fold(html.unescape(span[1])) if span else ""
        line = fold(html.unescape(_SPAN.sub(r"\1", inner)))
        parts = around_time(line, time)
        if parts is not None:
            marks.append(parts)
        if len(marks) == _MOST_MARKS:
            break
    return marks


def _frame(marks: list[tuple[str, str]], names: tuple[str, ...]) -> Frame | None:
    """The words around the name that fit the most marks."""
    frames = {frame for mark in marks for frame in _frames_of(mark, names)}
    if not frames:
        return _common_frame(marks)

    def fits(frame: Frame) -> tuple[int, int, str]:
        fitting = sum(bool(frame.name_in(mark)) for mark in marks)
        said = len(frame.before) + len(frame.after)
        return fitting, said, frame.before

    return max(frames, key=fits)


def _frames_of(mark: tuple[str, str], names: tuple[str, ...]) -> Iterator[Frame]:
    """The words of a mark around a name that the page has."""
    for is_after_time, part in enumerate(mark):
        padded = f" {part} "
        for name in names:
            before, found, after = padded.partition(f" {name} ")
            if found:
                yield Frame(
                    bool(is_after_time),
                    before=before.strip(),
                    after=after.strip(),
                )
                break


def _common_frame(marks: list[tuple[str, str]]) -> Frame | None:
    """The words that all marks of a page have in common, where they name several members."""
    for is_after_time in (False, True):
        parts = {mark[is_after_time] for mark in marks}
        if len(parts) < 2:
            continue
        before = _common_words([part.split() for part in parts])
        after = _common_words([part.split()[::-1] for part in parts])[::-1]
        return Frame(
            is_after_time,
            before=" ".join(before),
            after=" ".join(after),
        )
    return None


def _common_words(lines: list[list[str]]) -> list[str]:
    """The words that all lines begin with."""
    common = []
    for column in zip(*lines, strict=False):
        if len(set(column)) > 1:
            break
        common.append(column[0])
    return common
