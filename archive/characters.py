"""Single Chinese characters as a condition on the posts themselves: whichever way they are spelt.

The index knows a character only by the pairs it begins, thousands for a common one, and FTS5 joins all their lists
before its first answer. So common characters are looked for in the posts, which have them every few rows, and rare
ones in the index; a sample of the posts tells which is which.
"""

from __future__ import annotations

from dataclasses import dataclass

from archive.bounded import Bounded
from archive.query import And, Node, Words

SAMPLED_POSTS = 400
RARE_SHARE = 0.04
"""A character in fewer of the sampled posts than this is rare."""


@dataclass(frozen=True, slots=True)
class Characters:
    """For each character asked for: a condition on `text` and `subject` that one of its spellings is there."""

    tests: tuple[str, ...]
    params: tuple[str, ...]

    @property
    def condition(self) -> str:
        """All of them. It spares most posts from being folded, and says nothing that folding would not."""
        return " AND ".join(self.tests) or "1"

    def any_is_rare(self, conn: Bounded) -> bool:
        """Whether one of them is in so few posts that the index finds them quickly."""
        if not self.tests:
            return False
        first, last = (conn.number(f"SELECT {end}(id) FROM posts") for end in ("min", "max"))
        ids = [first + (last - first) * step // SAMPLED_POSTS for step in range(SAMPLED_POSTS)]
        sql = f"SELECT {', '.join(f'total({test})' for test in self.tests)} FROM posts WHERE id IN"
        counts = next(conn.rows(f"{sql} (SELECT value FROM json_each(?))", (*self.params, str(ids))), (SAMPLED_POSTS,))
        return bool(min(counts) < RARE_SHARE * SAMPLED_POSTS)


def characters(conn: Bounded, check: Node | None) -> Characters:
    """The single characters that every post must have which fulfils `check`."""
    parts = check.parts if isinstance(check, And) else ()
    lone = [part.phrase.tokens[0] for part in parts if isinstance(part, Words) and part.phrase.lone]
    spellings = [_spellings(conn, char) for char in lone]
    tests = tuple(f"({' OR '.join(['instr(text, ?) OR instr(subject, ?)'] * len(each))})" for each in spellings)
    return Characters(tests, tuple(char for each in spellings for char in each for _ in range(2)))


def _spellings(conn: Bounded, char: str) -> list[str]:
    """The character and all that fold to it."""
    return [char, *(row[0] for row in conn.rows("SELECT c FROM posts_fts_charmap WHERE instr(n, ?)", (char,)))]
