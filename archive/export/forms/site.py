"""A folder of plain files for any web space: the pages as `serve` shows them, and its search."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from archive.export.form import Form, Part
from archive.export.job import Job
from archive.export.site.addresses import READING_SCRIPT, SEARCH, STYLE, Addresses
from archive.export.site.copy import make_copy
from archive.export.site.media import MediaFiles
from archive.export.site.pages import SitePage, site_pages
from archive.export.site.render import FOLDERS, READING_POLICY, Place, render_page
from archive.export.site.search_db import make_search_database
from archive.export.site.search_files import POLICY, search_parts
from archive.reading.forums import list_forums
from archive.reading.thread import find_posts_per_page
from archive.web import server
from archive.web.archive_source import ArchiveSource
from archive.web.cache import settle
from archive.web.counts import holdings, set_posts_per_page
from archive.web.language import Language
from archive.web.message import as_text
from archive.web.shown_posts import ShownPost
from archive.web.values import ArchiveRequest, Redirect, TemplateResponse

_COPY: Final = "copy.db"
_SEARCHED: Final = "searched.db"
_NO_JEKYLL: Final = ".nojekyll"
"""Without it GitHub leaves out files that begin with an underscore, and takes longer."""
_COUNTED_IN: Final[Language] = "zh"
"""The language in which posts count: each is on a page of every language."""


@dataclass(frozen=True, slots=True)
class _Site:
    """What all pages are made with. `request`: what a reader of the copy asks."""

    job: Job
    request: ArchiveRequest
    addresses: Addresses

    def parts(self) -> Iterator[Part]:
        """The pages in all languages."""
        for page in site_pages(self.request.conn, self.addresses):
            for language in FOLDERS:
                part = self._part(page, language)
                if part is not None:
                    yield part

    def _part(self, page: SitePage, language: Language) -> Part | None:
        """None for what only leads elsewhere: what leads to it leads there itself."""
        request = replace(
            self.request,
            language=language,
            url=page.url,
            path=page.path,
            args=page.args,
        )
        answer = page.answer(request)
        if isinstance(answer, Redirect):
            return None
        assert isinstance(answer, TemplateResponse)
        values = dict(answer.values)
        values["memories"] = ()  # of this day, which is another one when it is read
        posts = values.get("posts")
        if answer.template == "thread.html" and isinstance(posts, list):
            values["posts"] = [_whole(shown) for shown in posts]
            self._count(posts, language)
        place = Place(page.file, language, page.next_pages)
        source = render_page(
            replace(answer, values=values),
            request,
            place,
            self.addresses,
            POLICY if page.file == SEARCH else READING_POLICY,
        )

        def write(out: BinaryIO) -> None:
            out.write(source.encode("utf-8", "replace"))

        return Part(place.path, write)

    def _count(self, shown: list[ShownPost], language: Language) -> None:
        if language == _COUNTED_IN:
            self.job.count([each.post for each in shown])


def _parts(job: Job) -> Iterator[Part]:
    job.told["threads"] = len(job.thread_ids)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / _COPY
        with closing(make_copy(job, path)) as conn:
            media = MediaFiles(job)
            forums = list_forums(conn)
            on_page = {
                each.id: find_posts_per_page(job.conn, each.id) for each in forums
            }
            request = ArchiveRequest(source=ArchiveSource(conn), now=job.now)
            _count_ahead(conn, on_page)
            site = _Site(job, request, Addresses(conn, on_page, media.name))
            yield from site.parts()
            yield from media.parts()
            database = make_search_database(conn, Path(folder) / _SEARCHED)
        yield from search_parts(database, on_page)
    yield Part(STYLE, partial(_write_file, server.STYLESHEET))
    yield Part(READING_SCRIPT, partial(_write_file, server.READING_SCRIPT))
    yield Part(_NO_JEKYLL, lambda out: None)


def _count_ahead(conn: sqlite3.Connection, on_page: Mapping[int, int]) -> None:
    """Have the counts that pages show made: a page of a server would go on without. How long
    pages are is told by captures, which the copy has not."""
    holdings(conn)
    settle()
    for forum_id, posts in on_page.items():
        set_posts_per_page(conn, forum_id, posts)


def _whole(shown: ShownPost) -> ShownPost:
    """A post with all of its words: there is no other page that has them."""
    if not shown.whole:
        return shown
    return replace(shown, message=as_text(shown.post.text), whole="")


def _write_file(path: Path, out: BinaryIO) -> None:
    out.write(path.read_bytes())


FORM: Final = Form(
    summary="a site of plain files",
    suffixes=(".html",),
    parts=_parts,
)
