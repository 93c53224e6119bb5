"""A poll's options and votes (viewthread_poll)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from selectolax.lexbor import LexborNode

from scraper.core.records import Poll, PollOption
from scraper.markup.html import classes, elements, number, words

_NUMBERED = re.compile(r"^\d{1,3}\s*[.、]\s*")
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,9})?)\s*%")
_VOTES = re.compile(r"\(\s*(\d{1,18})\s*\)|^\s*(\d{1,18})\s*\(\s*[\d.]+\s*%")
_COUNTED = re.compile(r"(\d{1,18})\s*票")
_VOTERS = re.compile(
    r"共有\s*(\d{1,18})\s*人|参与人数\s*(\d{1,18})|參與人數\s*(\d{1,18})"
    r"|(\d{1,18})\s*(?:人参与|人參與|voters)"
)
_MULTIPLE = ("多选", "多選", "multiple")
_ENDED = ("投票已经结束", "投票已經結束", "已过期", "已過期", "已经结束", "已經結束")
_LABEL_CLASSES = ("pvt", "ptl", "polloption")


def read_poll(form: LexborNode) -> Poll | None:
    """A poll from its form; None where it has no options."""
    options = _options(form) or _pictured_options(form)
    if not options:
        return None
    head = words(form.css_first(".pinf, .pollinfo, h4"))
    voters = _VOTERS.search(head)
    return Poll(
        options=options,
        voters=number(voters.group()) if voters else None,
        multiple=any(word in head for word in _MULTIPLE),
        ended=_has_ended(form, head),
    )


def _has_ended(form: LexborNode, head: str) -> bool:
    """What says so stands beside the options, never within: an option may have these words."""
    text = head + words(form.css_first(".polltimer, .ptmr"))
    above = form.parent.parent if form.parent is not None else None
    if above is not None:
        # 6.0: a label before the title
        text += words(above.css_first("label:not([for])"))
    return any(word in text for word in _ENDED)


def _options(form: LexborNode) -> tuple[PollOption, ...]:
    """X: `td.pvt`, 7.x: `td.polloption`, figures in the next row; 6.0: `1. text` in a bare
    cell, figures beside it."""
    options: list[PollOption] = []
    for row in form.css("tr"):
        cells = [cell for cell in elements(row) if cell.tag == "td"]
        label = _label_among(cells)
        if label is not None:
            option = PollOption(text=_NUMBERED.sub("", words(label)))
            others = (cell for cell in cells if cell.mem_id != label.mem_id)
            options.append(_with_figures(option, others))
        elif options and options[-1].votes is None:
            options[-1] = _with_figures(options[-1], cells)
    return tuple(options)


def _label_among(cells: list[LexborNode]) -> LexborNode | None:
    for cell in cells:
        if _is_label(cell):
            return cell
    return None


def _is_label(cell: LexborNode) -> bool:
    names = classes(cell)
    if names:
        return any(name in names for name in _LABEL_CLASSES)
    is_numbered = _NUMBERED.match(words(cell)) is not None
    return is_numbered and cell.css_first("p, em") is None


def _with_figures(option: PollOption, cells: Iterable[LexborNode]) -> PollOption:
    text = " ".join(words(cell) for cell in cells)
    percent = _PERCENT.search(text)
    votes = _VOTES.search(text)
    if not percent and not votes:
        return option
    return PollOption(
        text=option.text,
        votes=int(votes[1] or votes[2]) if votes else None,
        percent=float(percent[1]) if percent else None,
    )


def _pictured_options(form: LexborNode) -> tuple[PollOption, ...]:
    cells = form.css('td[id^="polloption_"]')
    return tuple(_pictured_option(cell) for cell in cells)


def _pictured_option(cell: LexborNode) -> PollOption:
    """An option of a picture poll (X3.2 and later): a cell with the picture, its words and
    `12票`."""
    label = cell.css_first("label") or cell.css_first("p") or cell
    name = words(label)
    figures = ""
    if label.mem_id != cell.mem_id:
        figures = words(cell).removeprefix(name)

    percent = _PERCENT.search(figures)
    votes = _COUNTED.search(figures)
    return PollOption(
        text=_NUMBERED.sub("", name),
        votes=int(votes[1]) if votes else None,
        percent=float(percent[1]) if percent else None,
    )
