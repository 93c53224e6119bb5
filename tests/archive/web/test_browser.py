"""The pages in a real browser: the way through them, on screens wide and narrow, light and
dark, and for everybody."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from browser import serious_faults, served, shots

from tests.archive_of_posts import insert

LOOKS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]
PATIENCE_MS = 120_000
LONG = 150
"""Number of the demo's long thread."""


@pytest.fixture(scope="module")
def address(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo's archive, with what happens to a forum in time."""
    folder = tmp_path_factory.mktemp("browser")
    subprocess.run(
        [sys.executable, "-m", "archive", "demo", str(folder)],
        check=True,
        capture_output=True,
    )
    conn = sqlite3.connect(folder / "demo.db")
    _age(conn)
    conn.close()
    with served(folder / "demo.db") as found:
        yield found


def _age(conn: sqlite3.Connection) -> None:
    """A quote that leads to another page, an older version, a post that has gone, runs and
    their failures."""
    rows = conn.execute(
        """SELECT p.id, p.pid FROM posts p JOIN threads t ON t.id = p.thread_id
        WHERE t.tid = ? AND t.site_id = 1 ORDER BY p.posted_at, p.pid""",
        (LONG,),
    ).fetchall()
    assert len(rows) > 20, "the long thread has three pages"
    quoted, last = rows[2][1], rows[22][0]
    link = f"forum.php?mod=redirect&amp;goto=findpost&amp;pid={quoted}"
    quote = (
        f'<div class="quote"><blockquote><a href="{link}">三楼发表于当天</a>'
        "<br>说得好</blockquote></div>"
    )
    conn.execute("UPDATE posts SET html = ? || html WHERE id = ?", (quote, last))
    insert(
        conn,
        "post_versions",
        post_id=rows[2][0],
        first_seen_at="2024-05-02T00:00:00Z",
        last_seen_at="2024-05-03T00:00:00Z",
        text="豆浆，两根油条。\n还有一个茶叶蛋。",
        rank=5,
    )
    conn.execute("UPDATE posts SET location = '广东' WHERE floor % 2")
    conn.execute(
        "UPDATE posts SET gone_at = '2024-06-01T00:00:00Z' WHERE id = ?", (rows[4][0],)
    )
    insert(
        conn,
        "runs",
        command="crawl",
        started_at="2024-06-01T00:00:00Z",
        arguments="https://bbs.qingshixiang.example/",
    )
    insert(
        conn,
        "frontier",
        site_id=1,
        kind="thread",
        item=7,
        state="given_up",
        due_at="2024",
        message="status 500",
    )
    conn.commit()


@dataclass
class Walker:
    """A reader with a window, who notes what a page asks for and keeps a picture of each."""

    page: Any
    address: str
    look: str
    width: int
    folder: Path
    asked: list[str] = field(default_factory=list)

    def see(self, name: str) -> None:
        """Look at the page: it fits the window, and it has one main heading."""
        self.page.screenshot(
            path=self.folder / f"{name}-{self.look}.png", full_page=True
        )
        assert (
            self.page.evaluate("document.documentElement.scrollWidth") <= self.width
        ), f"{name} is too wide"
        assert self.page.locator("h1").count() == 1, name

    def click(self, selector: str) -> None:
        self.page.locator(selector).first.click()
        self.page.wait_for_load_state()


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def walker(
    browser: Any, address: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Walker]:
    width, scheme = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        locale="zh-CN",
        java_script_enabled=False,
    )
    made = Walker(
        context.new_page(), address, f"{width}-{scheme}", width, shots(tmp_path)
    )
    made.page.on("request", lambda asked: made.asked.append(asked.url))
    yield made
    context.close()


def test_a_walk_through_the_archive_without_scripts(walker: Walker) -> None:
    page = walker.page
    page.goto(walker.address)
    walker.see("1-home")
    walker.click("text=青石巷")
    walker.see("2-boards")
    board = page.locator(".board-name > a").all()
    for each in board:
        path = each.get_attribute("href")
        page.goto(walker.address + path)
        if page.locator(f"a[href$='/thread/{LONG}']").count():
            break
    walker.see("3-board")
    walker.click(f"a[href$='/thread/{LONG}']")
    walker.click("nav.pages a:text-is('3')")
    walker.see("4-thread-page-3")
    assert page.locator("article.post").count() == 4
    walker.click(".quote a")
    assert re.search(r"/thread/150#p\d+$", page.url)
    target = page.locator("article:target")
    assert target.is_visible()
    walker.see("5-quoted-post")
    versions = target.locator("a[href$='/versions']").get_attribute("href")
    target.locator("h2 a").click()
    walker.see("6-author")
    assert page.locator(".hits li").count() > 0
    if not page.locator(".find input").is_visible():
        pytest.fail("the search is out of reach")
    page.locator(".find input").fill("收音机")
    page.locator(".find input").press("Enter")
    page.wait_for_url("**/search?q=*")
    walker.see("7-search")
    assert page.locator("mark").count() > 0
    before = page.locator(".hits > li").count()
    walker.click(".facets a[href*='author']")
    assert 0 < page.locator(".hits > li").count() <= before
    assert page.locator(".facets .set").count() == 1
    walker.see("8-search-narrowed")
    page.goto(walker.address + versions)
    assert page.locator("del").count() + page.locator("ins").count() > 0
    walker.see("9-versions")
    page.goto(walker.address + "/pictures")
    sizes = page.evaluate(
        "[...document.images].map(each => [each.complete, each.naturalWidth])"
    )
    assert len(sizes) == 4
    assert all(width > 0 for _, width in sizes)
    walker.see("10-pictures")
    page.goto(f"{walker.address}/f/1/thread/{LONG}")
    walker.click("a[href^='/pictures/growth']")
    walker.see("11-growth")
    for name, path in (
        ("12-health", "/health"),
        ("13-missing", "/f/1/thread/99999"),
        ("14-poll", "/f/1/thread/131"),
        ("15-ratings", "/f/1/thread/110"),
        ("16-search-empty", "/search"),
        ("17-withheld", "/f/1/thread/120"),
        ("19-similar", "/f/1/post/1010/similar"),
        ("18-nothing-found", "/search?q=" + quote("查无此词")),
    ):
        page.goto(walker.address + path)
        walker.see(name)
    assert all(each.startswith(walker.address) for each in walker.asked), (
        "something was asked for outside"
    )


