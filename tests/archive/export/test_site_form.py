"""A folder of plain files: all pages, links that lead somewhere, and what a second export
writes."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from command_line import Run

from archive.index.writer import catch_up
from archive.schema import open_archive, transaction
from archive.warc.captures import warc_folder
from tests.archive.export.conftest import PICTURE, WITHHELD, keep_file
from tests.archive_of_posts import Row, add_post, insert, make_archive
from tests.site_links import broken, links

LONG = 60


def exported(call: Run, db: Path, *words: str) -> tuple[Path, str]:
    """The folder, and what the command said."""
    target = db.with_name("site")
    code, said = call("export", db, "--format", "site", "--to", target, *words)
    assert code == 0, said
    return target, said


def page(root: Path, name: str) -> str:
    return (root / name).read_text("utf-8")


def pages(root: Path) -> set[str]:
    """The pages in Chinese."""
    found = {path.relative_to(root).as_posix() for path in root.rglob("*.html")}
    return {name for name in found if not name.startswith("en/")}


def written(root: Path) -> dict[str, int]:
    """When each file was written."""
    files = [path for path in root.rglob("*") if path.is_file()]
    return {
        path.relative_to(root).as_posix(): path.stat().st_mtime_ns for path in files
    }


def test_every_link_leads_somewhere(pictured_db: Path, call: Run) -> None:
    root, said = exported(call, pictured_db)
    assert said.startswith("wrote 3 threads, 6 posts: ")
    assert "  withheld by the forum: 1\n" in said
    assert "  since gone: 1\n" in said
    assert not broken(root)
    assert (root / ".nojekyll").exists()


def test_there_is_a_page_for_everything_in_both_languages(
    forum_db: Path, call: Run
) -> None:
    root, _ = exported(call, forum_db)
    found = pages(root)
    assert {
        "index.html",
        "search.html",
        "f/1/index.html",
        "f/2/index.html",
        "f/1/board/1.html",
        "f/1/board/2.html",
        "f/1/thread/1.html",
        "f/1/thread/2.html",
        "f/2/thread/1.html",
        "f/1/user/77.html",
    } <= found
    for name in found:
        assert (root / "en" / name).exists(), name
    assert WITHHELD in page(root, "f/1/thread/1.html")
    assert 'lang="en"' in page(root, "en/f/1/thread/1.html")
    leading = {link.target for link in links(root) if link.page == "f/1/thread/1.html"}
    assert {"en/f/1/thread/1.html", "f/1/thread/1.html", "style.css"} <= leading


def test_what_needs_a_server_is_not_offered(pictured_db: Path, call: Run) -> None:
    root, _ = exported(call, pictured_db)
    shown = page(root, "f/1/thread/1.html")
    for word in ("jump", "growth", "similar", "/-/", "?by=", 'href="/'):
        assert word not in shown, word
    assert "alert(" not in shown
    assert "default-src &#39;none&#39;" in shown


def test_pictures_stand_there_once_by_what_they_hold(
    pictured_db: Path, call: Run
) -> None:
    conn = open_archive(pictured_db).conn
    again = "https://img.example/again.png"
    keep_file(conn, again, PICTURE, post_id=2)
    evil = b"<html><script>alert(1)</script></html>"
    keep_file(conn, "https://bbs.example/data/attachment/evil.html", evil, 3)
    insert(
        conn,
        "attachments",
        post_id=2,
        position=1,
        name='<evil>".html',
        url="https://bbs.example/data/attachment/evil.html",
    )
    conn.execute(
        "UPDATE posts SET html = html || ? WHERE id = 2", (f'<img src="{again}">',)
    )
    conn.close()
    root, said = exported(call, pictured_db)
    kept = {path.suffix: path.read_bytes() for path in (root / "media").iterdir()}
    assert kept == {".png": PICTURE, ".bin": evil}
    assert "pictures and files: 3" in said
    assert 'download="&lt;evil&gt;&#34;.html"' in page(root, "f/1/thread/1.html")
    assert not broken(root)


def test_a_lost_picture_is_told(pictured_db: Path, call: Run) -> None:
    archive = open_archive(pictured_db)
    shutil.rmtree(warc_folder(archive.conn))
    archive.close()
    root, said = exported(call, pictured_db)
    assert "files whose WARC record is lost: 1" in said
    assert "图片已丢失" in page(root, "f/1/thread/1.html")
    assert not broken(root)


def test_names_that_differ_by_capitals_are_two_files(tmp_path: Path, call: Run) -> None:
    names = ("ABC", "abc", "a/../b", "CON", "百%00", "x" * 150)
    rows = [Row(text="话", author=name, floor=n) for n, name in enumerate(names, 1)]
    make_archive(tmp_path / "forum.db", rows).close()
    root, _ = exported(call, tmp_path / "forum.db")
    files = [path.name for path in (root / "f/1/author").iterdir()]
    assert len({name.lower() for name in files}) == len(names)
    assert not broken(root)


def test_long_threads_boards_and_members_are_paged(tmp_path: Path, call: Run) -> None:
    db = tmp_path / "forum.db"
    rows = [Row(text=f"第{n}句", thread="长", floor=n) for n in range(1, LONG + 1)]
    rows += [Row(text="短", thread=f"短{n}", opening=True) for n in range(LONG)]
    conn = make_archive(db, rows)
    user = insert(conn, "users", site_id=1, uid=5, name="张三")
    conn.execute("UPDATE posts SET user_id = ?", (user,))
    conn.execute("UPDATE threads SET user_id = ?", (user,))
    conn.execute(
        "UPDATE posts SET html = ? WHERE id = 1",
        (
            '<a href="forum.php?mod=viewthread&amp;tid=1&amp;page=99">末页</a>'
            '<a href="forum.php?mod=redirect&amp;goto=findpost&amp;pid=55">某楼</a>'
            '<a href="forum.php?mod=viewthread&amp;tid=9999">别处</a>',
        ),
    )
    conn.close()
    root, _ = exported(call, db)
    found = pages(root)
    assert {
        "f/1/thread/1-6.html",
        "f/1/board/1-2.html",
        "f/1/user/5-threads-2.html",
        "f/1/user/5-posts-2.html",
        "f/1/user/5-posts-3.html",
    } <= found
    assert "f/1/user/5-posts-4.html" not in found
    first = page(root, "f/1/thread/1.html")
    assert '<a href="1-6.html"' in first
    assert '<a href="1-6.html#p55"' in first
    assert (
        '<a href="https://bbs.example/forum.php?mod=viewthread&amp;tid=9999"' in first
    )
    assert not broken(root)


def test_a_moved_thread_leads_to_where_it_is(tmp_path: Path, call: Run) -> None:
    db = tmp_path / "forum.db"
    conn = make_archive(db, [Row(text="话", thread="在此", opening=True)])
    insert(conn, "threads", site_id=1, tid=50, board_id=1, title="搬走的", moved_to=1)
    insert(conn, "threads", site_id=1, tid=51, board_id=1, title="搬远的", moved_to=404)
    conn.close()
    root, _ = exported(call, db)
    board = page(root, "f/1/board/1.html")
    assert '<a href="../thread/1.html">搬走的' in board
    assert "tid=404" in board
    assert "f/1/thread/50.html" not in pages(root)
    assert not broken(root)


@pytest.mark.parametrize(
    ("words", "here", "away"),
    [
        (("--site", "2"), "别处的话", "先量一下电压"),
        (("--board", "2"), "一只猫", "先量一下电压"),
        (("--site", "1", "--thread", "1"), "先量一下电压", "一只猫"),
        (("--query", "电压"), "先量一下电压", "谢谢，已经好了"),
        (("--only-author", "小雨点"), "谢谢，已经好了", "先量一下电压"),
    ],
)
def test_a_part_of_an_archive(
    forum_db: Path, call: Run, words: tuple[str, ...], here: str, away: str
) -> None:
    root, _ = exported(call, forum_db, *words)
    said = "".join(page(root, name) for name in pages(root))
    assert here in said
    assert away not in said
    assert not broken(root)


def test_a_second_export_writes_only_what_changed(pictured_db: Path, call: Run) -> None:
    root, _ = exported(call, pictured_db)
    (root / "CNAME").write_text("forum.example")
    before = written(root)
    exported(call, pictured_db)
    assert written(root) == before

    conn = open_archive(pictured_db).conn
    with transaction(conn):
        # a crawl comes by, and all is as it was
        conn.execute("UPDATE threads SET last_seen_at = '2026-01-01T00:00:00Z'")
        conn.execute(
            "UPDATE posts SET last_seen_at = '2026-01-01T00:00:00Z' WHERE id < 3"
        )
    conn.close()
    exported(call, pictured_db)
    assert written(root) == before

    conn = open_archive(pictured_db).conn
    with transaction(conn):
        conn.execute("UPDATE posts SET text = '改过', html = '改过' WHERE id = 5")
        catch_up(conn)
    conn.close()
    exported(call, pictured_db)
    after = written(root)
    changed = {name for name in after if after[name] != before.get(name)}
    pages_changed = {name for name in changed if name.endswith(".html")}
    assert "f/1/thread/2.html" in pages_changed
    assert "f/1/thread/1.html" not in pages_changed
    assert "f/1/index.html" not in pages_changed
    assert "search/engine/pyodide.asm.wasm" not in changed
    assert len(list((root / "search").glob("*.db"))) == 1


def test_what_is_no_longer_there_is_removed_and_what_is_anothers_stays(
    forum_db: Path, call: Run
) -> None:
    root, _ = exported(call, forum_db)
    (root / "CNAME").write_text("forum.example")
    conn = sqlite3.connect(forum_db)
    conn.execute("DELETE FROM posts WHERE thread_id = 2")
    conn.execute("DELETE FROM threads WHERE id = 2")
    conn.commit()
    conn.close()
    exported(call, forum_db)
    assert "f/1/thread/2.html" not in pages(root)
    assert not (root / "en/f/1/thread/2.html").exists()
    assert (root / "CNAME").exists()
    assert not broken(root)


def test_a_dry_run_tells_the_size_and_writes_nothing(
    pictured_db: Path, call: Run
) -> None:
    _, planned = exported(call, pictured_db, "--dry-run")
    assert not pictured_db.with_name("site").exists()
    _, said = exported(call, pictured_db)
    assert planned.replace("would write", "wrote") == said


def test_a_post_too_long_for_a_page_has_all_its_words(
    tmp_path: Path, call: Run
) -> None:
    db = tmp_path / "forum.db"
    text = "长" * 900_000 + "终"
    conn = make_archive(db, [Row(text=text, opening=True)])
    with transaction(conn):
        add_post(conn, Row(text="短的", floor=2))
        catch_up(conn)
    conn.close()
    root, _ = exported(call, db)
    assert text in page(root, "f/1/thread/1.html")
    assert not broken(root)


def test_pages_are_as_long_as_the_forums(tmp_path: Path, call: Run) -> None:
    db = tmp_path / "forum.db"
    rows = [Row(text=f"第{n}句", thread="长", floor=n) for n in range(1, 13)]
    conn = make_archive(db, rows)
    capture = insert(conn, "captures", site_id=1, thread_id=1, page=2, url="https://a/")
    conn.execute(
        "UPDATE posts SET capture_id = ?, rank = 5 WHERE floor BETWEEN 6 AND 10",
        (capture,),
    )
    conn.execute("UPDATE threads SET pages = 3")
    conn.close()
    root, _ = exported(call, db)
    assert "第6句" in page(root, "f/1/thread/1-2.html")
    assert "第12句" in page(root, "f/1/thread/1-3.html")
    assert "f/1/thread/1-4.html" not in pages(root)
    assert not broken(root)
