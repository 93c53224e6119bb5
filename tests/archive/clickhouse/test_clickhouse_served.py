"""An index served on loopback: who is answered, and a walk through it in a browser."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

pytest.importorskip("chdb", reason="no chdb: extra `cluster`")
pytest.importorskip("fsspec", reason="no fsspec: extra `cluster`")
from browser import chromium, served

from tests.clickhouse_index import exported

STRANGERS = (
    {"host": "evil.example"},
    {"host": "127.0.0.1.evil.example:8001"},
    {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
    {"origin": "https://evil.example"},
)
NO_PAGES = (
    "/f/9999999999999999999/thread/1",
    "/f/9223372036854775808/thread/1",
    "/f/1/thread/999999",
    "/f/1/user/999999",
    "/f/1/user/~1",
    "/f/1/post/1/similar",
    "/f/1/post/1/versions",
    "/health",
    "/pictures",
    "/-/versions.json",
    "/-/media/1",
    "/demo/posts?sql=select+1",
    "/forum.php?mod=viewthread&tid=1",
    "/%00",
    "/f/1/author/%ff%00'",
)


def run(*words: object) -> None:
    argv = [sys.executable, "-m", "archive", *map(str, words)]
    subprocess.run(argv, check=True, capture_output=True, timeout=300)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the demo's forums are served from an index."""
    folder = tmp_path_factory.mktemp("served")
    run("demo", folder)
    tables = exported(folder / "demo.db", folder / "tables")
    index = f"chdb://{folder}/index"
    run("corpus", "index", tables, index)
    with served(f"--at={index}") as found:
        yield found


@pytest.fixture
def site(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        yield client


@pytest.mark.parametrize("headers", STRANGERS)
def test_strangers_are_not_answered(
    site: httpx.Client, headers: dict[str, str]
) -> None:
    answer = site.get("/search?q=收音机", headers=headers)
    assert answer.status_code == 403
    assert "收音机" not in answer.text


def test_pages_are_only_read(site: httpx.Client) -> None:
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert site.request(method, "/search?q=x").status_code == 405
    assert site.head("/").status_code == 200


def test_every_answer_has_its_policy(site: httpx.Client) -> None:
    for path in ("/", "/search?q=收音机", "/search.atom?q=收音机", *NO_PAGES):
        headers = site.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", NO_PAGES)
def test_what_an_index_has_not_is_no_page(site: httpx.Client, path: str) -> None:
    assert site.get(path).status_code == 404


def test_a_query_that_means_nothing_is_explained(site: httpx.Client) -> None:
    answer = site.get("/search", params={"q": "日期:foo"})
    assert answer.status_code == 400
    assert "日期:foo 不是日期" in answer.text


def test_what_is_not_proposed_is_said(site: httpx.Client) -> None:
    page = site.get("/search", params={"q": "收音机 没有的词"}).text
    assert "没有帖子含有“没有的词”" in page
    assert "这里不会提出写法相近的中文词" in page
    page = site.get("/search", params={"q": "软体 OR 收音机"}).text
    assert "这里不会提出" not in page


def test_a_walk_in_a_browser(address: str) -> None:
    with chromium() as browser:
        page = browser.new_page()
        wrong: list[str] = []
        page.on("console", lambda said: wrong.append(said.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(address)
        _click(page, "td.title a")
        _click(page, ".boards .board-name a")
        assert page.locator("table.threads td.title a").count() > 0
        page.fill("form.find input", "收音机")
        page.press("form.find input", "Enter")
        page.wait_for_url("**/search?q=*")
        assert page.locator("ol.hits li").count() > 0
        assert page.locator("aside.facets a").count() > 1
        _click(page, "aside.facets a")
        hits = page.locator("ol.hits li").count()
        assert hits > 0
        _click(page, "ol.hits p.hit-head a")
        assert "#p" in page.url
        assert page.locator("article.post").count() > 0
        assert page.locator("a[href^='/pictures'], a[href$='/similar']").count() == 0
        _click(page, ".post-by h2 a")
        assert "/user/" in page.url
        assert page.locator("ul.hits li").count() > 0
        page.click("footer a[hreflang=en]")
        page.locator("main", has_text="Posts").wait_for()
        assert "Posts" in page.locator("main").inner_text()
        assert not wrong


def _click(page: Any, selector: str) -> None:
    page.locator(selector).first.click()
    page.wait_for_load_state()
    assert page.locator("h1").count() == 1
