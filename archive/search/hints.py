"""What to say when nothing is found: which words there are, and which words of the archive
nearly are the ones typed.

A Chinese word with one wrong, missing or superfluous character still has its other pairs.
Posts that have those near each other are read, and what stands in them between the right
characters is proposed: words of the archive itself, never invented ones. A Latin word is
compared with the words of the index that begin like it.
"""

from __future__ import annotations

import difflib
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Literal

from archive.index import segment
from archive.search.executor import look_up
from archive.search.filters import Filter, meant_filter
from archive.search.planner import expression, plan
from archive.search.query import Query, Words
from archive.search.stats import IndexStats

COUNTED_POSTS = 200
"""So many posts with a word that is expensive to ask of the index are looked for at most."""
_READ_POSTS = 40
_WORD_CHARS = range(3, 13)
_ENDS_ALONE = 3
"""A word of so many characters keeps no pair where its middle one is wrong."""
_PAIRS_TRIED = 2_000
_LATIN = re.compile(r"[a-z]{4,}|[a-z]+\d+")
_WORDS_AT_ONCE = 8
_PIECES_TRIED = 40
_LONG_PIECE = 3
_BOARDS = "SELECT DISTINCT name FROM boards"


@dataclass(frozen=True, slots=True)
class Hint:
    """A word or name of a query: in how many posts it is, or `or_more`, and what was perhaps meant.

    `kind`: whether it was asked for as words of a post, as an author or as a board.
    """

    word: str
    posts: int
    meant: tuple[str, ...] = ()
    kind: Literal["words", "author", "board"] = "words"
    or_more: bool = False


def hints(conn: sqlite3.Connection, query: Query) -> tuple[Hint, ...]:
    """For each word of a query that found nothing: is it the word, or that the words do not
    meet in one post?

    Names of authors and boards that there are none of come with those that are like them.
    """
    ground = IndexStats(conn)
    filters = [each for each in query.filters() if each.name in ("author", "board")]
    names = [hint for each in filters if (hint := _name_hint(conn, ground, each))]
    words = [
        _hint(conn, ground, words)
        for words in query.words()[:_WORDS_AT_ONCE]
        if words.scope != "quotes"
    ]
    return (*names, *words)


def searched(conn: sqlite3.Connection) -> tuple[int, str, str]:
    """What there is to search: the number of posts, and the days of the first and the last,
    empty for none."""
    posts, first, last = conn.execute(
        "SELECT count(*), min(posted_at), max(posted_at) FROM posts"
    ).fetchone()
    return posts, (first or "")[:10], (last or "")[:10]


def _name_hint(
    conn: sqlite3.Connection, ground: IndexStats, each: Filter
) -> Hint | None:
    """For a name that nobody has: those that fold to the same, else those that are nearly
    written so."""
    boards = {segment.normalise(row[0]): row[0] for row in conn.execute(_BOARDS)}
    folded = ground.author_names if each.name == "author" else boards
    required_chars = segment.normalise(each.value.rstrip("*"))
    if each.value in folded.values() or any(
        required_chars in name for name in folded if each.name == "board"
    ):
        return None
    near = (
        [required_chars]
        if required_chars in folded
        else difflib.get_close_matches(required_chars, folded, 3, 0.5)
    )
    meant = tuple(folded[name] for name in near)
    return Hint(each.value, 0, meant, "author" if each.name == "author" else "board")


def _hint(conn: sqlite3.Connection, ground: IndexStats, words: Words) -> Hint:
    found = look_up(conn, plan(words, ground), "newest", COUNTED_POSTS, 0, enough=1)
    if found.total or not found.is_total_exact:
        return Hint(words.text, max(found.total, 1), or_more=not found.is_total_exact)
    if meant := meant_filter(words.text):
        return Hint(words.text, 0, (meant,))
    near = _meant(conn, ground, segment.normalise(words.text).strip())
    return Hint(words.text, 0, (*_as_name(conn, ground, words), *near))


def _as_name(
    conn: sqlite3.Connection, ground: IndexStats, words: Words
) -> tuple[str, ...]:
    """Where the word is the name of an author, or in that of a board: the filter for their
    posts."""
    name, folded = words.text, segment.normalise(words.text)
    is_name = conn.execute(
        "SELECT 1 FROM posts WHERE author = ? LIMIT 1", (name,)
    ).fetchone()
    authors = [name] if is_name else list(ground.authors(name)[:1])
    boards = [
        row[0] for row in conn.execute(_BOARDS) if folded in segment.normalise(row[0])
    ][:2]
    return tuple(_filter("author", each) for each in authors) + tuple(
        _filter("board", each) for each in boards
    )


def _filter(key: str, value: str) -> str:
    return f'{key}:"{value}"' if re.search(r"[\s()（）]", value) else f"{key}:{value}"


def _meant(conn: sqlite3.Connection, ground: IndexStats, word: str) -> tuple[str, ...]:
    runs = list(segment.RUN.finditer(word))
    if _LATIN.fullmatch(word):
        return tuple(_latin(conn, word))
    is_one = (
        len(runs) == 1 and runs[0].lastindex == 1 and len(runs[0][0]) in _WORD_CHARS
    )
    if is_one and (near := _one_off(conn, ground, runs[0][0])):
        return near
    return _in_pieces(conn, word)


