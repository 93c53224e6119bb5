"""A query's tree → a plan: which part the index answers, which SQL, and which must be seen in
the posts.

Three ways lead to a post: the index finds words of two and more characters; SQL answers
filters; and what is expensive to ask of the index (see `expressions.py`) is looked for in
the posts themselves, newest first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from archive.search.budget import BoundedConnection
from archive.search.char_selectivity import sampled
from archive.search.conditions import Condition, all_of
from archive.search.date_ranges import months_of, span_of
from archive.search.expressions import (
    both,
    conjunction,
    is_expensive,
    is_words,
    residual,
    tree_expression,
)
from archive.search.filters import Filter
from archive.search.plan import INDEXED_CHARACTERS, Plan
from archive.search.stats import IndexStats
from archive.search.tree import (
    And,
    Node,
    Not,
    Or,
    Words,
    near_words,
    parts_of,
    ranking_words,
    without_not,
)
from archive.search.tree_sql import character_sql, tree_sql

COMMON_POSTS = 100_000
"""Of words that are in more posts together, the newest are found sooner by reading."""
_SELECTIVE: Final = frozenset({"author", "location", "date"})
"""Filters by which SQLite finds posts at once, each having an index."""
_BY_NAME: Final = frozenset({"author", "location"})


def plan(root: Node, stats: IndexStats) -> Plan:
    """Plan a query for an archive."""
    parts = _sorted_parts(_spelt_out(root, stats))
    required = _rarest_first(parts.required, stats)
    with_expensive = [*parts.indexed, *required[:INDEXED_CHARACTERS]]
    match = conjunction(
        parts.indexed,
        expensive=False,
    )
    full_match = conjunction(
        with_expensive,
        expensive=True,
    )

    # a beginning is seen in a post sooner than each of the words that it was spelt out to
    words = [part for part in parts_of(root) if is_words(part)]
    conditions = [tree_sql(part, stats) for part in parts.filters]
    filters = [part for part in parts.filters if isinstance(part, Filter)]
    names = {each.name for each in filters}
    is_listed = any(condition.is_listed for condition in conditions)
    return Plan(
        match=match,
        check=residual(parts.indexed, match, expensive=False),
        full_match=full_match,
        full_check=residual(parts.indexed, full_match, expensive=True),
        positive_match=conjunction(
            [part for part in parts.indexed if not isinstance(part, Not)],
            expensive=False,
        ),
        required_chars=_conditions(required, stats),
        excluded_chars=_conditions(parts.excluded, stats),
        words=And(tuple(words)) if words else None,
        scored=ranking_words(root),
        near=near_words(root),
        filters=all_of(conditions),
        is_selective=is_listed or bool(names & _SELECTIVE),
        is_by_name=bool(names & _BY_NAME),
        months=both(*(months_of(each) for each in filters)),
        span=span_of(each for each in filters if each.name == "date"),
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a post must fulfil all of, by who answers it.

    Without a filter: those that the index is asked for (`indexed`), and the single
    characters that a post must have (`required`) and must not (`excluded`). `filters` are
    all others.
    """

    indexed: tuple[Node, ...]
    required: tuple[Words, ...]
    excluded: tuple[Words, ...]
    filters: tuple[Node, ...]


def _sorted_parts(root: Node) -> _Parts:
    indexed: list[Node] = []
    required: list[Words] = []
    excluded: list[Words] = []
    filters: list[Node] = []
    for part in parts_of(root):
        if not is_words(part):
            filters.append(part)
            continue
        character = _single_char(part)
        if character is None:
            indexed.append(part)
        elif isinstance(part, Not):
            excluded.append(character)
        else:
            required.append(character)
    return _Parts(
        indexed=tuple(indexed),
        required=tuple(required),
        excluded=tuple(excluded),
        filters=tuple(filters),
    )


def _single_char(part: Node) -> Words | None:
    """The single Chinese character that a part asks for, or excludes; None for others."""
    words = without_not(part)
    if isinstance(words, Words) and words.phrase.single_char:
        return words
    return None


def _rarest_first(characters: Sequence[Words], stats: IndexStats) -> Sequence[Words]:
    """The characters, where they are many in the order in which they get commoner."""
    if len(characters) <= INDEXED_CHARACTERS:
        return characters
    conn = BoundedConnection(stats.conn)
    counts = sampled(conn, _conditions(characters, stats))
    if counts is None:
        return characters
    places = range(len(characters))
    return [characters[at] for at in sorted(places, key=counts.__getitem__)]


def _conditions(
    characters: Sequence[Words], stats: IndexStats
) -> tuple[Condition, ...]:
    return tuple(character_sql(each, stats) for each in characters)


def _spelt_out(node: Node, stats: IndexStats) -> Node:
    """The tree with `iph*` as the words of the index that begin so, where these are few and
    not common."""
    if isinstance(node, Filter):
        return node
    if isinstance(node, Words):
        return _words_beginning_so(node, stats) or node
    if isinstance(node, Not):
        return Not(_spelt_out(node.part, stats))
    parts = [_spelt_out(part, stats) for part in node.parts]
    return type(node)(tuple(parts))


def _words_beginning_so(words: Words, stats: IndexStats) -> Or | None:
    """The words that `iph*` stands for; None for other words, and where these are many."""
    phrase = words.phrase
    if words.scope == "quotes" or phrase.single_char:
        return None
    if not is_expensive(words) or len(phrase.tokens) > 1:
        return None
    beginning = phrase.tokens[0]
    found = stats.words_with(beginning)
    if not found:
        return None
    spelt = Or(tuple(Words(word, scope=words.scope) for word in found))
    match = tree_expression(
        spelt,
        expensive=False,
    )
    if stats.about(match) >= COMMON_POSTS:
        return None
    return spelt
