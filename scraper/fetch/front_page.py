"""The page that a crawl begins with: the forum's index, wherever its bare address leads; or
why there is none."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from scraper.addresses.urls import base_of, parse_url
from scraper.core.errors import PageError
from scraper.core.records import Capture, Content, IndexPage, Notice, Page
from scraper.fetch.notices import notice_of, same_words
from scraper.fetch.redirects import redirect_target_of, same_host
from scraper.fetch.values import Answer, Failure
from scraper.fetch.verdict import is_ours
from scraper.learning import read_and_learn
from scraper.markup.signals import is_discuz
from scraper.markup.snapshot import Snapshot, take_snapshot
from scraper.markup.ways_on import links_of, refresh_of
from scraper.themes import claims

Ask: TypeAlias = Callable[[str], Answer | Failure]

# X and older forums have an index of their own beside what stands at the bare address.
_SCRIPTS: Final = ("forum.php", "index.php")
# Failures of one address that say nothing of the next one.
_OF_THE_ADDRESS: Final = frozenset({"foreign", "empty", "forbidden", "robots"})
_MOST_ASKED: Final = 6
# A thread and a member have nothing to do with one another: by X's addresses, then by
# those before it.
_UNRELATED: Final = (
    ("forum.php?mod=viewthread&tid=1", "viewthread.php?tid=1"),
    ("home.php?mod=space&uid=1", "space.php?uid=1"),
)
_FORUM_FOLDERS: Final = frozenset(
    {"bbs", "forum", "forums", "discuz", "luntan", "club"}
)
_QUOTED_CHARS: Final = 200
_NO_PAGE_OF_OURS: Final = (
    "no forum here: what answers is no page of Discuz! "
    "(or a proxy or the host put something in its place)"
)


@dataclass(frozen=True, slots=True)
class FrontPage:
    """Where a crawl begins. `is_index`: the page is the forum's index."""

    answer: Answer
    is_index: bool = False


def find_front_page(ask: Ask, base_url: str) -> FrontPage | Failure:
    """The index of the forum at an address: there, at the forum's own scripts, or where the
    page there sends its readers.

    Where none is an index: a page that is the forum's. Failure `closed` for a forum that
    shows the same notice at unrelated addresses, whatever it says; `no_forum` where
    nothing is a forum's.
    """
    search = _Search(ask, base_url)
    return search.run()


