"""The text of a query → words, filters, operators and brackets, in their order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from archive.search.filters import (
    Filter,
    Scope,
    is_scope_key,
    read_filter,
    read_scope,
    scope_of,
)
from archive.search.tree import Words

_CLOSING: Final = {
    '"': '"',
    "“": "”",
    "”": "“",
    "＂": "＂",
    "「": "」",
    "『": "』",
}
_QUOTES: Final = "".join({*_CLOSING, *_CLOSING.values()})
_OPEN_BRACKETS: Final = "(（"
_CLOSE_BRACKETS: Final = ")）"
_MINUS: Final = "-－"
_STARS: Final = ("*", "＊")
_OR: Final = frozenset({"OR", "|", "||", "｜"})
_AND: Final = frozenset({"AND", "&", "&&", "＆"})
_WORD: Final = re.compile(rf"[^\s()（）{_QUOTES}]+")
_KEY: Final = re.compile(rf"([^\s()（）{_QUOTES}:：]+)[:：]")


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A piece of a query. `node` is the word or filter of a `node`, None for one that says
    nothing; `scope` is that of an `in`, for all words of the query."""

    kind: Literal["node", "open", "close", "or", "not", "in"]
    node: Words | Filter | None = None
    scope: Scope = "any"


def lexemes(text: str) -> Iterator[Lexeme]:
    """The pieces of a query. Raises QueryError where a filter means nothing."""
    at = 0
    while at < len(text):
        char = text[at]
        if char.isspace():
            at += 1
        elif char in _OPEN_BRACKETS:
            yield Lexeme("open")
            at += 1
        elif char in _CLOSE_BRACKETS:
            yield Lexeme("close")
            at += 1
        elif _is_minus(text, at):
            yield Lexeme("not")
            at += 1
        else:
            lexeme, at = _atom(text, at)
            if lexeme:
                yield lexeme


def _is_minus(text: str, at: int) -> bool:
    """Whether a word is left out here: a minus with a blank behind it is none."""
    behind = text[at + 1 : at + 2]
    return text[at] in _MINUS and behind != "" and not behind.isspace()


def _atom(text: str, at: int) -> tuple[Lexeme | None, int]:
    """A word, a quoted literal, an operator or a filter at `at`; where the next one begins."""
    if text[at] in _CLOSING:
        literal, end = _quoted(text, at)
        return _words(literal), end
    key = _KEY.match(text, at)
    found = _keyed(text, key) if key else None
    if found:
        return found
    match = _WORD.match(text, at)
    if not match:  # a closing quotation mark that nothing opened
        return None, at + 1
    return _word_or_operator(match[0]), match.end()


def _word_or_operator(word: str) -> Lexeme | None:
    if word in _OR:
        return Lexeme("or")
    if word in _AND:
        return None  # is what stands between two words in any case
    if word == "NOT":
        return Lexeme("not")
    return _words(
        word,
        may_be_prefix=True,
    )


def _keyed(text: str, key: re.Match[str]) -> tuple[Lexeme, int] | None:
    """A filter or a word with its scope; None where the text before the colon names none."""
    name = key[1]
    value, end = _value(text, key.end())
    if is_scope_key(name):
        scope = read_scope(name, value)
        return Lexeme("in", scope=scope), end
    named_scope = scope_of(name)
    if named_scope:
        is_quoted = _is_quoted(text, key.end())
        words = _words(
            value,
            may_be_prefix=not is_quoted,
            scope=named_scope,
        )
        return words, end
    found = read_filter(name, value)
    if found is None:
        return None
    return Lexeme("node", found), end


def _value(text: str, at: int) -> tuple[str, int]:
    """What stands behind the colon of a filter, and where it ends."""
    if _is_quoted(text, at):
        return _quoted(text, at)
    match = _WORD.match(text, at)
    if match is None:
        return "", at
    return match[0], match.end()


def _is_quoted(text: str, at: int) -> bool:
    return text[at : at + 1] in _CLOSING


def _quoted(text: str, at: int) -> tuple[str, int]:
    """What stands between quotation marks, and where the second one ends; up to the end of
    the text where that is missing."""
    closers = (_CLOSING[text[at]], text[at])
    end = at + 1
    while end < len(text) and text[end] not in closers:
        end += 1
    return text[at + 1 : end], end + 1


def _words(text: str, *, may_be_prefix: bool = False, scope: Scope = "any") -> Lexeme:
    """Words; punctuation alone is a word of nothing, to which a NOT before it belongs."""
    is_prefix = may_be_prefix and text.endswith(_STARS)
    if is_prefix:
        text = text.rstrip("".join(_STARS))
    words = Words(text, is_prefix, scope)
    return Lexeme("node", words if words.phrase else None)
