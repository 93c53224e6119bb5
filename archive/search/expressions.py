"""Words and trees of words as FTS5 expressions, all of it quoted.

Some words are expensive to ask of the index: a single Chinese character, for which FTS5
joins the lists of the thousands of pairs that it begins, and the beginning of common words,
for which it joins those of all. With `expensive=False` an expression leaves them out, or of
several tokens (`RTX4090的`) asks for the first ones only: every post with the words fulfils
it, but others may, too. What it leaves unsaid is the `residual`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from archive.index.segment import CJK_RUN, RUN, Phrase, month_token
from archive.search.filter_keys import Scope
from archive.search.filters import Filter
from archive.search.tree import And, Node, Not, Or, Words, without_not

MATCHES: Final = "SELECT rowid FROM posts_fts WHERE posts_fts MATCH ?"
"""The posts that fit an expression."""
LISTED_MATCHES: Final = f"+p.id IN ({MATCHES})"
"""Of `posts AS p` those that match, all of which are listed first."""
EACH_MATCH: Final = f"EXISTS ({MATCHES} AND rowid = p.id)"
"""The same where each post is asked for by itself."""

_COLUMNS: Final[dict[Scope, str]] = {
    "any": "",
    "quotes": "",
    "title": "{title} : ",
    "text": "{body} : ",
}


def is_expensive(words: Words) -> bool:
    """Whether the index finds these only by joining the lists of many words: they end in
    the beginning of some, in one of their writings."""
    return any(map(_ends_in_beginning, words.phrases))


def _ends_in_beginning(phrase: Phrase) -> bool:
    if not phrase.is_prefix or _is_symbol_word(phrase):
        return False
    run = RUN.fullmatch(phrase.tokens[-1])
    if run is None:
        return False
    is_pair = run.lastindex == CJK_RUN and len(run[0]) > 1
    return not is_pair


def _is_symbol_word(phrase: Phrase) -> bool:
    """Whether the index has the whole as one token beside its letters, such as `c++`."""
    return bool(phrase.symbol_words) and len(phrase.tokens) == 1


def expression(words: Words, *, head: bool = False) -> str:
    """Words as an FTS5 expression: a phrase for each of their writings, and the words with
    signs beside it; empty for no words.

    `head`: without last tokens that are expensive to ask for; empty where one is the only
    token of a writing.
    """
    writings: list[str] = []
    for phrase in words.phrases:
        without_last = head and _ends_in_beginning(phrase)
        writing = _writing(phrase, head=without_last)
        if not writing:
            return ""
        writings.append(writing)
    joined = writings[0] if len(writings) == 1 else f"({' OR '.join(writings)})"
    return _COLUMNS[words.scope] + joined


def _writing(phrase: Phrase, *, head: bool) -> str:
    """One way in which words are written."""
    tokens = phrase.tokens[:-1] if head else phrase.tokens
    terms: list[str] = []
    if not _is_symbol_word(phrase) and (tokens or not head):
        star = " *" if phrase.is_prefix and not head else ""
        terms.append(f'"{" ".join(tokens)}"{star}')
    terms += [f'"{word}"' for word in phrase.symbol_words]
    if len(terms) < 2:
        return "".join(terms)
    return f"({' AND '.join(terms)})"


def within_months(match: str, months: Sequence[str]) -> str:
    """The expression narrowed to posts of some months (`2024-05`, UTC); `""` means posts
    without a time."""
    tokens = " OR ".join(f'"{month_token(month)}"' for month in months)
    return both(match, f"{{month}} : ({tokens})")


def both(*expressions: str) -> str:
    """All of the expressions that are not empty; empty for none."""
    given = [each for each in expressions if each]
    if len(given) < 2:
        return "".join(given)
    return f"({' AND '.join(given)})"


def is_words(node: Node) -> bool:
    """Whether the index of posts alone can answer: no filter in it, no quoted words."""
    if isinstance(node, Filter):
        return False
    if isinstance(node, Words):
        return node.scope != "quotes"
    if isinstance(node, Not):
        return is_words(node.part)
    return all(is_words(part) for part in node.parts)


def conjunction(parts: Sequence[Node], *, expensive: bool) -> str:
    """What every post with all of the parts fulfils; empty where there is nothing to ask
    for, or only a NOT."""
    positive = [
        tree_expression(part, expensive=expensive)
        for part in parts
        if not isinstance(part, Not)
    ]
    match = both(*positive)
    if not match:
        return ""
    for part in parts:
        if not isinstance(part, Not) or not _is_exact(part.part, expensive=expensive):
            continue
        unwanted = tree_expression(
            part.part,
            expensive=expensive,
        )
        if unwanted:
            match = f"({match} NOT {unwanted})"
    return match


def tree_expression(node: Node, *, expensive: bool) -> str:
    """An expression that every post with `node` fulfils; empty where there is none."""
    if isinstance(node, Words):
        return expression(
            node,
            head=not expensive and is_expensive(node),
        )
    if isinstance(node, And):
        return conjunction(
            node.parts,
            expensive=expensive,
        )
    if not isinstance(node, Or):
        return ""
    choices = [tree_expression(part, expensive=expensive) for part in node.parts]
    return f"({' OR '.join(choices)})" if all(choices) else ""


def residual(parts: Sequence[Node], match: str, *, expensive: bool) -> Node | None:
    """The parts of a conjunction that its expression `match` does not wholly say."""
    left = tuple(
        part
        for part in parts
        if not match or not _is_exact(without_not(part), expensive=expensive)
    )
    return And(left) if left else None


def _is_exact(node: Node, *, expensive: bool) -> bool:
    """Whether the expression for a node is fulfilled by the posts with it and no others."""
    if isinstance(node, Words):
        return expensive or not is_expensive(node)
    if isinstance(node, Not | Filter):
        return False
    if isinstance(node, Or):
        return all(_is_exact(part, expensive=expensive) for part in node.parts)
    # FTS5 has no NOT without something that it is taken from
    if all(isinstance(part, Not) for part in node.parts):
        return False
    bare = [without_not(part) for part in node.parts]
    return all(_is_exact(part, expensive=expensive) for part in bare)
