"""A poll's options and votes (viewthread_poll)."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from scraper.core.records import Poll, PollOption
from scraper.markup.html import elements, number, words

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


def read_poll(form: LexborNode) -> Poll | None:
    """A poll from its form; None where it has no options."""
    options = _options(form) or tuple(
        _pictured(cell) for cell in form.css('td[id^="polloption_"]')
    )
    if not options:
        return None
    head = words(form.css_first(".pinf, .pollinfo, h4"))
    voters = _VOTERS.search(head)
    return Poll(
        options=options,
        voters=number(voters.group()) if voters else None,
        multiple=any(word in head for word in _MULTIPLE),
        ended=_ended(form, head),
    )


def _ended(form: LexborNode, head: str) -> bool:
    """What says so stands beside the options, never within: an option may have these words."""
    said = head + words(form.css_first(".polltimer, .ptmr"))
    above = form.parent.parent if form.parent is not None else None
    if above is not None:
        said += words(
            above.css_first("label:not([for])")
        )  # 6.0: a label before the title
    return any(word in said for word in _ENDED)


def _options(form: LexborNode) -> tuple[PollOption, ...]:
    """X: `td.pvt`, 7.x: `td.polloption`, figures in the next row; 6.0: `1. text` in a bare
    cell, figures beside it."""
    found: list[PollOption] = []
    for row in form.css("tr"):
        cells = [cell for cell in elements(row) if cell.tag == "td"]
        label = next((cell for cell in cells if _is_label(cell)), None)
        if label is not None:
            found.append(
                _with_figures(
                    PollOption(text=_NUMBERED.sub("", words(label))), cells, label
                )
            )
        elif found and found[-1].votes is None:
            found[-1] = _with_figures(found[-1], cells, None)
    return tuple(found)


def _pictured(cell: LexborNode) -> PollOption:
    """An option of a picture poll (X3.2 and later): a cell with the picture, its words and
    `12票`."""
    label = cell.css_first("label") or cell.css_first("p") or cell
    said = words(cell).removeprefix(words(label)) if label.mem_id != cell.mem_id else ""
    percent, votes = _PERCENT.search(said), _COUNTED.search(said)
    return PollOption(
        text=_NUMBERED.sub("", words(label)),
        votes=int(votes[1]) if votes else None,
        percent=float(percent[1]) if percent else None,
    )


def _is_label(cell: LexborNode) -> bool:
    names = (cell.attributes.get("class") or "").split()
    if names:
        return "pvt" in names or "ptl" in names or "polloption" in names
    return _NUMBERED.match(words(cell)) is not None and cell.css_first("p, em") is None


def _with_figures(
    option: PollOption, cells: list[LexborNode], label: LexborNode | None
) -> PollOption:
    said = " ".join(
        words(cell) for cell in cells if label is None or cell.mem_id != label.mem_id
    )
    percent, votes = _PERCENT.search(said), _VOTES.search(said)
    if not percent and not votes:
        return option
    return PollOption(
        text=option.text,
        votes=int(votes[1] or votes[2]) if votes else None,
        percent=float(percent[1]) if percent else None,
    )
