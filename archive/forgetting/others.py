"""What others' rows have of what is to be forgotten: quotes, copies, names. Only reads."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Final

from archive.forgetting.blanking import blanked
from archive.forgetting.choosing import Chosen
from archive.forgetting.pages import Shown
from archive.forgetting.views import text_of
from archive.store.forgotten import REMOVED, Tombstones, squeeze
from archive.store.markdown import to_markdown

COMMON_WORDS_POSTS: Final = 20
"""Words in so many posts of others are nobody's own."""

_TEXTS: Final = """
  SELECT id, id, site_id, html, text, subject, signature, edited_by
  FROM posts ORDER BY id"""
_WORDS: Final = "SELECT id, text, posted_at FROM posts"
_VERSIONS: Final = """
  SELECT v.id, v.post_id, p.site_id, v.html, v.text, v.subject, '', v.edited_by
  FROM post_versions v JOIN posts p ON p.id = v.post_id ORDER BY v.id"""
_QUOTES: Final = """
  SELECT q.post_id, q.position, p.site_id, q.pid, q.author, q.posted_at, q.text
  FROM quotes q JOIN posts p ON p.id = q.post_id"""
_OTHER_COLUMNS: Final = (
    ("threads", ("id",), "title"),
    ("threads", ("id",), "excerpt"),
    ("threads", ("id",), "author"),
    ("threads", ("id",), "last_author"),
    ("thread_tags", ("thread_id", "tag"), "tag"),
    ("thread_fields", ("thread_id", "position"), "value"),
    ("boards", ("id",), "moderators"),
    ("boards", ("id",), "description"),
    ("comments", ("post_id", "position"), "text"),
    ("ratings", ("post_id", "position"), "reason"),
    ("attachments", ("post_id", "position"), "name"),
    ("attachments", ("post_id", "position"), "description"),
    ("poll_options", ("post_id", "position"), "text"),
    ("user_fields", ("user_id", "position"), "value"),
    ("users", ("id",), "name"),
    ("captures", ("id",), "message"),
    ("frontier", ("site_id", "kind", "item", "page"), "message"),
    ("runs", ("id",), "arguments"),
    ("runs", ("id",), "message"),
    ("own_addresses", ("site_id", "kind", "address", "name"), "name"),
)
"""Where else words of people stand; by which columns a row is found."""
_MARKUP: Final = frozenset({"html", "signature"})
_POST_COLUMNS: Final = ("html", "text", "subject", "signature", "edited_by")
_VERSION_COLUMNS: Final = ("html", "text", "subject", "edited_by")


@dataclass(frozen=True, slots=True)
class Change:
    """New values for a row: `key` by column."""

    table: str
    key: dict[str, object]
    values: dict[str, object]


@dataclass(slots=True)
class Others:
    """What is to be changed of others' rows: `posts` are the numbers of their posts."""

    changes: list[Change] = field(default_factory=list)
    posts: set[int] = field(default_factory=set)


def settle_own_words(conn: sqlite3.Connection, chosen: Chosen) -> None:
    """Take words that many others wrote, too, or somebody before, out of what is known as
    the forgotten's."""
    counts: Counter[str] = Counter()
    wanted = _Wanted(chosen)
    common = set[str]()
    for post_id, text, at in conn.execute(_WORDS):
        if post_id in chosen.posts:
            continue
        found = wanted.own_in(text)
        counts.update(found)
        common |= {words for words in found if _was_before(chosen, words, at)}
    common |= {words for words, count in counts.items() if count > COMMON_WORDS_POSTS}
    chosen.pieces -= common
    chosen.runs -= common


def find_others(
    conn: sqlite3.Connection, chosen: Chosen, forgotten: Tombstones
) -> Others:
    """What others' rows have of it. `forgotten`: the marks, those of this request with
    them."""
    finder = _OtherRows(
        conn,
        chosen,
        forgotten,
    )
    finder.quotes()
    finder.posts()
    finder.columns()
    return finder.found


def _was_before(chosen: Chosen, words: str, at: str | None) -> bool:
    """Whether a post of a time was written before those that are forgotten."""
    first = chosen.said_at.get(words)
    return bool(first and at and at < first)


class _Wanted:
    """Looks for words in the clear: a hundred times as fast as for digests."""

    def __init__(self, chosen: Chosen) -> None:
        self._runs = chosen.runs
        self._by_length: dict[int, set[str]] = defaultdict(set)
        for words in chosen.pieces | chosen.passages:
            self._by_length[len(words)].add(words)

    def own_in(self, text: str) -> set[str]:
        """Which of them a text has."""
        words = squeeze(text)
        found = {words} & self._runs
        for length, wanted in self._by_length.items():
            for at in range(len(words) - length + 1):
                piece = words[at : at + length]
                if piece in wanted:
                    found.add(piece)
        return found


