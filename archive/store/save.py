"""The store: one parsed page → rows, all or nothing, saying what changed."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from archive.index.writer import catch_up
from archive.schema import transaction
from archive.store import boards, threads
from archive.store.layouts import rank_of
from archive.store.merge import Observation
from archive.store.posts import PostContext, save_posts
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
    ThreadRow,
)

_PART: Final = re.compile(r"[?&]cp=\d")
_GONE: Final = {
    "thread": """
      UPDATE threads SET gone_at = ?
      WHERE site_id = ? AND tid = ? AND gone_at IS NULL AND last_seen_at < ?""",
    "board": """
      UPDATE boards SET gone_at = ?
      WHERE site_id = ? AND fid = ? AND gone_at IS NULL AND last_seen_at < ?""",
}
_HAS_TOMBSTONES: Final = "SELECT 1 FROM tombstones WHERE site_id = ? LIMIT 1"
_TOMBSTONE: Final = """
  SELECT 1 FROM tombstones WHERE site_id = ? AND kind = ? AND item = ?"""


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
        match page.content:
            case ThreadPage() as content:
                site_id = self.sites.save(page, at)
                return self._save_thread(page, content, site_id, at, capture_id)
            case BoardPage() as content:
                site_id = self.sites.save(page, at)
                return self._save_board(content, site_id, at, page.theme)
            case IndexPage() as content:
                site_id = self.sites.save(page, at)
                rows = boards.save_boards(self._conn, site_id, content.boards, at)
                return Saved(site_id=site_id, other_rows=rows)
            case FeedPage() as content:
                site_id = self.sites.save(page, at)
                context = threads.ListContext(site_id, None, at, page.theme)
                rows = self._save_rows(content.threads, context)
                return Saved(site_id=site_id, other_rows=rows)
            case ProfilePage() as content:
                site_id = self.sites.save(page, at)
                is_new = self._users.save_profile(site_id, content, at)
                return Saved(site_id=site_id, other_rows=int(is_new))
            case Notice() as content:
                return self._save_notice(page, content, at)
        return Saved(site_id=self.sites.find(page.url))

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
        opening = _opening(page, content)
        user_id = self._user_id(site_id, at)
        thread = threads.save_page(
            self._conn, site_id, content, at, page.theme, opening, user_id
        )
        context = PostContext(
            site_id,
            thread.id,
            content.title,
            opens=opening is not None,
        )
        seen = Observation(
            at,
            rank_of(page.theme),
            capture_id,
            filtered=_is_partial(page, content),
            part=bool(_PART.search(page.url)),
        )
        counts = save_posts(
            self._conn,
            context,
            content.posts,
            seen,
            lambda post: user_id(post.uid, post.author),
        )
        return Saved(
            new=counts.new,
            changed=counts.changed,
            unchanged=counts.unchanged,
            other_rows=int(thread.changed),
            site_id=site_id,
            thread_id=thread.id,
            board_id=thread.board_id,
        )

    def _save_board(
        self, content: BoardPage, site_id: int, at: str, theme: str
    ) -> Saved:
        board_id = None
        count = 0
        if content.fid is not None or content.name:
            board = BoardRow(fid=content.fid, name=content.name)
            board_id, is_new = boards.save_board(self._conn, site_id, board, at)
            count += is_new
        below = []
        for row in content.boards:
            parent_fid = row.parent_fid or content.fid
            below.append(replace(row, parent_fid=parent_fid))
        count += boards.save_boards(self._conn, site_id, below, at)
        context = threads.ListContext(site_id, board_id, at, theme)
        count += self._save_rows(content.threads, context)
        return Saved(site_id=site_id, board_id=board_id, other_rows=count)

    def _save_rows(
        self, rows: Sequence[ThreadRow], context: threads.ListContext
    ) -> int:
        site_id = context.site_id
        allowed = [
            row for row in rows if not self._is_forgotten(site_id, "thread", row.tid)
        ]
        user_id = self._user_id(site_id, context.at)
        return threads.save_rows(self._conn, context, allowed, user_id)

    def _save_notice(self, page: Page, notice: Notice, at: str) -> Saved:
        """A notice says at most that something is not there any more."""
        site_id = self.sites.find(page.url)
        target = parse_url(page.url)
        if site_id is None or target is None or notice.reason != "not_found":
            return Saved(site_id=site_id)
        if target.kind not in _GONE:
            return Saved(site_id=site_id)
        cursor = self._conn.execute(_GONE[target.kind], (at, site_id, target.id, at))
        return Saved(site_id=site_id, other_rows=max(cursor.rowcount, 0))

    def _user_id(self, site_id: int, at: str) -> threads.UserId:
        return lambda uid, name: self._users.save(site_id, uid, name, at)

    def _allowed(self, content: ThreadPage, site_id: int) -> ThreadPage:
        """The page without what was forgotten on request."""
        if self._conn.execute(_HAS_TOMBSTONES, (site_id,)).fetchone() is None:
            return content
        if self._is_forgotten(site_id, "thread", content.tid):
            return replace(content, posts=())
        allowed = [
            post
            for post in content.posts
            if not self._is_forgotten(site_id, "post", post.pid)
            and not self._is_forgotten(site_id, "user", post.uid)
        ]
        return replace(content, posts=tuple(allowed))

    def _is_forgotten(self, site_id: int, kind: str, item: int | None) -> bool:
        if item is None:
            return False
        row = self._conn.execute(_TOMBSTONE, (site_id, kind, item)).fetchone()
        return row is not None


def _opening(page: Page, content: ThreadPage) -> Post | None:
    """The post that opens the thread, where the page shows it: floor 1, or the first of a
    first page in usual order."""
    first = content.posts[0]
    for post in content.posts:
        if post.floor == 1:
            first = post
            break
    if first.floor is not None:
        is_opening = first.floor == 1 and not content.filtered
    else:
        is_opening = content.page == 1 and not _is_partial(page, content)
    return first if is_opening else None


def _is_partial(page: Page, content: ThreadPage) -> bool:
    """Whether a page shows one author's posts, or another order: floors and places are then
    its own."""
    if content.filtered:
        return True
    target = parse_url(page.url)
    return target is not None and target.partial
