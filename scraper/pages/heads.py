"""What the heads of posts have in common in templates that are read from their source
(archiver and print pages, print pages as text)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from scraper.markup.dates import Clock

_RELATIVE = re.compile(r"""<span\b[^<>]*\btitle="([^"<>]*)""")


def with_ends(
    heads: Sequence[re.Match[str]],
    end: int,
) -> Iterator[tuple[re.Match[str], int]]:
    """Each head and where its post ends: the next one's start, for the last one `end`."""
    for index, head in enumerate(heads, start=1):
        is_last = index == len(heads)
        yield head, end if is_last else heads[index].start()


def time_in(source: str, clock: Clock) -> datetime | None:
    """When a post was made, in UTC: a relative time (`昨天 03:40`) has the absolute one in
    its title (X2 and later)."""
    absolute = _RELATIVE.search(source) if "<" in source else None
    printed = absolute[1] if absolute else source
    printed = printed.replace("&nbsp;", " ")
    return clock.parse(printed.strip())
