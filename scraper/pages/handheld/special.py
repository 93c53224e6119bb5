"""What a hand-held page shows of a thread that is no plain one: its poll, best answer and
named details (touch and mobile viewthread_poll, _trade, _reward, _activity, _debate)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborNode

from scraper.addresses.urls import pid_of
from scraper.core.records import Field, Poll, PollOption
from scraper.markup.dates import Clock
from scraper.markup.html import words
from scraper.markup.text import plain_text

_MARKS = (
    ("poll", "form#poll"),
    ("debate", "#affirmbutton"),
    ("reward", ".rwdbst, .reward"),
    ("trade", 'div[id^="trade"]'),
    ("activity", ".activity dl, .mbn > dl"),
)
_NAME_END = re.compile(r"\s?[:：]\s?")

_NUMBERED = re.compile(r"^\d{1,3}\s*[.、]\s*")
_PERCENT = re.compile(r"(?<!\d)(\d++(?:\.\d++)?)\s?%")
_VOTES = re.compile(r"\(\s*(\d{1,18})[^()]*\)\s*$")
_NUMBERS = re.compile(r"\d+")
_MOST_DIGITS = 18  # what an SQLite integer surely holds
# only a poll of several answers has its most in parentheses
_MULTIPLE = ("多选", "多選", "multiple", "(")
_ENDED = ("投票已经结束", "投票已經結束", "已过期", "已過期")


@dataclass(slots=True)
class SpecialParts:
    """`kind` as in `ThreadPage.special`; `best_pid`: the best answer that a reward thread's
    first post shows."""

    kind: str = ""
    poll: Poll | None = None
    fields: tuple[Field, ...] = ()
    best_pid: int | None = None


def read_special(box: LexborNode, clock: Clock) -> SpecialParts:
    """Read the forum's own blocks in the box of a message."""
    found = SpecialParts()
    node = _take_kind(found, box)
    if node is not None and found.kind == "poll":
        found.poll = read_poll(node)
    elif found.kind == "reward":
        found.best_pid = _best_pid(box)
    elif node is not None and found.kind == "activity":
        terms = node.css("dt")
        lines = [plain_text(term, clock) for term in terms]
        found.fields = _fields(lines)

    sorted_information = box.css_first(".viewsort")
    if sorted_information is not None:
        lines = plain_text(sorted_information, clock).split("\n")
        found.fields = _fields(lines)
    return found


def _take_kind(found: SpecialParts, box: LexborNode) -> LexborNode | None:
    """Note the kind of thread, and give the block that told it; None for a plain thread."""
    for kind, selector in _MARKS:
        node = box.css_first(selector)
        if node is not None:
            found.kind = kind
            return node
    return None


def _best_pid(box: LexborNode) -> int | None:
    """The post whose words a reward thread shows as its best answer."""
    best = box.css_first(".rwdbst")
    if best is None:
        return None
    source = best.html or ""
    return pid_of(source.replace("&amp;", "&"))


def _fields(lines: Iterable[str]) -> tuple[Field, ...]:
    """Lines such as `名称: 值`; others are left out."""
    fields = []
    for line in lines:
        folded = " ".join(line.split())
        parts = _NAME_END.split(folded, maxsplit=1)
        if len(parts) == 2 and all(parts):
            name, value = parts
            field = Field(
                name=name,
                value=value,
            )
            fields.append(field)
    return tuple(fields)


def read_poll(form: LexborNode) -> Poll | None:
    """A poll from its form; None where it has no options. The head's last number is that of
    the voters."""
    options = []
    for row in form.css("p"):
        option = _option(row)
        if option is not None:
            options.append(option)
    if not options:
        return None

    notes = list(_notes(form))
    head = notes[0].lower() if notes else ""
    return Poll(
        options=tuple(options),
        voters=_last_number(head),
        multiple=_has_any(head, _MULTIPLE),
        ended=any(_has_any(note, _ENDED) for note in notes),
    )


def _notes(form: LexborNode) -> Iterator[str]:
    """What the form prints beside its options: the head, whether the poll has ended."""
    for block in form.css("div, p"):
        if block.css_first("label") is None:
            yield words(block)


def _last_number(text: str) -> int | None:
    numbers = _NUMBERS.findall(text)
    if not numbers:
        return None
    digits = numbers[-1]
    return int(digits[:_MOST_DIGITS])


def _has_any(text: str, marks: tuple[str, ...]) -> bool:
    return any(mark in text for mark in marks)


def _option(row: LexborNode) -> PollOption | None:
    """An option is a `label` with its figures beside it."""
    label = row.css_first("label")
    if label is None:
        return None

    text = words(label)
    option = PollOption(text=_NUMBERED.sub("", text))

    figures = words(row)[len(text) :]
    votes = _VOTES.search(figures)
    if votes:
        option = replace(option, votes=int(votes[1]))

    percent = _PERCENT.search(figures)
    if percent:
        option = replace(option, percent=float(percent[1]))
    return option
