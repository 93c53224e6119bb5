"""Ratings (评分) and comments (点评) below a post.

X: `table.ratl`, or a short list whose items carry a `tip`; 7.x: `dl.newrate`, each rating's
words in a menu of its own;
6.0: `fieldset`, with times.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from scraper.addresses.urls import parse_url
from scraper.core.records import Comment, Rating
from scraper.markup.dates import Clock
from scraper.markup.html import attr, elements, fold, printed_time, words

_SCORE = re.compile(r"^([+-])\s*(\d{1,9})$")
_SAID = re.compile(r"(\S+)\s*([+-])\s*(\d{1,9})")
_TOTAL = re.compile(r"[\s+\-\d]+$")
_MARKUP = re.compile(r"<[^>]+>|&nbsp;")
_CREDIT = re.compile(r"<(?:em|span)\b")
_POSTED = re.compile(r"\s*(?:发表于|發表於|發表于|posted on)[^发發]*$", re.I)


def read_ratings(box: LexborNode, clock: Clock) -> tuple[Rating, ...]:
    """The ratings of one box, in order, one a person (6.0: one a credit)."""
    if box.tag == "fieldset":
        return tuple(
            _listed(item, clock)
            for item in box.css("li")
            if item.css_first("cite") is not None
        )
    credits = [_TOTAL.sub("", words(cell)) for cell in box.css("tr:first-child th")[1:]]
    rows = tuple(_rating(row, credits) for row in box.css('tr[id^="rate_"]'))
    return (
        rows
        or tuple(_tipped(item) for item in box.css("[tip]"))
        or tuple(_menued(item) for item in box.css("li"))
    )


def _rating(row: LexborNode, credits: list[str]) -> Rating:
    cells = list(elements(row))
    author, uid = user_of(cells[0]) if cells else ("", None)
    score, credit = None, ""
    for at, cell in enumerate(cells[1:-1]):
        if found := _SCORE.match(words(cell).replace(" ", "")):
            score, credit = (
                int(found[1] + found[2]),
                credits[at] if at < len(credits) else "",
            )
            break
    return Rating(
        author=author,
        uid=uid,
        score=score,
        credit=credit,
        reason=words(cells[-1]) if len(cells) > 1 else "",
    )


def _tipped(item: LexborNode) -> Rating:
    """`<p tip="<strong>reason</strong>&nbsp;<em class='xi1'>威望 + 5</em>">` around a small
    picture."""
    above = item.parent
    reason, *credits = _CREDIT.split(attr(item, "tip"))
    box = above if above is not None and above.tag == "li" else item
    return _said(_plain(reason), _plain("<em" + credits[0]) if credits else "", box)


def _menued(item: LexborNode) -> Rating:
    """7.x: the words stand in a hidden `div.attach_popup`, the name below the picture."""
    menu = item.css_first(".cornerlayger") or item.css_first(".attach_popup")
    credit = words(menu.css_first("em, span")) if menu is not None else ""
    return _said(
        words(menu).partition(credit)[0] if credit else words(menu), credit, item
    )


def _plain(markup: str) -> str:
    return fold(_MARKUP.sub(" ", markup))


def _said(reason: str, credit: str, item: LexborNode) -> Rating:
    found = _SAID.search(credit)
    author, uid = user_of(item)
    return Rating(
        author=author,
        uid=uid,
        score=int(found[2] + found[3]) if found else None,
        credit=found[1] if found else "",
        reason=reason.strip(),
    )


def _listed(item: LexborNode, clock: Clock) -> Rating:
    """6.0: `<cite>name</cite> credit <strong>+5</strong> <em>reason</em> time`."""
    author, uid = user_of(item.css_first("cite") or item)
    score = item.css_first("strong")
    before, after = (score.prev, item.last_child) if score is not None else (None, None)
    found = _SCORE.match(words(score))
    return Rating(
        author=author,
        uid=uid,
        score=int(found[1] + found[2]) if found else None,
        credit=fold(before.text_content or "")
        if before is not None and before.is_text_node
        else "",
        reason=words(item.css_first("em")),
        rated_at=clock.parse(fold(after.text_content or ""))
        if after is not None and after.is_text_node
        else None,
    )


def user_of(cell: LexborNode) -> tuple[str, int | None]:
    """The last named link to a member in a cell: name and uid."""
    name, uid = "", None
    for link in cell.css("a"):
        target = parse_url(attr(link, "href"))
        if target and target.kind == "user":
            name, uid = words(link) or name, target.id or uid
    return name or words(cell), uid


def read_comments(box: LexborNode, clock: Clock) -> tuple[Comment, ...]:
    """The comments that the page shows of one post."""
    if next(box.iter(), None) is None:
        return ()
    return tuple(
        comment for row in box.css("div.pstl") if (comment := read_comment(row, clock))
    )


def read_comment(box: LexborNode, clock: Clock) -> Comment | None:
    """One `div.pstl`; None for the row of the averages of all comments."""
    said = box.css_first(".psti")
    if said is None:
        return None
    person = box.css_first(".psta")
    author, uid = user_of(person) if person is not None else ("", None)
    text = words(said)
    if (
        not author
        and (link := next(elements(said), None)) is not None
        and link.tag == "a"
    ):  # X1.5 and X2
        author, uid = user_of(said)
        text = text.removeprefix(words(link)).lstrip()
    stamp = said.css_first("span.xg1")
    return Comment(
        author=author,
        uid=uid,
        posted_at=clock.parse(printed_time(stamp)),
        text=without_tail(text, said, stamp),
    )


def without_tail(text: str, said: LexborNode, stamp: LexborNode | None) -> str:
    """A comment's words without its time, and the links to the reply that it was made from
    (X2.5 and later)."""
    printed = words(stamp)
    text = (
        text[: -len(printed)].rstrip()
        if printed and text.endswith(printed)
        else _POSTED.sub("", text)
    )
    for link in reversed(said.css("a")):
        if "findpost" in (href := attr(link, "href")) or "action=reply" in href:
            text = text.removesuffix(words(link)).rstrip()
    return text
