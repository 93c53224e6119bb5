"""A poll's options and votes (viewthread_poll)."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from scraper.html import number, words
from scraper.records import Poll, PollOption

_NUMBERED = re.compile(r"^\d{1,3}\s*[.、]\s*")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%")
_VOTES = re.compile(r"\(\s*(\d+)\s*\)")
_VOTERS = re.compile(r"共有\s*(\d+)\s*人|(\d+)\s*(?:人参与|人參與|voters)")
_MULTIPLE = ("多选", "多選", "multiple")
_ENDED = ("投票已经结束", "投票已經結束", "已过期", "已過期")


def read_poll(box: LexborNode) -> Poll | None:
    """A poll from its form, or the table of results that stands in its place; None where it has no options."""
    options = _options(box)
    if not options:
        return None
    head = words(box.css_first(".pinf") or box)
    voters = _VOTERS.search(head)
    return Poll(options=options, voters=number(voters.group()) if voters else None,
                multiple=any(word in head for word in _MULTIPLE), ended=any(word in words(box) for word in _ENDED))


def _options(box: LexborNode) -> tuple[PollOption, ...]:
    """The option's row (X: `td.pvt`, `.ptl`; 7.x: `td.polloption`), its figures in the same row or the next one."""
    found: list[PollOption] = []
    for row in box.css("tr"):
        label = row.css_first("td.pvt, td.ptl, td.polloption, .polloption")
        if label is not None:
            text = _NUMBERED.sub("", words(label))
            found.append(_with_figures(PollOption(text=text), words(row)[len(words(label)):]))
        elif found and found[-1].votes is None:
            found[-1] = _with_figures(found[-1], words(row))
    return tuple(found)


def _with_figures(option: PollOption, figures: str) -> PollOption:
    percent, votes = _PERCENT.search(figures), _VOTES.search(figures)
    if not percent and not votes:
        return option
    return PollOption(text=option.text, votes=int(votes[1]) if votes else None,
                      percent=float(percent[1]) if percent else None)
