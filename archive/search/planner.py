"""A query's tree → what SQLite is asked: an FTS5 expression, SQL conditions, and what
Python must check itself.

Three ways to a post: the index finds words of two and more characters; SQL answers filters;
what is expensive to ask of the index is looked for in the posts themselves, newest first.
Dear are a single Chinese character, for which FTS5 joins the lists of the thousands of
pairs that it begins, and the beginning of common words, for which it joins those of all; of
several tokens (`RTX4090的`) the first ones are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from archive.index.segment import RUN, month_token
from archive.search.budget import BoundedConnection
from archive.search.char_selectivity import sampled
from archive.search.date_ranges import ALL_TIMES, months_of, span_of
from archive.search.filter_sql import LISTED, Condition, Param, filter_sql
from archive.search.filters import Filter, Scope
from archive.search.query import And, Node, Not, Or, Words, positive
from archive.search.stats import IndexStats

_WRITTEN: dict[Scope, tuple[str, ...]] = {
    "any": ("text", "subject"),
    "text": ("text",),
    "title": ("subject",),
}
_COLUMNS = {"any": "", "quotes": "", "title": "{title} : ", "text": "{body} : "}
COMMON_POSTS = 100_000
"""Of words that are in more posts together, the newest are found sooner by reading."""
INDEXED_CHARACTERS = 2
"""So many single characters are left to the index at most, which joins thousands of lists
for each."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to find what a query asks for.

    `match`: an FTS5 expression that every hit fulfils, empty where there is none; `check`: what it does not say of the
    words, to be seen in the posts, None for nothing. Neither says the single Chinese characters that a hit must have
    (`required_chars`) or not have (`excluded_chars`): conditions on the posts themselves. `full_match`, `full_check`: the same with
    what is expensive left to the index, of the required_chars characters the rarest if they are many. `words`: the whole tree
    without filters; `scored`: the words in it by which hits are ranked. `where`: the filters. SQL is over
    `posts AS p`; `is_selective`: by the filters SQLite finds posts at once; `names_author`: they name one. `months`: an
    expression for the filters' months, if these are few; `span`: no hit is older than the first, nor newer than the
    second time.
    """

    match: str
    check: Node | None
    full_match: str
    full_check: Node | None
    required_chars: tuple[Condition, ...]
    excluded_chars: tuple[Condition, ...]
    words: Node | None
    scored: tuple[Words, ...]
    is_selective: bool
    names_author: bool
    where: str = "1"
    params: tuple[Param, ...] = ()
    months: str = ""
    span: tuple[str, str] = ALL_TIMES

    @property
    def narrowed(self) -> str:
        """`match` within `months`."""
        return _both(self.match, self.months)

    @property
    def has_full_plan(self) -> bool:
        """Whether `with_expensive_words` is another plan."""
        return bool(self.full_match) and self.match != self.full_match

    @property
    def is_covered_by_index(self) -> bool:
        """Whether `match` and `where` say it all."""
        return (
            self.check is None and not self.required_chars and not self.excluded_chars
        )

    def with_expensive_words(self) -> Plan:
        """The plan that leaves to the index what a hit must have."""
        return replace(
            self,
            match=self.full_match,
            check=self.full_check,
            required_chars=self.required_chars[INDEXED_CHARACTERS:],
        )

    def without_characters(self) -> Plan:
        """The plan for rows in which the characters are looked for later."""
        return replace(self, required_chars=(), excluded_chars=())

    @property
    def characters(self) -> Condition:
        """The characters as one condition; `1` for none."""
        parts = [
            *self.required_chars,
            *((f"NOT {sql}", params) for sql, params in self.excluded_chars),
        ]
        return " AND ".join(sql for sql, _ in parts) or "1", tuple(
            param for _, params in parts for param in params
        )


def plan(root: Node, ground: IndexStats) -> Plan:
    """Plan a query for an archive."""
    typed, root = root, _spelt_out(root, ground)
    parts = root.parts if isinstance(root, And) else (root,)
    words = [part for part in parts if _is_words(part)]
    filters = [part for part in parts if not _is_words(part)]
    rest = [part for part in words if not _character(part)]
    single = [(character, part) for part in words if (character := _character(part))]
    required_chars = _rarest_first(
        [character for character, part in single if not isinstance(part, Not)], ground
    )
    excluded_chars = [character for character, part in single if isinstance(part, Not)]
    conditions = [_sql(part, ground) for part in filters]
    named = {part.name for part in filters if isinstance(part, Filter)}
    months = [months_of(part) for part in filters if isinstance(part, Filter)]
    match, full = (
        _conjunction(rest, expensive=False),
        _conjunction([*rest, *required_chars[:INDEXED_CHARACTERS]], expensive=True),
    )
    return Plan(
        match=match,
        check=_residual(rest, match, expensive=False),
        full_match=full,
        full_check=_residual(rest, full, expensive=True),
        required_chars=tuple(_written(part, ground) for part in required_chars),
        excluded_chars=tuple(_written(part, ground) for part in excluded_chars),
        words=And(tuple(words)) if words else None,
        scored=tuple(
            each
            for each in positive(typed)
            if isinstance(each, Words) and each.scope != "quotes"
        ),
        is_selective=bool(named & {"author", "date"})
        or any(sql.startswith(LISTED) for sql, _ in conditions),
        names_author="author" in named,
        where=" AND ".join(sql for sql, _ in conditions) or "1",
        params=tuple(param for _, params in conditions for param in params),
        months=_both(*months),
        span=span_of(
            part for part in filters if isinstance(part, Filter) and part.name == "date"
        ),
    )


def _rarest_first(characters: list[Words], ground: IndexStats) -> list[Words]:
    """The characters, where they are many in the order in which they get commoner."""
    if len(characters) <= INDEXED_CHARACTERS:
        return characters
    counts = sampled(
        BoundedConnection(ground.conn), [_written(each, ground) for each in characters]
    )
    return [characters[at] for at in sorted(range(len(counts)), key=counts.__getitem__)]


def whole_expression(root: Node) -> str:
    """All of a query's words as one FTS5 expression; empty where there is nothing to look
    for, or only a NOT."""
    parts = root.parts if isinstance(root, And) else (root,)
    return _conjunction([part for part in parts if _is_words(part)], expensive=True)


def _spelt_out(node: Node, ground: IndexStats) -> Node:
    """The tree with `iph*` as the words of the index that begin so, where these are few and
    not common."""
    if isinstance(node, Not):
        return Not(_spelt_out(node.part, ground))
    if isinstance(node, And | Or):
        return type(node)(tuple(_spelt_out(part, ground) for part in node.parts))
    if (
        isinstance(node, Words)
        and is_expensive(node)
        and not node.phrase.single_char
        and node.scope != "quotes"
    ):
        if len(node.phrase.tokens) > 1:
            return node
        words = Or(
            tuple(
                Words(word, scope=node.scope)
                for word in ground.words_with(node.phrase.tokens[0])
            )
        )
        if words.parts and ground.about(_fts(words, expensive=False)) < COMMON_POSTS:
            return words
    return node


def is_expensive(words: Words) -> bool:
    """Whether the index finds these only by joining the lists of many words: they end in
    the beginning of some."""
    phrase = words.phrase
    if not phrase.is_prefix or (phrase.symbol_words and len(phrase.tokens) == 1):
        return False
    run = RUN.fullmatch(phrase.tokens[-1])
    return bool(run and (run.lastindex != 1 or len(run[0]) == 1))


def _character(part: Node) -> Words | None:
    """The single Chinese character that a part of the conjunction asks for, or excludes."""
    bare = part.part if isinstance(part, Not) else part
    return (
        bare
        if isinstance(bare, Words)
        and bare.phrase.single_char
        and bare.scope != "quotes"
        else None
    )


def expression(words: Words, *, head: bool = False) -> str:
    """Words as an FTS5 expression: one phrase, and the symbol_words words beside it. All
    quoted; empty for no words.

    `head`: without the last token, which is expensive to ask for; empty where it is the only one.
    """
    phrase = words.phrase
    tokens = phrase.tokens[:-1] if head else phrase.tokens
    out = [f'"{token}"' for token in phrase.symbol_words]
    if (tokens or not head) and not (phrase.symbol_words and len(phrase.tokens) == 1):
        out.insert(
            0, f'"{" ".join(tokens)}"{" *" if phrase.is_prefix and not head else ""}'
        )
    return (
        _COLUMNS[words.scope] + (out[0] if len(out) == 1 else f"({' AND '.join(out)})")
        if out
        else ""
    )


def within_months(match: str, months: Sequence[str]) -> str:
    """The expression narrowed to posts of some months (`2024-05`, UTC); `""` means posts
    without a time."""
    tokens = " OR ".join(f'"{month_token(month)}"' for month in months)
    return _both(match, f"{{month}} : ({tokens})")


def _both(*expressions: str) -> str:
    """All of the expressions that are not empty; empty for none."""
    given = [each for each in expressions if each]
    return f"({' AND '.join(given)})" if len(given) > 1 else "".join(given)


def _is_words(node: Node) -> bool:
    """Whether the index of posts alone can answer: no filter in it, no quoted words."""
    if isinstance(node, Words):
        return node.scope != "quotes"
    if isinstance(node, Not):
        return _is_words(node.part)
    return not isinstance(node, Filter) and all(map(_is_words, node.parts))


def _conjunction(parts: Sequence[Node], *, expensive: bool) -> str:
    positive = [
        fts
        for part in parts
        if not isinstance(part, Not) and (fts := _fts(part, expensive=expensive))
    ]
    if not positive:
        return ""
    out = _both(*positive)
    for part in parts:
        if isinstance(part, Not) and (
            fts := _exact_fts(part.part, expensive=expensive)
        ):
            out = f"({out} NOT {fts})"
    return out


def _fts(node: Node, *, expensive: bool) -> str:
    """An expression that every post with `node` fulfils; empty where there is none."""
    if isinstance(node, Words):
        return expression(node, head=not expensive and is_expensive(node))
    if isinstance(node, Or):
        each = [_fts(part, expensive=expensive) for part in node.parts]
        return f"({' OR '.join(each)})" if all(each) else ""
    return (
        _conjunction(node.parts, expensive=expensive) if isinstance(node, And) else ""
    )


def _exact_fts(node: Node, *, expensive: bool) -> str:
    """An expression that the posts with `node` fulfil and no others; empty where there is none."""
    return (
        _fts(node, expensive=expensive) if _is_exact(node, expensive=expensive) else ""
    )


def _is_exact(node: Node, *, expensive: bool) -> bool:
    if isinstance(node, Words):
        return expensive or not is_expensive(node)
    if isinstance(node, Not | Filter):
        return False
    parts = node.parts
    if isinstance(node, Or):
        return all(_is_exact(part, expensive=expensive) for part in parts)
    bare = [part.part if isinstance(part, Not) else part for part in parts]
    return any(not isinstance(part, Not) for part in parts) and all(
        _is_exact(part, expensive=expensive) for part in bare
    )


def _residual(parts: Sequence[Node], match: str, *, expensive: bool) -> Node | None:
    """The parts of the conjunction that its expression does not wholly say."""
    bare = [(part, part.part if isinstance(part, Not) else part) for part in parts]
    residual = tuple(
        part
        for part, inner in bare
        if not (match and _is_exact(inner, expensive=expensive))
    )
    return And(residual) if residual else None


def _sql(node: Node, ground: IndexStats) -> Condition:
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
    return f"({word.join(sql for sql, _ in parts)})", tuple(
        param for _, params in parts for param in params
    )


def _words_sql(words: Words, ground: IndexStats) -> Condition:
    """Words as a condition. Common ones are asked for post by post, if that is cheap: to
    list all takes too long."""
    match = expression(words)
    if words.scope == "quotes":
        return "p.id IN (SELECT rowid FROM quotes_fts WHERE quotes_fts MATCH ?)", (
            match,
        )
    if words.phrase.single_char:
        return _written(words, ground)
    if not is_expensive(words) and ground.is_common(match):
        return (
            "EXISTS (SELECT 1 FROM posts_fts WHERE posts_fts MATCH ? AND rowid = p.id)",
            (match,),
        )
    return "p.id IN (SELECT rowid FROM posts_fts WHERE posts_fts MATCH ?)", (match,)


def _written(words: Words, ground: IndexStats) -> Condition:
    """A single character as a condition: one of its spellings is there. It says just what
    folding the post would."""
    spellings, columns = ground.spellings(words.phrase.tokens[0]), _WRITTEN[words.scope]
    tests = [f"instr(p.{column}, ?)" for _ in spellings for column in columns]
    return f"({' OR '.join(tests)})", tuple(char for char in spellings for _ in columns)
