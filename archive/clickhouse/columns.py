"""The columns of an index: those of the exported tables as they are, as ClickHouse has them,
and those that the search needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from archive.clickhouse import literals
from archive.export.table_others import TABLES
from archive.export.tables import Column, Table
from archive.index import segment

_TYPES: Final = {
    "number": "Nullable(Int64)",
    "text": "String",
    "flag": "Bool",
    "share": "Nullable(Float64)",
    "time": "Nullable(DateTime64(6, 'UTC'))",
    "texts": "Array(String)",
}
_KEYS: Final = ("site_id", "thread_id", "post_id", "board_id")
"""Numbers that every row has."""
_FEW: Final = ("site", "board", "location", "withheld_reason", "side", "software")
"""Texts of which there are few different ones."""
_LEFT_OUT: Final = ("markdown",)
"""What can be made of the rest, and takes as much room."""
UNDATED: Final = 2**63 - 1
"""The sorting key of posts without a time, behind all others."""
TITLE: Final = f"{segment.MARK}{segment.MARK}"
"""Stands between the words of a post and those of its title; no phrase reaches across."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A column: its name, its type, and what else its definition says."""

    name: str
    kind: str
    rest: str = ""

    @property
    def sql(self) -> str:
        """Its definition."""
        return f"  {self.name} {self.kind} {self.rest}".rstrip()


def exported(name: str) -> tuple[Column, ...]:
    """The columns of an exported table that an index keeps."""
    (table,) = (each for each in TABLES if each.name == name)
    return _kept(table)


def _kept(table: Table) -> tuple[Column, ...]:
    return tuple(each for each in table.columns if each.name not in _LEFT_OUT)


def stored(columns: Iterable[Column]) -> tuple[Stored, ...]:
    """The columns as ClickHouse has them."""
    found = []
    for column in columns:
        kind = _type_of(column)
        rest = _CODECS.get(column.name, "")
        found.append(Stored(column.name, kind, rest))
    return tuple(found)


def _type_of(column: Column) -> str:
    if column.name in _KEYS:
        return "Int64"
    if column.name in _FEW:
        return "LowCardinality(String)"
    if column.kind == "rows":
        within = ", ".join(
            f"{literals.name(each.name)} {_nullable(each)}" for each in column.columns
        )
        return f"Array(Tuple({within}))"
    return _TYPES[column.kind]


def _nullable(column: Column) -> str:
    """The type of a value within a row of a list, any of which may be missing."""
    kind = _TYPES[column.kind]
    is_nullable = kind.startswith(("Nullable", "Array"))
    return kind if is_nullable else f"Nullable({kind})"


_CODECS: Final = {
    "html": "CODEC(ZSTD(6))",
    "text": "CODEC(ZSTD(3))",
}


def _class_of(chars: str) -> str:
    """The inside of a pattern's brackets as RE2 and SQL write it."""
    written = (each if each == "-" else rf"\\x{{{ord(each):x}}}" for each in chars)
    return "".join(written)


_CJK: Final = _class_of(segment.CJK)


_IS_CJK: Final = f"match(run, '^[{_CJK}]')"
"""Whether a run is one of CJK characters, which are of one kind within a run."""


def words_of(runs: str) -> str:
    """The words of letters, digits and signs in a column of runs."""
    return f"""arrayFilter(run -> notEmpty(run) AND NOT {_IS_CJK},
      splitByChar(' ', {runs}))"""


def _grams(runs: str) -> str:
    """What the index holds of runs: their words, single CJK characters, and pairs of them."""
    cjk = f"arrayFilter(run -> {_IS_CJK}, splitByChar(' ', {runs}))"
    return f"""arrayConcat({words_of(runs)},
      ngrams(arrayStringConcat({cjk}), 1),
      arrayFlatten(arrayMap(run -> ngrams(run, 2), {cjk})))"""


_MARKS: Final = {
    "op": "opening",
    "withheld": "notEmpty(withheld)",
    "edited": "isNotNull(edited_at) OR notEmpty(edited_by)",
    "gone": "isNotNull(gone_at)",
    "anonymous": "anonymous",
    "image": "notEmpty(images) OR has(attachments.image, true)",
    "attachment": "notEmpty(attachments.url)",
    "poll": "notEmpty(poll.text)",
    "link": "notEmpty(links)",
    "quote": "notEmpty(quotes.text)",
}
"""What a post is or has, and how that is told by its columns."""


def _marks() -> str:
    marks = [f"if({sql}, '?{name}', '')" for name, sql in _MARKS.items()]
    marks += ("concat('@', author)", f"concat('=', {_TID})")
    listed = ",\n  ".join(marks)
    return f"arrayFilter(mark -> notEmpty(mark), [{listed}])"


_TID: Final = "if(isNull(tid), concat('~', toString(thread_id)), toString(tid))"
MARKS: Final = _marks()
"""What filters ask the text index for, behind signs that no word begins with: `@author`,
`=tid` (of a thread without one `=~` and its row), `?image`. A column of its own: of a longer
expression ClickHouse would not see that the index answers it."""
GRAMS: Final = f"arrayDistinct(arrayConcat({_grams('runs')}, marks))"
"""All that the text index holds of a post: its words and its marks."""
QUOTE_GRAMS: Final = f"arrayDistinct({_grams('quote_runs')})"

_SECONDS: Final = "toUnixTimestamp64Micro(assumeNotNull(posted_at)) DIV 1000000"
NEWEST: Final = f"""if(isNull(posted_at), {UNDATED},
    -(2 * ({_SECONDS}) + NOT posted_at_is_day))"""
"""The sorting key: the later the less; of a bare day and its midnight the day is earlier."""


def stamp(name: str) -> str:
    """A time as an archive stores it, `2013-01-12T00:20:37Z` or a day; empty for none."""
    return f"""multiIf(isNull({name}), '',
  {name}_is_day, toString(toDate(assumeNotNull({name}))),
  formatDateTime(assumeNotNull({name}), '%Y-%m-%dT%H:%i:%SZ', 'UTC'))"""


POSTED: Final = stamp("posted_at")
"""The time of a post."""
DIGEST_LEFT_OUT: Final = ("last_seen_at",)
"""Changes each time that a page is seen again; the row need not be written anew for it."""
RUNS: Final = (
    Stored("runs", "String", "CODEC(NONE)"),
    Stored("title_runs", "String"),
    Stored("quote_runs", "String"),
)
"""The words of a post and its title, of the title alone, and of what it quotes. Of those that
are read to find a phrase nothing is compressed: to unpack them took half of the time."""
