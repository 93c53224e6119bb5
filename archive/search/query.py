"""What a user typed → a tree of words, filters, AND, OR and NOT. Never fails but for a
filter that means nothing.

    淘宝 开店              both (blank is AND)          抖音 OR 快手, 抖音 | 快手      either
    -广告, NOT 广告         without                     "极速 退"                    these words in a row
    iph*                  words that begin so          (a OR b) c                  parentheses
    作者:张三 版块:数码      filters: see archive/search/filters.py; a filter always has a colon and no blank behind it
    标题:退货, title:退货    only in the title           引用:退货, quote:退货         only in what the post quotes
    in:title, 在:标题        all words in the title      in:quotes, 在:引用           also in what the post quotes

A single_char quotation mark, an OR with nothing beside it, brackets that do not match: all
are taken as well as they can be. Nothing that a user types reaches FTS5's own query
language unquoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from archive.index import segment
from archive.search.filters import (
    Filter,
    Scope,
    is_place_key,
    place,
    read_filter,
    scope_of,
)

MAX_CHARS = 2_000
"""Longer queries are cut: a pasted article is found by its first sentences."""
MAX_WORDS = 60
_MAX_DEPTH = 20

_CLOSING = {'"': '"', "“": "”", "”": "“", "＂": "＂", "「": "」", "『": "』"}
_QUOTES = "".join({*_CLOSING, *_CLOSING.values()})
_OR = frozenset({"OR", "|", "||", "｜"})
_AND = frozenset({"AND", "&", "&&", "＆"})
_WORD = re.compile(rf"[^\s()（）{_QUOTES}]+")
_KEY = re.compile(rf"([^\s()（）{_QUOTES}:：]+)[:：]")


@dataclass(frozen=True, slots=True)
class Words:
    """Characters that must stand in a post in this order. `text` as typed; `scope` says
    where they must stand."""

    text: str
    is_prefix: bool = False
    scope: Scope = "any"

    @property
    def phrase(self) -> segment.Phrase:
        """The same as tokens of the index."""
        return segment.phrase(self.text, is_prefix=self.is_prefix)


@dataclass(frozen=True, slots=True)
class And:
    """All of the parts."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One of the parts, or more."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Posts without the part."""

    part: Node


Node: TypeAlias = Words | Filter | And | Or | Not


@dataclass(frozen=True, slots=True)
class Query:
    """A query as understood. `root` is None where nothing in it can be looked for;
    `was_cut`: its end was left out."""

    text: str
    root: Node | None
    was_cut: bool = False

    def words(self) -> tuple[Words, ...]:
        """The words that are asked for, those behind a NOT left out, in the order typed."""
        return (
            tuple(node for node in positive(self.root) if isinstance(node, Words))
            if self.root
            else ()
        )

    def filters(self) -> tuple[Filter, ...]:
        """The filters that posts must fulfil, those behind a NOT left out."""
        return (
            tuple(node for node in positive(self.root) if isinstance(node, Filter))
            if self.root
            else ()
        )


def parse(text: str) -> Query:
    """Read a query. Raises QueryError where a filter's name or value means nothing, naming it."""
    text = text.encode("utf-8", "replace").decode(
        "utf-8"
    )  # a command line may hold bytes that are no characters
    lexemes = list(_lexemes(text[:MAX_CHARS]))
    words = [number for number, (kind, value) in enumerate(lexemes) if kind == "node"]
    was_cut = len(text) > MAX_CHARS or len(words) > MAX_WORDS
    if len(words) > MAX_WORDS:
        del lexemes[words[MAX_WORDS] :]
    root = _Parser([lexeme for lexeme in lexemes if lexeme[0] != "in"]).whole()
    for kind, where in lexemes:
        if root and kind == "in" and isinstance(where, Words):
            root = _within(root, where.scope)
    return Query(text, root, was_cut)


_Lexeme = tuple[
    Literal["node", "open", "close", "or", "not", "in"], "Words | Filter | None"
]


def _lexemes(text: str) -> Iterator[_Lexeme]:
    at = 0
    while at < len(text):
        char = text[at]
        if char in "(（":
            yield "open", None
        elif char in ")）":
            yield "close", None
        elif char in "-－" and at + 1 < len(text) and not text[at + 1].isspace():
            yield "not", None
        elif not char.isspace():
            at, lexeme = _atom(text, at)
            if lexeme:
                yield lexeme
            continue
        at += 1


