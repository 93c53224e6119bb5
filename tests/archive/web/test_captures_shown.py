"""The kept page that a post was read from: what is said of it, what it shows, and that nothing
in it runs, sends or is loaded, in a real browser."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from attacks import ALL, OUTSIDE
from browser import served
from kept_attacks import PAGES, page
from test_viewer import png

from archive.commands.export import command
from archive.schema import open_archive
from archive.warc.captures import Captures, warc_folder
from archive.web import kept_page
from scraper.core.records import Capture
from tests.archive_of_posts import Row, insert, make_archive
from tests.web_client import pages_of

CHINESE = {"accept_language": "zh"}
FRAMED = "iframe.capture"
WITH_PICTURES = page(
    '<div id="pid1">看图：<img file="a.png" src="static/image/common/none.gif" '
    'aid="7" alt="有"><img src="away.png" alt="无">'
    '<a href="thread-1-1-1.html">本主题</a><a href="https://else.example/x">别处</a>'
    '<a href="#pid1">本页</a></div>',
    "<title>收音机 &amp; 茶</title>",
    "gbk",
)


def keep(
    conn: sqlite3.Connection, name: str, body: bytes, content_type: str = ""
) -> int:
    with Captures(conn) as captures:
        kept = captures.keep(
            Capture(
                url=f"https://bbs.example/{name}",
                fetched_at=datetime(2024, 5, 2, 3, 4, 5, tzinfo=UTC),
                status=200,
                headers=(("Content-Type", content_type),),
                body=body,
            )
        )
    return kept.id


def make(path: Path, kept: list[tuple[bytes, str]]) -> Path:
    """A post for each kept page, read from it."""
    rows = [
        Row(text=f"第{floor}楼", floor=floor, opening=floor == 1)
        for floor in range(1, len(kept) + 1)
    ]
    make_archive(path, rows).close()
    conn = open_archive(path).conn
    conn.isolation_level = None
    for number, (body, content_type) in enumerate(kept, 1):
        capture = keep(conn, f"thread-{number}-1-1.html", body, content_type)
        sql = "UPDATE posts SET capture_id = ? WHERE id = ?"
        conn.execute(sql, (capture, number))
    conn.close()
    return path


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """A post that was read from a page with pictures, one of them kept."""
    path = make(tmp_path / "forum.db", [WITH_PICTURES])
    conn = open_archive(path).conn
    conn.isolation_level = None
    picture = keep(conn, "a.png", png(7, 7))
    address = "https://bbs.example/a.png"
    insert(
        conn,
        "media",
        site_id=1,
        name=address,
        url=address,
        state="done",
        capture_id=picture,
    )
    conn.close()
    return path


def change(path: Path, sql: str, *values: object) -> None:
    conn = sqlite3.connect(path)
    conn.execute(sql, values)
    conn.commit()
    conn.close()


def test_what_is_said_of_it(db: Path) -> None:
    pages = pages_of(db)
    assert 'href="/f/1/post/1/capture"' in pages.get("/f/1/thread/1", **CHINESE).text
    shown = pages.get("/f/1/post/1/capture", **CHINESE)
    assert shown.status_code == 200
    for said in (
        'href="https://bbs.example/thread-1-1-1.html"',
        "2024-05-02 11:04",
        "200 · text/html; charset=gbk",
        "forum-00001.warc.gz",
        "所以看起来和当时不同",
        "回到帖子",
        'sandbox="allow-top-navigation-by-user-activation"',
        'src="/f/1/post/1/capture/page#pid1"',
    ):
        assert said in shown.text, said
    traditional = pages.get("/f/1/post/1/capture", accept_language="zh-TW").text
    assert "存下的原頁" in traditional
    english = pages.get("/f/1/post/1/capture", accept_language="en").text
    assert "it does not look as it did" in english


def test_what_it_shows(db: Path) -> None:
    shown = pages_of(db).get("/f/1/post/1/capture/page")
    assert shown.headers["content-type"] == "text/html; charset=utf-8"
    text = shown.text
    assert "<title>收音机 &amp; 茶</title>" in text
    assert re.search(r'<img src="data:image/png;base64,[\w+/=]+" alt="有">', text)
    assert text.count("<img ") == 1
    assert re.search(r">\s*无<a ", text)
    assert '<a href="/f/1/thread/1" target="_top"' in text
    assert '<a href="https://else.example/x" target="_top"' in text
    assert '<a href="#pid1" rel=' in text
    assert 'id="pid1"' in text


def test_only_so_many_pictures_stand_in_it(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_page, "MAX_PICTURE_BYTES", 10)
    text = pages_of(db).get("/f/1/post/1/capture/page").text
    assert '<img alt="有">' in text
    assert "data:" not in text


@pytest.mark.parametrize(
    ("body", "content_type", "shown"),
    [
        (b'{"a": "<b>\xe5\xb8\x96"}', "application/json", "{&quot;a&quot;: &quot;"),
        ("作者: 小雨点\n只剩沙沙声".encode("gbk"), "text/plain", "只剩沙沙声</pre>"),
        (b"<html>" + b"<div>" * 20_000 + b"deep</html>", "text/html", "deep </pre>"),
        (b"", "text/html", "<pre></pre>"),
    ],
)
def test_what_is_no_page_is_shown_as_text(
    tmp_path: Path, body: bytes, content_type: str, shown: str
) -> None:
    path = make(tmp_path / "forum.db", [(body, content_type)])
    assert shown in pages_of(path).get("/f/1/post/1/capture/page").text


def test_a_long_page_is_shown_in_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_page, "MAX_CHARS", 1000)
    body = b"<html><p>first</p>" + b"<b>word</b> " * 500 + b"<p>last</p>"
    path = make(tmp_path / "forum.db", [(body, "text/html")])
    shown = pages_of(path).get("/f/1/post/1/capture/page").text
    assert "first" in shown
    assert "last" not in shown
    assert "<b>" not in shown


def test_a_post_that_was_read_from_nothing_kept(db: Path) -> None:
    change(db, "UPDATE posts SET capture_id = NULL")
    assert_said(db, "已按要求删除，或者从未存下")


def test_a_warc_file_that_is_not_there(db: Path) -> None:
    shutil.rmtree(warc_folder(open_archive(db).conn))
    assert_said(db, "WARC 文件不在、已损坏或读不出来")


def test_a_record_that_is_another(db: Path) -> None:
    change(db, "UPDATE captures SET offset = offset + 1")
    assert_said(db, "WARC 文件不在、已损坏或读不出来")


def test_a_removal_that_is_not_finished(db: Path) -> None:
    conn = sqlite3.connect(db)
    insert(conn, "forgetting_requests", asked_at="2024", kind="user", step="pages")
    conn.commit()
    conn.close()
    assert_said(db, "按要求的一项删除还没有做完")


def test_a_page_of_which_parts_were_removed(db: Path) -> None:
    change(db, "UPDATE captures SET blanked = 1")
    shown = pages_of(db).get("/f/1/post/1/capture", **CHINESE)
    assert "已按要求删去" in shown.text
    assert "<iframe" in shown.text


def assert_said(path: Path, said: str) -> None:
    pages = pages_of(path)
    shown = pages.get("/f/1/post/1/capture", **CHINESE)
    assert shown.status_code == 200
    assert said in shown.text
    assert "<iframe" not in shown.text
    assert "frame-src" not in shown.headers["content-security-policy"]
    assert pages.get("/f/1/post/1/capture/page").status_code == 404


def test_pages_of_other_sites_cannot_frame_it(db: Path) -> None:
    pages = pages_of(db)
    path = "/f/1/post/1/capture/page"
    framed = {"sec_fetch_mode": "navigate", "sec_fetch_dest": "iframe"}
    assert pages.get(path, sec_fetch_site="cross-site", **framed).status_code == 403
    own = pages.get(path, sec_fetch_site="same-origin", **framed)
    assert own.status_code == 200
    assert "frame-ancestors 'self'" in own.headers["content-security-policy"]
    assert "set-cookie" not in own.headers


def test_a_site_of_plain_files_has_none(db: Path, tmp_path: Path) -> None:
    target = tmp_path / "site"
    words = [str(db), "--format", "site", "--to", str(target)]
    assert command.main(words, standalone_mode=False) == 0
    shown = (target / "f/1/thread/1.html").read_text("utf-8")
    assert "第1楼" in shown
    assert "capture" not in shown


@pytest.mark.parametrize("attack", ALL)
def test_the_allow_list_alone_lets_nothing_through(attack: str) -> None:
    assert_clean(*page(attack))


@pytest.mark.parametrize("name", PAGES)
def test_nor_of_whole_pages(name: str) -> None:
    assert_clean(*PAGES[name])


def assert_clean(body: bytes, content_type: str) -> None:
    context = kept_page.PageContext(
        link=lambda href: href,
        captures=lambda pictures: [None for _ in pictures],
        read=lambda _: b"",
    )
    made = kept_page.kept_page(body, content_type, context).decode()
    _, _, shown = made.partition("<body>")
    tags = re.findall(r"<[a-z][^>]*>", shown, re.I)
    for tag in tags:
        assert not re.match(
            r"<(?:script|style|iframe|svg|math|object|embed|base|link|meta|form|input|"
            r"video|audio|source|picture|template|portal|frame)\b",
            tag,
            re.I,
        ), tag
        names = re.sub(r'"[^"]*"', '""', tag)
        assert not re.search(
            r"\s(?:on\w+|src|srcset|action|formaction|background|ping)\s*=", names
        ), tag
        assert not re.search(
            r'href="(?!https?:|ftp:|mailto:)[a-z][a-z0-9.+-]*:', tag, re.I
        ), tag
        assert not re.search(r'style="[^"]*(?:url|\\|expression)', tag), tag


@pytest.fixture(scope="module")
def attacked(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A post for each page that attacks."""
    path = tmp_path_factory.mktemp("attacked") / "attacked.db"
    with served(make(path, list(PAGES.values()))) as address:
        yield address


