"""What a page is asked and what it answers: plain values, so that pages know nothing of servers.

Every page is a function from `PageRequest` to `PageResponse` that runs in a thread of its
own. Those that an archive's file alone can answer take an `ArchiveRequest`: they run on a
read-only connection, within one transaction, so that all they read is of one moment, however
busily a crawl writes. `archive.reading.lookup.MissingError` from any page is answered by one
that says what is missing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, TypeAlias, TypeVar

from archive.web.archive_source import ArchiveSource
from archive.web.language import Language
from archive.web.source import Source

Choice = TypeVar("Choice", bound=str)

OWN_SCRIPT: Final = "script-src 'self'"
"""What a page with our own script may load. No other answer of this server is taken for a
script: all say `nosniff`, and none of a stranger's words has a script's type."""
MAX_DIGITS: Final = 15
"""A longer number in an address is taken for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """What a reader asks for. `source` is what answers; `database` Datasette's name of the
    archive, where it has one; `path` are the values in the address, `args` those behind its
    question mark; `now` is the time, in UTC; `origin` is scheme and host as the reader's
    browser knows them.
    """

    source: Source
    database: str = ""
    language: Language = "zh"
    url: str = "/"
    origin: str = "http://127.0.0.1"
    path: Mapping[str, str] = field(default_factory=dict)
    args: Mapping[str, str] = field(default_factory=dict)
    now: datetime = datetime(1970, 1, 1, tzinfo=UTC)

    def number(self, name: str, default: int = 0) -> int:
        """A whole number behind the question mark; the default where there is none."""
        value = self.args.get(name, "")
        is_number = value.isascii() and value.isdecimal()
        if not is_number or len(value) > MAX_DIGITS:
            return default
        return int(value)

    def choice(self, name: str, choices: tuple[Choice, ...]) -> Choice:
        """One of the choices; the first where none is named."""
        value = self.args.get(name, "")
        for choice in choices:
            if choice == value:
                return choice
        return choices[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveRequest(PageRequest):
    """The same of an archive's file."""

    source: ArchiveSource

    @property
    def conn(self) -> sqlite3.Connection:
        """The connection to it."""
        return self.source.conn


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateResponse:
    """A template and what it shows. `may_load`: what a browser may load for it beyond
    styles and pictures, as directives of a Content-Security-Policy."""

    template: str
    values: Mapping[str, object]
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    may_load: tuple[str, ...] = ()

    def policy_with(self, policy: str) -> str:
        """A policy of all pages with what this one may load."""
        return "; ".join([policy, *self.may_load])


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """Another address of ours."""

    location: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileResponse:
    """Bytes, with the policy that a browser must keep for them."""

    body: bytes
    content_type: str
    policy: str = "default-src 'none'; sandbox"
    headers: Mapping[str, str] = field(default_factory=dict)


PageResponse: TypeAlias = TemplateResponse | Redirect | FileResponse
