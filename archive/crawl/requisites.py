"""What the pages of a forum need to look as they did: noted as pages and style sheets name
it, and looked for in the pages that were kept before."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from archive.crawl.values import stamp
from archive.store.shown_files import file_name, has_token
from archive.warc.captures import Captures
from scraper.addresses.urls import absolute
from scraper.core.errors import PageError, StorageError
from scraper.core.records import Capture, Content, ThreadPage
from scraper.core.requisites import Requisite
from scraper.markup.attachments import aid_of_link
from scraper.markup.requisites import page_requisites, sheet_requisites
from scraper.markup.smilies import smiley_addresses
from scraper.markup.snapshot import take_snapshot
from scraper.policy.requisites import MOST_OF_FORUM, is_wanted

_WANT: Final = """INSERT INTO media(site_id, name, url, post_id, due_at, requisite)
  VALUES (:site_id, :name, :url, :post_id, :now, :kind)
  ON CONFLICT DO UPDATE SET state = 'due', tries = 0, url = excluded.url
    WHERE requisite <> '' AND state <> 'due' AND due_at <= :now"""
_COUNT: Final = """SELECT count(*) FROM media
  WHERE site_id = :site_id AND requisite <> '' AND requisite <> 'thumb'"""
_POST_OF: Final = """
  SELECT p.id FROM posts p JOIN images i ON i.post_id = p.id
  WHERE p.thread_id = :thread_id AND i.url = :stated
  UNION ALL
  SELECT p.id FROM posts p JOIN attachments a ON a.post_id = p.id
  WHERE p.thread_id = :thread_id AND (a.aid = :aid OR a.url = :stated)
  LIMIT 1"""
_WERE_LOOKED_FOR: Final = """SELECT 1 FROM crawls
  WHERE site_id = ? AND requisites_at <> ''"""
_NOTE_LOOK: Final = """UPDATE crawls SET requisites_at = :now
  WHERE site_id = :site_id"""
_KEPT_PAGES: Final = """SELECT id FROM captures
  WHERE site_id = :site_id AND kind = :kind AND outcome IN ('stored', 'unchanged')
  ORDER BY id DESC LIMIT :most"""
_WITH_SMILIES: Final = """SELECT html FROM posts
  WHERE site_id = :site_id AND html LIKE '%smil%'"""

_KINDS: Final = ("index", "board", "thread")
_MOST_PAGES: Final = 12
"""Of each kind: those of one kind differ little in what they need."""


def were_looked_for(conn: sqlite3.Connection, site_id: int) -> bool:
    """Whether a run has looked for what the pages of a forum need."""
    return conn.execute(_WERE_LOOKED_FOR, (site_id,)).fetchone() is not None


class Requisites:
    """The requisites of one forum. `seen`: addresses that this run noted already."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        captures: Captures,
        site_id: int,
        base: str,
        seen: set[str],
    ) -> None:
        self._conn = conn
        self._captures = captures
        self._site_id = site_id
        self._base = base
        self._seen = seen

    def want_of_page(
        self, capture: Capture, content: Content, thread_id: int | None, now: datetime
    ) -> None:
        """Enqueue what a page of the forum needs. `thread_id`: the row of its thread. Small
        forms of its pictures wait until what posts show is asked for."""
        found = _of_page(capture)
        markup = _markup_of_posts(content)
        wanted = [each for each in found if is_wanted(each, markup)]
        self._want(wanted, thread_id, now)

    def want_of_sheet(self, capture: Capture, now: datetime) -> None:
        """Enqueue what a style sheet imports and shows."""
        sheet = capture.body.decode("utf-8", "replace")
        found = sheet_requisites(sheet, capture.url)
        wanted = [each for each in found if is_wanted(each, "")]
        self._want(wanted, None, now)

    def look_back(self, now: datetime) -> None:
        """Once a forum: enqueue what pages need that were kept by runs without requisites,
        and the smilies of all posts."""
        if were_looked_for(self._conn, self._site_id):
            return
        self._execute(
            _NOTE_LOOK,
            now=stamp(now),
        )
        for capture in self._kept_pages():
            found = [each for each in _of_page(capture) if each.kind != "thumb"]
            # which pictures are posts' own is not known here: any outside of its folders
            page = capture.body.decode("latin-1")
            wanted = [each for each in found if is_wanted(each, page)]
            self._want(wanted, None, now)
        smilies = (
            Requisite("picture", absolute(self._base, stated), stated, is_smiley=True)
            for (markup,) in self._execute(_WITH_SMILIES)
            for stated in smiley_addresses(markup)
        )
        wanted = [each for each in smilies if is_wanted(each, "")]
        self._want(wanted, None, now)

    def _kept_pages(self) -> Iterator[Capture]:
        for kind in _KINDS:
            rows = self._execute(
                _KEPT_PAGES,
                kind=kind,
                most=_MOST_PAGES,
            )
            for (capture_id,) in rows.fetchall():
                try:
                    yield self._captures.read(capture_id)
                except (StorageError, OSError):
                    continue  # `check` names what is lost

    def _want(
        self, requisites: Iterable[Requisite], thread_id: int | None, now: datetime
    ) -> None:
        left = None
        for each in requisites:
            if each.url in self._seen:
                continue
            self._seen.add(each.url)
            if each.kind != "thumb":
                left = self._room() if left is None else left
                if left <= 0:
                    continue
                left -= 1
            self._execute(
                _WANT,
                name=_name_of(each),
                url=each.url,
                post_id=self._post_of(each, thread_id),
                kind=each.kind,
                now=stamp(now),
            )

    def _room(self) -> int:
        """How many more there may be of this forum."""
        (count,) = self._execute(_COUNT).fetchone()
        return MOST_OF_FORUM - int(count)

    def _post_of(self, thumb: Requisite, thread_id: int | None) -> int | None:
        """The post whose picture a thumb is, so that both are forgotten together."""
        if not thumb.whole or thread_id is None:
            return None
        row = self._execute(
            _POST_OF,
            thread_id=thread_id,
            stated=thumb.whole,
            aid=aid_of_link(thumb.whole),
        ).fetchone()
        return row[0] if row else None

    def _execute(self, query: str, **values: object) -> sqlite3.Cursor:
        """Execute a statement on this forum's rows."""
        values["site_id"] = self._site_id
        return self._conn.execute(query, values)


def _of_page(capture: Capture) -> list[Requisite]:
    try:
        tree = take_snapshot(capture).tree
    except PageError:
        return []
    return page_requisites(tree, capture.url)


def _markup_of_posts(content: Content) -> str:
    if not isinstance(content, ThreadPage):
        return ""
    parts = []
    for post in content.posts:
        parts += [post.html, post.signature]
    return "\n".join(parts)


def _name_of(requisite: Requisite) -> str:
    """What identifies one in `media`: a thumb whose address carries a token that changes on
    every view is known by its attachment."""
    url = requisite.url
    if requisite.kind == "thumb" and has_token(url):
        name = file_name(aid_of_link(url), url)
        return f"{name}:thumb"
    return url
