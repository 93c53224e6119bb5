"""A thread as a book passes epubcheck, whatever its posts hold."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from attacks import ALL
from command_line import Run
from markupsafe import Markup

from archive.export.xhtml import to_xhtml
from archive.schema import open_archive
from tests.archive.export.conftest import PICTURE, PICTURE_URL, WITHHELD, keep_file
from tests.archive_of_posts import insert

JAR = Path("/usr/share/java/epubcheck.jar")
ODD = (
    "<font><table><tr><td colspan=0>格<td rowspan=2>子</table></font>",
    "<ul>散<li>项</ul><ol></ol><li>孤",
    "<b><i><div>块</div></b></i><p>段<blockquote>引</blockquote>",
    '<a href="http://x y/z[1]#a#b|c">地址</a><a href="http://[bad">坏</a>',
    '<a href="https://例子.测试/路径?词=值%zz">中文</a><a href="mailto:a b@c.d">信</a>',
    '<a href="https://a.example/"><div><table><tr><td>格</table></div></a>',
    "<dl><dt>词<dd>义</dl><center><h3>题<hr></h3></center><strike>删</strike>",
    "<table><caption>名</caption><thead><tr><th>头</thead>散<tr><td>身</table>",
    '<a href="http://a_b.example/">划</a><a href="ftp://a.example:21/x">文</a>',
    "<sub>" * 400 + "深" + "</sub>" * 400,
    "&#1;&#11;\x02\ufffe&nbsp;&lt;b&gt;",
)


def exported(call: Run, db: Path, *words: str) -> tuple[zipfile.ZipFile, str]:
    """The book, and what was said."""
    target = db.with_name("out.epub")
    code, said = call("export", db, "--format", "epub", "--to", target, *words)
    assert code == 0
    check(target)
    return zipfile.ZipFile(target), said


def check(path: Path) -> None:
    """What epubcheck says of a book, where it is installed."""
    java = shutil.which("java")
    if not java or not JAR.is_file():
        return
    words = [java, "-jar", str(JAR), "--quiet", "--json", "-", str(path)]
    ran = subprocess.run(words, capture_output=True, check=False)
    said = json.loads(ran.stdout)["messages"]
    faults = [f"{each['ID']}: {each['message']}" for each in said]
    assert faults == []


def test_a_thread_of_floors(pictured_db: Path, call: Run) -> None:
    book, said = exported(call, pictured_db, "--thread", "~1")
    names = book.namelist()
    assert names[0] == "mimetype"
    assert book.getinfo("mimetype").compress_type == zipfile.ZIP_STORED
    assert "pictures: 1" in said
    (picture,) = [name for name in names if name.startswith("book/images/")]
    assert book.read(picture) == PICTURE
    chapter = book.read("book/chapter-1.xhtml").decode()
    assert WITHHELD in chapter
    assert "此帖已从论坛消失" in chapter
    assert 'href="chapter-1.xhtml#p2"' in chapter
    assert "alert(" not in chapter
    assert "chapter-2.xhtml" not in "".join(names)
    cover = book.read("book/cover.xhtml").decode()
    assert "收音机 &lt;求助&gt;" in cover


def test_the_openers_posts_are_chapters(forum_db: Path, call: Run) -> None:
    book, _ = exported(call, forum_db, "--thread", "~1", "--only-op")
    contents = ElementTree.fromstring(book.read("book/nav.xhtml"))
    links = [each for each in contents.iter() if each.tag.endswith("}a")]
    assert [link.get("href") for link in links] == [
        "chapter-1.xhtml",
        "chapter-2.xhtml",
    ]
    assert [link.text for link in links] == [
        "收音机 <求助>",
        "谢谢，已经好了。mail: someone@example.com 电话13812345678"[:30],
    ]


def test_links_lead_to_the_chapter_of_a_post(forum_db: Path, call: Run) -> None:
    archive = open_archive(forum_db)
    for number in range(50, 80):
        insert(
            archive.conn,
            "posts",
            site_id=1,
            thread_id=2,
            pid=number,
            posted_at=f"2025-01-01T00:00:{number - 50:02}Z",
            html='<a href="forum.php?mod=redirect&amp;goto=findpost&amp;pid=79">末</a>',
        )
    archive.close()
    book, _ = exported(call, forum_db, "--thread", "2", "--site", "1")
    assert 'href="chapter-2.xhtml#p' in book.read("book/chapter-1.xhtml").decode()
    contents = book.read("book/nav.xhtml").decode()
    assert ">1–20<" in contents
    assert ">21–31<" in contents


def test_whatever_posts_hold(forum_db: Path, call: Run) -> None:
    archive = open_archive(forum_db)
    for number, source in enumerate([*ODD, *ALL, "".join(ALL)], 100):
        insert(
            archive.conn,
            "posts",
            site_id=1,
            thread_id=2,
            pid=number,
            author=source[:40],
            subject=source[:40],
            html=source,
        )
    archive.conn.execute("UPDATE threads SET title = ? WHERE id = 2", (ALL[0],))
    keep_file(archive.conn, PICTURE_URL, b"RIFF0000WEBPVP8 ")
    insert(archive.conn, "images", post_id=5, position=1, url=PICTURE_URL)
    archive.conn.execute(
        "UPDATE posts SET html = ? WHERE id = 5", (f'<img src="{PICTURE_URL}">',)
    )
    archive.close()
    book, said = exported(call, forum_db, "--thread", "2", "--site", "1")
    assert "pictures of kinds that books cannot show: 1" in said
    assert "电子书不支持这种图片" in book.read("book/chapter-1.xhtml").decode()


def test_several_threads_are_several_books(forum_db: Path, call: Run) -> None:
    folder = forum_db.with_name("books")
    assert call("export", forum_db, "--format", "epub", "--to", folder)[0] == 0
    names = {path.name for path in folder.glob("*.epub")}
    assert names == {"1-thread-1.epub", "1-thread-2.epub", "2-thread-1.epub"}
    single = folder.with_name("all.epub")
    assert call("export", forum_db, "--format", "epub", "--to", single)[0] == 3
    assert not single.exists()
    assert list(single.parent.glob(".*.part")) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a<br>b", "a<br />b"),
        ("<ul>散<li>项</li></ul>", "<div>散<div>项</div></div>"),
        ("<b><div>块</div></b>", "<div><div>块</div></div>"),
        ('<a href="#p9">去</a>后', "<span>去</span>后"),
        ('<a href="http://x/a b">去</a>', '<a href="http://x/a%20b">去</a>'),
        ('<td>格</td><img src="a.png">', '<div>格</div><img src="a.png" alt="" />'),
        ("<b>粗</i>仍</b>后", "<b>粗仍</b>后"),
    ],
)
def test_what_may_not_stand_there_becomes_a_box(source: str, expected: str) -> None:
    made = to_xhtml(Markup(source), lambda _: "")
    assert made == f"<div>{expected}</div>"