KINDS = (
    "/",
    "/f/1",
    "/f/1/board/2",
    f"/f/1/thread/{LONG}",
    "/f/1/thread/110",
    "/f/1/thread/131",
    "/f/1/thread/120",
    "/f/1/user/1",
    "/search",
    "/search?q=收音机",
    "/search?q=查无此词",
    "/search?q=date:x",
    "/pictures",
    "/pictures/growth?thread=1",
    "/health",
    "/f/1/thread/99999",
    "/f/1/post/1010/similar",
    "/f/2",
    "/f/2/board/10",
    "/space-uid-1.html",
    "/search?q=收音机&list=thread&order=newest",
    "/demo",
    "/demo/posts",
    "/demo/posts?author=阿满&_sort=posted_at",
    "/demo/posts?author=nobody",
    "/demo/post_list",
    "/demo/posts/1",
    "/demo/captures",
    "/demo/silent_threads",
    "/demo/reply_network?forum=1&tid=150",
    "/demo?sql=select+1",
    "/demo?sql=nonsense",
)
"""One page of each kind, those of Datasette's own included."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "locale"), [(1280, "zh-CN"), (390, "en-GB")])
def test_axe_finds_no_serious_fault(
    browser: Any, address: str, scheme: str, width: int, locale: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, locale=locale
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{address}/f/1/thread/{LONG}")
    versions = page.locator("a[href$='/versions']").get_attribute("href")
    faults = []
    for path in (*KINDS, versions):
        page.goto(address + path)
        faults += serious_faults(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            faults.append(f"{path}: {wide} px wide")
    context.close()
    assert faults == []


def test_the_keyboard_reaches_content_and_search(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/f/1/thread/{LONG}")
    page.keyboard.press("Tab")
    focused = "document.activeElement"
    assert page.evaluate(f"{focused}.className") == "skip"
    box = page.locator(".skip").bounding_box()
    assert box
    assert box["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate(f"{focused}.id") == "content"
    page.keyboard.press("Tab")
    assert page.evaluate(f"{focused}.closest('main') !== null")
    page.locator(".find input").focus()
    page.keyboard.type("收音机")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    page.close()


TOP_OF_WORDS = """() => {
  const walker = document.createTreeWalker(
    document.querySelector('.message'), NodeFilter.SHOW_TEXT);
  let node = walker.nextNode();
  while (!node.data.trim()) node = walker.nextNode();
  const range = document.createRange();
  range.selectNodeContents(node);
  return range.getClientRects()[0].top;
}"""


def test_a_thread_begins_at_the_top_of_a_wide_screen(
    browser: Any, address: str
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{address}/f/1/thread/{LONG}")
    assert page.evaluate(TOP_OF_WORDS) <= 160
    page.close()


@pytest.mark.parametrize("walker", LOOKS[::3], indirect=True, ids=("1280", "390"))
def test_a_walk_by_keys_alone(walker: Walker) -> None:
    """From the list of forums to a board, a thread and the search: by Tab and Enter, and one
    sees where one is."""
    page = walker.page

    def tab_to(selector: str) -> None:
        for _ in range(200):
            page.keyboard.press("Tab")
            focused = page.locator(f"{selector}:focus")
            if not focused.count():
                continue
            outline, top, bottom = focused.evaluate(
                """each => {
                  const style = getComputedStyle(each);
                  const box = each.getBoundingClientRect();
                  const width = style.outlineStyle == "none" ? 0 : style.outlineWidth;
                  return [parseFloat(width), box.top, box.bottom];
                }"""
            )
            assert outline >= 2, f"one does not see that {selector} has the focus"
            assert top >= 0, f"{selector} is above what one sees"
            assert bottom <= 900, f"{selector} is below what one sees"
            return
        raise AssertionError(f"no way to {selector}")

    def follow(selector: str, address: str) -> None:
        tab_to(selector)
        page.keyboard.press("Enter")
        page.wait_for_url(address)

    page.goto(walker.address)
    follow(".title a[href='/f/1']", "**/f/1")
    follow(".board-name a[href='/f/1/board/2']", "**/f/1/board/2")
    follow(f".title a[href$='/thread/{LONG}']", f"**/f/1/thread/{LONG}")
    tab_to(".floor")
    page.go_back()
    tab_to(".find input")
    page.keyboard.type("收音机")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    follow(".hit-head a", "**/thread/*")
    assert page.locator("article:target").count() == 1
