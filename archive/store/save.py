"""The store: one parsed page → rows, all or nothing, saying what changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from archive.index.writer import catch_up
from archive.schema import transaction
from archive.store import boards, threads
from archive.store.forgotten import TombstoneReader
from archive.store.generations import note_gone
from archive.store.gone_posts import mark_gone
from archive.store.observation import observe, opening_of
from archive.store.other_post import AnotherForum
from archive.store.posts import PostContext, save_posts
from archive.store.sites import Sites
from archive.store.stamps import iso
from archive.store.users import Users
from archive.store.windows import save_window
from scraper.core.errors import InputError
from scraper.core.records import (
    BoardPage,
    BoardRow,
    FeedPage,
    IndexPage,
    Notice,
    Page,
    PostExtras,
    ProfilePage,
    ThreadPage,
    ThreadRow,
)

_WithRows: TypeAlias = ThreadPage | BoardPage | IndexPage | FeedPage | ProfilePage
"""Pages that say something of the forum."""

_GONE: Final = {
    "thread": """
      UPDATE threads SET gone_at = :at
      WHERE site_id = :site_id AND tid = :item AND gone_at IS NULL AND last_seen_at < :at""",
    "board": """
      UPDATE boards SET gone_at = :at
      WHERE site_id = :site_id AND fid = :item AND gone_at IS NULL AND last_seen_at < :at""",
}
_MOST_FORUMS: Final = 8
"""So many forums may have been at one address, one after the other."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _SeenPage:
    """A page that has rows: when it was captured (stored form), the numbers of its forum's
    and its capture's rows."""

    page: Page
    at: str
    site_id: int
    capture_id: int | None


