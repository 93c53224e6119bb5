"""What a hand-held page shows of a thread that is no plain one: its poll, best answer and
named details (touch and mobile viewthread_poll, _trade, _reward, _activity, _debate)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

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
_NAME_END = re.compile(r"\s*[:：]\s*")

_NUMBERED = re.compile(r"^\d{1,3}\s*[.、]\s*")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%")
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
        lines = [plain_text(line, clock) for line in node.css("dt")]
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
            fields.append(Field(name=name, value=value))
    return tuple(fields)


def read_poll(form: LexborNode) -> Poll | None:
    """A poll from its form; None where it has no options. The head's last number is that of
    the voters."""
    rows = [_option(row) for row in form.css("p")]
    options = tuple(option for option in rows if option)
    if not options:
        return None

    notes = [
        words(block) for block in form.css("div, p") if block.css_first("label") is None
    ]
    head = notes[0].lower() if notes else ""
    numbers = _NUMBERS.findall(head)
    return Poll(
        options=options,
        voters=int(numbers[-1][:_MOST_DIGITS]) if numbers else None,
        multiple=any(word in head for word in _MULTIPLE),
        ended=any(word in note for note in notes for word in _ENDED),
    )


def _option(row: LexborNode) -> PollOption | None:
    """An option is a `label` with its figures beside it."""
    label = row.css_first("label")
    if label is None:
        return None

    text = words(label)
    figures = words(row)[len(text) :]
    votes = _VOTES.search(figures)
    percent = _PERCENT.search(figures)
    return PollOption(
        text=_NUMBERED.sub("", text),
        votes=int(votes[1]) if votes else None,
        percent=float(percent[1]) if percent else None,
    )
