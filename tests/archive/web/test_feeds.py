"""Searches as feeds, and the links that narrow a search: what a reader's programs follow."""

from __future__ import annotations

import re
from contextlib import closing
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, quote_plus, urlsplit
from xml.etree import ElementTree

import feedparser
import pytest

from archive.schema import open_to_read
from archive.search.api import search
from archive.search.facets import count_facets
from archive.search.query import parse
from archive.web.facet_links import FacetGroup, facet_groups
from tests.archive_of_posts import Row, make_archive
from tests.web_client import Pages, pages_of

ATOM = "{http://www.w3.org/2005/Atom}"
QUERIES = ("天气", "天气 OR 晴", '"天 气"', "作者:张三", "a&b<c>", "没有", "天\x07气")
NAMES = ("张三", 'a"b', "a b", "(x)", "“好”「人」", "star*", "<b>&", "半)个")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("feeds") / "forum.db"
    rows = [
        Row(
            text=f"天气 晴 <b>&{number}",
            author=name,
            board=f"版 {name}",
            location=name,
            posted_at=f"20{10 + number}-05-01T00:00:00Z",
        )
        for number, name in enumerate(NAMES)
    ]
    rows.append(Row(text="天气", author="", posted_at=None))
    make_archive(path, rows).close()
    return path


@pytest.fixture(scope="module")
def pages(archive: Path) -> Pages:
    return pages_of(archive)


@pytest.mark.parametrize("query", QUERIES)
def test_a_search_is_a_valid_feed_of_its_own(pages: Pages, query: str) -> None:
    answer = pages.get("/search.atom", {"q": query})
    assert answer.status_code == 200
    feed = feedparser.parse(answer.content)
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    (own,) = [link.href for link in feed.feed.links if link.rel == "self"]
    assert feed.feed.id == own
    address = urlsplit(own)
    assert address.scheme == "http"
    assert address.netloc
    assert address.path == "/search.atom"
    assert parse_qs(address.query)["q"] == [query]
    assert pages.get(f"{address.path}?{address.query}").content == answer.content
    assert feed.feed.updated_parsed
    for entry in feed.entries:
        assert urlsplit(entry.id).netloc
        assert entry.updated_parsed
        assert all((entry.title, entry.author, entry.links))


def test_feeds_of_different_searches_are_different_feeds(pages: Pages) -> None:
    ids: set[str] = set()
    for query in QUERIES:
        answer = pages.get("/search.atom", {"q": query})
        found = ElementTree.fromstring(answer.content).findtext(f"{ATOM}id")
        ids.add(found or "")
    assert len(ids) == len(QUERIES)
    assert not any("Template" in each for each in ids)


def test_the_page_of_a_search_links_to_its_feed(pages: Pages) -> None:
    page = pages.get("/search", {"q": "天气 OR 晴"}).text
    (feed,) = set(re.findall(r'href="(/search\.atom[^"]*)"', page))
    own = feedparser.parse(pages.get(unescape(feed)).content).feed.id
    assert own.endswith(f"/search.atom?q={quote_plus('天气 OR 晴')}")


@pytest.mark.parametrize(
    "query",
    [
        "天气",
        "天气 OR 没有",
        "(天气 OR 没有",
        '"天气',
        "天气) OR 没有",
        "天气 date:2010-05",
    ],
)
def test_links_that_narrow_a_search_find_what_they_count(
    archive: Path, query: str
) -> None:
    for group in _groups(archive, query):
        for link in group.links:
            narrowed = parse_qs(urlsplit(link.path).query)["q"][0]
            with closing(open_to_read(archive)) as conn:
                found = search(conn, narrowed)
            assert found.total == link.posts, narrowed


def test_a_link_that_is_set_takes_itself_away(archive: Path) -> None:
    query = "天气 date:2010"
    (years,) = [each for each in _groups(archive, query) if each.filter == "date"]
    (link,) = [each for each in years.links if each.is_set]
    assert parse_qs(urlsplit(link.path).query)["q"] == ["天气"]


def _groups(archive: Path, query: str) -> list[FacetGroup]:
    with closing(open_to_read(archive)) as conn:
        facets = count_facets(conn, parse(query))
    return facet_groups(query, {}, facets)
