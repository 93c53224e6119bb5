"""A query's tree → what SQLite is asked: an FTS5 expression, SQL conditions, and what Python must check itself.

Three ways to a post: the index finds words of two and more characters; SQL answers filters; a single Chinese character
is looked for in the posts themselves, newest first, because the index could find it only by joining the lists of the
thousands of pairs that it begins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from archive.filters import Filter
from archive.query import And, Node, Not, Or, Words
from archive.segment import month_token

Param = str | int
Condition = tuple[str, tuple[Param, ...]]

_COLUMNS = {"any": "", "quotes": "", "title": "{title} : ", "text": "{body} : "}
_MAX_MONTHS = 24


@dataclass(frozen=True, slots=True)
class Plan:
    """How to find what a query asks for.

    `match`: an FTS5 expression that every hit fulfils, without single characters; empty where there is none.
    `check`: the part of the tree that a row's words must still be checked for; None where match and where say it all.
    `full_match`, `full_check`: the same with single characters looked for in the index. `words`: all that the two say.
    `where`: SQL over `posts AS p`; `is_selective`: it names an author or a time, by which SQLite finds posts at once.
    """

    match: str
    check: Node | None
    full_match: str
    full_check: Node | None
    words: Node | None
    is_selective: bool
    where: str = "1"
    params: tuple[Param, ...] = ()

    @property
    def can_do_more(self) -> bool:
        """Whether `with_single_characters` is another plan."""
        return bool(self.full_match) and self.match != self.full_match

    def with_single_characters(self) -> Plan:
        """The plan that leaves single characters to the index."""
        return replace(self, match=self.full_match, check=self.full_check)


def plan(root: Node, zones: Sequence[tuple[int, int]]) -> Plan:
    """Plan a query. `zones`: (site id, minutes east of Greenwich) of each forum, for dates as its readers know them."""
    parts = root.parts if isinstance(root, And) else (root,)
    words = [part for part in parts if _is_words(part)]
    others = [part for part in parts if not _is_words(part)]
    match, full = _conjunction(words, lone=False), _conjunction(words, lone=True)
    conditions = [_sql(part, zones) for part in others]
    months = [_months(part) for part in others if isinstance(part, Filter)]
    return Plan(
        match=_both(match, *months) if match else "",
        check=_unsaid(words, match, lone=False),
        full_match=_both(full, *months) if full else "",
        full_check=_unsaid(words, full, lone=True),
        words=And(tuple(words)) if words else None,
        is_selective=any(isinstance(part, Filter) and part.name in ("author", "date") for part in others),
        where=" AND ".join(sql for sql, _ in conditions) or "1",
        params=tuple(param for _, params in conditions for param in params),
    )


def expression(words: Words) -> str:
    """Words as an FTS5 expression: one phrase, and the signed words beside it. All quoted; empty for no words."""
    phrase = words.phrase
    out = [f'"{token}"' for token in phrase.signed]
    if not (phrase.signed and len(phrase.tokens) == 1):
        out.insert(0, f'"{" ".join(phrase.tokens)}"{" *" if phrase.is_prefix else ""}')
    joined = out[0] if len(out) == 1 else f"({' AND '.join(out)})"
    return _COLUMNS[words.scope] + joined


def within_months(match: str, months: Sequence[str]) -> str:
    """The expression narrowed to posts of some months (`2024-05`, UTC); `""` means posts without a time."""
    tokens = " OR ".join(f'"{month_token(month)}"' for month in months)
    return _both(match, f"{{month}} : ({tokens})")


def _both(*expressions: str) -> str:
    given = [each for each in expressions if each]
    return given[0] if len(given) == 1 else f"({' AND '.join(given)})"


def _is_words(node: Node) -> bool:
    """Whether the index of posts alone can answer: no filter in it, no quoted words."""
    if isinstance(node, Words):
        return node.scope != "quotes"
    if isinstance(node, Not):
        return _is_words(node.part)
    return not isinstance(node, Filter) and all(map(_is_words, node.parts))


def _conjunction(parts: Sequence[Node], *, lone: bool) -> str:
    positive = [fts for part in parts if not isinstance(part, Not) and (fts := _fts(part, lone=lone))]
    if not positive:
        return ""
    out = _both(*positive)
    for part in parts:
        if isinstance(part, Not) and (fts := _exact_fts(part.part, lone=lone)):
            out = f"({out} NOT {fts})"
    return out


def _fts(node: Node, *, lone: bool) -> str:
    """An expression that every post with `node` fulfils; empty where there is none."""
    if isinstance(node, Words):
        return expression(node) if lone or not node.phrase.lone else ""
    if isinstance(node, Or):
        each = [_fts(part, lone=lone) for part in node.parts]
        return f"({' OR '.join(each)})" if all(each) else ""
    return _conjunction(node.parts, lone=lone) if isinstance(node, And) else ""


def _exact_fts(node: Node, *, lone: bool) -> str:
    """An expression that the posts with `node` fulfil and no others; empty where there is none."""
    return _fts(node, lone=lone) if _is_exact(node, lone=lone) else ""


def _is_exact(node: Node, *, lone: bool) -> bool:
    if isinstance(node, Words):
        return lone or not node.phrase.lone
    if isinstance(node, Not | Filter):
        return False
    parts = node.parts
    if isinstance(node, Or):
        return all(_is_exact(part, lone=lone) for part in parts)
    bare = [part.part if isinstance(part, Not) else part for part in parts]
    return any(not isinstance(part, Not) for part in parts) and all(_is_exact(part, lone=lone) for part in bare)


def _unsaid(parts: Sequence[Node], match: str, *, lone: bool) -> Node | None:
    """The parts of the conjunction that its expression does not wholly say."""
    bare = [(part, part.part if isinstance(part, Not) else part) for part in parts]
    unsaid = tuple(part for part, inner in bare if not (match and _is_exact(inner, lone=lone)))
    return And(unsaid) if unsaid else None


def _sql(node: Node, zones: Sequence[tuple[int, int]]) -> Condition:
    """Any tree as a condition on `posts AS p`; words within it ask the index."""
    if isinstance(node, Filter):
        return _FILTERS[node.name](node, zones)
    if isinstance(node, Words):
        return f"p.id IN (SELECT rowid FROM {_table(node)} WHERE {_table(node)} MATCH ?)", (expression(node),)
    if isinstance(node, Not):
        sql, params = _sql(node.part, zones)
        return f"NOT coalesce({sql}, 0)", params
    parts = [_sql(part, zones) for part in node.parts]
    word = " AND " if isinstance(node, And) else " OR "
    return f"({word.join(sql for sql, _ in parts)})", tuple(param for _, params in parts for param in params)


def _table(words: Words) -> str:
    return "quotes_fts" if words.scope == "quotes" else "posts_fts"


def _author(node: Filter, zones: object) -> Condition:
    if node.value.endswith("*"):
        return "p.author >= ? AND p.author < ?", (node.value[:-1], node.value[:-1] + "\U0010ffff")
    return "p.author = ?", (node.value,)


def _board(node: Filter, zones: object) -> Condition:
    sql = "p.thread_id IN (SELECT t.id FROM threads t JOIN boards b ON b.id = t.board_id WHERE {})"
    if node.value.isdecimal():
        return sql.format("b.fid = ? OR b.name = ?"), (int(node.value[:15]), node.value)
    return sql.format("instr(lower(b.name), lower(?))"), (node.value.rstrip("*"),)


def _site(node: Filter, zones: object) -> Condition:
    sql = "p.site_id IN (SELECT id FROM sites WHERE instr(lower(name), lower(?)) OR instr(lower(base_url), lower(?)))"
    return sql, (node.value, node.value)


def _dates(node: Filter, zones: Sequence[tuple[int, int]]) -> Condition:
    sites: dict[int, list[int]] = {}
    for site, minutes in zones:
        sites.setdefault(minutes, []).append(site)
    if len(sites) < 2:
        return _between(node, next(iter(sites), 0))
    parts = [(_between(node, minutes), ids) for minutes, ids in sites.items()]
    sql = " OR ".join(f"({sql} AND p.site_id IN ({', '.join(map(str, ids))}))" for (sql, _), ids in parts)
    return f"({sql})", tuple(param for (_, params), _ in parts for param in params)


def _between(node: Filter, minutes: int) -> Condition:
    low, high = (_instant(day, minutes) if isinstance(day, date) else "" for day in (node.low, node.high))
    bounds = [(sql, bound) for sql, bound in (("p.posted_at >= ?", low), ("p.posted_at < ?", high)) if bound]
    return " AND ".join(sql for sql, _ in bounds), tuple(bound for _, bound in bounds)


def _instant(day: date, minutes: int) -> str:
    """The UTC time at which a day begins in a zone; a bare date at midnight, so that rows with a bare date compare."""
    try:
        time = datetime(day.year, day.month, day.day) - timedelta(minutes=minutes)  # noqa: DTZ001 - turned to UTC here
    except OverflowError:
        return day.isoformat()
    return time.date().isoformat() if time.hour == time.minute == 0 else time.strftime("%Y-%m-%dT%H:%M:%SZ")


def _floor(node: Filter, zones: object) -> Condition:
    bounds = [("p.floor >= ?", node.low), ("p.floor <= ?", node.high)]
    given = [(sql, bound) for sql, bound in bounds if isinstance(bound, int)]
    return " AND ".join(sql for sql, _ in given), tuple(bound for _, bound in given)


_HAS = {
    "image": "(EXISTS (SELECT 1 FROM images x WHERE x.post_id = p.id)"
    " OR EXISTS (SELECT 1 FROM attachments x WHERE x.post_id = p.id AND x.image))",
    "attachment": "EXISTS (SELECT 1 FROM attachments x WHERE x.post_id = p.id)",
    "poll": "EXISTS (SELECT 1 FROM polls x WHERE x.post_id = p.id)",
    "link": "EXISTS (SELECT 1 FROM links x WHERE x.post_id = p.id)",
    "quote": "EXISTS (SELECT 1 FROM quotes x WHERE x.post_id = p.id)",
}
_IS = {
    "op": "p.opening",
    "withheld": "p.withheld <> ''",
    "edited": "(p.edited_at IS NOT NULL OR p.edited_by <> '')",
    "gone": "p.gone_at IS NOT NULL",
    "anonymous": "p.anonymous",
    "digest": "EXISTS (SELECT 1 FROM threads x WHERE x.id = p.thread_id AND x.digest)",
}
_FILTERS: dict[str, Callable[[Filter, Sequence[tuple[int, int]]], Condition]] = {
    "author": _author,
    "board": _board,
    "site": _site,
    "date": _dates,
    "floor": _floor,
    "has": lambda node, zones: (_HAS[node.value], ()),
    "is": lambda node, zones: (_IS[node.value], ()),
}


def _months(node: Filter) -> str:
    """For a short span of dates: the months it touches in UTC, as an expression that narrows the index."""
    if not isinstance(node.low, date) or not isinstance(node.high, date):
        return ""
    months = list(_each_month(node.low - timedelta(days=1), node.high + timedelta(days=1)))
    return f"({' OR '.join(months)})" if len(months) <= _MAX_MONTHS else ""


def _each_month(first: date, last: date) -> Iterator[str]:
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        yield f'"{month_token(f"{year:04}-{month:02}")}"'
        year, month = year + month // 12, month % 12 + 1