@pytest.mark.parametrize("way", ["in its frame", "alone, without the policy"])
def test_nothing_runs_and_nothing_goes_out(
    browser: Any, attacked: str, way: str
) -> None:
    is_framed = way == "in its frame"
    context = browser.new_context(bypass_csp=not is_framed)
    context.add_init_script("window.alert = () => { window.ran = 1 }")
    window = context.new_page()
    window.set_default_timeout(15_000)
    asked: list[str] = []
    said: list[str] = []
    window.on("request", lambda request: asked.append(request.url))
    window.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    window.on("popup", lambda popup: said.append(f"popup {popup.url}"))
    faults = []
    for number, name in enumerate(PAGES, 1):
        path = f"{attacked}/f/1/post/{number}/capture"
        if not is_framed:
            path += "/page"
        window.goto(path)
        shown = window.frames[-1]
        shown.wait_for_load_state()
        for link in shown.locator("a").all():
            link.hover()
            link.click(modifiers=["Control"])
        state = shown.evaluate("[window.ran, window.origin, document.body.innerText]")
        ran, origin, _ = state
        if ran or window.url != path or (is_framed and origin != "null"):
            faults.append(f"{name}: {state} {window.url}")
        if len(window.frames) != (2 if is_framed else 1):
            faults.append(f"{name}: {[frame.url for frame in window.frames]}")
    context.close()
    assert faults == []
    assert said == []
    outside = [each for each in asked if not each.startswith(f"{attacked}/")]
    assert outside == []


