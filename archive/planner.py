"""A query's tree → what SQLite is asked: an FTS5 expression, SQL conditions, and what Python must check itself.

Three ways to a post: the index finds words of two and more characters; SQL answers filters; a single Chinese character
is looked for in the posts themselves, newest first, because the index could find it only by joining the lists of the
thousands of pairs that it begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from archive.bounded import Bounded
from archive.characters import sampled
from archive.filter_sql import Condition, Param, filter_sql
from archive.filters import Filter, Scope
from archive.ground import Ground
from archive.query import And, Node, Not, Or, Words
from archive.segment import month_token

_WRITTEN: dict[Scope, tuple[str, ...]] = {"any": ("text", "subject"), "text": ("text",), "title": ("subject",)}
_COLUMNS = {"any": "", "quotes": "", "title": "{title} : ", "text": "{body} : "}
_MAX_MONTHS = 24
ALL_TIMES = ("", "~")
INDEXED_CHARACTERS = 2
"""So many single characters are left to the index at most, which joins thousands of lists for each."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to find what a query asks for.

    `match`: an FTS5 expression that every hit fulfils, empty where there is none; `check`: what it does not say of the
    words, to be seen in the posts, None for nothing. Neither says the single Chinese characters that a hit must have
    (`wanted`) or not have (`unwanted`): conditions on the posts themselves. `full_match`, `full_check`: the same with
    the wanted ones left to the index, the rarest of them if they are many. `words`: the whole tree without filters.
    `where`: the filters. SQL is over `posts AS p`; `is_selective`: the filters name an author or a time, by which
    SQLite finds posts at once; `names_author`: an author. `span`: no hit is older than the first, nor newer than the
    second time.
    """

    match: str
    check: Node | None
    full_match: str
    full_check: Node | None
    wanted: tuple[Condition, ...]
    unwanted: tuple[Condition, ...]
    words: Node | None
    is_selective: bool
    names_author: bool
    where: str = "1"
    params: tuple[Param, ...] = ()
    span: tuple[str, str] = ALL_TIMES

    @property
    def can_do_more(self) -> bool:
        """Whether `with_single_characters` is another plan."""
        return bool(self.full_match) and self.match != self.full_match

    @property
    def is_said(self) -> bool:
        """Whether `match` and `where` say it all."""
        return self.check is None and not self.wanted and not self.unwanted

    def with_single_characters(self) -> Plan:
        """The plan that leaves the characters which a hit must have to the index."""
        return replace(self, match=self.full_match, check=self.full_check,
                       wanted=self.wanted[INDEXED_CHARACTERS:])  # fmt: skip

    @property
    def characters(self) -> Condition:
        """The characters as one condition; `1` for none."""
        parts = [*self.wanted, *((f"NOT {sql}", params) for sql, params in self.unwanted)]
        return " AND ".join(sql for sql, _ in parts) or "1", tuple(param for _, params in parts for param in params)


def plan(root: Node, ground: Ground) -> Plan:
    """Plan a query for an archive."""
    root = _spelt_out(root, ground)
    parts = root.parts if isinstance(root, And) else (root,)
    words = [part for part in parts if _is_words(part)]
    filters = [part for part in parts if not _is_words(part)]
    rest = [part for part in words if not _character(part)]
    single = [(character, part) for part in words if (character := _character(part))]
    wanted = _rarest_first([character for character, part in single if not isinstance(part, Not)], ground)
    unwanted = [character for character, part in single if isinstance(part, Not)]
    conditions = [_sql(part, ground) for part in filters]
    named = {part.name for part in filters if isinstance(part, Filter)}
    months = [_months(part) for part in filters if isinstance(part, Filter)]
    match, full = _conjunction(rest, lone=False), _conjunction([*rest, *wanted[:INDEXED_CHARACTERS]], lone=True)
    return Plan(
        match=_both(match, *months) if match else "",
        check=_unsaid(rest, match, lone=False),
        full_match=_both(full, *months) if full else "",
        full_check=_unsaid(rest, full, lone=True),
        wanted=tuple(_written(part, ground) for part in wanted),
        unwanted=tuple(_written(part, ground) for part in unwanted),
        words=And(tuple(words)) if words else None,
        is_selective=bool(named & {"author", "date"}),
        names_author="author" in named,
        where=" AND ".join(sql for sql, _ in conditions) or "1",
        params=tuple(param for _, params in conditions for param in params),
        span=_span(part for part in filters if isinstance(part, Filter) and part.name == "date"),
    )


def _rarest_first(characters: list[Words], ground: Ground) -> list[Words]:
    """The characters, where they are many in the order in which they get commoner."""
    if len(characters) <= INDEXED_CHARACTERS:
        return characters
    counts = sampled(Bounded(ground.conn), [_written(each, ground) for each in characters])
    return [characters[at] for at in sorted(range(len(counts)), key=counts.__getitem__)]


def whole_expression(root: Node) -> str:
    """All of a query's words as one FTS5 expression; empty where there is nothing to look for, or only a NOT."""
    parts = root.parts if isinstance(root, And) else (root,)
    return _conjunction([part for part in parts if _is_words(part)], lone=True)


