"""The census of an archive: an empty column of a forum is noticed by the program."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.cli import cli
from archive.schema import open_archive
from archive.store.census import (
    LayoutField,
    partial_pages,
    read_census,
    reader_warnings,
)


def thread_page(tid: int, author: str = "", end: str = "</body></html>") -> str:
    """A thread of three posts; the author's cell is in a skin's own form."""
    posts = "".join(
        f'<div id="post_{pid}"><table id="pid{pid}"><tr><td class="pls">{author}</td>'
        f'<td class="plc"><em id="authorposton{pid}">发表于 2024-1-1 12:00:0{n}</em>'
        f'<a id="postnum{pid}"><em>{n}</em><sup>#</sup></a>'
        f'<table><tr><td class="t_f" id="postmessage_{pid}">正文</td></tr></table>'
        "</td></tr></table></div>"
        for n, pid in enumerate(range(tid * 10, tid * 10 + 3), start=1)
    )
    return (
        '<html><head><meta charset="utf-8"><title>题 - 版 - 坛 - Powered by Discuz!</title>'
        '<meta name="generator" content="Discuz! X3.4"><base href="https://bbs.example/"></head>'
        '<body id="nv_forum" class="pg_viewthread"><div id="pt"><a href="forum.php">坛</a>'
        '<a href="forum.php?mod=forumdisplay&amp;fid=2">版</a></div>'
        f"<script>var fid = parseInt('2'), tid = parseInt('{tid}');</script>"
        f'<h1><span id="thread_subject">题{tid}</span></h1><div id="postlist">{posts}</div>{end}'
    )


def ingest(folder: Path, pages: list[str], *options: str) -> tuple[Path, str]:
    """An archive of some pages, and what `ingest` printed."""
    source = folder / "pages"
    source.mkdir()
    for number, page in enumerate(pages, start=1):
        saved = source / f"{number}.html"
        address = f"https://bbs.example/thread-{number}-1-1.html"
        saved.write_text(f"<!-- saved from url=(0045){address} -->\n{page}", "utf-8")
    db = folder / "forum.db"
    ran = CliRunner().invoke(cli, ["ingest", str(db), str(source), *options])
    return db, ran.output


AUTHOR = (
    '<div class="authi"><a href="home.php?mod=space&amp;uid=7" class="xw1">甲</a></div>'
)


def test_a_forum_that_is_read_whole_has_no_warning(tmp_path: Path) -> None:
    db, printed = ingest(tmp_path, [thread_page(tid, AUTHOR) for tid in (1, 2)])
    conn = open_archive(db).conn
    assert "warning" not in printed
    assert reader_warnings(conn) == []
    counts = {(each.field, each.read, each.total) for each in read_census(conn)}
    assert ("posts.author", 6, 6) in counts
    assert ("title", 2, 2) in counts


def test_authors_that_nobody_reads_are_named_everywhere(tmp_path: Path) -> None:
    db, printed = ingest(tmp_path, [thread_page(tid) for tid in (1, 2)])
    assert (
        "warning: no-authors on 2 pages, such as https://bbs.example/thread-" in printed
    )
    assert "discuz-archive doctor" in printed
    conn = open_archive(db).conn
    assert "author on 0 of 6 posts (2 thread pages, layout x)" in reader_warnings(conn)


def test_json_tells_programs_the_same(tmp_path: Path) -> None:
    _, printed = ingest(tmp_path, [thread_page(tid) for tid in (1, 2)], "--json")
    assert json.loads(printed)["warnings"] == {"no-authors": 2}


def test_pages_read_in_part_are_listed_with_an_example(tmp_path: Path) -> None:
    db, printed = ingest(tmp_path, [thread_page(1, AUTHOR, end="")])
    assert "page-cut" in printed
    found = list(partial_pages(open_archive(db).conn))
    assert [(each.warning, each.pages, each.url) for each in found] == [
        ("page-cut", 1, "https://bbs.example/thread-1-1-1.html")
    ]


def test_a_split_post_is_listed_until_all_its_parts_are_here(tmp_path: Path) -> None:
    index = '<div id="threadindex"><a page="1">甲</a><a page="2">乙</a></div>'
    split = thread_page(1, AUTHOR).replace("</body>", f"{index}</body>")
    assert index in split
    db, printed = ingest(tmp_path, [split])
    assert "post-split" in printed
    conn = open_archive(db).conn
    (line,) = reader_warnings(conn)
    assert line.startswith("post-split on 1 thread pages")

    opened = open_archive(db)
    (capture,) = opened["captures"].rows
    whole = {"url": f"{capture['url']}?cp=all", "digest": "whole", "warnings": ""}
    opened["captures"].insert({**capture, **whole, "id": None, "offset": 999_999})
    opened.conn.commit()
    assert reader_warnings(conn) == []


def test_reparse_counts_anew(tmp_path: Path) -> None:
    db, _ = ingest(tmp_path, [thread_page(1)])
    conn = open_archive(db).conn
    conn.execute("UPDATE captures SET field_counts = '', warnings = ''")
    conn.commit()
    assert read_census(conn) == []
    CliRunner().invoke(cli, ["reparse", str(db)], catch_exceptions=False)
    assert "author on 0 of 3 posts (1 thread pages, layout x)" in reader_warnings(conn)


@pytest.mark.parametrize(
    ("read", "total", "is_suspicious"),
    [
        (0, 1, False),
        (0, 2, True),
        (1, 9, False),
        (4, 10, True),
        (5, 10, False),
        (570, 570, False),
    ],
)
def test_few_of_few_may_be_chance(read: int, total: int, is_suspicious: bool) -> None:
    field = LayoutField(
        theme="x", kind="thread", field="posts.author", read=read, total=total, pages=1
    )
    assert field.is_suspicious is is_suspicious
