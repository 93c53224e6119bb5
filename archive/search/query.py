"""What a user typed → a query. Never fails but for a filter that means nothing.

    淘宝 开店               both (blank is AND)       抖音 OR 快手, 抖音 | 快手   either
    -广告, NOT 广告          without                  "极速 退"                 these in a row
    iph*                   words that begin so       (a OR b) c                parentheses
    标题:退货, title:退货     only in the title         在:标题, in:title          all words there
    引用:退货, quote:退货     only in what posts quote  在:引用, in:quotes         also in quotes
    作者:张三 版块:数码       filters, see filters.py: always with a colon

A single quotation mark, an OR with nothing beside it, brackets that do not match: all are
taken as well as they can be. Nothing that a user types reaches FTS5's own query language
unquoted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from archive.search.filter_keys import Scope
from archive.search.filters import Filter
from archive.search.lexer import Lexeme, lexemes
from archive.search.tree import And, Node, Not, Or, Words, positive

MAX_CHARS: Final = 2_000
"""Longer queries are cut: a pasted article is found by its first sentences."""
MAX_WORDS: Final = 60
_MAX_DEPTH: Final = 20


@dataclass(frozen=True, slots=True)
class Query:
    """A query as understood. `root` is None where nothing in it can be looked for;
    `was_cut`: its end was left out; `now`: when it is asked, if that was said."""

    text: str
    root: Node | None
    was_cut: bool = False
    now: datetime | None = None

    def words(self) -> tuple[Words, ...]:
        """The words that are asked for, those behind a NOT left out, in the order typed."""
        nodes = self._positive()
        return tuple(node for node in nodes if isinstance(node, Words))

    def filters(self) -> tuple[Filter, ...]:
        """The filters that posts must fulfil, those behind a NOT left out."""
        nodes = self._positive()
        return tuple(node for node in nodes if isinstance(node, Filter))

    def _positive(self) -> Iterator[Words | Filter]:
        return positive(self.root) if self.root else iter(())


def parse(text: str, now: datetime | None = None) -> Query:
    """Read a query. `now`: when it is asked, in UTC, from which 昨天 and 上周 count; may be
    left out where nobody will look for posts.

    Raises QueryError where a filter's name or value means nothing, naming it.
    """
    # a command line may hold bytes that are no characters
    text = text.encode("utf-8", "replace").decode("utf-8")
    was_cut = len(text) > MAX_CHARS
    asked: list[Lexeme] = []
    scopes: list[Scope] = []
    words = 0
    for read in lexemes(text[:MAX_CHARS]):
        lexeme = _asked_at(read, now)
        if lexeme.kind == "in":
            scopes.append(lexeme.scope)
            continue
        words += lexeme.kind == "node"
        if words > MAX_WORDS:
            was_cut = True
        else:
            asked.append(lexeme)

    root = _Parser(asked).whole()
    for scope in scopes:
        root = _within(root, scope) if root else None
    return Query(text, root, was_cut, now)


def _asked_at(lexeme: Lexeme, now: datetime | None) -> Lexeme:
    """The same, with the time of asking where it is a filter that needs it."""
    if not isinstance(lexeme.node, Filter):
        return lexeme
    return replace(
        lexeme,
        node=lexeme.node.asked_at(now),
    )


class _Parser:
    """Recursive descent over the lexemes; what does not fit is passed over."""

    def __init__(self, lexemes: list[Lexeme]) -> None:
        self._lexemes = lexemes
        self._at = 0

    def whole(self) -> Node | None:
        parts: list[Node] = []
        while self._at < len(self._lexemes):
            node = self._either(0)
            if node:
                parts.append(node)
            self._at += 1  # a closing bracket that nothing opened
        return _joined(And, parts)

    def _either(self, depth: int) -> Node | None:
        """Conjunctions with OR between them."""
        choices: list[Node] = []
        while True:
            choice = self._all_of(depth)
            if choice:
                choices.append(choice)
            if self._kind() != "or":
                return _joined(Or, choices)
            self._at += 1

    def _all_of(self, depth: int) -> Node | None:
        """Words, filters and brackets up to an OR or the end of a bracket."""
        parts: list[Node] = []
        is_negative = False
        while self._kind() not in ("or", "close", ""):
            lexeme = self._lexemes[self._at]
            self._at += 1
            if lexeme.kind == "not":
                is_negative = True
                continue
            is_bracket = lexeme.kind == "open"
            node = self._bracketed(depth) if is_bracket else lexeme.node
            if node:
                parts.append(Not(node) if is_negative else node)
            is_negative = False
        return _joined(And, parts)

    def _bracketed(self, depth: int) -> Node | None:
        if depth >= _MAX_DEPTH:
            return None
        node = self._either(depth + 1)
        self._at += 1
        return node

    def _kind(self) -> str:
        """The kind of the next lexeme; empty at the end."""
        if self._at >= len(self._lexemes):
            return ""
        return self._lexemes[self._at].kind


def _joined(kind: type[And] | type[Or], parts: list[Node]) -> Node | None:
    """The parts as one node, those of the same kind within them laid open."""
    flat: list[Node] = []
    for part in parts:
        if isinstance(part, kind):
            flat += part.parts
        else:
            flat.append(part)
    different = tuple(dict.fromkeys(flat))
    if len(different) < 2:
        return different[0] if different else None
    return kind(different)


def _within(node: Node, scope: Scope) -> Node:
    """The tree with its words looked for in that scope; for quotes, there and in the post's
    own words."""
    if isinstance(node, Filter):
        return node
    if isinstance(node, Not):
        return Not(_within(node.part, scope))
    if isinstance(node, And | Or):
        parts = [_within(part, scope) for part in node.parts]
        return type(node)(tuple(parts))
    if node.scope != "any":
        return node
    scoped = replace(
        node,
        scope=scope,
    )
    if scope == "quotes":
        return Or((node, scoped))
    return scoped