def _one_off(
    conn: sqlite3.Connection, ground: IndexStats, word: str
) -> tuple[str, ...]:
    """Words of the archive that have one character other, more or less."""
    found: Counter[str] = Counter()
    if len(word) == _ENDS_ALONE:
        found.update(_with_ends(conn, ground, word[0], word[-1]))
    for left, right, between in _halves(word):
        for text in _texts_with(conn, _near(left, right)):
            found.update(
                set(
                    re.findall(
                        f"{re.escape(left)}[{segment.CJK}]{between}{re.escape(right)}",
                        text,
                    )
                )
            )
    found.pop(word, None)
    best = sorted(
        found.items(), key=lambda item: (abs(len(item[0]) - len(word)), -item[1])
    )
    return tuple(near for near, _ in best[:3])


def _with_ends(
    conn: sqlite3.Connection, ground: IndexStats, first: str, last: str
) -> dict[str, int]:
    """Words of up to three characters that begin and end so, and in how many posts they
    are, up to _READ_POSTS."""
    pairs = (
        pair for pair in islice(ground.terms(first), _PAIRS_TRIED) if len(pair) == 2
    )
    both = [
        f"{pair}{last}"
        for pair in pairs
        if next(ground.terms(f"{pair[1]}{last}"), "") == f"{pair[1]}{last}"
    ]
    words = (first + last, *both[:_PIECES_TRIED])
    counts = {
        word: len(_posts_with(conn, expression(Words(word)), _READ_POSTS))
        for word in words
    }
    return {word: count for word, count in counts.items() if count}


def _in_pieces(conn: sqlite3.Connection, word: str) -> tuple[str, ...]:
    """The pieces of a long word that are in posts: all of them where they meet in one post,
    else the longest."""
    pieces = list(dict.fromkeys(_pieces(conn, word)))
    if len(pieces) > 1 and _posts_with(
        conn, " AND ".join(expression(Words(piece)) for piece in pieces), 1
    ):
        return (" ".join(pieces),)
    longest = max(pieces, key=len, default="")
    return (longest,) if len(longest) >= _LONG_PIECE else ()


def _pieces(conn: sqlite3.Connection, word: str) -> Iterator[str]:
    """From the left, the longest pieces that are in any post."""
    tried = 0

    def is_there(piece: str) -> bool:
        nonlocal tried
        tried += 1
        return tried <= _PIECES_TRIED and bool(
            _posts_with(conn, expression(Words(piece)), 1)
        )

    for run in segment.RUN.finditer(word):
        text, at = run[0], 0
        if run.lastindex != 1:
            if is_there(text):
                yield text
            continue
        while at + 1 < len(text):
            size = 1
            while at + size < len(text) and is_there(text[at : at + size + 1]):
                size += 1
            if (
                size > 2
                and at + size < len(text)
                and is_there(text[at + size - 1 : at + size + 1])
            ):
                size -= 1  # its last character rather begins the next piece
            if size > 1:
                yield text[at : at + size]
            at += size


def _halves(word: str) -> Iterator[tuple[str, str, str]]:
    """What stands before and behind a character that is wrong or too much, or where one is
    missing; and how many."""
    for at in range(len(word)):
        yield word[:at], word[at + 1 :], "{0,1}"
    for at in range(1, len(word)):
        yield word[:at], word[at:], "{1}"


def _near(left: str, right: str) -> str:
    """An expression for posts that have both, near each other; empty where they are too
    short to be looked for."""
    phrases = [
        f'"{" ".join(map("".join, pairwise(part)))}"'
        for part in (left, right)
        if len(part) > 1
    ]
    return f"NEAR({' '.join(phrases)}, 4)" if len(phrases) == 2 else "".join(phrases)


def _texts_with(conn: sqlite3.Connection, match: str) -> list[str]:
    if not match:
        return []
    rows = conn.execute(
        "SELECT text, subject FROM posts WHERE id IN (SELECT rowid FROM posts_fts WHERE posts_fts MATCH ? LIMIT ?)",
        (match, _READ_POSTS),
    )
    return [segment.normalise(f"{text}\n{subject}") for text, subject in rows]


def _latin(conn: sqlite3.Connection, word: str) -> list[str]:
    conn.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.posts_fts_terms USING fts5vocab(main, posts_fts, row)"
    )
    sql = "SELECT term FROM temp.posts_fts_terms WHERE term >= ? AND term < ? AND doc > 1 LIMIT 5000"
    near = [row[0] for row in conn.execute(sql, (word[0], word[0] + "\U0010ffff"))]
    return difflib.get_close_matches(word, near, 3, 0.75)


def _posts_with(conn: sqlite3.Connection, match: str, limit: int) -> list[tuple[int]]:
    return conn.execute(
        "SELECT rowid FROM posts_fts WHERE posts_fts MATCH ? LIMIT ?", (match, limit)
    ).fetchall()
