"""The search of a site in a real browser: the same answers as elsewhere, read in parts, and what
is said where it cannot be."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser
from static_server import WebSpace, serve_folder

from archive.commands.export import command
from archive.export.site import search_db
from archive.export.site.addresses import Addresses
from archive.export.site.render import Place, render_page
from archive.reading.forums import list_forums
from archive.reading.thread import find_posts_per_page
from archive.schema import open_to_read
from archive.web.archive_source import ArchiveSource
from archive.web.pages_search import search_page
from archive.web.values import PageRequest, TemplateResponse

PREFIX = "/my/forum/"
PART_BYTES = 100_001
"""So small, and no whole number of blocks, that pages of the database lie in two parts."""
PATIENCE_S = 300
MANY = "楼层:1..99"
"""Finds more than a page of hits."""
A_THREAD = 'td.title a[href="../thread/150.html"]'
FIRST_FORUM = 'main a[href="f/1/index.html"]'
QUESTIONS = (
    "收音机",
    "收音機",
    "豆浆 油条",
    "豆浆 OR 收音机",
    "收音机 -豆浆",
    '"红灯牌收音机"',
    "收*",
    "的",
    "(豆浆 OR 收音机) 早",
    "标题:收音机",
    "在:标题 收音机",
    "引用:收音机",
    "作者:老周",
    "作者:老*",
    "版块:一",
    "站点:example",
    "来自:上海",
    "日期:2024-05",
    "之前:2024",
    "日期:去年",
    "主题:150",
    "回复:>10",
    "查看:>1",
    "楼层:2..3",
    "有:图",
    "是:主楼",
    "收音机 坏了 怎么办",
    "今天天气怎么样",
    "没有这样的词",
    "shouyinji",
    "作者:",
    "日期:不是日子",
    '<script>alert("x")</script>',
    "",
)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's archive."""
    folder = tmp_path_factory.mktemp("demo")
    subprocess.run(
        [sys.executable, "-m", "archive", "demo", str(folder)],
        check=True,
        capture_output=True,
    )
    return folder / "demo.db"


@pytest.fixture(scope="module")
def root(db: Path) -> Path:
    """Its site, the database in many parts."""
    target = db.with_name("site")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search_db, "PART_BYTES", PART_BYTES)
        export(db, target)
    return target


def export(db: Path, target: Path) -> None:
    words = [str(db), "--format", "site", "--to", str(target)]
    assert command.main(words, standalone_mode=False) == 0


@pytest.fixture
def space(root: Path) -> Iterator[WebSpace]:
    with serve_folder(root, PREFIX) as found:
        yield found


def ask(page: Any, address: str) -> str:
    """Open a search, and wait for what the page says of it: nothing, where it has an answer."""
    page.goto(address)
    return wait(page)


def wait(page: Any, number: int = 1) -> str:
    for _ in range(PATIENCE_S * 10):
        if (page.get_attribute("html", "data-answered") or "0") == str(number):
            return ""
        note = page.locator("#search-note")
        is_working = note.text_content() == note.get_attribute("data-working")
        if note.is_visible() and not is_working:
            return str(note.text_content())
        page.wait_for_timeout(100)
    pytest.fail("no answer")


def walk_to_a_thread(page: Any) -> None:
    """From the list of forums."""
    for link in (FIRST_FORUM, ".board-name a", A_THREAD):
        page.locator(link).first.click()


def shown(markup: str) -> list[str]:
    """What a page says within: words, and where its links lead."""
    content = LexborHTMLParser(markup).css_first("#content")
    assert content
    for node in content.css("form, #search-note, noscript"):
        node.decompose()
    said = content.text(separator="\n").splitlines()
    lines = [line.strip() for line in said if line.strip()]
    leading = [link.attributes.get("href") for link in content.css("a")]
    return lines + [f"→ {address}" for address in leading]


class Elsewhere:
    """The answers of the archive itself."""

    def __init__(self, db: Path) -> None:
        self.conn = open_to_read(db)
        forums = list_forums(self.conn)
        on_page = {each.id: find_posts_per_page(self.conn, each.id) for each in forums}
        self.addresses = Addresses(self.conn, on_page, lambda _: "")

    def answer(self, **args: str) -> list[str]:
        request = PageRequest(
            source=ArchiveSource(self.conn), args=args, now=datetime.now(UTC)
        )
        answer = search_page(request)
        assert isinstance(answer, TemplateResponse)
        page = render_page(answer, request, Place("search.html"), self.addresses)
        return shown(page)


def test_the_answers_are_those_of_the_archive(
    browser: Any, db: Path, root: Path, space: WebSpace
) -> None:
    names = [each.name for each in (root / "search").glob("*.db")]
    assert len(names) > 5
    elsewhere = Elsewhere(db)
    page = browser.new_page()
    page.on("dialog", lambda _: pytest.fail("a script ran"))
    assert ask(page, f"{space.url}search.html?q={quote(QUESTIONS[0])}") == ""
    found = 0
    for number, question in enumerate(QUESTIONS, 1):
        if number > 1:
            page.fill("form.choose .words", question)
            page.click("form.choose > button")
            assert wait(page, number) == "", question
        answer = shown(page.content())
        assert answer == elsewhere.answer(q=question), question
        found += any("thread/" in line for line in answer)
    assert found > len(QUESTIONS) // 2
    page.close()


