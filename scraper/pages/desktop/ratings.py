"""Ratings (评分) and comments (点评) below a post.

X: `table.ratl`, or a short list whose items carry a `tip`; 7.x: `dl.newrate`, each rating's
words in a menu of its own; 6.0: `fieldset`, with times.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from scraper.core.records import Comment, Rating
from scraper.markup.dates import Clock
from scraper.markup.html import attr, elements, fold, printed_time, words
from scraper.pages.desktop.links import links_to
from scraper.pages.desktop.nodes import first_child

_SCORE = re.compile(r"[+-]\d{1,9}$")
_CREDIT_AND_SCORE = re.compile(r"(?<!\S)(\S+)\s*+([+-]\s*+\d{1,9})")
_TOTAL = re.compile(r"(?<![\s+\-\d])[\s+\-\d]++$")
_MARKUP = re.compile(r"<[^<>]++>|&nbsp;")
_CREDIT = re.compile(r"<(?:em|span)\b")
_GUEST = re.compile(r"(?:游客|遊客|guest)\s+", re.I)
_POSTED = re.compile(
    r"(?<!\s)\s*+(?:发表于|發表於|發表于|posted on)(?:(?!posted on)[^发發])*+$", re.I
)


def read_ratings(box: LexborNode, clock: Clock) -> tuple[Rating, ...]:
    """The ratings of one box, in order, one a person (6.0: one a credit)."""
    if box.tag == "fieldset":
        return _classic_ratings(box, clock)
    rows = box.css('tr[id^="rate_"]')
    if rows:
        credits = _credits(box)
        return tuple(_rating_in_row(row, credits) for row in rows)
    tipped = box.css("[tip]")
    if tipped:
        return tuple(map(_rating_in_tip, tipped))
    items = box.css("li")
    return tuple(map(_rating_in_menu, items))


def _credits(box: LexborNode) -> list[str]:
    """The names of the credits that were given, by the headings of their columns."""
    headings = box.css("tr:first-child th")
    names = map(words, headings[1:])
    return [_TOTAL.sub("", name) for name in names]


def _rating_in_row(row: LexborNode, credits: Sequence[str]) -> Rating:
    """A row of `table.ratl`: who rated, a cell for each credit, the reason."""
    cells = list(elements(row))
    if not cells:
        return Rating()

    person, *others = cells
    author, uid = user_of(person)
    reason = words(others.pop()) if others else ""
    score, credit = _first_score(others, credits)
    return Rating(
        author=author,
        uid=uid,
        score=score,
        credit=credit,
        reason=reason,
    )


def _first_score(
    cells: Sequence[LexborNode],
    credits: Sequence[str],
) -> tuple[int | None, str]:
    names = iter(credits)
    for cell in cells:
        credit = next(names, "")
        score = _score(words(cell))
        if score is not None:
            return score, credit
    return None, ""


def _score(text: str) -> int | None:
    text = text.replace(" ", "")
    if _SCORE.match(text):
        return int(text)
    return None


def _rating_in_tip(item: LexborNode) -> Rating:
    """`<p tip="<strong>reason</strong>&nbsp;<em class='xi1'>威望 + 5</em>">` around a small
    picture."""
    tip = attr(item, "tip")
    reason, *credits = _CREDIT.split(tip)
    credit = "<em" + credits[0] if credits else ""
    box = item.parent
    if box is None or box.tag != "li":
        box = item
    return _rating(
        _without_markup(reason),
        _without_markup(credit),
        box,
    )


def _rating_in_menu(item: LexborNode) -> Rating:
    """7.x: the words stand in a hidden `div.attach_popup`, the name below the picture."""
    menu = item.css_first(".cornerlayger")
    if menu is None:
        menu = item.css_first(".attach_popup")
    if menu is None:
        return _rating("", "", item)

    reason = words(menu)
    credit = words(menu.css_first("em, span"))
    if credit:
        reason, _, _ = reason.partition(credit)
    return _rating(reason, credit, item)


def _without_markup(source: str) -> str:
    return fold(_MARKUP.sub(" ", source))


def _rating(reason: str, credit_and_score: str, item: LexborNode) -> Rating:
    author, uid = user_of(item)
    found = _CREDIT_AND_SCORE.search(credit_and_score)
    credit, score = found.groups() if found else ("", "")
    return Rating(
        author=author,
        uid=uid,
        score=_score(score),
        credit=credit,
        reason=reason.strip(),
    )


def _classic_ratings(box: LexborNode, clock: Clock) -> tuple[Rating, ...]:
    ratings = []
    for item in box.css("li"):
        person = item.css_first("cite")
        if person is not None:
            rating = _classic_rating(item, person, clock)
            ratings.append(rating)
    return tuple(ratings)


def _classic_rating(item: LexborNode, person: LexborNode, clock: Clock) -> Rating:
    """6.0: `<cite>name</cite> credit <strong>+5</strong> <em>reason</em> time`."""
    author, uid = user_of(person)
    reason = words(item.css_first("em"))
    score = item.css_first("strong")
    if score is None:
        return Rating(
            author=author,
            uid=uid,
            reason=reason,
        )
    rated_at = _bare_text(item.last_child)
    return Rating(
        author=author,
        uid=uid,
        score=_score(words(score)),
        credit=_bare_text(score.prev),
        reason=reason,
        rated_at=clock.parse(rated_at),
    )


def _bare_text(node: LexborNode | None) -> str:
    if node is None or not node.is_text_node:
        return ""
    return fold(node.text_content or "")


def user_of(cell: LexborNode) -> tuple[str, int | None]:
    """The last named link to a member in a cell: name and uid."""
    name, uid = "", None
    for link, target in links_to("user", cell):
        name = words(link) or name
        uid = target.id or uid
    return name or words(cell), uid


def read_comments(box: LexborNode, clock: Clock) -> tuple[Comment, ...]:
    """The comments that the page shows of one post."""
    if first_child(box) is None:
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

    author, uid = "", None
    text = words(body)
    person = box.css_first(".psta")
    if person is not None:
        author, uid = user_of(person)
    first = first_child(body)
    if not author and first is not None and first.tag == "a":
        # X1.5 and X2 have the name before the words.
        author, uid = user_of(body)
        text = text.removeprefix(words(first))
        text = text.lstrip()
    elif not author:
        guest = _GUEST.match(text)
        text = text[guest.end() :] if guest else text

    stamp = body.css_first("span.xg1")
    return Comment(
        author=author,
        uid=uid,
        posted_at=clock.parse(printed_time(stamp)),
        text=_without_tail(text, body, stamp),
    )


def _without_tail(text: str, body: LexborNode, stamp: LexborNode | None) -> str:
    """A comment's words without its time, and the links to the reply that it was made from
    (X2.5 and later)."""
    printed = words(stamp)
    if printed and text.endswith(printed):
        text = text.removesuffix(printed)
        text = text.rstrip()
    else:
        text = _POSTED.sub("", text)

    for link in reversed(body.css("a")):
        href = attr(link, "href")
        if "findpost" in href or "action=reply" in href:
            text = text.removesuffix(words(link))
            text = text.rstrip()
    return text
