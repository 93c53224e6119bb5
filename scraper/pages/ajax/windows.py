"""Windows about a post: its ratings (viewratings), its comments (viewthread_comment), a
poll's voters (viewvote)."""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.core.records import Comment, Rating, Voter
from scraper.markup.dates import Clock
from scraper.markup.html import printed_time, words
from scraper.pages.desktop.ratings import user_of, without_tail

_SCORE = re.compile(r"^(?P<credit>.*?)\s*(?P<score>[+-]\s?\d{1,9})(?!\d)")
_COLUMNS: Final = 4  # credit, member, time, reason
_VOTERS: Final = "ul.voterl li a, ul.userlist li a, ul.mls li a"


def read_ratings(tree: LexborHTMLParser, clock: Clock) -> tuple[Rating, ...]:
    """Every rating, one credit a row, in the order of the window."""
    # A selector of three generations takes the cube of the depth on markup nested beyond
    # reason: step by step instead.
    box = tree.css_first("table.list") or tree.css_first("div.mainbox")
    found = (_rating(row, clock) for row in (box.css("tr") if box is not None else ()))
    return tuple(rating for rating in found if rating)


def _rating(row: LexborNode, clock: Clock) -> Rating | None:
    cells = row.css("td")
    given = _SCORE.match(words(cells[0])) if len(cells) == _COLUMNS else None
    if not given:
        return None
    author, uid = user_of(cells[1])
    return Rating(
        author=author,
        uid=uid,
        score=int(given["score"].replace(" ", "")),
        credit=given["credit"],
        reason=words(cells[3]),
        rated_at=clock.parse(printed_time(cells[2])),
    )


def read_comments(tree: LexborHTMLParser, clock: Clock) -> tuple[Comment, ...]:
    """A page of comments; the row of their averages is none."""
    found = (_comment(row, clock) for row in tree.css("div.pstl"))
    return tuple(comment for comment in found if comment)


def _comment(row: LexborNode, clock: Clock) -> Comment | None:
    """The name stands beside the picture (X3.5), or before the words (X3.4)."""
    said = row.css_first(".psti")
    if said is None:
        return None
    author, uid = user_of(row.css_first(".psta") or said)
    text = words(said)
    by = said.css_first("a.xw1")
    if by is not None and not author:
        author, uid = user_of(by)
        text = text.removeprefix(author).lstrip()
    stamp = said.css_first("span.xg1")
    return Comment(
        author=author,
        uid=uid,
        posted_at=clock.parse(printed_time(stamp)),
        text=without_tail(text, said, stamp),
    )


def read_voters(tree: LexborHTMLParser) -> tuple[str, tuple[Voter, ...]]:
    """The option that the window shows, empty where it names none (6.0), and who voted for it."""
    links = (user_of(item) for item in tree.css(_VOTERS))
    return words(tree.css_first("option[selected]")), tuple(
        Voter(author=name, uid=uid) for name, uid in links if name
    )
