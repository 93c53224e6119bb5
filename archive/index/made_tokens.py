"""Tokens that were made beside the parser, where a processor is free: who indexes takes them
instead of making them again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from archive.index import row_words

_SHORTEST_CHARS: Final = 6
"""Shorter texts are cut as quickly as they are looked up."""

_made: ContextVar[dict[str, str] | None] = ContextVar("made", default=None)


def make(texts: Iterator[str]) -> dict[str, str]:
    """What the index is to hold of some texts, where they are worth it."""
    return {
        text: row_words.row_tokens(text)
        for text in texts
        if len(text) >= _SHORTEST_CHARS
    }


@contextmanager
def taken(tokens: Mapping[str, str]) -> Iterator[None]:
    """Within the block `rows_tokens` takes these; behind it, too, up to the end of a block of
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


def rows_tokens(texts: Sequence[str]) -> list[str]:
    """What the index holds of some texts."""
    made = _made.get()
    if not made:
        return row_words.rows_tokens(texts)
    missing = [text for text in texts if text not in made]
    cut = iter(row_words.rows_tokens(missing))
    return [made[text] if text in made else next(cut) for text in texts]
