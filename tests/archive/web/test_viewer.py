"""The picture viewer: through the pictures of a thread by links and by keys, and what is said
of those that are not here."""

from __future__ import annotations

import sqlite3
import struct
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from browser import served

from archive.schema import open_archive
from archive.warc.captures import Captures, warc_folder
from scraper.core.records import Capture
from tests.archive_of_posts import Row, insert, make_archive
from tests.web_client import Pages, pages_of

CHINESE = {"accept_language": "zh"}
ENGLISH = {"accept_language": "en"}
VIEWED = [
    "/f/1/post/2/picture/1",
    "/f/1/post/2/picture/2",
    "/f/1/post/5/picture/1",
    "/f/1/post/7/picture/1",
    "/f/1/post/9/picture/1",
    "/f/1/post/12/picture/1",
]
"""The pictures of the thread, in order."""


def png(width: int, height: int) -> bytes:
    """A picture of one colour."""
    rows = (b"\0" + b"\x40\x80\xc0" * width) * height

    def part(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data))
            + name
            + data
            + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + part(b"IHDR", head)
        + part(b"IDAT", zlib.compress(rows))
        + part(b"IEND", b"")
    )


SIZE_BYTES = len(png(2000, 900))


def keep(conn: sqlite3.Connection, post_id: int, name: str, body: bytes) -> None:
    """A picture as a crawl keeps it."""
    address = f"https://bbs.example/{name}"
    with Captures(conn) as captures:
        kept = captures.keep(
            Capture(
                url=address,
                fetched_at=datetime(2024, 5, 1, tzinfo=UTC),
                status=200,
                headers=(),
                body=body,
            )
        )
    values = {"name": address, "url": address, "post_id": post_id}
    insert(conn, "media", site_id=1, state="done", capture_id=kept.id, **values)


def show(conn: sqlite3.Connection, post_id: int, *names: str) -> None:
    """Pictures in a message."""
    for position, name in enumerate(names, 1):
        insert(conn, "images", post_id=post_id, position=position, url=name)
    shown = "".join(f'看<img src="{name}" alt="图">' for name in names)
    conn.execute("UPDATE posts SET html = ? WHERE id = ?", (shown, post_id))


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("viewer") / "forum.db"
    rows = [
        Row(
            text=f"第{floor}楼",
            floor=floor,
            opening=floor == 1,
            posted_at=f"2024-05-01T00:{floor:02}:00Z",
        )
        for floor in range(1, 14)
    ]
    make_archive(path, rows).close()
    conn = open_archive(path).conn
    conn.isolation_level = None
    show(conn, 2, "a.png", "b.png", "a.png")
    keep(conn, 2, "a.png", png(2000, 900))
    keep(conn, 2, "b.png", png(90, 2000))
    show(conn, 5, "https://img.example/away.png")
    insert(
        conn,
        "attachments",
        post_id=7,
        position=1,
        aid=70,
        name="底板<正面>.png",
        url="forum.php?mod=attachment&aid=NzB8",
        size_bytes=2048,
        image=1,
        description="换电容以前",
    )
    keep(conn, 7, "x", png(30, 30))
    conn.execute("UPDATE media SET name = 'aid:70' WHERE post_id = 7")
    show(conn, 9, "evil.png")
    keep(conn, 9, "evil.png", b"<script>alert(1)</script>")
    show(conn, 12, "last.png")
    linked = '<p><a href="forum.php?mod=viewthread&amp;tid=1"><b><img src="last.png"></b></a></p>'
    conn.execute("UPDATE posts SET html = ? WHERE id = 12", (linked,))
    keep(conn, 12, "last.png", png(40, 40))
    conn.close()
    return path


@pytest.fixture
def pages(db: Path) -> Pages:
    return pages_of(db)


def test_pictures_of_messages_lead_to_the_viewer(pages: Pages) -> None:
    page = pages.get("/f/1/thread/1", **CHINESE).text
    for address in (*VIEWED[:2], *VIEWED[3:5]):
        assert f'href="{address}"' in page, address
    assert f'href="{VIEWED[2]}"' not in page, "one that is not here leads to the forum"
    last = pages.get("/f/1/thread/1?page=2", **CHINESE).text
    assert 'href="/f/1/thread/1"' in last, "a picture in a link leads where it led"
    assert f'href="{VIEWED[5]}"' not in last


