"""The search as it runs in a reader's browser: the page of `serve`, answered by the same
modules over the site's database."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from archive.export.site.addresses import SEARCH, Addresses
from archive.export.site.render import Place, render_page
from archive.search import budget
from archive.web.archive_source import ArchiveSource
from archive.web.language import language_of
from archive.web.pages_search import search_page
from archive.web.values import PageRequest, Redirect, TemplateResponse

_DATABASE: Final = "site.db"
MAX_S: Final = 300.0
"""As long as that a reader may wait for a slow network."""


class Answers:
    """Answers searches over one database, which is open."""

    def __init__(self, site: str) -> None:
        """`site`: what the site says of itself, as JSON."""
        budget.MAX_S = MAX_S
        said = json.loads(site)
        on_page = {int(each): posts for each, posts in said["posts_on_page"].items()}
        self._conn = sqlite3.connect(_DATABASE)
        self._addresses = Addresses(
            self._conn,
            on_page,
            lambda _capture: "",
        )

    def answer(self, query: str, language_tag: str) -> tuple[str, str]:
        """The page that answers what stands behind `search.html?`, and what may stand there
        as well: fields of the form as filters of the query."""
        language = language_of(language_tag)
        request = PageRequest(
            source=ArchiveSource(self._conn),
            language=language,
            now=datetime.now(UTC),
        )
        request = _asking(request, query)
        answer = search_page(request)
        if isinstance(answer, Redirect):
            query = urlsplit(answer.location).query
            request = _asking(request, query)
            answer = search_page(request)
        assert isinstance(answer, TemplateResponse)
        place = Place(SEARCH, language)
        page = render_page(
            answer,
            request,
            place,
            self._addresses,
        )
        return page, query


def _asking(request: PageRequest, query: str) -> PageRequest:
    args = dict(parse_qsl(query, keep_blank_values=True))
    return replace(
        request,
        url=f"/search?{query}",
        args=args,
    )
