"""A poll as the hand-held layouts print it: a `label` an option, its figures beside it
(touch and mobile viewthread_poll)."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from scraper.core.records import Poll, PollOption
from scraper.markup.html import words

_NUMBERED = re.compile(r"^\d{1,3}\s*[.、]\s*")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%")
_VOTES = re.compile(r"\(\s*(\d{1,18})[^()]*\)\s*$")
_NUMBERS = re.compile(r"\d+")
_MULTIPLE = (
    "多选",
    "多選",
    "multiple",
    "(",
)  # only a poll of several answers has its most in parentheses
_ENDED = ("投票已经结束", "投票已經結束", "已过期", "已過期")


def read_poll(form: LexborNode) -> Poll | None:
    """A poll from its form; None where it has no options. The head's last number is that of
    the voters."""
    options = tuple(option for row in form.css("p") if (option := _option(row)))
    if not options:
        return None
    notes = [
        words(block) for block in form.css("div, p") if block.css_first("label") is None
    ]
    head = notes[0].lower() if notes else ""
    numbers = _NUMBERS.findall(head)
    return Poll(
        options=options,
        voters=int(numbers[-1][:18]) if numbers else None,
        multiple=any(word in head for word in _MULTIPLE),
        ended=any(word in note for note in notes for word in _ENDED),
    )


def _option(row: LexborNode) -> PollOption | None:
    label = row.css_first("label")
    if label is None:
        return None
    text = words(label)
    figures = words(row)[len(text) :]
    votes, percent = _VOTES.search(figures), _PERCENT.search(figures)
    return PollOption(
        text=_NUMBERED.sub("", text),
        votes=int(votes[1]) if votes else None,
        percent=float(percent[1]) if percent else None,
    )
