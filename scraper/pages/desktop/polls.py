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
    return Poll(
        options=options,
        voters=_voters(head),
        multiple=any(word in head for word in _MULTIPLE),
        ended=_has_ended(form, head),
    )


def _voters(head: str) -> int | None:
    found = _VOTERS.search(head)
    return number(found[0]) if found else None


def _has_ended(form: LexborNode, head: str) -> bool:
    """What says so stands beside the options, never within: an option may have these words."""
    timer = form.css_first(".polltimer, .ptmr")
    text = head + words(timer)
    box = form.parent
    if box is not None and box.parent is not None:
        # 6.0: a label before the title
        label = box.parent.css_first("label:not([for])")
        text += words(label)
    return any(word in text for word in _ENDED)


def _options(form: LexborNode) -> tuple[PollOption, ...]:
    """X: `td.pvt`, 7.x: `td.polloption`, figures in the next row; 6.0: `1. text` in a bare
    cell, figures beside it."""
    options: list[PollOption] = []
    for row in form.css("tr"):
        cells = [cell for cell in elements(row) if cell.tag == "td"]
        label = _take_label(cells)
        if label is not None:
            option = PollOption(text=_without_number(label))
        elif options and options[-1].votes is None:
            option = options.pop()
        else:
            continue
        option = _with_figures(option, cells)
        options.append(option)
    return tuple(options)


def _take_label(cells: list[LexborNode]) -> LexborNode | None:
    """The cell with an option's words, taken out of its row."""
    for index, cell in enumerate(cells):
        if _is_label(cell):
            return cells.pop(index)
    return None


def _without_number(label: LexborNode) -> str:
    return _NUMBERED.sub("", words(label))


def _is_label(cell: LexborNode) -> bool:
    names = classes(cell)
    if names:
        return any(name in names for name in _LABEL_CLASSES)
    # A cell that holds rows of its own is layout around options.
    if cell.css_first("p, em, tr") is not None:
        return False
    return _NUMBERED.match(words(cell)) is not None


def _with_figures(option: PollOption, cells: Iterable[LexborNode]) -> PollOption:
    text = " ".join(words(cell) for cell in cells)
    percent = _percent(text)
    votes = _VOTES.search(text)
    if percent is None and not votes:
        return option
    return PollOption(
        text=option.text,
        votes=int(votes[1] or votes[2]) if votes else None,
        percent=percent,
    )


def _percent(text: str) -> float | None:
    found = _PERCENT.search(text)
    return float(found[1]) if found else None


def _pictured_options(form: LexborNode) -> tuple[PollOption, ...]:
    cells = form.css('td[id^="polloption_"]')
    return tuple(map(_pictured_option, cells))


def _pictured_option(cell: LexborNode) -> PollOption:
    """An option of a picture poll (X3.2 and later): a cell with the picture, its words and
    `12票`."""
    label = cell.css_first("label")
    if label is None:
        label = cell.css_first("p")
    if label is None:
        return PollOption(text=_without_number(cell))

    figures = words(cell)
    figures = figures.removeprefix(words(label))
    votes = _COUNTED.search(figures)
    return PollOption(
        text=_without_number(label),
        votes=int(votes[1]) if votes else None,
        percent=_percent(figures),
    )