def test_this_test_would_notice(browser: Any) -> None:
    window = browser.new_page()
    window.add_init_script("window.alert = () => { window.ran = 1 }")
    asked: list[str] = []
    window.on("request", lambda request: asked.append(request.url))
    window.goto("about:blank")
    for name in ("script", "handlers", "the page's own"):
        body, _ = PAGES[name]
        window.evaluate("window.ran = 0")
        window.set_content(body.decode())
        assert window.evaluate("window.ran"), name
    body, _ = PAGES["pictures"]
    window.set_content(body.decode())
    assert any(each.startswith(OUTSIDE) for each in asked)
    window.close()


def test_a_reader_follows_its_links(browser: Any, db: Path) -> None:
    with served(db) as address:
        window = browser.new_page()
        window.goto(f"{address}/f/1/thread/1")
        window.click(
            "text=原页" if window.locator("text=原页").count() else "text=Capt"
        )
        frame = window.frame_locator(FRAMED)
        frame.locator("img").first.wait_for()
        assert frame.locator("img").first.evaluate("each => each.naturalWidth") == 7
        frame.locator("text=本页").click()
        assert window.url.endswith("/capture")
        frame.locator("text=本主题").click()
        window.wait_for_url(f"{address}/f/1/thread/1")
        window.close()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_and_everybody_can_read_it(
    browser: Any, attacked: str, width: int, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    window = context.new_page()
    window.goto(f"{attacked}/f/1/post/1/capture")
    assert window.evaluate("document.documentElement.scrollWidth") <= width
    found = axe.run(window).response["violations"]
    assert json.dumps([[each["id"], each["nodes"]] for each in found]) == "[]"
    context.close()