def _atom(text: str, at: int) -> tuple[int, _Lexeme | None]:
    """A word, a quoted literal, an operator or a filter at `at`; where the next one begins."""
    if text[at] in _CLOSING:
        literal, end = _quoted(text, at)
        return end, _words(literal)
    if (key := _KEY.match(text, at)) and (found := _keyed(text, key)):
        return found
    match = _WORD.match(text, at)
    if not match:  # a closing quotation mark that nothing opened
        return at + 1, None
    word = match[0]
    if word in _OR:
        return match.end(), ("or", None)
    if word in _AND:
        return match.end(), None
    if word == "NOT":
        return match.end(), ("not", None)
    return match.end(), _words(word.rstrip("*＊"), is_prefix=word.endswith(("*", "＊")))


def _keyed(text: str, key: re.Match[str]) -> tuple[int, _Lexeme | None] | None:
    """A filter or a word with its place; None where the text before the colon names none."""
    value, end = _value(text, key.end())
    if is_place_key(key[1]):
        return end, ("in", Words("", scope=place(key[1], value)))
    if scope := scope_of(key[1]):
        is_quoted = text[key.end() : key.end() + 1] in _CLOSING
        is_prefix = value.endswith(("*", "＊")) and not is_quoted
        return end, _words(
            value.rstrip("*＊") if is_prefix else value,
            is_prefix=is_prefix,
            scope=scope,
        )
    found = read_filter(key[1], value)
    return (end, ("node", found)) if found else None


def _value(text: str, at: int) -> tuple[str, int]:
    if at < len(text) and text[at] in _CLOSING:
        return _quoted(text, at)
    match = _WORD.match(text, at)
    return (match[0], match.end()) if match else ("", at)


def _quoted(text: str, at: int) -> tuple[str, int]:
    """What stands between quotation marks; up to the end of the text where the second one
    is missing."""
    closers = _CLOSING[text[at]] + text[at]
    end = next((i for i in range(at + 1, len(text)) if text[i] in closers), len(text))
    return text[at + 1 : end], end + 1


def _words(text: str, *, is_prefix: bool = False, scope: Scope = "any") -> _Lexeme:
    """Words; punctuation alone is a word of nothing, to which a NOT before it belongs."""
    words = Words(text, is_prefix, scope)
    return "node", words if words.phrase else None


class _Parser:
    """Recursive descent over the lexemes; what does not fit is passed over."""

    def __init__(self, lexemes: list[_Lexeme]) -> None:
        self.lexemes = lexemes
        self.at = 0

    def whole(self) -> Node | None:
        parts = []
        while self.at < len(self.lexemes):
            if node := self.either(0):
                parts.append(node)
            self.at += 1  # a closing bracket that nothing opened
        return _joined(And, parts)

    def either(self, depth: int) -> Node | None:
        choices = [self.all_of(depth)]
        while self._peek() == "or":
            self.at += 1
            choices.append(self.all_of(depth))
        return _joined(Or, [choice for choice in choices if choice])

    def all_of(self, depth: int) -> Node | None:
        parts: list[Node] = []
        negative = False
        while (kind := self._peek()) not in ("or", "close", ""):
            node = self.lexemes[self.at][1]
            self.at += 1
            if kind == "not":
                negative = True
                continue
            if kind == "open":
                node_: Node | None = self.bracketed(depth)
            else:
                node_ = node
            if node_:
                parts.append(Not(node_) if negative else node_)
            negative = False
        return _joined(And, parts)

    def bracketed(self, depth: int) -> Node | None:
        if depth >= _MAX_DEPTH:
            return None
        node = self.either(depth + 1)
        self.at += 1
        return node

    def _peek(self) -> str:
        return self.lexemes[self.at][0] if self.at < len(self.lexemes) else ""


def _joined(kind: type[And] | type[Or], parts: list[Node]) -> Node | None:
    flat = (
        each
        for part in parts
        for each in (part.parts if isinstance(part, kind) else (part,))
    )
    parts = list(dict.fromkeys(flat))
    if len(parts) < 2:
        return parts[0] if parts else None
    return kind(tuple(parts))


def _within(node: Node, scope: Scope) -> Node:
    """The tree with its words looked for in that place; for quotes, there and in the post's
    own words."""
    if isinstance(node, Words):
        if node.scope != "any":
            return node
        placed = replace(node, scope=scope)
        return Or((node, placed)) if scope == "quotes" else placed
    if isinstance(node, Not):
        return Not(_within(node.part, scope))
    if isinstance(node, Filter):
        return node
    return type(node)(tuple(_within(part, scope) for part in node.parts))


def positive(node: Node) -> Iterator[Words | Filter]:
    """The words and filters that a tree asks for, those behind a NOT left out."""
    if isinstance(node, Words | Filter):
        yield node
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from positive(part)
