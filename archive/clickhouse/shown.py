"""What a search shows of a post beside its text, in one column: a page of hits lies in as many
granules as it has hits, and each column that is read is looked for in each of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from archive.clickhouse.columns import POSTED, Stored

_QUOTES: Final = (
    r"arrayStringConcat(arrayMap(each -> ifNull(each, ''), quotes.text), '\n')"
)


def _number(name: str) -> str:
    """A column of numbers as text, empty where it holds none."""
    return f"ifNull(toString({name}), '')"


_VALUES: Final = (
    "toString(site_id)",
    "toString(site)",
    "toString(board)",
    "thread",
    _number("tid"),
    _number("pid"),
    _number("floor"),
    "author",
    "toString(location)",
    POSTED,
    "url",
    "subject",
    _QUOTES,
    "toString(withheld)",
)
"""All as text: what JSON makes of numbers is a setting of the engine."""
SHOWN: Final = Stored(
    "shown",
    "String",
    f"MATERIALIZED toJSONString([{', '.join(_VALUES)}])",
)
READ: Final = "shown, text"
"""The columns that `shown_of` reads."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A post as a search shows it. `values`: forum, board, thread, tid, pid, floor, author
    and location, as `archive.search.hits.FIELDS` has them; `quoted`: the texts that it
    quotes."""

    site_id: int
    values: tuple[Any, ...]
    posted_at: str
    url: str
    subject: str
    quoted: str
    withheld: str
    text: str


def shown_of(shown: str, text: str) -> Shown:
    """The columns READ of a row, as a value."""
    site_id, site, board, thread, tid, pid, floor, *rest = json.loads(shown)
    author, location, posted_at, url, subject, quoted, withheld = rest
    return Shown(
        site_id=int(site_id),
        values=(
            site,
            board,
            thread,
            _number_of(tid),
            _number_of(pid),
            _number_of(floor),
            author,
            location,
        ),
        posted_at=posted_at,
        url=url,
        subject=subject,
        quoted=quoted,
        withheld=withheld,
        text=text,
    )


def _number_of(written: str) -> int | None:
    return int(written) if written else None
