"""What the pages do is what the commands do: saving, stopping, going on, exporting, reading;
one command at a time."""

from __future__ import annotations

import html
import re
import shlex
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from corpus import ROOT
from crawling import readable
from desk_client import PATIENCE_S, Visitor, forum_of_radios, is_over, running, visiting
from fake_forum.server import Running, serve

from archive.desk.orders import FORMS


@pytest.fixture
def site() -> Iterator[Running]:
    with serve(forum_of_radios(boards=2, threads=4)) as found:
        yield found


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    with running(tmp_path) as desk, visiting(desk) as found:
        yield found


def pids(path: Path) -> set[int]:
    conn = sqlite3.connect(path)
    found = {row[0] for row in conn.execute("SELECT pid FROM posts")}
    conn.close()
    return found


def command_on(page: str) -> list[str]:
    """The command that a page shows to copy."""
    shown = re.findall(r"<pre><code>(.*?)</code></pre>", page, re.S)
    return shlex.split(html.unescape(shown[-1]))


def test_a_forum_is_saved_and_read(
    tmp_path: Path, site: Running, visitor: Visitor
) -> None:
    answer = visitor.press("save", address=site.url, delay="0", archive="我的论坛")
    assert answer.status_code == 303
    page = visitor.wait_for(is_over)
    assert "我的论坛.db is saved" in page
    assert pids(tmp_path / "我的论坛.db") == readable(site.forum)
    assert f"{len(readable(site.forum))} new posts" in page

    home = visitor.page()
    assert "我的论坛.db" in home
    to_read = visitor.press("read", archive="我的论坛.db")
    found = visitor.press("read", archive="我的论坛.db", q="收音机")
    assert to_read.status_code == 303
    first = httpx.get(
        to_read.headers["location"], trust_env=False, follow_redirects=True
    )
    assert "生成的论坛" in first.text
    hits = httpx.get(found.headers["location"], trust_env=False, timeout=PATIENCE_S)
    assert "外公留下的" in hits.text
    port = to_read.headers["location"]
    assert found.headers["location"].startswith(port), "one server an archive"