def _spelt_out(node: Node, ground: Ground) -> Node:
    """The tree with `iph*` as the words of the index that begin so, where these are few."""
    if isinstance(node, Not):
        return Not(_spelt_out(node.part, ground))
    if isinstance(node, And | Or):
        return type(node)(tuple(_spelt_out(part, ground) for part in node.parts))
    if isinstance(node, Words) and node.is_prefix and node.scope != "quotes" and len(node.phrase.tokens) == 1:
        token = node.phrase.tokens[0]
        if not node.phrase.lone and len(token) > 1 and (words := ground.words_with(token)):
            return Or(tuple(Words(word, scope=node.scope) for word in words))
    return node


def _character(part: Node) -> Words | None:
    """The single Chinese character that a part of the conjunction asks for, or excludes."""
    bare = part.part if isinstance(part, Not) else part
    return bare if isinstance(bare, Words) and bare.phrase.lone and bare.scope != "quotes" else None


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


def _sql(node: Node, ground: Ground) -> Condition:
    """Any tree as a condition on `posts AS p`; words within it ask the index."""
    if isinstance(node, Filter):
        return filter_sql(node, ground)
    if isinstance(node, Words):
        return _words_sql(node, ground)
    if isinstance(node, Not):
        sql, params = _sql(node.part, ground)
        return f"NOT coalesce({sql}, 0)", params
    parts = [_sql(part, ground) for part in node.parts]
    word = " AND " if isinstance(node, And) else " OR "
    return f"({word.join(sql for sql, _ in parts)})", tuple(param for _, params in parts for param in params)


def _words_sql(words: Words, ground: Ground) -> Condition:
    """Words as a condition. Common ones are asked for post by post: to list all their posts takes too long."""
    match = expression(words)
    if words.scope == "quotes":
        return "p.id IN (SELECT rowid FROM quotes_fts WHERE quotes_fts MATCH ?)", (match,)
    if words.phrase.lone:
        return _written(words, ground)
    if ground.is_common(match):
        return "EXISTS (SELECT 1 FROM posts_fts WHERE posts_fts MATCH ? AND rowid = p.id)", (match,)
    return "p.id IN (SELECT rowid FROM posts_fts WHERE posts_fts MATCH ?)", (match,)


def _written(words: Words, ground: Ground) -> Condition:
    """A single character as a condition: one of its spellings is there. It says just what folding the post would."""
    spellings, columns = ground.spellings(words.phrase.tokens[0]), _WRITTEN[words.scope]
    tests = [f"instr(p.{column}, ?)" for _ in spellings for column in columns]
    return f"({' OR '.join(tests)})", tuple(char for char in spellings for _ in columns)


def _months(node: Filter) -> str:
    """For a short span of dates: the months it touches in UTC, as an expression that narrows the index."""
    if not isinstance(node.low, date) or not isinstance(node.high, date):
        return ""
    months = list(_each_month(_day_near(node.low, -1), _day_near(node.high, 1)))
    return f"({' OR '.join(months)})" if len(months) <= _MAX_MONTHS else ""


def _span(dates: Iterable[Filter]) -> tuple[str, str]:
    """The days that all of the filters leave, with one more at each end for the clocks of the forums."""
    since, until = ALL_TIMES
    for each in dates:
        if isinstance(each.low, date):
            since = max(since, _day_near(each.low, -1).isoformat())
        if isinstance(each.high, date):
            until = min(until, _day_near(each.high, 1).isoformat())
    return since, until


def _day_near(day: date, days: int) -> date:
    """The day before or after; the same at the ends of the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return day


def _each_month(first: date, last: date) -> Iterator[str]:
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        yield f'"{month_token(f"{year:04}-{month:02}")}"'
        year, month = year + month // 12, month % 12 + 1