def test_orders_lists_pages_and_fields(browser: Any, db: Path, space: WebSpace) -> None:
    elsewhere = Elsewhere(db)
    page = browser.new_page()
    address = f"{space.url}search.html?q={quote(MANY)}&order=newest&list=thread"
    assert ask(page, address) == ""
    asked = {"q": MANY, "order": "newest", "list": "thread"}
    assert shown(page.content()) == elsewhere.answer(**asked)

    page.select_option("select[name=order]", "oldest")
    page.select_option("select[name=list]", "post")
    page.click("form.choose > button")
    assert wait(page, 2) == ""
    asked = {"q": MANY, "order": "oldest"}
    assert shown(page.content()) == elsewhere.answer(**asked)
    page.click("nav.pages a[rel=next]")
    assert wait(page, 3) == ""
    assert shown(page.content()) == elsewhere.answer(**asked, page="2")

    page.click("details.fields summary")
    page.fill("input[name=author]", "老周")
    page.fill("form.choose .words", "收音机")
    page.click("form.choose > button")
    assert wait(page, 4) == ""
    query = page.input_value("form.choose .words")
    assert query == "收音机 作者:老周"
    page.go_back()
    assert wait(page, 5) == ""
    assert shown(page.content()) == elsewhere.answer(**asked, page="2")

    page.locator("ol.hits a").first.click()
    page.wait_for_selector(".posts article")
    assert urlsplit(page.url).fragment.startswith("p")
    page.close()


def test_english(browser: Any, space: WebSpace) -> None:
    page = browser.new_page()
    assert ask(page, f"{space.url}en/search.html?q={quote('收音机')}") == ""
    assert "posts found" in page.locator("p[role=status]").last.inner_text()
    page.locator("ol.hits a").first.click()
    page.wait_for_selector(".posts article")
    assert urlsplit(page.url).path.startswith(f"{PREFIX}en/f/1/thread/")
    page.close()


def test_a_server_that_gives_no_parts(browser: Any, db: Path, space: WebSpace) -> None:
    space.ranges = False
    page = browser.new_page()
    assert ask(page, f"{space.url}search.html?q={quote('收音机')}") == ""
    assert shown(page.content()) == Elsewhere(db).answer(q="收音机")
    names = [each.path for each in space.of_database()]
    assert len(names) == len(set(names)), "each part once, and whole"
    page.close()


def test_what_is_said_where_nothing_can_be_found(
    browser: Any, root: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "site"
    shutil.copytree(root, broken)
    about = broken / "search" / "site.json"
    site = json.loads(about.read_text())
    with serve_folder(broken) as space:
        page = browser.new_page()
        address = f"{space.url}search.html?q=a"
        for name, _ in site["parts"]:
            (broken / "search" / name).unlink()
        assert "更新了" in ask(page, address)

        space.ranges = False
        site["parts"] = [["posts-large-1.db", 60 << 20]]
        about.write_text(json.dumps(site))
        assert "HTTP Range" in ask(page, address)

        about.unlink()
        said = ask(page, address)
        assert "缺少" in said
        assert "site.json" in said
        page.close()


def test_from_a_folder_pages_are_read_and_the_search_says_why_not(
    browser: Any, root: Path
) -> None:
    page = browser.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    said = ask(page, (root / "search.html").as_uri() + "?q=a")
    assert "http.server" in said
    page.goto((root / "index.html").as_uri())
    walk_to_a_thread(page)
    assert page.locator(".posts article").count() > 0
    width = "getComputedStyle(document.querySelector('.face')).borderRadius"
    assert page.evaluate(width) != "0px", "the stylesheet is there"
    page.fill("input[name=q]", "收音机")
    page.click("form.find button")
    assert "http.server" in wait(page)
    assert not faults
    page.close()


def test_without_scripts_all_but_the_search_works(
    browser: Any, space: WebSpace
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{space.url}index.html")
    walk_to_a_thread(page)
    assert page.locator(".posts article").count() > 0
    page.click("a.home")
    page.fill("input[name=q]", "收音机")
    page.click("form.find button")
    assert "脚本" in page.locator("noscript").inner_text()
    context.close()


def test_the_database_holds_nothing_that_is_not_shown(db: Path, root: Path) -> None:
    parts = sorted(
        (root / "search").glob("*.db"),
        key=lambda path: int(path.stem.rpartition("-")[2]),
    )
    whole = root.with_name("whole.db")
    whole.write_bytes(b"".join(path.read_bytes() for path in parts))
    conn = sqlite3.connect(whole)
    assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    tables = conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    counts = {}
    for (name,) in tables.fetchall():
        counts[name] = conn.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
    original = sqlite3.connect(db)
    posts = original.execute("SELECT count(*) FROM posts").fetchone()[0]
    assert counts["posts"] == posts
    for name in ("captures", "runs", "crawls", "frontier", "warc_files", "media"):
        assert counts[name] == 0, name
    conn.close()
    assert str(db.parent).encode() not in whole.read_bytes()
