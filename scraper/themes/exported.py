"""Posts as `discuz-archive export --format jsonl` writes them: an object a line, all of one
thread; what hangs on a post is within it.

`archive/export/README.md` has the columns. What is derived from others (`markdown`, `url`),
and the numbers of the archive that they came from, is not read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date, datetime
from typing import Any, Final, TypeAlias, TypeVar, get_args

from scraper.core.errors import PageError
from scraper.core.records import (
    Attachment,
    Comment,
    Poll,
    PollOption,
    Post,
    Quote,
    Rating,
    ThreadPage,
    WithheldReason,
)
from scraper.core.site import SiteLine
from scraper.markup.snapshot import Snapshot
from scraper.themes import CERTAIN, Theme

SCHEMA: Final = "discuz-archive posts 1"
"""What the first field of each line, `schema`, says."""

_Row: TypeAlias = dict[str, Any]
_Hanging = TypeVar("_Hanging", Quote, Rating, Comment, Attachment, PollOption)

_BEGINNING = re.compile(r'\A\s*+\{"schema": ?"discuz-archive posts 1"')
_TEXTS: Final = (
    "author",
    "location",
    "subject",
    "text",
    "html",
    "withheld",
    "edited_by",
    "side",
    "signature",
)
_NUMBERS: Final = ("pid", "floor", "uid", "ratings_total", "comments_total")
_FLAGS: Final = ("anonymous", "best_answer")
_LATER_PAGE: Final = 2


def recognise(snapshot: Snapshot) -> int:
    """Certain, or not at all."""
    return CERTAIN if _BEGINNING.match(snapshot.text) else 0


def read(snapshot: Snapshot) -> ThreadPage:
    """A part of a thread. It counts as its first page where it has the post that opens it."""
    rows = _rows(snapshot.text)
    if not rows:
        raise PageError("no posts")
    rows.sort(key=lambda row: not row.get("opening"))
    first = rows[0]
    opens = bool(first.get("opening"))
    return ThreadPage(
        tid=_number(first, "tid"),
        fid=_number(first, "fid"),
        board=_text(first, "board"),
        title=_text(first, "thread"),
        page=1 if opens else _LATER_PAGE,
        pages=1 if opens else _LATER_PAGE,
        posts=tuple(_post(row) for row in rows),
        gone=tuple(_gone(rows)),
    )


def site(text: str) -> SiteLine:
    """The forum that the posts are of."""
    rows = _rows(text.partition("\n")[0])
    first = rows[0] if rows else {}
    name = _text(first, "site")
    url = _text(first, "base_url")
    return SiteLine(
        name="" if name == url else name,
        url=url,
        software=_text(first, "software"),
    )


def _rows(text: str) -> list[_Row]:
    rows = []
    for line in text.split("\n"):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise PageError(f"a line that is no JSON: {error}") from error
        if not isinstance(row, dict) or row.get("schema") != SCHEMA:
            raise PageError("a line that is no post of an export")
        rows.append(row)
    return rows


def _gone(rows: Iterable[_Row]) -> Iterator[tuple[int, datetime]]:
    for row in rows:
        pid = _number(row, "pid")
        at = _time(row, "gone_at")
        if pid is not None and at is not None:
            yield pid, at


def _post(row: _Row) -> Post:
    values: _Row = {}
    for name in _TEXTS:
        values[name] = _text(row, name)
    for name in _NUMBERS:
        values[name] = _number(row, name)
    for name in _FLAGS:
        values[name] = row.get(name) is True
    return Post(
        **values,
        posted_at=_time(row, "posted_at"),
        edited_at=_time(row, "edited_at"),
        withheld_reason=_withheld_reason(row),
        quotes=_hanging(row, "quotes", Quote, "posted_at"),
        attachments=_hanging(row, "attachments", Attachment),
        ratings=_hanging(row, "ratings", Rating, "rated_at"),
        comments=_hanging(row, "comments", Comment, "posted_at"),
        poll=_poll(row),
        images=_list_of_texts(row, "images"),
        links=_list_of_texts(row, "links"),
    )


def _poll(row: _Row) -> Poll | None:
    options = _hanging(row, "poll", PollOption)
    if not options:
        return None
    return Poll(
        options=options,
        voters=_number(row, "poll_voters"),
        multiple=row.get("poll_multiple") is True,
        ended=row.get("poll_ended") is True,
    )


def _hanging(
    row: _Row, name: str, made: type[_Hanging], time: str = ""
) -> tuple[_Hanging, ...]:
    """What hangs on a post. PageError where a value is not of its column's kind."""
    kinds = {field.name: str(field.type) for field in fields(made)}
    found = []
    for each in _list(row, name):
        if not isinstance(each, dict):
            raise PageError(f"{name} that are no rows")
        values: _Row = {}
        for column, kind in kinds.items():
            if column == time:
                values[column] = _time(each, column)
            else:
                values[column] = _of_kind(each, column, kind)
        found.append(made(**values))
    return tuple(found)


def _of_kind(row: _Row, name: str, kind: str) -> object:
    if kind == "str":
        return _text(row, name)
    if kind == "bool":
        return row.get(name) is True
    if kind.startswith("float"):
        value = row.get(name)
        return float(value) if isinstance(value, int | float) else None
    return _number(row, name)


def _list(row: _Row, name: str) -> Iterable[object]:
    value = row.get(name) or []
    if not isinstance(value, list):
        raise PageError(f"{name}: not a list")
    return value


def _list_of_texts(row: _Row, name: str) -> tuple[str, ...]:
    return tuple(each for each in _list(row, name) if isinstance(each, str))


def _text(row: _Row, name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise PageError(f"{name}: not a text")
    return value


def _number(row: _Row, name: str) -> int | None:
    value = row.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise PageError(f"{name}: not a whole number")
    return value


def _time(row: _Row, name: str) -> Any:
    """A moment, or a day where no more is known."""
    stated = _text(row, name)
    if not stated:
        return None
    try:
        moment = datetime.fromisoformat(stated)
    except ValueError as error:
        raise PageError(f"{name}: not a time") from error
    if moment.tzinfo is None:
        raise PageError(f"{name}: a time without a zone")
    if row.get(f"{name}_is_day") is True:
        return date(moment.year, moment.month, moment.day)
    return moment


def _withheld_reason(row: _Row) -> WithheldReason | None:
    stated = _text(row, "withheld_reason")
    for reason in get_args(WithheldReason):
        if reason == stated:
            return reason  # type: ignore[no-any-return]
    return None


THEME: Final = Theme("exported", recognise, read, site)
