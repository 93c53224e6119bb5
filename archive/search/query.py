"""What a user typed → a query. Never fails but for a filter that means nothing.

    淘宝 开店               both (blank is AND)       抖音 OR 快手, 抖音 | 快手   either
    -广告, NOT 广告          without                  "极速 退"                 these in a row
    iph*                   words that begin so       (a OR b) c                parentheses
    标题:退货, title:退货     only in the title         在:标题, in:title          all words there
    引用:退货, quote:退货     only in what posts quote  在:引用, in:quotes         also in quotes
    作者:张三 版块:数码       filters, see filters.py: always with a colon and no blank behind it

A single quotation mark, an OR with nothing beside it, brackets that do not match: all are
taken as well as they can be. Nothing that a user types reaches FTS5's own query language
unquoted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from archive.search.filters import Filter, Scope
from archive.search.lexer import Lexeme, lexemes
from archive.search.tree import And, Node, Not, Or, Words, positive

MAX_CHARS: Final = 2_000
"""Longer queries are cut: a pasted article is found by its first sentences."""
MAX_WORDS: Final = 60
_MAX_DEPTH: Final = 20


@dataclass(frozen=True, slots=True)
class Query:
    """A query as understood. `root` is None where nothing in it can be looked for;
    `was_cut`: its end was left out."""

    text: str
    root: Node | None
    was_cut: bool = False

    def words(self) -> tuple[Words, ...]:
        """The words that are asked for, those behind a NOT left out, in the order typed."""
        return tuple(node for node in self._positive() if isinstance(node, Words))

    def filters(self) -> tuple[Filter, ...]:
        """The filters that posts must fulfil, those behind a NOT left out."""
        return tuple(node for node in self._positive() if isinstance(node, Filter))

    def _positive(self) -> Iterator[Words | Filter]:
        return positive(self.root) if self.root else iter(())


def parse(text: str) -> Query:
    """Read a query. Raises QueryError where a filter's name or value means nothing, naming it."""
    # a command line may hold bytes that are no characters
    text = text.encode("utf-8", "replace").decode("utf-8")
    found = list(lexemes(text[:MAX_CHARS]))
    nodes = [at for at, lexeme in enumerate(found) if lexeme.kind == "node"]
    was_cut = len(text) > MAX_CHARS
    if len(nodes) > MAX_WORDS:
        was_cut = True
        del found[nodes[MAX_WORDS] :]

    scopes = [lexeme.scope for lexeme in found if lexeme.kind == "in"]
    root = _Parser([lexeme for lexeme in found if lexeme.kind != "in"]).whole()
    for scope in scopes:
        root = _within(root, scope) if root else None
    return Query(text, root, was_cut)


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
        choices = [self._all_of(depth)]
        while self._kind() == "or":
            self._at += 1
            choices.append(self._all_of(depth))
        return _joined(Or, [choice for choice in choices if choice])

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
        flat += part.parts if isinstance(part, kind) else (part,)
    different = tuple(dict.fromkeys(flat))
    if not different:
        return None
    return different[0] if len(different) == 1 else kind(different)


def _within(node: Node, scope: Scope) -> Node:
    """The tree with its words looked for in that scope; for quotes, there and in the post's
    own words."""
    if isinstance(node, Filter):
        return node
    if isinstance(node, Not):
        return Not(_within(node.part, scope))
    if isinstance(node, And | Or):
        return type(node)(tuple(_within(part, scope) for part in node.parts))
    if node.scope != "any":
        return node
    scoped = replace(node, scope=scope)
    return Or((node, scoped)) if scope == "quotes" else scoped
