"""The census of an archive: what each forum's layouts print against what was read of them.

Each capture's row keeps the counts and warnings of its page (`scraper/census.py`); summed
up by forum and layout they show a reader that finds nothing, whichever run it was in.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from scraper.core.census import IN_PART, POST_SPLIT, SEVERAL, FieldCount, PageWarning

LEAST_SHARE: Final = 0.5
"""A field that is read in a smaller part of the records that should have it is suspicious."""
FEW_RECORDS: Final = 10
"""Of fewer records none must have the field before that is suspicious."""

_CENSUS: Final = """
  SELECT theme, kind, field, was_read, total, pages FROM census
  WHERE :site_id IS NULL OR site_id = :site_id"""
_WARNINGS: Final = """
  SELECT w.key, c.theme, c.kind, count(*), max(c.url) FROM captures c, json_each(c.warnings) w
  WHERE c.warnings <> '' AND (:site_id IS NULL OR c.site_id = :site_id)
    AND (w.key <> 'post-split' OR NOT EXISTS (
      SELECT 1 FROM captures whole WHERE whole.thread_id = c.thread_id
        AND whole.url LIKE '%cp=all%' AND whole.outcome IN ('stored', 'unchanged')))
  GROUP BY 1, 2, 3 ORDER BY 4 DESC"""
_OF_PARTS: Final = IN_PART | {POST_SPLIT}

WHAT_TO_DO: Final = (
    "`discuz-archive doctor URL` shows what is read of such a page; "
    "`discuz-archive reparse DB` reads the kept pages again after an upgrade"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutField:
    """How often a field was read of a layout's pages: `read` of `total` records."""

    theme: str
    kind: str
    field: str
    read: int
    total: int
    pages: int

    @property
    def is_suspicious(self) -> bool:
        """Whether so few were read that the reader must be at fault."""
        if self.read == 0:
            return self.total >= SEVERAL
        return self.total >= FEW_RECORDS and self.read < LEAST_SHARE * self.total

    def __str__(self) -> str:
        record, _, name = self.field.rpartition(".")
        what = f"{name} on {self.read:,} of {self.total:,} {record or 'pages'}"
        return f"{what} ({self.pages:,} {self.kind} pages, layout {self.theme})"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialPages:
    """Pages of which a part is missing: how many of a layout, with an example."""

    warning: str
    theme: str
    kind: str
    pages: int
    url: str

    def __str__(self) -> str:
        where = f"{self.pages:,} {self.kind} pages, layout {self.theme}"
        return f"{self.warning} on {where}, such as {self.url}"


@dataclass(slots=True)
class WarningCounts:
    """The warnings of the pages of one run: how many of each kind, and one page for each."""

    pages: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def add(self, url: str, warnings: Iterable[PageWarning]) -> None:
        """Count the warnings of a page."""
        for warning in warnings:
            self.pages[warning.kind] += 1
            self.examples.setdefault(warning.kind, f"{url}: {warning.detail}")

    def include(self, other: WarningCounts) -> None:
        """Add another run's to these."""
        self.pages += other.pages
        self.examples = other.examples | self.examples

    def lines(self) -> Iterator[str]:
        """A sentence for each kind, the most pages first, and what to do; none where there
        are none."""
        for kind, count in self.pages.most_common():
            noun = "page" if count == 1 else "pages"
            yield f"{kind} on {count:,} {noun}, such as {self.examples[kind]}"
        if self.pages:
            yield WHAT_TO_DO


def warnings_column(warnings: Iterable[PageWarning]) -> str:
    """The column `captures.warnings` of a page; empty where there are none."""
    details = {warning.kind: warning.detail for warning in warnings}
    return json.dumps(details, ensure_ascii=False) if details else ""


def counts_column(counts: Sequence[FieldCount]) -> str:
    """The column `captures.field_counts` of a page."""
    if not counts:
        return ""
    return json.dumps({count.field: [count.read, count.total] for count in counts})


def read_census(
    conn: sqlite3.Connection, site_id: int | None = None
) -> list[LayoutField]:
    """How often each field of each layout was read, in a forum or in all."""
    rows = conn.execute(_CENSUS, {"site_id": site_id})
    return [
        LayoutField(
            theme=theme,
            kind=kind,
            field=field,
            read=read,
            total=total,
            pages=pages,
        )
        for theme, kind, field, read, total, pages in rows
    ]


def partial_pages(
    conn: sqlite3.Connection, site_id: int | None = None
) -> Iterator[PartialPages]:
    """Pages that were read in part, by what is missing and layout."""
    for warning, theme, kind, pages, url in conn.execute(
        _WARNINGS, {"site_id": site_id}
    ):
        if warning in _OF_PARTS:
            yield PartialPages(
                warning=warning,
                theme=theme,
                kind=kind,
                pages=pages,
                url=url,
            )


def reader_warnings(conn: sqlite3.Connection, site_id: int | None = None) -> list[str]:
    """What an archive's readers missed, in words, a line each; empty where all was read."""
    lost = [str(field) for field in read_census(conn, site_id) if field.is_suspicious]
    partial = [str(pages) for pages in partial_pages(conn, site_id)]
    return lost + partial
