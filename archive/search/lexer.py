"""The text of a query → words, filters, operators and brackets, in their order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from archive.search.filter_keys import Scope, is_key, is_scope_key, scope_of
from archive.search.filters import Filter, no_words, read_filter, read_scope
from archive.search.quoting import CLOSING, QUOTES, STARS
from archive.search.tree import Words

_OPEN_BRACKETS: Final = "(（"
_CLOSE_BRACKETS: Final = ")）"
_MINUS: Final = "-－"
_OR: Final = frozenset({"OR", "|", "||", "｜"})
_AND: Final = frozenset({"AND", "&", "&&", "＆"})
_OPERATORS: Final = _OR | _AND | {"NOT"}
_BLANKS: Final = (" ", "\t", "\u00a0", "\u3000")
_WORD: Final = re.compile(rf"[^\s()（）{QUOTES}]+")
_KEY: Final = re.compile(rf"([^\s()（）{QUOTES}:：]+)[:：]")


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
    if text[at] in CLOSING:
        literal = _quoted(text, at)
        return _words(literal, text[at : literal.end]), literal.end
    key = _KEY.match(text, at)
    found = _keyed(text, key) if key else None
    if found:
        return found
    word = _bare(text, at)
    if word is None:  # a closing quotation mark that nothing opened
        return None, at + 1
    return _word_or_operator(word, text[at : word.end]), word.end


@dataclass(frozen=True, slots=True)
class _Value:
    """A word, or what stands between quotation marks; `is_prefix`: with a star behind it.
    `end`: where the next piece of the query begins."""

    text: str
    is_prefix: bool
    end: int


def _word_or_operator(word: _Value, typed: str) -> Lexeme | None:
    if typed in _OR:
        return Lexeme("or")
    if typed in _AND:
        return None  # is what stands between two words in any case
    if typed == "NOT":
        return Lexeme("not")
    return _words(word, typed)


def _keyed(text: str, key: re.Match[str]) -> tuple[Lexeme, int] | None:
    """A filter or a word with its scope; None where the text before the colon names none."""
    name = key[1]
    if not is_key(name):
        read_filter(name, "")  # may be a misspelt one
        return None
    value = _value(text, key.end())
    typed = text[key.start() : value.end]
    if is_scope_key(name):
        scope = read_scope(name, value.text)
        return Lexeme("in", scope=scope), value.end
    named_scope = scope_of(name)
    if named_scope:
        words = _words(value, typed, named_scope)
        if words.node is None:
            raise no_words(name, typed)
        return words, value.end
    found = read_filter(
        name,
        value.text,
        is_prefix=value.is_prefix,
        typed=typed,
    )
    return Lexeme("node", found), value.end


def _value(text: str, at: int) -> _Value:
    """What stands behind the colon of a filter; an empty one for nothing.

    Blanks between are passed over, unless another piece of the query begins there.
    """
    start = at
    while text[start : start + 1] in _BLANKS:
        start += 1
    if text[start : start + 1] in CLOSING:
        return _quoted(text, start)
    nothing = _Value("", is_prefix=False, end=at)
    value = _bare(text, start)
    if value is None:
        return nothing
    if start > at and _begins_a_piece(text, start, value.end):
        return nothing
    return value


def _begins_a_piece(text: str, start: int, end: int) -> bool:
    """Whether an operator, a NOT or another filter stands there, and no value."""
    if _is_minus(text, start) or text[start:end] in _OPERATORS:
        return True
    key = _KEY.match(text, start)
    return key is not None and is_key(key[1])


def _bare(text: str, at: int) -> _Value | None:
    """The word at a place, without the star at its end; None where there is none."""
    match = _WORD.match(text, at)
    if match is None:
        return None
    word = match[0].rstrip("".join(STARS))
    return _Value(
        word,
        is_prefix=word != match[0],
        end=match.end(),
    )


def _quoted(text: str, at: int) -> _Value:
    """What stands between quotation marks; up to the end of the text where the second one
    is missing."""
    closers = (CLOSING[text[at]], text[at])
    end = at + 1
    while end < len(text) and text[end] not in closers:
        end += 1
    has_star = text[end + 1 : end + 2] in STARS
    return _Value(
        text[at + 1 : end],
        is_prefix=has_star,
        end=end + 1 + has_star,
    )


def _words(value: _Value, typed: str, scope: Scope = "any") -> Lexeme:
    """Words; punctuation alone is a word of nothing, to which a NOT before it belongs."""
    words = Words(value.text, value.is_prefix, scope, typed)
    return Lexeme("node", words if words.phrase else None)
