"""What to say when nothing is found: which words there are, and which words of the archive nearly are the ones typed.

A Chinese word with one wrong, missing or superfluous character still has its other pairs. Posts that have those near
each other are read, and what stands in them between the right characters is proposed: words of the archive itself,
never invented ones. A Latin word is compared with the words of the index that begin like it.
"""

from __future__ import annotations

import difflib
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from archive import segment
from archive.filters import Filter
from archive.planner import expression
from archive.query import Query, Words

COUNTED_POSTS = 1_000
_READ_POSTS = 40
_WORD_CHARS = range(3, 13)
_LATIN = re.compile(r"[a-z]{4,}|[a-z]+\d+")
_WORDS_AT_ONCE = 8
_NAMES = {
    "author": """WITH RECURSIVE names(name) AS (
        SELECT min(author) FROM posts
        UNION ALL SELECT (SELECT min(author) FROM posts WHERE author > name) FROM names WHERE name IS NOT NULL
    ) SELECT name FROM names WHERE name IS NOT NULL LIMIT 20000""",
    "board": "SELECT DISTINCT name FROM boards",
}


@dataclass(frozen=True, slots=True)
class Hint:
    """A word or name of a query: in how many posts it is (counted up to COUNTED_POSTS), and what was perhaps meant."""

    word: str
    posts: int
    meant: tuple[str, ...] = ()


def hints(conn: sqlite3.Connection, query: Query) -> tuple[Hint, ...]:
    """For each word of a query that found nothing: is it the word, or that the words do not meet in one post?

    Names of authors and boards that there are none of come with those that are like them.
    """
    names = [hint for each in query.filters() if each.name in _NAMES and (hint := _name_hint(conn, each))]
    words = [_hint(conn, words) for words in query.words()[:_WORDS_AT_ONCE] if words.scope != "quotes"]
    return (*names, *words)


def _name_hint(conn: sqlite3.Connection, each: Filter) -> Hint | None:
    """For a name that nobody has: those that fold to the same, else those that are nearly written so."""
    folded: dict[str, str] = {}
    for row in conn.execute(_NAMES[each.name]):
        folded.setdefault(segment.normalise(row[0]), row[0])
    wanted = segment.normalise(each.value.rstrip("*"))
    if each.value in folded.values() or any(wanted in name for name in folded if each.name == "board"):
        return None
    near = [wanted] if wanted in folded else difflib.get_close_matches(wanted, folded, 3, 0.5)
    return Hint(each.value, 0, tuple(folded[name] for name in near))


def _hint(conn: sqlite3.Connection, words: Words) -> Hint:
    if words.phrase.lone:
        return Hint(words.text, COUNTED_POSTS if _posts_with(conn, expression(words), 1) else 0)
    count = len(_posts_with(conn, expression(words), COUNTED_POSTS))
    return Hint(words.text, count, () if count else _meant(conn, segment.normalise(words.text).strip()))


def _meant(conn: sqlite3.Connection, word: str) -> tuple[str, ...]:
    runs = list(segment.RUN.finditer(word))
    if _LATIN.fullmatch(word):
        return tuple(_latin(conn, word))
    if len(runs) != 1 or runs[0].lastindex != 1 or len(word) not in _WORD_CHARS:
        return ()
    found: Counter[str] = Counter()
    for left, right, between in _halves(word):
        for text in _texts_with(conn, _near(left, right)):
            found.update(set(re.findall(f"{re.escape(left)}[{segment.CJK}]{between}{re.escape(right)}", text)))
    found.pop(word, None)
    best = sorted(found.items(), key=lambda item: (abs(len(item[0]) - len(word)), -item[1]))
    return tuple(near for near, _ in best[:3])


def _halves(word: str) -> Iterator[tuple[str, str, str]]:
    """What stands before and behind a character that is wrong or too much, or where one is missing; and how many."""
    for at in range(len(word)):
        yield word[:at], word[at + 1 :], "{0,1}"
    for at in range(1, len(word)):
        yield word[:at], word[at:], "{1}"


def _near(left: str, right: str) -> str:
    """An expression for posts that have both, near each other; empty where they are too short to be looked for."""
    phrases = [f'"{" ".join(map("".join, pairwise(part)))}"' for part in (left, right) if len(part) > 1]
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
    conn.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.posts_fts_terms USING fts5vocab(main, posts_fts, row)")
    sql = "SELECT term FROM temp.posts_fts_terms WHERE term >= ? AND term < ? AND doc > 1 LIMIT 5000"
    near = [row[0] for row in conn.execute(sql, (word[0], word[0] + "\U0010ffff"))]
    return difflib.get_close_matches(word, near, 3, 0.75)


def _posts_with(conn: sqlite3.Connection, match: str, limit: int) -> list[tuple[int]]:
    return conn.execute("SELECT rowid FROM posts_fts WHERE posts_fts MATCH ? LIMIT ?", (match, limit)).fetchall()