class _Search:
    """One search, address by address, with what was seen on the way."""

    def __init__(self, ask: Ask, base_url: str) -> None:
        self._ask = ask
        self._base = base_url
        self._waiting = [base_url]
        self._asked: list[str] = []
        self._first: Answer | Failure | None = None
        self._ours: Answer | None = None
        self._notices: list[str] = []

    def run(self) -> FrontPage | Failure:
        """Ask until an index is found, or nothing is left to ask for."""
        while self._waiting and len(self._asked) < _MOST_ASKED:
            url = self._waiting.pop(0)
            found = self._look(url)
            if found is not None:
                return found
            if len(self._asked) == 1:
                self._waiting += [self._base + script for script in _SCRIPTS]
        if self._ours is not None:
            return FrontPage(self._ours)
        return self._no_forum()

    def _look(self, url: str) -> FrontPage | Failure | None:
        """Ask for a page; None where the search goes on."""
        if url in self._asked:
            return None
        self._asked.append(url)
        response = self._ask(url)
        self._first = self._first or response
        if isinstance(response, Failure):
            if response.reason not in _OF_THE_ADDRESS:
                return response
            self._note_ways_on(response.capture)
            return None

        return self._take(response)

    def _take(self, response: Answer) -> FrontPage | Failure | None:
        """What a page makes of the search; None where it goes on."""
        capture = response.capture
        notice = notice_of(capture)
        if notice is not None:
            closed = self._closed(response, notice)
            if closed is None:
                self._ours = self._ours or response
            return closed

        if capture.status >= 400:
            return None
        content = _content(capture)
        if isinstance(content, IndexPage):
            return FrontPage(response, is_index=True)

        leads_on = self._note_ways_on(capture)
        link = _link_to_forum(capture, self._base)
        is_forum_page = is_ours(capture) and (not link or content is not None)
        if not is_forum_page:
            return None
        self._ours = self._ours or response
        if leads_on or content is not None:
            return None
        return FrontPage(response)  # nobody knows such a page better

    def _note_ways_on(self, capture: Capture | None) -> bool:
        """Where a page that is no index sends its readers, on the same host: at once, or, of
        a page of the forum, by its navigation. Whether it does."""
        if capture is None:
            return False
        page = take_snapshot(capture)
        ways_on = [refresh_of(page)]
        if is_discuz(page):
            ways_on += _links_to_index(page)
        on_host = [url for url in ways_on if url and same_host(url, self._base)]
        self._waiting = on_host + self._waiting
        return bool(on_host)

    def _closed(self, response: Answer, notice: Notice) -> Failure | None:
        """The forum's state, where a notice tells it; None where it is that of one page."""
        base = base_of(response.capture.url)
        if notice.reason != "closed" and not self._is_everywhere(notice, base):
            return None
        message = f"the forum shows this at every address: {notice.message}"
        message = message[:_QUOTED_CHARS]
        if notice.reason == "login":
            message += "; log in with a browser, then give its cookies (--cookies)"
        return Failure(
            url=response.capture.url,
            reason="closed",
            message=message,
            transient=True,
            capture=response.capture,
        )

    def _is_everywhere(self, notice: Notice, base: str) -> bool:
        """Whether a thread and a member of the forum at `base` are answered with the same
        notice. Asked once a notice."""
        if notice.message in self._notices:
            return False
        self._notices.append(notice.message)
        return all(self._shows(notice, base, paths) for paths in _UNRELATED)

    def _shows(self, notice: Notice, base: str, paths: tuple[str, ...]) -> bool:
        for path in paths:
            response = self._ask(base + path)
            if isinstance(response, Failure):
                return False
            shown = notice_of(response.capture)
            if shown is not None:
                return same_words(notice.message, shown.message)
        return False

    def _no_forum(self) -> Failure:
        first = self._first
        assert first is not None
        if isinstance(first, Failure) and first.reason != "foreign":
            return first

        capture = first.capture
        message = _NO_PAGE_OF_OURS
        way_on = _way_out(capture) if capture else ""
        link = _link_to_forum(capture, self._base) if capture else ""
        if way_on:
            message = f"no forum here; the page sends its readers to {way_on}"
        elif link:
            message = f"no forum here; the page links to {link}"
        return Failure(
            url=self._base,
            reason="no_forum",
            message=message,
            transient=True,
            capture=capture,
        )


def _content(capture: Capture) -> Content | None:
    """What a page says, in the forms of addresses that it teaches; None where nobody can
    read it."""
    try:
        return read_and_learn(take_snapshot(capture), _page_of).content
    except Exception:  # whatever breaks a reader is no index that we could read
        return None


def _page_of(snapshot: Snapshot) -> Page:
    for theme in claims(snapshot):
        with contextlib.suppress(PageError):
            return Page(
                url=snapshot.url,
                captured_at=snapshot.fetched_at,
                theme=theme.name,
                content=theme.read(snapshot),
            )
    raise PageError("nobody reads it")


def _links_to_index(page: Snapshot) -> Iterator[str]:
    """Where a page of the forum links to an index by its script: `forum.php`, wherever it
    lies."""
    for url in links_of(page):
        target = parse_url(url)
        address = urlsplit(url)
        is_script = address.path.endswith(_SCRIPTS) and not address.query
        if target is not None and target.kind == "index" and is_script:
            yield url


def _way_out(capture: Capture) -> str:
    """Where a page sends its readers, be it elsewhere; empty where it does not."""
    return redirect_target_of(capture) or refresh_of(take_snapshot(capture))


def _link_to_forum(capture: Capture, base_url: str) -> str:
    """The first link of a page that leads to a forum elsewhere; empty where none does."""
    for url in links_of(take_snapshot(capture)):
        if _is_of_forum(url) and base_of(url) != base_url:
            return url
    return ""


def _is_of_forum(url: str) -> bool:
    target = parse_url(url)
    if target is None:
        return False
    if target.kind in ("board", "thread"):
        return True
    path = urlsplit(url).path
    if path.endswith("forum.php"):
        return True
    folders = set(path.lower().split("/"))
    return target.kind == "index" and bool(folders & _FORUM_FOLDERS)
