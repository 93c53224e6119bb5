"""How many ratings (评分) and comments (点评) a post has, where its page shows some of them.

X and 7.x print how many people rated on the link to the list of all ratings. Of comments
they print only whether there are more, as a link to the next page of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from selectolax.lexbor import LexborNode

from scraper.addresses.urls import parse_url
from scraper.markup.html import attr, words

_MORE_COMMENTS: Final = 'a[onclick*="commentmore"], .pg a[href*="commentmore"]'
"""The link to the next page of a post's comments. Commenters cannot write an `onclick`, nor
a list of pages."""

_COUNT = re.compile(r"\d{1,9}")


def ratings_total(boxes: Iterable[LexborNode]) -> int | None:
    """How many people rated a post, by the link to all its ratings (`参与人数 7`); None where
    no link of its boxes has a number."""
    for box in boxes:
        for link in box.css("a"):
            target = parse_url(attr(link, "href"))
            if target is None or target.kind != "ratings":
                continue
            count = _COUNT.search(words(link))
            if count:
                return int(count[0])
    return None


def comments_total(shown: int, boxes: Iterable[LexborNode]) -> int | None:
    """How many comments a post has at least, of which its boxes show some; None where they
    show none."""
    if not shown:
        return None
    has_more = any(box.css_first(_MORE_COMMENTS) is not None for box in boxes)
    return shown + has_more
