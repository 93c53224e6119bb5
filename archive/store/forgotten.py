"""What was forgotten on request, told by keyed digests: pure, asked of every page that comes.

An archive keeps no word of what it forgot. Each thing leaves marks: a digest of its number,
its author's name and minute, its words. What a page shows is digested in the same way, with
the same key, and looked for among them.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from hashlib import blake2b
from typing import Final

from archive.index.fold import Folds, fold
from archive.store.stamps import iso
from scraper.core.records import Post, ThreadPage

REMOVED: Final = "[removed on request]"
"""Stands where words were blanked. ASCII, for pages of all encodings and for JSON."""
KEY_FACT: Final = "forgetting_key"
"""The name of the key among the archive's facts."""
WINDOW_CHARS: Final = 16
"""Words are known again by so many characters in a row: few enough to be quoted whole, too
many to be guessed from a digest."""

_MARK_BYTES: Final = 16
_MINUTE_CHARS: Final = len("2013-01-12T00:20")
_CHAR_BYTES: Final = 4
_STAMP: Final = """
  SELECT (SELECT count(*) FROM tombstones), (SELECT max(id) FROM forgetting_requests)"""
_NUMBERS: Final = "SELECT site_id, kind, item FROM tombstones"
_KEY: Final = "SELECT value FROM archive_facts WHERE name = ?"
_MARKS: Final = "SELECT kind, mark, chars FROM forgotten_marks"


class _Squeezed(Folds):
    """Characters as the search folds them, white space away."""

    def folded(self, char: str) -> str:
        if char.isspace():
            return ""
        return "".join(fold(char).split())


_SQUEEZED: Final = _Squeezed()


def squeeze(text: str) -> str:
    """Words as marks have them: without white space, capitals, widths, and whichever script
    a character is typed in. Character by character, so that places can be told."""
    return text.translate(_SQUEEZED)


IS_REMOVED: Final = squeeze(REMOVED)
_QUOTE_HEAD: Final = re.compile(r"发[表布]于\d{4}-")
_SMILIES: Final = re.compile(r"\{?[:;][-'\w()@$#*!?|]{1,16}:?\}?")


def is_nothing(words: str) -> bool:
    """Whether squeezed words say nothing: none, or smilies, or what stands for words that
    were blanked."""
    rest = words.replace(IS_REMOVED, "")
    return not _SMILIES.sub("", rest)


def minute_of(when: date | str | None) -> str:
    """A time to the minute, as all layouts print it; empty where only the day is known."""
    text = when if isinstance(when, str) else iso(when)
    if not text or len(text) < _MINUTE_CHARS:
        return ""
    return text[:_MINUTE_CHARS]


def windows(words: str) -> Iterator[str]:
    """Squeezed words cut into pieces of `WINDOW_CHARS`; the last ends where they do. Nothing
    of fewer words than one piece."""
    last = len(words) - WINDOW_CHARS
    if last < 0:
        return
    for at in range(0, last, WINDOW_CHARS):
        yield words[at : at + WINDOW_CHARS]
    yield words[last:]


def pieces_of(text: str) -> set[str]:
    """The pieces by which a text is known again: from its beginning, and from that of each
    line, for who quotes leaves lines out. Not the line above a quote, which poor layouts have
    among the words: it stands above the quoted post, too."""
    lines = [squeeze(line) for line in text.splitlines()]
    lines = [line for line in lines if not _QUOTE_HEAD.search(line)]
    found = set(windows("".join(lines)))
    for line in lines:
        found |= set(windows(line))
    return found


