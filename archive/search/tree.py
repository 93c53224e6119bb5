"""A query as a tree: words, filters, AND, OR and NOT."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from archive.index import segment
from archive.search.filter_keys import Scope
from archive.search.filters import Filter
from archive.search.writings import writings


@dataclass(frozen=True, slots=True)
class Words:
    """Characters that must stand in a post in this order. `scope` says where they must
    stand; `typed` is the piece of the query that says all that."""

    text: str
    is_prefix: bool = False
    scope: Scope = "any"
    typed: str = field(default="", compare=False)

    @property
    def writings(self) -> tuple[str, ...]:
        """The ways in which they may be written in posts, as typed first."""
        return writings(self.text)

    @property
    def phrase(self) -> segment.Phrase:
        """The same as tokens of the index, as typed."""
        return self._phrase(self.text)

    @property
    def phrases(self) -> tuple[segment.Phrase, ...]:
        """The same for each of the writings."""
        return tuple(map(self._phrase, self.writings))

    def _phrase(self, text: str) -> segment.Phrase:
        return segment.phrase(
            text,
            is_prefix=self.is_prefix,
        )


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


def positive(node: Node) -> Iterator[Words | Filter]:
    """The words and filters that a tree asks for, those behind a NOT left out."""
    if isinstance(node, Words | Filter):
        yield node
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from positive(part)


def parts_of(node: Node) -> tuple[Node, ...]:
    """What a post must fulfil all of: the parts of an AND, else the node itself."""
    return node.parts if isinstance(node, And) else (node,)


def ranking_words(node: Node) -> tuple[Words, ...]:
    """The words of a query, as typed, by which posts are ranked."""
    return tuple(
        each
        for each in positive(node)
        if isinstance(each, Words) and each.scope != "quotes"
    )


def near_words(node: Node) -> tuple[Words, ...]:
    """The words that each hit must have, as typed."""
    return tuple(
        part
        for part in parts_of(node)
        if isinstance(part, Words) and part.scope != "quotes"
    )


def without_not(node: Node) -> Node:
    """What is negated, else the node itself."""
    return node.part if isinstance(node, Not) else node