def test_the_command_that_is_shown_does_the_same(
    tmp_path: Path, site: Running, visitor: Visitor
) -> None:
    visitor.press("save", address=site.url, delay="0", media="1", contact="a@b.example")
    page = visitor.wait_for(is_over)
    assert "is saved" in page
    words = command_on(page)
    assert words[:3] == ["python", "-m", "archive"]
    saved = tmp_path / "127.0.0.1.db"
    before = pids(saved)
    saved.rename(tmp_path / "first.db")
    (tmp_path / "127.0.0.1.warc").rename(tmp_path / "first.warc")
    ran = subprocess.run(
        [sys.executable, *words[1:]],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert pids(saved) == before


def test_stopped_and_gone_on_with(
    tmp_path: Path, site: Running, visitor: Visitor
) -> None:
    site.hold_after = 6
    visitor.press("save", address=site.url, delay="0")
    ends_s = time.monotonic() + PATIENCE_S
    while not site.is_held:
        assert time.monotonic() < ends_s
        time.sleep(0.05)
    running_page = visitor.page("job")
    assert 'http-equiv="refresh"' in running_page
    assert 'http-equiv="refresh"' not in visitor.page("job?hold")
    visitor.press("stop")
    page = visitor.wait_for(is_over)
    assert "was stopped, and can go on" in page
    assert 'http-equiv="refresh"' not in page

    site.hold_after = None
    asked = len(site.log)
    visitor.press("repeat")
    page = visitor.wait_for(is_over)
    assert "127.0.0.1.db is saved" in page
    assert pids(tmp_path / "127.0.0.1.db") == readable(site.forum)
    paths = [request.path for request in site.log if request.status == 200]
    threads = [path for path in paths if "viewthread" in path]
    assert len(threads) <= len(set(threads)) + 1, "but for the page under way"
    assert len(site.log) > asked


def test_two_crawls_at_once(tmp_path: Path, site: Running, visitor: Visitor) -> None:
    site.hold_after = 2
    visitor.press("save", address=site.url, delay="0", archive="one")
    second = visitor.press(
        "save", address=site.url, archive="two", cookies="a=1", delay="7"
    )
    assert second.status_code == 409
    assert "one.db is being worked on" in second.text
    assert 'value="7"' in second.text, "what was typed is not lost"
    for name in ("repeat", "export"):
        fields = {"archive": "one.db", "form": "epub"} if name == "export" else {}
        assert visitor.press(name, **fields).status_code in (409, 422)
    assert not (tmp_path / "two.db").exists()
    assert not (tmp_path / "two-cookies.txt").exists()
    site.hold_after = None
    visitor.wait_for(is_over)


def test_two_programs_at_one_archive(
    tmp_path: Path, site: Running, visitor: Visitor
) -> None:
    """The archive's own lock decides, and the page says so."""
    site.hold_after = 2
    with running(tmp_path) as other, visiting(other) as another:
        another.press("save", address=site.url, delay="0")
        ends_s = time.monotonic() + PATIENCE_S
        while not site.is_held:
            assert time.monotonic() < ends_s
            time.sleep(0.05)
        visitor.press("save", address=site.url, delay="0")
        page = visitor.wait_for(is_over)
        assert "is writing to this archive" in page
        assert "Exit code 5" in page
        site.hold_after = None
        another.wait_for(is_over)
    assert pids(tmp_path / "127.0.0.1.db") == readable(site.forum)


def test_what_is_saved_is_exported(
    tmp_path: Path, site: Running, visitor: Visitor
) -> None:
    visitor.press("save", address=site.url, delay="0", archive="a")
    visitor.wait_for(is_over)
    for form, suffix in FORMS.items():
        visitor.press("export", archive="a.db", form=form)
        page = visitor.wait_for(is_over)
        assert "a.db is exported" in page, page
        assert (tmp_path / f"a{suffix}").exists()
    visitor.press("export", archive="a.db", form="txt")
    page = visitor.wait_for(is_over)
    assert "a.db is exported" in page
    assert "外公留下的收音机" in (tmp_path / "a.txt").read_text("utf-8")
    assert command_on(page)[3:] == [
        "export",
        "a.db",
        "--format",
        "txt",
        "--to",
        "a.txt",
    ]


def test_a_failure_is_shown_with_its_words(visitor: Visitor) -> None:
    visitor.press("save", address="http://127.0.0.1:9/", delay="0")
    page = visitor.wait_for(is_over)
    assert "is not all saved" in page
    assert "Exit code" in page


def test_cookies_go_to_the_forum(
    tmp_path: Path, site: Running, visitor: Visitor
) -> None:
    place = visitor.desk.place
    answer = visitor.client.post(
        f"{place}save",
        data={"key": visitor.key(), "address": site.url, "delay": "0"},
        files={"cookies_file": ("c.txt", b"Cookie: abcd_auth=secret; abcd_saltkey=s")},
    )
    assert answer.status_code == 303
    visitor.wait_for(is_over)
    assert any("abcd_auth" in request.cookies for request in site.log)
    too_long = visitor.client.post(
        f"{place}save",
        data={"key": visitor.key(), "address": site.url},
        files={"cookies_file": ("c.txt", b"a\0b")},
    )
    assert too_long.status_code == 422


def test_words_of_a_forum_are_no_markup(visitor: Visitor) -> None:
    page = visitor.press("save", address="http://x/<script>alert(1)</script>").text
    assert "<script" not in page
    page = visitor.press(
        "save", address="x", archive="<img src=x onerror=alert(1)>"
    ).text
    assert "<img" not in page


def test_the_pages_end_the_program(tmp_path: Path, site: Running) -> None:
    """And what it began, in order."""
    with running(tmp_path) as desk, visiting(desk) as visitor:
        site.hold_after = 4
        visitor.press("save", address=site.url, delay="0", archive="a")
        ends_s = time.monotonic() + PATIENCE_S
        while not site.is_held:
            assert time.monotonic() < ends_s
            time.sleep(0.05)
        assert "The program has ended" in visitor.press("quit").text
        assert desk.process.wait(PATIENCE_S) == 0
    conn = sqlite3.connect(tmp_path / "a.db")
    assert conn.execute("SELECT outcome FROM runs").fetchall() == [("interrupted",)]
    conn.close()


def test_ctrl_c_ends_the_crawl_in_order(tmp_path: Path, site: Running) -> None:
    with running(tmp_path) as desk, visiting(desk) as visitor:
        site.hold_after = 4
        visitor.press("save", address=site.url, delay="0", archive="a")
        ends_s = time.monotonic() + PATIENCE_S
        while not site.is_held:
            assert time.monotonic() < ends_s
            time.sleep(0.05)
        desk.process.send_signal(signal.SIGINT)
        assert desk.process.wait(PATIENCE_S) == 0
    conn = sqlite3.connect(tmp_path / "a.db")
    assert conn.execute("SELECT outcome FROM runs").fetchall() == [("interrupted",)]
    conn.close()


def test_in_the_readers_language(tmp_path: Path) -> None:
    with running(tmp_path) as desk, visiting(desk, "zh-CN") as visitor:
        assert "保存一个论坛" in visitor.page()
        visitor.client.get(f"{desk.place}language", params={"to": "zh-hant"})
        assert "儲存一個論壇" in visitor.page()
        visitor.client.get(f"{desk.place}language", params={"to": "xx"})
        assert "儲存一個論壇" in visitor.page()
        visitor.client.get(f"{desk.place}language", params={"to": "en"})
        assert "Save a forum" in visitor.page()


def test_a_command_speaks_the_readers_language(tmp_path: Path, site: Running) -> None:
    with running(tmp_path) as desk, visiting(desk, "zh-TW") as visitor:
        visitor.press("save", address=site.url, delay="0")
        page = visitor.wait_for(is_over)
    assert "個版塊" in page.partition('class="said"')[2]
