"""Ratings (评分) and comments (点评) below a post.

X: `table.ratl`, or a short list whose items carry a `tip`; 7.x: `dl.newrate`, each rating's
words in a menu of its own; 6.0: `fieldset`, with times.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from scraper.addresses.urls import parse_url
from scraper.core.records import Comment, Rating
from scraper.markup.dates import Clock
from scraper.markup.html import attr, elements, fold, printed_time, words

_SCORE = re.compile(r"^([+-])\s*(\d{1,9})$")
_CREDIT_AND_SCORE = re.compile(r"(\S+)\s*([+-])\s*(\d{1,9})")
_TOTAL = re.compile(r"[\s+\-\d]+$")
_MARKUP = re.compile(r"<[^>]+>|&nbsp;")
_CREDIT = re.compile(r"<(?:em|span)\b")
_POSTED = re.compile(r"\s*(?:发表于|發表於|發表于|posted on)[^发發]*$", re.I)


def read_ratings(box: LexborNode, clock: Clock) -> tuple[Rating, ...]:
    """The ratings of one box, in order, one a person (6.0: one a credit)."""
    if box.tag == "fieldset":
        items = (item for item in box.css("li") if item.css_first("cite") is not None)
        return tuple(_classic_rating(item, clock) for item in items)

    rows = box.css('tr[id^="rate_"]')
    if rows:
        headings = box.css("tr:first-child th")[1:]
        credits = [_TOTAL.sub("", words(cell)) for cell in headings]
        return tuple(_rating_in_row(row, credits) for row in rows)
    tipped = box.css("[tip]")
    if tipped:
        return tuple(_rating_in_tip(item) for item in tipped)
    return tuple(_rating_in_menu(item) for item in box.css("li"))


def _rating_in_row(row: LexborNode, credits: Sequence[str]) -> Rating:
    """A row of `table.ratl`: who rated, a cell for each credit, the reason."""
    cells = list(elements(row))
    if not cells:
        return Rating()

    author, uid = user_of(cells[0])
    score, credit = _first_score(cells[1:-1], credits)
    reason = words(cells[-1]) if len(cells) > 1 else ""
    return Rating(author=author, uid=uid, score=score, credit=credit, reason=reason)


def _first_score(
    cells: Sequence[LexborNode],
    credits: Sequence[str],
) -> tuple[int | None, str]:
    for index, cell in enumerate(cells):
        score = _score(words(cell).replace(" ", ""))
        if score is not None:
            credit = credits[index] if index < len(credits) else ""
            return score, credit
    return None, ""


def _score(text: str) -> int | None:
    found = _SCORE.match(text)
    return int(found[1] + found[2]) if found else None


def _rating_in_tip(item: LexborNode) -> Rating:
    """`<p tip="<strong>reason</strong>&nbsp;<em class='xi1'>威望 + 5</em>">` around a small
    picture."""
    reason, *credits = _CREDIT.split(attr(item, "tip"))
    credit = _without_markup("<em" + credits[0]) if credits else ""
    above = item.parent
    box = above if above is not None and above.tag == "li" else item
    return _rating(_without_markup(reason), credit, box)


def _rating_in_menu(item: LexborNode) -> Rating:
    """7.x: the words stand in a hidden `div.attach_popup`, the name below the picture."""
    menu = item.css_first(".cornerlayger") or item.css_first(".attach_popup")
    credit = words(menu.css_first("em, span")) if menu is not None else ""
    reason = words(menu)
    if credit:
        reason = reason.partition(credit)[0]
    return _rating(reason, credit, item)


def _without_markup(source: str) -> str:
    return fold(_MARKUP.sub(" ", source))


def _rating(reason: str, credit_and_score: str, item: LexborNode) -> Rating:
    author, uid = user_of(item)
    found = _CREDIT_AND_SCORE.search(credit_and_score)
    return Rating(
        author=author,
        uid=uid,
        score=int(found[2] + found[3]) if found else None,
        credit=found[1] if found else "",
        reason=reason.strip(),
    )


def _classic_rating(item: LexborNode, clock: Clock) -> Rating:
    """6.0: `<cite>name</cite> credit <strong>+5</strong> <em>reason</em> time`."""
    author, uid = user_of(item.css_first("cite") or item)
    score = item.css_first("strong")
    credit = ""
    rated_at = None
    if score is not None:
        credit = _bare_text(score.prev)
        rated_at = clock.parse(_bare_text(item.last_child))
    return Rating(
        author=author,
        uid=uid,
        score=_score(words(score)),
        credit=credit,
        reason=words(item.css_first("em")),
        rated_at=rated_at,
    )


def _bare_text(node: LexborNode | None) -> str:
    if node is None or not node.is_text_node:
        return ""
    return fold(node.text_content or "")


def user_of(cell: LexborNode) -> tuple[str, int | None]:
    """The last named link to a member in a cell: name and uid."""
    name, uid = "", None
    for link in cell.css("a"):
        target = parse_url(attr(link, "href"))
        if target is not None and target.kind == "user":
            name = words(link) or name
            uid = target.id or uid
    return name or words(cell), uid


def read_comments(box: LexborNode, clock: Clock) -> tuple[Comment, ...]:
    """The comments that the page shows of one post."""
    is_empty = next(box.iter(), None) is None
    if is_empty:
        return ()
    comments = []
    for row in box.css("div.pstl"):
        comment = read_comment(row, clock)
        if comment is not None:
            comments.append(comment)
    return tuple(comments)


def read_comment(box: LexborNode, clock: Clock) -> Comment | None:
    """One `div.pstl`; None for the row of the averages of all comments."""
    body = box.css_first(".psti")
    if body is None:
        return None

    person = box.css_first(".psta")
    author, uid = user_of(person) if person is not None else ("", None)
    text = words(body)
    if not author:
        first = next(elements(body), None)
        if first is not None and first.tag == "a":
            # X1.5 and X2 have the name before the words.
            author, uid = user_of(body)
            text = text.removeprefix(words(first)).lstrip()

    stamp = body.css_first("span.xg1")
    return Comment(
        author=author,
        uid=uid,
        posted_at=clock.parse(printed_time(stamp)),
        text=without_tail(text, body, stamp),
    )


def without_tail(text: str, body: LexborNode, stamp: LexborNode | None) -> str:
    """A comment's words without its time, and the links to the reply that it was made from
    (X2.5 and later)."""
    printed = words(stamp)
    if printed and text.endswith(printed):
        text = text[: -len(printed)].rstrip()
    else:
        text = _POSTED.sub("", text)

    for link in reversed(body.css("a")):
        href = attr(link, "href")
        if "findpost" in href or "action=reply" in href:
            text = text.removesuffix(words(link)).rstrip()
    return text
