"""Tokens that were made beside the parser, where a processor is free: who indexes takes them
instead of making them again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from archive.index.row_words import row_tokens as cut

_SHORTEST_CHARS: Final = 6
"""Shorter texts are cut as quickly as they are looked up."""

_made: ContextVar[dict[str, str] | None] = ContextVar("made", default=None)


def make(texts: Iterator[str]) -> dict[str, str]:
    """What the index is to hold of some texts, where they are worth it."""
    return {text: cut(text) for text in texts if len(text) >= _SHORTEST_CHARS}


@contextmanager
def taken(tokens: Mapping[str, str]) -> Iterator[None]:
    """Within the block `row_tokens` takes these; behind it, too, up to the end of a block of
    `gathered` around it."""
    made = _made.get()
    if made is None:
        with gathered(), taken(tokens):
            yield
        return
    made.update(tokens)
    yield


@contextmanager
def gathered() -> Iterator[None]:
    """Within the block all that is `taken` is kept: what is written there is indexed at its
    end."""
    token = _made.set({})
    try:
        yield
    finally:
        _made.reset(token)


def row_tokens(text: str) -> str:
    """What the index holds of a text."""
    made = _made.get()
    known = made.get(text) if made else None
    if known is not None:
        return known
    return cut(text)
