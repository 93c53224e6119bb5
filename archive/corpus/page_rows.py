"""A page of a corpus as a row: where it came from, whose it is, and what it says, nested."""

from __future__ import annotations

import typing
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

import pyarrow as pa

from archive.corpus.arrow_records import (
    Plain,
    from_plain,
    struct_of,
    to_plain,
    values_of,
)
from archive.store.sites import address_of
from archive.warc.rows import Clean
from scraper.addresses.urls import base_of
from scraper.core.pages import Content
from scraper.core.records import Capture, Page

CONTENTS: Final = {kind.kind: kind for kind in typing.get_args(Content)}
"""Kinds of pages: `thread`, `board` …"""
_CONTENT: Final = "content"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a page lies and what it was: `file` as the list of shards has it; `url` without
    secrets; `digest` of its body as in WARC-Payload-Digest."""

    file: str
    url: str
    fetched_at: datetime
    status: int
    content_type: str
    size_bytes: int
    digest: str

    def cleaned(self) -> Clean:
        """The capture without its body, as its row is written."""
        capture = Capture(
            url=self.url,
            fetched_at=self.fetched_at,
            body=b"",
            status=self.status,
            headers=(("Content-Type", self.content_type),),
        )
        return Clean(
            capture,
            self.digest,
            body_bytes=self.size_bytes,
        )


def origin_of(file: str, what: Clean) -> Origin:
    """The origin of a capture."""
    capture = what.capture
    return Origin(
        file=file,
        url=capture.url,
        fetched_at=capture.fetched_at,
        status=capture.status,
        content_type=capture.header("content-type"),
        size_bytes=what.size_bytes,
        digest=what.digest,
    )


@cache
def schema() -> Any:
    """The columns: `origin`, the hosts that tell whose page it is, `kind`, `page` (what
    every page has), and one column for each kind of page, of which one is filled."""
    contents = [pa.field(name, struct_of(kind)) for name, kind in CONTENTS.items()]
    return pa.schema(
        [
            pa.field("host", pa.string()),
            pa.field("printed_host", pa.string()),
            pa.field("kind", pa.string()),
            pa.field("origin", struct_of(Origin)),
            pa.field("page", struct_of(Page, _CONTENT)),
            *contents,
        ]
    )


def row_of(origin: Origin, page: Page) -> Plain:
    """A page as a row."""
    content = page.content
    kind: type = type(content)
    row: Plain = dict.fromkeys(CONTENTS)
    row[content.kind] = to_plain(kind)(content)
    row["host"] = host_of(base_of(page.url))
    row["printed_host"] = host_of(page.site_url)
    row["kind"] = content.kind
    row["origin"] = to_plain(Origin)(origin)
    row["page"] = to_plain(Page, _CONTENT)(page)
    return row


def table_of(rows: list[Plain]) -> Any:
    """Rows as a table. OverflowError, UnicodeEncodeError or ArrowInvalid for a value that no
    column can hold."""
    columns = []
    for field in schema():
        values = [row[field.name] for row in rows]
        if field.name in CONTENTS and not any(values):
            # some dozen columns of nothing: not one by one
            columns.append(pa.nulls(len(rows), field.type))
        else:
            columns.append(pa.array(values, field.type))
    return pa.Table.from_arrays(
        columns,
        schema=schema(),
    )


def page_of(row: Plain) -> tuple[Origin, Page]:
    """A row as the page that it was."""
    name = row["kind"]
    content = from_plain(CONTENTS[name])(row[name])
    origin: Origin = from_plain(Origin)(row["origin"])
    said = values_of(Page, _CONTENT)(row["page"])
    return origin, Page(content=content, **said)


def host_of(base_url: str) -> str:
    """The host of an address without `www.`, with its port where that is not the usual one;
    empty for files."""
    address = address_of(base_url) if base_url else ""
    host, _, _ = address.partition("/")
    return host
