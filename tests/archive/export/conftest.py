"""An archive with everything that an export must say: two forums, posts that are gone, withheld,
without a number or a time, and words that no XML can hold."""

from __future__ import annotations

import base64
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from corpus import ROOT

from archive.schema import open_archive
from archive.warc.captures import Captures
from scraper.core.records import Capture
from tests.archive_of_posts import Row, insert, make_archive

ROWS = (
    Row(
        text="红灯牌收音机\n只剩<b>沙沙声</b> & 杂音\x00\x0b\ufffe\x1b[31m",
        subject="收音机 <求助>",
        thread="收音机 <求助>",
        opening=True,
        floor=1,
        author="小雨点",
        posted_at="2024-05-01T00:00:00Z",
    ),
    Row(
        text="先量一下电压",
        thread="收音机 <求助>",
        floor=2,
        author="=老周",
        posted_at="2024-05-02",
        location="上海",
    ),
    Row(
        text="谢谢，已经好了。mail: someone@example.com 电话13812345678",
        thread="收音机 <求助>",
        floor=3,
        author="小雨点",
        posted_at="2024-05-03T16:30:15Z",
    ),
    Row(
        text="",
        thread="收音机 <求助>",
        floor=4,
        author="被屏蔽的人",
        posted_at="2024-05-04T00:00:00Z",
    ),
    Row(
        text="一只猫",
        thread="猫",
        board="宠物",
        opening=True,
        floor=1,
        author="王五",
        posted_at=None,
    ),
)
WITHHELD = "提示: 该帖被管理员或版主屏蔽"


@pytest.fixture
def forum_db(tmp_path: Path) -> Path:
    """The file of the archive."""
    path = tmp_path / "forum.db"
    conn = make_archive(path, ROWS)
    fill(conn)
    conn.close()
    return path


def fill(conn: sqlite3.Connection) -> None:
    """What hangs on the posts, and a second forum."""
    conn.execute("UPDATE posts SET html = text, markdown = text")
    conn.execute(
        "UPDATE posts SET withheld = ?, withheld_reason = 'blocked' WHERE id = 4",
        (WITHHELD,),
    )
    conn.execute(
        "UPDATE posts SET gone_at = '2024-06-01T00:00:00Z',"
        " last_seen_at = '2024-05-20T00:00:00Z' WHERE id = 3"
    )
    conn.execute("UPDATE posts SET pid = NULL WHERE id = 5")
    user = insert(conn, "users", site_id=1, uid=77, name="小雨点")
    conn.execute("UPDATE posts SET user_id = ? WHERE author = '小雨点'", (user,))
    conn.execute(
        "UPDATE threads SET user_id = ?, author = '小雨点',"
        " created_at = '2024-05-01T00:00:00Z' WHERE id = 1",
        (user,),
    )
    insert(
        conn,
        "quotes",
        post_id=2,
        position=1,
        pid=1,
        author="小雨点",
        posted_at="2024-05-01T00:00:00Z",
        text="只剩沙沙声",
    )
    insert(
        conn,
        "attachments",
        post_id=1,
        position=1,
        aid=9,
        name="底板.jpg",
        url="data/attachment/底板.jpg",
        size_bytes=2048,
        image=1,
    )
    insert(conn, "images", post_id=1, position=1, url="https://img.example/a.jpg")
    insert(conn, "sites", name="另一个", base_url="https://other.example/")
    thread = insert(conn, "threads", site_id=2, tid=1, title="别处的主题")
    insert(
        conn,
        "posts",
        site_id=2,
        thread_id=thread,
        pid=1,
        floor=1,
        opening=1,
        author="别人",
        posted_at="2023-01-01T00:00:00Z",
        text="别处的话",
    )


PICTURE = b"\x89PNG\r\n\x1a\n" + base64.b64decode(
    "AAAADUlIRFIAAAABAAAAAQgGAAAAHxXEiQAAAA1JREFUeNpj+M/AUA8ABYEBgP1W2VwAAAAASUVORK5CYII="
)
PICTURE_URL = "https://img.example/a.png"


@pytest.fixture
def pictured_db(forum_db: Path) -> Path:
    """The same, with a picture that the archive holds in the first post, one that it does not,
    links, and what no page may keep of a stranger's."""
    conn = open_archive(forum_db).conn
    keep_file(conn, PICTURE_URL, PICTURE)
    conn.execute("UPDATE posts SET html = ? WHERE id = 1", (PICTURED,))
    conn.close()
    return forum_db


PICTURED = (
    f'看图<img src="{PICTURE_URL}"><img src="https://img.example/away.png">'
    '<a href="forum.php?mod=redirect&amp;goto=findpost&amp;ptid=1&amp;pid=2">二楼</a>'
    '<a href="forum.php?mod=viewthread&amp;tid=2">猫</a>'
    '<script>alert(1)</script><b onclick="alert(2)">粗</b>'
    '<font color="red"><table><tr><td width="9">格</td></tr></table></font>'
    "<ul>散<li>项</ul><center>中</center><strike>删</strike>&nbsp;\x01"
)


def keep_file(
    conn: sqlite3.Connection, address: str, body: bytes, post_id: int = 1
) -> int:
    """Keep a picture of a post as a crawl does; the number of its capture."""
    with Captures(conn) as captures:
        kept = captures.keep(
            Capture(
                url=address,
                fetched_at=datetime(2024, 5, 1, tzinfo=UTC),
                status=200,
                headers=(("Content-Type", "image/png"),),
                body=body,
            )
        )
    insert(
        conn,
        "media",
        site_id=1,
        name=address,
        url=address,
        state="done",
        capture_id=kept.id,
    )
    insert(conn, "images", post_id=post_id, position=2, url=address)
    return kept.id


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's archive: two forums as they were captured."""
    folder = tmp_path_factory.mktemp("demo")
    words = [sys.executable, "-m", "archive", "demo", str(folder)]
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True)
    return folder / "demo.db"