@dataclass(frozen=True, slots=True)
class Tombstones:
    """The marks of one archive. `numbers`: what people wrote into the table `tombstones`;
    `lengths`: how many characters the marks of words are made of."""

    key: bytes = b""
    marks: frozenset[tuple[str, bytes]] = frozenset()
    numbers: frozenset[tuple[int, str, int]] = frozenset()
    lengths: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.marks or self.numbers)

    def mark(self, kind: str, *parts: object) -> bytes:
        """The digest of a thing."""
        text = "\0".join(map(str, (kind, *parts)))
        data = text.encode("utf-8", "surrogatepass")
        return blake2b(data, key=self.key, digest_size=_MARK_BYTES).digest()

    def mark_of_words(self, words: str) -> bytes:
        """The digest of squeezed words, by themselves: on a page they are digested at every
        place."""
        data = words.encode("utf-32-le", "surrogatepass")
        return blake2b(data, key=self.key, digest_size=_MARK_BYTES).digest()

    def has(self, kind: str, *parts: object) -> bool:
        """Whether a thing has a mark."""
        return (kind, self.mark(kind, *parts)) in self.marks

    def hides(self, site_id: int, kind: str, number: int | None) -> bool:
        """Whether a thread, post or member of a forum was forgotten, by its number."""
        if number is None:
            return False
        if (site_id, kind, number) in self.numbers:
            return True
        return bool(self.marks) and self.has(kind, site_id, number)

    def hides_name(self, site_id: int, name: str) -> bool:
        """Whether a name is that of a member who was forgotten."""
        if not name or not self.marks:
            return False
        return self.has(
            "name",
            site_id,
            squeeze(name),
        )

    def hides_member(self, site_id: int, uid: int | None, name: str) -> bool:
        """Whether a member was forgotten, by number or by name."""
        return self.hides(site_id, "user", uid) or self.hides_name(site_id, name)

    def hides_moment(self, site_id: int, author: str, when: date | str | None) -> bool:
        """Whether a post of this author and minute was forgotten."""
        minute = minute_of(when)
        if not minute or not author or not self.marks:
            return False
        return self.has(
            "moment",
            site_id,
            squeeze(author),
            minute,
        )

    def word_spans(self, words: str) -> list[tuple[int, int]]:
        """Where squeezed words are forgotten ones, as places from and to."""
        found = []
        data = words.encode("utf-32-le", "surrogatepass")
        for length in self.lengths:
            size = length * _CHAR_BYTES
            for at in range(0, len(data) - size + 1, _CHAR_BYTES):
                piece = data[at : at + size]
                mark = blake2b(piece, key=self.key, digest_size=_MARK_BYTES).digest()
                if ("words", mark) in self.marks:
                    start = at // _CHAR_BYTES
                    found.append((start, start + length))
        return found

    def is_mostly_forgotten(self, text: str) -> bool:
        """Whether at least half of a text is forgotten words."""
        words = squeeze(text)
        covered = set[int]()
        for start, end in self.word_spans(words):
            covered.update(range(start, end))
        return bool(covered) and 2 * len(covered) >= len(words)

    def hides_post(self, site_id: int, post: Post) -> bool:
        """Whether a post was forgotten: by its number, by its author, or by who wrote it
        when, where that is all that its layout prints."""
        if is_blanked(post) or self.hides(site_id, "post", post.pid):
            return True
        if not post.anonymous and self.hides_member(site_id, post.uid, post.author):
            return True
        if not self.hides_moment(site_id, post.author, post.posted_at):
            return False
        return self._says_the_same(site_id, post)

    def _says_the_same(self, site_id: int, post: Post) -> bool:
        """Whether a post of a forgotten one's author and minute is that one."""
        words = squeeze(post.text)
        if IS_REMOVED in words:
            return True
        said = (squeeze(post.author), minute_of(post.posted_at), words)
        if self.has("said", site_id, *said):
            return True
        if self.is_mostly_forgotten(post.text):
            return True
        # without a number it may be that one, cut or hidden
        return post.pid is None and len(words) < WINDOW_CHARS

    def allowed(self, content: ThreadPage, site_id: int) -> ThreadPage:
        """A thread's page without what was forgotten."""
        if not self:
            return content
        if self.hides(site_id, "thread", content.tid):
            return replace(
                content,
                posts=(),
            )
        kept = [post for post in content.posts if not self.hides_post(site_id, post)]
        return replace(
            content,
            posts=tuple(kept),
        )


def is_blanked(post: Post) -> bool:
    """Whether a page shows a post whose words or author were blanked."""
    if squeeze(post.author) == IS_REMOVED:
        return True
    words = squeeze(post.text)
    return IS_REMOVED in words and is_nothing(words)


class TombstoneReader:
    """The marks of an archive as they are now; read anew when there is one more request."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._stamp: tuple[object, ...] = (0, None)
        self._read = Tombstones()

    def current(self) -> Tombstones:
        """The marks; false where there are none."""
        stamp = self._conn.execute(_STAMP).fetchone()
        if stamp != self._stamp:
            self._read = read_tombstones(self._conn)
            self._stamp = stamp
        return self._read


def read_tombstones(conn: sqlite3.Connection) -> Tombstones:
    """All marks of an archive."""
    row = conn.execute(_KEY, (KEY_FACT,)).fetchone()
    marks = conn.execute(_MARKS).fetchall()
    lengths = {chars for kind, _, chars in marks if kind == "words"}
    return Tombstones(
        key=bytes.fromhex(row[0]) if row else b"",
        marks=frozenset((kind, mark) for kind, mark, _ in marks),
        numbers=frozenset(conn.execute(_NUMBERS)),
        lengths=tuple(sorted(lengths)),
    )
