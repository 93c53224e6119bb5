"""What exported tables are made of: columns with their kinds and meanings, rows of values, and
times as moments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeAlias

from archive.export.job import Job

Kind: TypeAlias = Literal["number", "text", "flag", "share", "time", "texts", "rows"]
"""number: a whole one; flag: true or false; share: a number with decimals; time: a moment in
UTC; texts: a list of texts; rows: a list of rows with columns of their own."""
Values: TypeAlias = dict[str, Any]
"""A row: column → value; None where it is not known."""
Chunks: TypeAlias = Iterator[list[Values]]
"""Rows, so many at once as fit into memory."""

DAY_CHARS: Final = len("2013-01-12")
IS_DAY: Final = "_is_day"
"""Behind the name of a time: whether no more is known of it than the day."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column, and what it means. `columns` are those of a list of rows."""

    name: str
    kind: Kind
    meaning: str
    columns: tuple[Column, ...] = ()

    @property
    def is_nested(self) -> bool:
        """Whether a value is a list, which no flat table can hold."""
        return self.kind in ("texts", "rows")


@dataclass(frozen=True, slots=True)
class Table:
    """A table. `rows` reads those of an export; `sorted_by` are the columns by which these
    come, nothing last."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    rows: Callable[[Job], Chunks]
    sorted_by: tuple[str, ...] = ("site_id", "tid", "pid")


def stated_time(name: str, meaning: str) -> tuple[Column, Column]:
    """A time that pages print, often only the day: a moment, and whether it is that day's
    beginning (UTC)."""
    moment = Column(name, "time", meaning)
    is_day = Column(name + IS_DAY, "flag", f"whether only the day of {name} is known")
    return moment, is_day


def with_time(values: Values, name: str, stored: str | None) -> None:
    """Put a time that pages print into a row: both of its columns."""
    values[name] = moment_of(stored)
    values[name + IS_DAY] = stored is not None and len(stored) == DAY_CHARS


def moment_of(stored: str | None) -> datetime | None:
    """A time as it is stored → a moment in UTC; of a day, its beginning."""
    if not stored:
        return None
    try:
        moment = datetime.fromisoformat(stored)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC)


def stamp_of(stored: str | None) -> str:
    """A time as it is stored → a moment as text; empty where it is not known."""
    moment = moment_of(stored)
    if moment is None:
        return ""
    return written_time(moment)


def written_time(moment: datetime) -> str:
    """A moment as text: `2013-01-12T00:20:37Z`."""
    naive = moment.replace(tzinfo=None)
    return f"{naive.isoformat(timespec='seconds')}Z"