class Store:
    """Writes pages into an archive. `utc_offset_minutes`: the user's word on the forum's
    zone, kept in its row; `is_indexed`: whether what is written comes into the index at
    once, which an archive that nobody will search can do without."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        utc_offset_minutes: int | None = None,
        *,
        is_indexed: bool = True,
    ) -> None:
        self._conn = conn
        self.sites = Sites(conn, utc_offset_minutes)
        self.forgotten = TombstoneReader(conn)
        self._users = Users(conn)
        self._is_indexed_later = not is_indexed

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
        saved = self._save_to_its_forum(page, capture_id)
        if not self._is_indexed_later:
            catch_up(self._conn)
        return saved

    @contextmanager
    def indexed_together(self) -> Iterator[None]:
        """What is written within comes into the index at its end, all at once: FTS5 makes a
        piece of its own of each time."""
        self._is_indexed_later = True
        try:
            yield
        finally:
            self._is_indexed_later = False
        catch_up(self._conn)

    def undone(self) -> None:
        """To be told when a transaction around `save` was rolled back."""
        self._users.clear()
        self.sites.undone()

    def _save_to_its_forum(self, page: Page, capture_id: int | None) -> Saved:
        """Write a page; where it turns out to be of another forum at the same address,
        nothing of it to the first, and all of it to that one."""
        site_id: int | None = None
        seen = set[int]()
        for _ in range(_MOST_FORUMS):
            try:
                with transaction(self._conn):
                    return self._save(page, capture_id, site_id)
            except AnotherForum as another:
                self.undone()
                seen.add(another.site_id)
                at = iso(page.captured_at) or ""
                site_id = self.sites.other(another.site_id, at, another, seen)
        raise InputError("the page is of none of the forums that were at its address")

    def _save(self, page: Page, capture_id: int | None, site_id: int | None) -> Saved:
        at = iso(page.captured_at) or ""
        content = page.content
        if isinstance(content, Notice):
            return self._save_notice(page, content, at)
        if isinstance(content, PostExtras):
            return self._save_window(page, content, capture_id)
        if not isinstance(content, _WithRows):
            return Saved(site_id=self.sites.find(page.url))
        site_id = self.sites.save(page, at, site_id)
        seen = _SeenPage(page=page, at=at, site_id=site_id, capture_id=capture_id)
        try:
            return self._save_rows_of(seen, content)
        except AnotherForum as another:
            another.site_id = seen.site_id
            raise

    def _save_rows_of(self, seen: _SeenPage, content: _WithRows) -> Saved:
        match content:
            case ThreadPage():
                return self._save_thread(seen, content)
            case BoardPage():
                return self._save_board(seen, content)
            case IndexPage():
                count = self._save_boards(seen, content.boards)
            case FeedPage():
                count = self._save_rows(seen, None, content.threads)
            case ProfilePage() if self._hides(seen, content):
                count = 0
            case ProfilePage():
                is_new = self._users.save_profile(
                    seen.site_id,
                    content,
                    seen.at,
                    seen.capture_id,
                )
                count = int(is_new)
        return Saved(site_id=seen.site_id, other_rows=count)

    def _save_thread(self, seen: _SeenPage, content: ThreadPage) -> Saved:
        content = self.forgotten.current().allowed(content, seen.site_id)
        if not content.posts:
            return Saved(site_id=seen.site_id)
        page = seen.page
        opening = opening_of(page, content)
        user_id = self._user_id(seen)
        thread = threads.save_page(
            self._conn,
            seen.site_id,
            content,
            seen.at,
            page.theme,
            opening,
            user_id,
            seen.capture_id,
        )
        context = PostContext(
            site_id=seen.site_id,
            thread_id=thread.id,
            title=content.title,
            opens=opening is not None,
            another_forum=thread.another_forum,
        )
        counts = save_posts(
            self._conn,
            context,
            content.posts,
            observe(page, content, seen.capture_id),
            lambda post: user_id(post.uid, post.author),
        )
        mark_gone(self._conn, thread.id, content.gone)
        if self.sites.is_gone(seen.site_id):
            note_gone(self._conn, seen.site_id, thread.id)
        return Saved(
            new=counts.new,
            changed=counts.changed,
            unchanged=counts.unchanged,
            other_rows=int(thread.changed),
            site_id=seen.site_id,
            thread_id=thread.id,
            board_id=thread.board_id,
        )

    def _save_board(self, seen: _SeenPage, content: BoardPage) -> Saved:
        board_id = None
        count = 0
        if content.fid is not None or content.name:
            board = BoardRow(fid=content.fid, name=content.name)
            board_id, is_new = boards.save_board(
                self._conn,
                seen.site_id,
                board,
                seen.at,
                seen.capture_id,
            )
            count += is_new
        below = []
        for row in content.boards:
            parent_fid = row.parent_fid or content.fid
            below.append(replace(row, parent_fid=parent_fid))
        count += self._save_boards(seen, below)
        count += self._save_rows(seen, board_id, content.threads)
        return Saved(
            site_id=seen.site_id,
            board_id=board_id,
            other_rows=count,
        )

    def _save_boards(self, seen: _SeenPage, rows: Sequence[BoardRow]) -> int:
        return boards.save_boards(
            self._conn,
            seen.site_id,
            rows,
            seen.at,
            seen.capture_id,
        )

    def _save_rows(
        self, seen: _SeenPage, board_id: int | None, rows: Sequence[ThreadRow]
    ) -> int:
        context = threads.ListContext(
            site_id=seen.site_id,
            board_id=board_id,
            at=seen.at,
            theme=seen.page.theme,
            capture_id=seen.capture_id,
        )
        forgotten = self.forgotten.current()
        kept = [
            row for row in rows if not forgotten.hides(seen.site_id, "thread", row.tid)
        ]
        user_id = self._user_id(seen)
        return threads.save_rows(self._conn, context, kept, user_id)

    def _save_notice(self, page: Page, notice: Notice, at: str) -> Saved:
        """A notice says at most that something is not there any more."""
        site_id = self.sites.find(page.url, at)
        nothing = Saved(site_id=site_id)
        if site_id is None or notice.reason != "not_found":
            return nothing
        target = self.sites.target(page.url)
        if target is None or target.kind not in _GONE:
            return nothing
        gone = {"at": at, "site_id": site_id, "item": target.id}
        cursor = self._conn.execute(_GONE[target.kind], gone)
        return Saved(
            site_id=site_id,
            other_rows=max(cursor.rowcount, 0),
        )

    def _save_window(
        self, page: Page, content: PostExtras, capture_id: int | None
    ) -> Saved:
        """A post gets the ratings or comments that its thread's page leaves out."""
        at = iso(page.captured_at) or ""
        site_id = self.sites.find(page.url, at)
        saved = save_window(self._conn, site_id, content, capture_id)
        if saved is None:
            return Saved(site_id=site_id)
        return Saved(
            changed=int(saved.added > 0),
            unchanged=int(saved.added == 0),
            site_id=site_id,
            thread_id=saved.thread_id,
        )

    def _hides(self, seen: _SeenPage, page: ProfilePage) -> bool:
        forgotten = self.forgotten.current()
        return forgotten.hides_member(seen.site_id, page.uid, page.name)

    def _user_id(self, seen: _SeenPage) -> threads.UserId:
        forgotten = self.forgotten.current()

        def user_id(uid: int | None, name: str) -> int | None:
            if forgotten.hides(seen.site_id, "user", uid):
                return None
            return self._users.save(seen.site_id, uid, name, seen.at)

        return user_id
