"""The posts of one page → rows: which are new, which known ones change, which older words
are kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from archive.store import extras
from archive.store.identity import COLUMNS, StoredPost, match, times_of
from archive.store.markdown import to_markdown
from archive.store.merge import Merge, Observation, merge
from archive.store.stamps import iso, squeezed
from scraper.core.records import Post

_NEW: Final = (
    "id",
    "site_id",
    "thread_id",
    "pid",
    "floor",
    "position",
    "opening",
    "author",
    "user_id",
    "anonymous",
    "posted_at",
    "subject",
    "html",
    "markdown",
    "text",
    "withheld",
    "withheld_reason",
    "edited_by",
    "edited_at",
    "signature",
    "best_answer",
    "side",
    "rank",
    "fingerprint",
    "capture_id",
    "words_since",
    "words_seen_at",
    "first_seen_at",
    "last_seen_at",
)
_INSERT: Final = (
    f"INSERT INTO posts({', '.join(_NEW)}) VALUES ({', '.join('?' * len(_NEW))})"
)
_BY_FLOOR: Final = (
    f"SELECT {COLUMNS} FROM posts WHERE thread_id = ? AND floor BETWEEN ? AND ?"
)
_BY_TIME: Final = f"""SELECT {COLUMNS} FROM posts WHERE thread_id = ? AND posted_at BETWEEN ? AND ?
  UNION ALL SELECT {COLUMNS} FROM posts WHERE thread_id = ? AND posted_at IS NULL"""
_WITHOUT_PID: Final = f"SELECT {COLUMNS} FROM posts INDEXED BY posts_without_pid WHERE thread_id = ? AND pid IS NULL"
_SEEN: Final = """UPDATE posts SET first_seen_at = min(first_seen_at, ?), last_seen_at = max(last_seen_at, ?),
  words_since = min(words_since, ?), words_seen_at = max(words_seen_at, ?) WHERE id = ?"""
_SEEN_HIDDEN: Final = """UPDATE posts SET first_seen_at = min(first_seen_at, ?), last_seen_at = max(last_seen_at, ?)
  WHERE id = ?"""
_KEEP_OLD: Final = """INSERT INTO post_versions(post_id, first_seen_at, last_seen_at, subject, html, text, edited_by,
  edited_at, rank, capture_id)
  SELECT id, words_since, words_seen_at, subject, html, text, edited_by, edited_at, rank, capture_id
  FROM posts WHERE id = ?"""
_KEEP_STRAY: Final = """INSERT INTO post_versions(post_id, first_seen_at, last_seen_at, subject, html, text, edited_by,
  edited_at, rank, capture_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_REREAD: Final = """UPDATE posts SET text = ?2, html = ?3, markdown = ?4, signature = ?5, rank = ?6
  WHERE id = ?1 AND (text, html, markdown, signature, rank) IS NOT (?2, ?3, ?4, ?5, ?6)"""
_REREAD_VERSION: Final = """UPDATE post_versions SET text = ?3, html = ?4, rank = ?5
  WHERE post_id = ?1 AND capture_id = ?2 AND (text, html, rank) IS NOT (?3, ?4, ?5)"""
_SEEN_VERSION: Final = """UPDATE post_versions SET first_seen_at = min(first_seen_at, ?),
  last_seen_at = max(last_seen_at, ?) WHERE id = ?"""


@dataclass(frozen=True, slots=True)
class PostContext:
    """Where posts belong: numbers of the forum's and the thread's rows. `title` is the
    opening post's subject where it prints none; `opens`: the page shows the opening post,
    at floor 1 or, where no floors are printed, on top."""

    site_id: int
    thread_id: int
    title: str = ""
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """How many posts of a page were new, changed, or just as known."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0


def save_posts(
    conn: sqlite3.Connection,
    place: PostContext,
    posts: Sequence[Post],
    seen: Observation,
    user_id: Callable[[Post], int | None],
) -> Counts:
    """Write the posts of a page, in page order."""
    posts = _without_repeats(posts)
    known = load(conn, place, posts)
    found = match(known, posts) if known else [None] * len(posts)
    new: list[tuple[int, Post]] = []
    changed = unchanged = 0
    for at, (post, row) in enumerate(zip(posts, found, strict=True)):
        post = _titled(post, place, at)
        if row is None:
            new.append((at, post))
        elif _update(
            conn, place, row, post, user_id(post), seen, opening=_opens(place, post, at)
        ):
            changed += 1
        else:
            unchanged += 1
    if new:
        _insert(conn, place, new, seen, user_id)
    return Counts(len(new), changed, unchanged)


def load(
    conn: sqlite3.Connection, place: PostContext, posts: Sequence[Post]
) -> list[StoredPost]:
    """The stored posts that those of a page may be."""
    pids = [post.pid for post in posts if post.pid is not None]
    rows: dict[int, StoredPost] = {}
    if pids:
        marks = ", ".join("?" * len(pids))
        query = f"SELECT {COLUMNS} FROM posts WHERE site_id = ? AND pid IN ({marks})"
        rows |= {
            row[0]: StoredPost(*row)
            for row in conn.execute(query, (place.site_id, *pids))
        }
        rows |= {
            row[0]: StoredPost(*row)
            for row in conn.execute(_WITHOUT_PID, (place.thread_id,))
        }
    if len(pids) < len(posts):
        first, last = times_of(post for post in posts if post.pid is None) or ("~", "")
        values = (place.thread_id, first, last, place.thread_id)
        rows |= {row[0]: StoredPost(*row) for row in conn.execute(_BY_TIME, values)}
        floors = [
            post.floor
            for post in posts
            if post.pid is None and not post.posted_at and post.floor
        ]
        if floors:
            at_floors = (place.thread_id, min(floors), max(floors))
            rows |= {
                row[0]: StoredPost(*row) for row in conn.execute(_BY_FLOOR, at_floors)
            }
    return list(rows.values())


def _without_repeats(posts: Sequence[Post]) -> list[Post]:
    """Sticky and hot replies are printed twice: the first printing counts."""
    first = {post.pid: at for at, post in reversed(list(enumerate(posts)))}
    return [
        post
        for at, post in enumerate(posts)
        if post.pid is None or first[post.pid] == at
    ]


def _opens(place: PostContext, post: Post, at: int) -> bool:
    return place.opens and (post.floor == 1 if post.floor is not None else at == 0)


def _titled(post: Post, place: PostContext, at: int) -> Post:
    if post.subject or not place.title or not _opens(place, post, at):
        return post
    return replace(post, subject=place.title)


def _insert(
    conn: sqlite3.Connection,
    place: PostContext,
    new: Sequence[tuple[int, Post]],
    seen: Observation,
    user_id: Callable[[Post], int | None],
) -> None:
    first = conn.execute("SELECT ifnull(max(id), 0) + 1 FROM posts").fetchone()[0]
    conn.executemany(
        _INSERT,
        [
            (
                first + nth,
                place.site_id,
                place.thread_id,
                post.pid,
                None if seen.filtered else post.floor,
                at + 1,
                int(_opens(place, post, at)),
                post.author,
                user_id(post),
                int(post.anonymous),
                iso(post.posted_at),
                post.subject,
                post.html,
                to_markdown(post.html),
                post.text,
                post.withheld,
                post.withheld_reason,
                post.edited_by,
                iso(post.edited_at),
                post.signature,
                int(post.best_answer),
                post.side,
                seen.rank,
                extras.fingerprint(post),
                seen.capture_id,
                seen.at,
                seen.at,
                seen.at,
                seen.at,
            )
            for nth, (at, post) in enumerate(new)
        ],
    )
    extras.add(conn, [(first + nth, post) for nth, (_, post) in enumerate(new)])


def _update(
    conn: sqlite3.Connection,
    place: PostContext,
    row: StoredPost,
    post: Post,
    user: int | None,
    seen: Observation,
    *,
    opening: bool,
) -> bool:
    print_ = extras.fingerprint(post)
    result = merge(row, post, user, print_, seen)
    values = dict(result.values)
    if opening and not row.opening:
        values["opening"] = 1
    if row.thread_id != place.thread_id and seen.at >= row.last_seen_at:
        values["thread_id"] = place.thread_id
    reread = _reread(conn, row, post, result, seen)
    fresh_version = _keep_versions(conn, row, post, result, seen)
    if values:
        columns = ", ".join(f"{name} = ?" for name in values)
        conn.execute(
            f"UPDATE posts SET {columns} WHERE id = ?", (*values.values(), row.id)
        )
    if result.extras:
        extras.replace(conn, row.id, post)
    _mark_seen(conn, row, result, seen)
    return bool(values) or result.extras or fresh_version or reread


def _reread(
    conn: sqlite3.Connection,
    row: StoredPost,
    post: Post,
    result: Merge,
    seen: Observation,
) -> bool:
    """Words that come from this very capture are replaced by what today's parser makes of
    it: that is no edit.

    Versions that are then the same as the post were never another text.
    """
    if seen.capture_id is None:
        return False
    version = (row.id, seen.capture_id, post.text, post.html, seen.rank)
    changed = conn.execute(_REREAD_VERSION, version).rowcount > 0
    if result.words == "reread":
        words = (
            row.id,
            post.text,
            post.html,
            to_markdown(post.html),
            post.signature,
            seen.rank,
        )
        changed |= conn.execute(_REREAD, words).rowcount > 0
        if same := _version(conn, row.id, post.text, post.subject or row.subject):
            conn.execute("DELETE FROM post_versions WHERE id = ?", (same,))
    return changed


def _keep_versions(
    conn: sqlite3.Connection,
    row: StoredPost,
    post: Post,
    result: Merge,
    seen: Observation,
) -> bool:
    """Keep the words that do not stay on top; False where nothing was to be kept or is kept
    already."""
    if result.words == "replace":
        if not _known_version(
            conn, row.id, row.text, row.subject, row.words_since, row.words_seen_at
        ):
            conn.execute(_KEEP_OLD, (row.id,))
        return True
    if result.words != "stray":
        return False
    subject = post.subject or row.subject
    if _known_version(conn, row.id, post.text, subject, seen.at, seen.at):
        return False
    conn.execute(
        _KEEP_STRAY,
        (
            row.id,
            seen.at,
            seen.at,
            subject,
            post.html,
            post.text,
            post.edited_by,
            iso(post.edited_at),
            seen.rank,
            seen.capture_id,
        ),
    )
    return True


def _known_version(
    conn: sqlite3.Connection,
    post_id: int,
    text: str,
    subject: str,
    first: str,
    last: str,
) -> bool:
    version = _version(conn, post_id, text, subject)
    if version:
        conn.execute(_SEEN_VERSION, (first, last, version))
    return version is not None


def _version(
    conn: sqlite3.Connection, post_id: int, text: str, subject: str
) -> int | None:
    """The number of the version that has these words."""
    words = squeezed(text), squeezed(subject)
    rows = conn.execute(
        "SELECT id, text, subject FROM post_versions WHERE post_id = ?", (post_id,)
    )
    return next(
        (row[0] for row in rows if (squeezed(row[1]), squeezed(row[2])) == words), None
    )


def _mark_seen(
    conn: sqlite3.Connection, row: StoredPost, result: Merge, seen: Observation
) -> None:
    """The times between which the post, and its words as they are on top now, were seen."""
    if result.words == "replace":
        conn.execute(
            "UPDATE posts SET words_since = ?, words_seen_at = ? WHERE id = ?",
            (seen.at, seen.at, row.id),
        )
    if result.words in ("keep", "take", "reread"):
        if (
            seen.at < row.words_since
            or seen.at > row.words_seen_at
            or seen.at > row.last_seen_at
        ):
            conn.execute(_SEEN, (seen.at, seen.at, seen.at, seen.at, row.id))
    elif seen.at < row.first_seen_at or seen.at > row.last_seen_at:
        conn.execute(_SEEN_HIDDEN, (seen.at, seen.at, row.id))