def test_each_leads_to_the_next(pages: Pages) -> None:
    address = VIEWED[0]
    for number, expected in enumerate(VIEWED, 1):
        assert address == expected
        page = pages.get(address, **ENGLISH).text
        assert f"Picture {number} of {len(VIEWED)} " in page
        assert ('rel="prev"' in page) == (number > 1)
        _, _, behind = page.partition('rel="next" href="')
        address, _, _ = behind.partition('"')
    assert address == ""


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (VIEWED[2], "这张图片没有存档。"),
        (VIEWED[2], 'href="https://img.example/away.png"'),
        (VIEWED[3], "底板&lt;正面&gt;.png"),
        (VIEWED[3], "换电容以前"),
        (VIEWED[3], "forum.php?mod=attachment&amp;aid=NzB8"),
        (VIEWED[4], "不是浏览器能显示的图片"),
        (VIEWED[0], "https://bbs.example/a.png"),
        (VIEWED[0], f"{SIZE_BYTES / 1000:.1f} kB"),
        (VIEWED[0], 'href="/f/1/post/2"'),
    ],
)
def test_what_is_said_of_a_picture(pages: Pages, address: str, said: str) -> None:
    assert said in pages.get(address, **CHINESE).text


def test_in_traditional_characters(pages: Pages) -> None:
    page = pages.get(VIEWED[2], accept_language="zh-TW").text
    assert "這張圖片沒有存檔" in page


@pytest.mark.parametrize(
    "address",
    [
        "/f/1/post/2/picture/3",
        "/f/1/post/2/picture/0",
        "/f/1/post/1/picture/1",
        "/f/1/post/99/picture/1",
        "/f/1/post/2/picture/x",
    ],
)
def test_no_such_picture(pages: Pages, address: str) -> None:
    assert pages.get(address, **CHINESE).status_code == 404


def test_a_picture_whose_file_is_gone(db: Path, tmp_path: Path) -> None:
    copy = tmp_path / "forum.db"
    copy.write_bytes(db.read_bytes())  # and not its WARC files
    page = pages_of(copy).get(VIEWED[0], **CHINESE).text
    assert "保存它的 WARC 文件不在" in page
    assert "<img" not in page


def test_posts_without_numbers(db: Path, tmp_path: Path) -> None:
    copy = tmp_path / "forum.db"
    copy.write_bytes(db.read_bytes())
    warc_folder(open_archive(copy).conn).symlink_to(db.with_suffix(".warc"))
    conn = sqlite3.connect(copy)
    conn.execute("UPDATE posts SET pid = NULL")
    conn.commit()
    conn.close()
    page = pages_of(copy).get("/f/1/post/~2/picture/2", **ENGLISH).text
    assert "Picture 2 of 6 " in page
    assert 'href="/f/1/post/~5/picture/1"' in page


@pytest.fixture(scope="module")
def address(browser: Any, db: Path) -> Iterator[str]:
    with served(db) as found:
        yield found


def test_a_walk_without_scripts(browser: Any, address: str) -> None:
    context = browser.new_context(
        java_script_enabled=False,
        locale="zh-CN",
        viewport={"width": 390, "height": 800},
    )
    page = context.new_page()
    page.goto(f"{address}/f/1/thread/1")
    page.locator(".message img").first.click()
    page.wait_for_url(address + VIEWED[0])
    page.click("text=下一张")
    page.wait_for_url(address + VIEWED[1])
    page.locator(".viewer img").click()
    page.wait_for_url("**/-/media/*")
    assert page.locator("img").evaluate("each => each.naturalHeight") == 2000
    page.go_back()
    page.click("text=回到帖子")
    page.wait_for_url("**/f/1/thread/1#p2")
    context.close()


def test_a_walk_by_keys(browser: Any, address: str) -> None:
    page = browser.new_page(locale="zh-CN")
    page.goto(address + VIEWED[0])
    for key, end in (
        ("ArrowRight", VIEWED[1]),
        ("ArrowRight", VIEWED[2]),
        ("ArrowLeft", VIEWED[1]),
        ("Escape", "/f/1/thread/1#p2"),
    ):
        page.keyboard.press(key)
        page.wait_for_url(address + end)
    page.close()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_and_everybody_can_read_it(
    browser: Any, address: str, width: int, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    page = context.new_page()
    for path in VIEWED:
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("h1").count() == 1
        found = axe.run(page).response["violations"]
        assert [each["id"] for each in found] == []
        picture = page.locator(".viewer img")
        if picture.count():
            box = picture.bounding_box()
            assert box["height"] <= 900, path
    context.close()