class _OtherRows:
    def __init__(
        self, conn: sqlite3.Connection, chosen: Chosen, forgotten: Tombstones
    ) -> None:
        self.found = Others()
        self._conn = conn
        self._chosen = chosen
        self._forgotten = forgotten
        self._wanted = _Wanted(chosen)
        self._quoted: dict[int, set[str]] = defaultdict(set)
        self._names = {squeeze(name) for name in chosen.names}

    def quotes(self) -> None:
        """Quotes of what is forgotten, in others' posts."""
        for row in self._conn.execute(_QUOTES):
            post_id, position, site_id, pid, author, at, text = row
            if post_id in self._chosen.posts:
                continue
            is_name = self._is_name(site_id, author)
            is_theirs = is_name or (site_id, pid) in self._chosen.pids
            is_theirs = is_theirs or self._forgotten.hides_moment(site_id, author, at)
            if not is_theirs and not self._wanted.own_in(text):
                continue
            self._quoted[post_id].add(squeeze(text))
            values: dict[str, object] = {"text": REMOVED}
            if is_name:
                values["author"] = REMOVED
            key = {"post_id": post_id, "position": position}
            self._change(
                "quotes",
                key,
                values,
            )

    def posts(self) -> None:
        """Others' posts that quote it, copy it, or name a member who is forgotten."""
        self._read(
            _TEXTS,
            "posts",
            _POST_COLUMNS,
        )
        self._read(
            _VERSIONS,
            "post_versions",
            _VERSION_COLUMNS,
        )

    def columns(self) -> None:
        """The same in titles, lists, remarks."""
        for table, key, column in _OTHER_COLUMNS:
            names = ", ".join((*key, column))
            for row in self._conn.execute(f"SELECT {names} FROM {table}"):
                *numbers, text = row
                if not text or not self._concerns(text):
                    continue
                new = self._blank(
                    text,
                    self._site,
                    self._people(),
                )
                if new != text:
                    found = dict(zip(key, numbers, strict=True))
                    self._change(
                        table,
                        found,
                        {column: new},
                    )

    def _read(self, query: str, table: str, columns: tuple[str, ...]) -> None:
        for row in self._conn.execute(query):
            row_id, post_id, site_id, *values = row
            if post_id in self._chosen.posts:
                continue
            all_texts = dict(zip(_POST_COLUMNS, values, strict=True))
            texts = {name: all_texts[name] for name in columns}
            quoted = self._quoted.get(post_id, set())
            if not quoted and not self._is_touched(texts):
                continue
            new = self._blank_all(
                texts,
                site_id,
                quoted,
            )
            if not new:
                continue
            if table == "posts":
                new |= _that_follow(new)
            self._change(
                table,
                {"id": row_id},
                new,
            )
            self.found.posts.add(post_id)

    def _is_touched(self, texts: dict[str, str]) -> bool:
        if self._concerns(text_of(texts["html"])):
            return True
        return any(map(self._concerns, texts.values()))

    def _blank_all(
        self, texts: dict[str, str], site_id: int, quoted: set[str]
    ) -> dict[str, object]:
        """The texts that are others when they are blanked."""
        shown = self._people()
        shown.words |= quoted
        new: dict[str, object] = {}
        for name, text in texts.items():
            value = self._blank(
                text,
                site_id,
                shown,
                is_markup=name in _MARKUP,
            )
            if value != text:
                new[name] = value
        return new

    def _change(
        self, table: str, key: dict[str, object], values: dict[str, object]
    ) -> None:
        self.found.changes.append(Change(table, key, values))

    def _blank(
        self, text: str, site_id: int, shown: Shown, *, is_markup: bool = False
    ) -> str:
        return blanked(
            text,
            shown,
            site_id,
            self._forgotten,
            is_markup=is_markup,
        )

    def _concerns(self, text: str) -> bool:
        """Whether a text may have something of it: words, or a name."""
        if self._wanted.own_in(text):
            return True
        words = squeeze(text) if self._names else ""
        return any(name in words for name in self._names)

    def _is_name(self, site_id: int, author: str) -> bool:
        if site_id != self._site or not author:
            return False
        return squeeze(author) in self._names

    @property
    def _site(self) -> int:
        return self._chosen.request.site_id

    def _people(self) -> Shown:
        return Shown(
            names=set(self._chosen.names),
            uids=set(self._chosen.uids),
        )


def _that_follow(new: dict[str, object]) -> dict[str, object]:
    """What is made of a post's other columns: its Markdown, and the digest of its quotes."""
    values: dict[str, object] = {"fingerprint": ""}
    if "html" in new:
        values["markdown"] = to_markdown(str(new["html"]))
    return values
