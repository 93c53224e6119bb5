"""Trees of words and filters as SQL conditions on `posts AS p`; words within them ask the
index post by post, or as a list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from archive.index.segment import CJK_RUN, RUN
from archive.search.conditions import (
    ALWAYS,
    Condition,
    all_of,
    bracketed,
    negated,
    one_of,
)
from archive.search.expressions import expression, is_expensive
from archive.search.filter_keys import Scope
from archive.search.filter_sql import filter_sql
from archive.search.filters import Filter
from archive.search.stats import IndexStats
from archive.search.tree import And, Node, Not, Or, Words

_COLUMNS: Final[dict[Scope, tuple[str, ...]]] = {
    "any": ("text", "subject"),
    "text": ("text",),
    "title": ("subject",),
}
_TOLD_BY: Final = 3
"""So many characters of a word tell that a post may have it."""
_IN_INDEX: Final = "p.id IN (SELECT rowid FROM posts_fts WHERE posts_fts MATCH ?)"
_IN_QUOTES: Final = "p.id IN (SELECT rowid FROM quotes_fts WHERE quotes_fts MATCH ?)"
_EACH_IN_INDEX: Final = """EXISTS (SELECT 1 FROM posts_fts
  WHERE posts_fts MATCH ? AND rowid = p.id)"""


def tree_sql(node: Node, stats: IndexStats) -> Condition:
    """Any tree as a condition."""
    if isinstance(node, Filter):
        return filter_sql(node, stats)
    if isinstance(node, Words):
        return _words_sql(node, stats)
    if isinstance(node, Not):
        return negated(tree_sql(node.part, stats))
    parts = [tree_sql(part, stats) for part in node.parts]
    if isinstance(node, And):
        return bracketed(all_of(parts))
    return one_of(parts)


def character_sql(words: Words, stats: IndexStats) -> Condition:
    """A single character as a condition: one of its spellings is there. It says just what
    folding the post would."""
    return _has_character(words.phrase.tokens[0], words.scope, stats)


def characters_sql(node: Node, stats: IndexStats) -> Condition:
    """What every post with the words of a tree fulfils, told by single characters: to fold a
    post takes ten times as long. ALWAYS where they do not tell."""
    if isinstance(node, Words):
        tests = list(_characters_of(node, stats))
        return bracketed(all_of(tests)) if tests else ALWAYS
    if not isinstance(node, And | Or):
        return ALWAYS
    conditions = [characters_sql(part, stats) for part in node.parts]
    telling = [each for each in conditions if each != ALWAYS]
    if isinstance(node, And):
        return all_of(telling)
    are_all = len(telling) == len(conditions)
    return one_of(telling) if are_all else ALWAYS


def _characters_of(words: Words, stats: IndexStats) -> Iterator[Condition]:
    """That a post has the first Chinese characters of some words."""
    if words.scope == "quotes" or len(words.phrases) > 1:
        return
    text = "".join(words.phrase.runs)
    chars = [run[0] for run in RUN.finditer(text) if run.lastindex == CJK_RUN]
    for char in "".join(chars)[:_TOLD_BY]:
        yield _has_character(char, words.scope, stats)


def _has_character(char: str, scope: Scope, stats: IndexStats) -> Condition:
    tests: list[Condition] = []
    for spelling in stats.spellings(char):
        tests += [
            Condition(f"instr(p.{column}, ?)", (spelling,))
            for column in _COLUMNS[scope]
        ]
    return one_of(tests)


def _words_sql(words: Words, stats: IndexStats) -> Condition:
    """Words as a condition. Common ones are asked for post by post, if that is cheap: to
    list all takes too long."""
    match = expression(words)
    if words.scope == "quotes":
        return Condition(
            _IN_QUOTES,
            (match,),
            is_listed=True,
            asks_index=True,
        )
    if words.phrase.single_char:
        return character_sql(words, stats)
    is_each_cheap = not is_expensive(words)
    if is_each_cheap and stats.is_common(match):
        return Condition(
            _EACH_IN_INDEX,
            (match,),
            asks_index=True,
        )
    return Condition(
        _IN_INDEX,
        (match,),
        is_listed=True,
        asks_index=True,
    )
