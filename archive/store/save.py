"""The store: one parsed page → rows, all or nothing, saying what changed."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass, replace
from typing import Final

from archive.index.writer import catch_up
from archive.schema import transaction
from archive.store import boards, threads
from archive.store.layouts import rank_of
from archive.store.merge import Observation
from archive.store.posts import Counts, PostContext, save_posts
from archive.store.sites import Sites
from archive.store.stamps import iso
from archive.store.users import Users
from scraper.addresses.urls import parse_url
from scraper.core.records import (
    BoardPage,
    BoardRow,
    FeedPage,
    IndexPage,
    Notice,
    Page,
    Post,
    ProfilePage,
    ThreadPage,
)

_PART: Final = re.compile(r"[?&]cp=\d")
_GONE: Final = {
    "thread": "UPDATE threads SET gone_at = ? WHERE site_id = ? AND tid = ? AND gone_at IS NULL AND last_seen_at < ?",
    "board": "UPDATE boards SET gone_at = ? WHERE site_id = ? AND fid = ? AND gone_at IS NULL AND last_seen_at < ?",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What a page brought: posts, and other rows (threads, boards, members) that are new or
    changed."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    other_rows: int = 0
    site_id: int | None = None
    thread_id: int | None = None
    board_id: int | None = None

    @property
    def anything(self) -> bool:
        """Whether the archive now says more, or something else, than before."""
        return bool(self.new or self.changed or self.other_rows)


class Store:
    """Writes pages into an archive. `utc_offset_minutes`: the user's word on the forum's
    zone, kept in its row."""

    def __init__(
        self, conn: sqlite3.Connection, utc_offset_minutes: int | None = None
    ) -> None:
        self._conn = conn
        self.sites = Sites(conn, utc_offset_minutes)
        self._users = Users(conn)

    def save(self, page: Page, capture_id: int | None = None) -> Saved:
        """Write what a page says, in one transaction. InputError where it does not tell
        which forum it is from."""
        try:
            with transaction(self._conn):
                return self.write(page, capture_id)
        except BaseException:
            self.undone()
            raise

    def write(self, page: Page, capture_id: int | None = None) -> Saved:
        """As `save`, within a transaction of the caller's; nothing is written where it
        raises InputError."""
        saved = self._save(page, capture_id)
        catch_up(self._conn)
        return saved

    def undone(self) -> None:
        """To be told when a transaction around `save` was rolled back."""
        self._users.clear()

    def _save(self, page: Page, capture_id: int | None) -> Saved:
        at = iso(page.captured_at) or ""
        if not isinstance(
            page.content,
            ThreadPage | BoardPage | IndexPage | ProfilePage | FeedPage | Notice,
        ):
            return Saved(site_id=self.sites.find(page.url))
        if isinstance(page.content, Notice):
            return self._save_notice(page, page.content, at)
        site_id = self.sites.save(page, at)
        match page.content:
            case ThreadPage():
                return self._save_thread(page, page.content, site_id, at, capture_id)
            case BoardPage():
                return self._save_board(page.content, site_id, at, page.theme)
            case IndexPage():
                rows = boards.save_boards(self._conn, site_id, page.content.boards, at)
                return Saved(site_id=site_id, other_rows=rows)
            case FeedPage():
                rows = self._save_rows(
                    page.content.threads, site_id, None, at, page.theme
                )
                return Saved(site_id=site_id, other_rows=rows)
            case ProfilePage():
                new = self._users.save_profile(site_id, page.content, at)
                return Saved(site_id=site_id, other_rows=int(new))
        raise AssertionError(page.content)

    def _save_thread(
        self,
        page: Page,
        content: ThreadPage,
        site_id: int,
        at: str,
        capture_id: int | None,
    ) -> Saved:
        content = self._allowed(content, site_id)
        if not content.posts:
            return Saved(site_id=site_id)
        rank = rank_of(page.theme)
        opening = _opening(page, content)
        user_id = self._user_id(site_id, at)
        thread_id, board_id, is_new = threads.save_page(
            self._conn, site_id, content, at, page.theme, opening, user_id
        )
        place = PostContext(
            site_id, thread_id, content.title, opens=opening is not None
        )
        seen = Observation(
            at,
            rank,
            capture_id,
            _is_partial(page, content),
            part=bool(_PART.search(page.url)),
        )
        counts = save_posts(
            self._conn,
            place,
            content.posts,
            seen,
            lambda post: user_id(post.uid, post.author),
        )
        return _saved(
            counts,
            Saved(
                site_id=site_id,
                thread_id=thread_id,
                board_id=board_id,
                other_rows=int(is_new),
            ),
        )

    def _save_board(
        self, content: BoardPage, site_id: int, at: str, theme: str
    ) -> Saved:
        board_id, is_new = None, False
        if content.fid is not None or content.name:
            row = BoardRow(fid=content.fid, name=content.name)
            board_id, is_new = boards.save_board(self._conn, site_id, row, at)
        below = (
            replace(row, parent_fid=row.parent_fid or content.fid)
            for row in content.boards
        )
        rows = boards.save_boards(self._conn, site_id, below, at)
        rows += self._save_rows(content.threads, site_id, board_id, at, theme)
        return Saved(site_id=site_id, board_id=board_id, other_rows=rows + is_new)

    def _save_rows(
        self,
        rows: threads.Rows,
        site_id: int,
        board_id: int | None,
        at: str,
        theme: str,
    ) -> int:
        allowed = [
            row for row in rows if not self._forgotten(site_id, "thread", row.tid)
        ]
        return threads.save_rows(
            self._conn,
            site_id,
            board_id,
            allowed,
            at,
            theme,
            self._user_id(site_id, at),
        )

    def _save_notice(self, page: Page, notice: Notice, at: str) -> Saved:
        """A notice says at most that something is not there any more."""
        site_id = self.sites.find(page.url)
        target = parse_url(page.url)
        if (
            site_id is None
            or target is None
            or notice.reason != "not_found"
            or target.kind not in _GONE
        ):
            return Saved(site_id=site_id)
        cursor = self._conn.execute(_GONE[target.kind], (at, site_id, target.id, at))
        return Saved(site_id=site_id, other_rows=max(cursor.rowcount, 0))

    def _user_id(self, site_id: int, at: str) -> threads.UserId:
        return lambda uid, name: self._users.save(site_id, uid, name, at)

    def _allowed(self, content: ThreadPage, site_id: int) -> ThreadPage:
        """The page without what was forgotten on request."""
        if not self._conn.execute(
            "SELECT 1 FROM tombstones WHERE site_id = ? LIMIT 1", (site_id,)
        ).fetchone():
            return content
        if self._forgotten(site_id, "thread", content.tid):
            return replace(content, posts=())
        posts = tuple(
            post
            for post in content.posts
            if not self._forgotten(site_id, "post", post.pid)
            and not self._forgotten(site_id, "user", post.uid)
        )
        return replace(content, posts=posts)

    def _forgotten(self, site_id: int, kind: str, item: int | None) -> bool:
        query = "SELECT 1 FROM tombstones WHERE site_id = ? AND kind = ? AND item = ?"
        return (
            item is not None
            and self._conn.execute(query, (site_id, kind, item)).fetchone() is not None
        )


def _opening(page: Page, content: ThreadPage) -> Post | None:
    """The post that opens the thread, where the page shows it: floor 1, or the first of a
    first page in usual order."""
    first = next((post for post in content.posts if post.floor == 1), content.posts[0])
    if first.floor is not None:
        return first if first.floor == 1 and not content.filtered else None
    return first if content.page == 1 and not _is_partial(page, content) else None


def _is_partial(page: Page, content: ThreadPage) -> bool:
    """Whether a page shows one author's posts, or another order: floors and places are then
    its own."""
    target = parse_url(page.url)
    return content.filtered or (target is not None and target.partial)


def _saved(counts: Counts, saved: Saved) -> Saved:
    return replace(
        saved, new=counts.new, changed=counts.changed, unchanged=counts.unchanged
    )
