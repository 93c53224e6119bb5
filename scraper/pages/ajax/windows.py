"""Windows about a post: its ratings (viewratings), its comments (viewthread_comment), a
poll's voters (viewvote)."""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.core.records import Comment, Rating, Voter
from scraper.markup.dates import Clock
from scraper.markup.html import printed_time, words
from scraper.pages.desktop.ratings import read_comment, user_of

_SCORE = re.compile(r"^(?P<credit>.*?)\s?(?P<score>[+-]\s?\d{1,9})(?!\d)")
_COLUMNS: Final = 4  # credit, member, time, reason
_VOTERS: Final = "ul.voterl li a, ul.userlist li a, ul.mls li a"


def read_ratings(tree: LexborHTMLParser, clock: Clock) -> tuple[Rating, ...]:
    """Every rating, one credit a row, in the order of the window."""
    # A selector of three generations takes the cube of the depth on markup nested beyond
    # reason: step by step instead.
    box = tree.css_first("table.list")
    if box is None:
        box = tree.css_first("div.mainbox")
    if box is None:
        return ()

    ratings = []
    for row in box.css("tr"):
        rating = _rating(row, clock)
        if rating is not None:
            ratings.append(rating)
    return tuple(ratings)


def _rating(row: LexborNode, clock: Clock) -> Rating | None:
    cells = row.css("td")
    if len(cells) != _COLUMNS:
        return None

    credit, member, time, reason = cells
    given = _SCORE.match(words(credit))
    if given is None:
        return None

    author, uid = user_of(member)
    score = given["score"].replace(" ", "")
    return Rating(
        author=author,
        uid=uid,
        score=int(score),
        credit=given["credit"],
        reason=words(reason),
        rated_at=clock.parse(printed_time(time)),
    )


def read_comments(tree: LexborHTMLParser, clock: Clock) -> tuple[Comment, ...]:
    """A page of comments; the row of their averages is none."""
    comments = []
    for row in tree.css("div.pstl"):
        comment = read_comment(row, clock)
        if comment is not None:
            comments.append(comment)
    return tuple(comments)


def read_voters(tree: LexborHTMLParser) -> tuple[str, tuple[Voter, ...]]:
    """The option that the window shows, empty where it names none (6.0), and who voted for it."""
    option = words(tree.css_first("option[selected]"))
    voters = []
    for link in tree.css(_VOTERS):
        name, uid = user_of(link)
        if name:
            voters.append(
                Voter(
                    author=name,
                    uid=uid,
                )
            )
    return option, tuple(voters)
