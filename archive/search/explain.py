"""How a search was answered: which of the plan's ways, the FTS5 expression, the SQL, what was
counted and what was cut.

For people who wonder why a post is found or not, why a total says "more than", or where the
time goes. The search is run for it, so that what is told is what happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from archive.schema import Archive, connection_of
from archive.search.api import look_up_page, notices_of
from archive.search.budget import Statement
from archive.search.conditions import ALWAYS, Condition
from archive.search.context import Order
from archive.search.filters import Filter
from archive.search.names import LAST_CHAR
from archive.search.notices import SearchNotice
from archive.search.pages import Matches, Way
from archive.search.plan import Plan
from archive.search.planner import plan
from archive.search.query import parse
from archive.search.stats import IndexStats
from archive.search.tree import And, Node, Not, Words

_MEANINGS: Final[dict[Way, str]] = {
    "index_for_rare": (
        "words that are expensive to ask of the index (single characters, beginnings) are rare "
        "here, or the archive is small: the index was asked for them, too"
    ),
    "index_after_reading": (
        "too few of the posts that were read fit: "
        "the index was asked for the expensive words, too"
    ),
    "few_matches": "few posts match in the words' index: all of them were listed",
    "few_posts": "the filters leave few posts: those were read, without the words' index",
    "bm25": "the words' index ranked all matches, by FTS5's bm25",
    "newest_ranked": "too many match to rank all: the newest were read and ranked",
    "by_month": "the words' index was asked month by month, in the order of time",
    "by_name": "the posts of the author or location were gone through in the order of time",
    "sorted": "all matches were sorted by time",
    "scan": "posts were gone through in the order of time, without the words' index",
    "by_figure": "threads were gone through, those with most replies or views first",
    "some_words": "no post has all words: the index was asked for each choice of some of them",
    "post_filter": "posts were read for what neither index nor SQL can tell",
}
_FULL_WAYS: Final[frozenset[Way]] = frozenset({"index_for_rare", "index_after_reading"})
_PARAM_CHARS: Final = 60
_LABEL_CHARS: Final = 12


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a search was answered.

    `understood` is the query as the search reads it. `match` is the expression that the
    words' index was asked, empty for none; `filters` and `characters` are SQL, `check` the
    words that posts were read for. `statements` are all that were run for it, with the rows
    or the number that each gave.
    """

    query: str
    understood: str
    ways: tuple[Way, ...] = ()
    match: str = ""
    filters: Condition = ALWAYS
    characters: Condition = ALWAYS
    check: str = ""
    statements: tuple[Statement, ...] = ()
    shown: int = 0
    total: int = 0
    is_total_exact: bool = True
    notices: tuple[SearchNotice, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The same as plain data."""
        return {
            "query": self.query,
            "understood": self.understood,
            "ways": {way: _MEANINGS[way] for way in self.ways},
            "fts": self.match,
            "filters": _condition_text(self.filters),
            "characters": _condition_text(self.characters),
            "read_for": self.check,
            "statements": [_statement_json(each) for each in self.statements],
            "shown": self.shown,
            "total": self.total,
            "is_total_exact": self.is_total_exact,
            "notices": [str(notice) for notice in self.notices],
        }

    def lines(self) -> Iterator[str]:
        """The same in words, for a terminal."""
        yield _line("query", self.query)
        yield _line("understood", self.understood or "nothing to look for")
        for way in self.ways:
            yield _line("way", _MEANINGS[way])
        yield _line("index", self.match or "was not asked")
        if self.filters != ALWAYS:
            yield _line("filters", _condition_text(self.filters))
        if self.characters != ALWAYS:
            yield _line("characters", _condition_text(self.characters))
        if self.check:
            yield _line("read for", self.check)
        for alike in _by_sql(self.statements):
            yield _line("SQL", _statements_text(alike))
        yield _line("found", self._found())
        for notice in self.notices:
            yield _line("cut", str(notice))

    def _found(self) -> str:
        total = f"{self.total:,}"
        if not self.is_total_exact:
            total = f"at least {total}, not counted further"
        return f"{total} posts; {self.shown:,} on this page"


def explain(
    archive: Archive,
    text: str,
    *,
    limit: int = 20,
    offset: int = 0,
    order: Order = "best",
    by_thread: bool = False,
    all_words: bool = False,
    now: datetime | None = None,
) -> Explanation:
    """Run a search as `search` does, and tell how it was answered.

    Raises QueryError where a filter means nothing, naming it.
    """
    conn = connection_of(archive)
    query = parse(text, now)
    notices = notices_of(conn, query)
    if query.root is None:
        return Explanation(
            text,
            "",
            notices=notices,
        )
    log: list[Statement] = []
    planned = plan(query.root, IndexStats(conn))
    found = look_up_page(
        conn,
        query.root,
        order,
        limit=limit,
        offset=offset,
        by_thread=by_thread,
        all_words=all_words,
        log=log,
    )
    used = _used_plan(planned, found)
    return Explanation(
        query=text,
        understood=describe(query.root),
        ways=found.ways,
        match=used.narrowed,
        filters=used.filters,
        characters=used.characters,
        check=describe(used.check) if used.check else "",
        statements=tuple(log),
        shown=len(found.ids),
        total=found.total,
        is_total_exact=found.is_total_exact,
        notices=(*notices, *found.notices),
    )


def describe(node: Node) -> str:
    """A query's tree in words: `手机 AND NOT (的 OR 了) AND author:张三`."""
    if isinstance(node, Filter):
        return f"{node.name}:{node.value}{'*' if node.is_prefix else ''}"
    if isinstance(node, Words):
        place = "" if node.scope == "any" else f"{node.scope}:"
        return f"{place}{node.text}{'*' if node.is_prefix else ''}"
    if isinstance(node, Not):
        return f"NOT {_bracketed(node.part)}"
    if len(node.parts) == 1:
        return describe(node.parts[0])
    word = " AND " if isinstance(node, And) else " OR "
    return word.join(_bracketed(part) for part in node.parts)


def _bracketed(node: Node) -> str:
    text = describe(node)
    is_one_thing = isinstance(node, Words | Filter | Not)
    return text if is_one_thing else f"({text})"


def _used_plan(planned: Plan, found: Matches) -> Plan:
    """The plan that was followed in the end."""
    if _FULL_WAYS & set(found.ways):
        return planned.with_expensive_words()
    return planned


def _statement_json(statement: Statement) -> dict[str, object]:
    out: dict[str, object] = {
        "sql": _one_line(statement.sql),
        "params": [_param_text(param) for param in statement.params],
    }
    if statement.number is None:
        out["rows"] = statement.rows
    else:
        out["number"] = statement.number
    if statement.was_stopped:
        out["stopped"] = True
    return out


def _by_sql(statements: Iterable[Statement]) -> list[list[Statement]]:
    """Statements of the same SQL together, in the order in which the first were run."""
    alike: dict[str, list[Statement]] = {}
    for statement in statements:
        alike.setdefault(statement.sql, []).append(statement)
    return list(alike.values())


def _statements_text(statements: list[Statement]) -> str:
    """One statement and what it gave; of several of the same SQL the values of the first."""
    first = statements[0]
    answer = f"{sum(each.rows for each in statements):,} rows"
    if len(statements) == 1 and first.number is not None:
        answer = f"gave {first.number:,}"
    if len(statements) > 1:
        answer = f"{len(statements)} times, {answer}"
    if any(each.was_stopped for each in statements):
        answer += ", stopped"
    params = ", ".join(_param_text(param) for param in first.params)
    given = f"  with {params}" if params else ""
    return f"{_one_line(first.sql)}{given}  → {answer}"


def _condition_text(condition: Condition) -> str:
    """A condition with its values in place."""
    first, *pieces = condition.sql.split("?")
    text = first
    for param, piece in zip(condition.params, pieces, strict=True):
        shown = _param_text(param)
        text += shown if isinstance(param, int) else f"'{shown}'"
        text += piece
    return _one_line(text)


def _param_text(param: str | int) -> str:
    text = str(param).replace(LAST_CHAR, "\\U0010ffff")
    if len(text) <= _PARAM_CHARS:
        return text
    return f"{text[:_PARAM_CHARS]}… ({len(text):,} characters)"


def _one_line(sql: str) -> str:
    return " ".join(sql.split())


def _line(label: str, text: str) -> str:
    return f"{label:<{_LABEL_CHARS}}{text}"
