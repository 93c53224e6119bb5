"""No fault in one page ends a run: the page is stored without what no column holds, or it is
named and passed over."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from corpus import ROOT
from sqlite_utils import Database
from store_pages import AT, FIRST, SECOND, THREAD, URL, page, rows

from archive.cli import cli, run
from archive.index.verify import check
from archive.intake.ingest import Ingest
from archive.intake.inputs import InputRecord
from archive.intake.page_parser import Parsed, ParseTask, parse
from archive.intake.page_step import PageStep, is_machine_fault
from archive.intake.sources import read_inputs
from archive.schema import transaction
from archive.store.save import Store
from archive.store.storable import storable
from archive.warc.captures import Captures
from scraper.core.errors import PageError
from scraper.core.records import (
    Attachment,
    BoardPage,
    Capture,
    Content,
    Field,
    IndexPage,
    Notice,
    Page,
    Poll,
    PollOption,
    ProfilePage,
    Quote,
    Redirect,
    ThreadRow,
    Unknown,
)
from scraper.core.site import Site

HUGE = 99_999_999_999_999_999_999_999
HALF = "正\ud83d文"
MENDED = "正\ufffd文"
FIRST_YEAR = datetime(1, 1, 1, tzinfo=UTC)
LAST_MOMENT = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.fixture
def step(db: Database) -> Iterator[PageStep]:
    with Captures(db.conn) as captures:
        yield PageStep(db.conn, captures, Store(db.conn))


@pytest.fixture
def capture_id(db: Database) -> int:
    with Captures(db.conn) as captures:
        return captures.keep(Capture(URL, AT, b"<html>")).id


def posts(**changes: object) -> Content:
    """A thread whose opening post has other values."""
    return replace(THREAD, posts=(replace(FIRST, **changes), SECOND))  # type: ignore[arg-type]


CANNOT_BE_HELD: dict[str, Content] = {
    "pid": posts(pid=HUGE),
    "negative pid": posts(pid=-HUGE),
    "floor": posts(floor=HUGE),
    "uid": posts(uid=HUGE),
    "size": posts(attachments=(Attachment(name="a.zip", size_bytes=HUGE),)),
    "quoted pid": posts(quotes=(Quote(pid=HUGE, text="话"),)),
    "votes": posts(poll=Poll(options=(PollOption(text="是", votes=HUGE),))),
    "text": posts(text=HALF),
    "html": posts(html=HALF),
    "author": posts(author=HALF),
    "location": posts(location=HALF),
    "picture": posts(images=(f"https://a.example/{HALF}.png",)),
    "option": posts(poll=Poll(options=(PollOption(text=HALF),))),
    "tid": replace(THREAD, tid=HUGE),
    "views": replace(THREAD, views=HUGE),
    "title": replace(THREAD, title=HALF),
    "tag": replace(THREAD, tags=(HALF,)),
    "field": replace(THREAD, fields=(Field(name=HALF, value=HALF),)),
    "page": replace(THREAD, page=HUGE),
    "row": BoardPage(fid=3, threads=(ThreadRow(tid=HUGE), ThreadRow(tid=7))),
    "board": BoardPage(fid=HUGE, name="运营"),
    "profile": ProfilePage(uid=1, fields=(Field(name="积分", value=HALF),)),
    "notice": Notice(reason="other", message=HALF),
    "redirect": Redirect(location=HALF),
    "unknown": Unknown(message=HALF),
}


@pytest.mark.parametrize("name", CANNOT_BE_HELD)
def test_what_no_column_holds_is_left_out_and_named(
    db: Database, step: PageStep, capture_id: int, name: str
) -> None:
    content = CANNOT_BE_HELD[name]
    with step.transaction():
        outcome = step.settle(Parsed(page(content)), capture_id)
    assert not outcome.fault
    stored_outcome, message = rows(db, "outcome, message", "captures")[0]
    assert stored_outcome == outcome.verdict.outcome
    assert "left out" in str(message) or MENDED in str(message)
    if content.kind == "thread":
        assert outcome.saved.new == 2
    assert not list(check(db.conn, full=True).problems)


@pytest.mark.parametrize(
    "content",
    [
        posts(posted_at=FIRST_YEAR),
        posts(posted_at=LAST_MOMENT, edited_at=LAST_MOMENT),
        posts(text="甲\0乙", html="甲\0乙", author="丙\0"),
        posts(text="", html="", author=""),
        posts(images=tuple(f"https://a.example/{n}.png" for n in range(3000))),
        replace(THREAD, posts=tuple(replace(FIRST, pid=n) for n in range(1, 33_000))),
        IndexPage(),
    ],
    ids=["year 1", "year 9999", "NUL", "empty", "pictures", "33,000 posts", "no board"],
)
def test_what_is_only_odd_is_stored_whole(
    db: Database, step: PageStep, capture_id: int, content: Content
) -> None:
    for _ in range(2):
        with step.transaction():
            outcome = step.settle(Parsed(page(content)), capture_id)
        assert not outcome.fault
    assert outcome.verdict.outcome == "unchanged"
    assert not list(check(db.conn, full=True).problems)


def test_a_record_that_needs_the_value_is_left_out_of_its_list() -> None:
    content = CANNOT_BE_HELD["row"]
    mended, left_out = storable(page(content))
    assert mended.content == BoardPage(fid=3, threads=(ThreadRow(tid=7),))
    assert left_out == ["content.threads[0].tid"]


def test_a_page_that_can_be_stored_stays_as_it_is() -> None:
    whole = page(THREAD)
    mended, left_out = storable(whole)
    assert mended is whole
    assert left_out == []


class _Refusing(Store):
    """A store that fails at a page's title, as a mistake of ours would."""

    def __init__(self, conn: sqlite3.Connection, error: Exception) -> None:
        super().__init__(conn)
        self._error = error

    def write(self, page: Page, capture_id: int | None = None) -> object:  # type: ignore[override]
        saved = super().write(page, capture_id)
        if getattr(page.content, "title", "") == "坏页":
            raise self._error
        return saved


@pytest.mark.parametrize(
    "error", [ZeroDivisionError("我们的错"), MemoryError(), RecursionError("深")]
)
def test_a_mistake_of_ours_costs_its_page_alone(
    db: Database, capture_id: int, error: Exception
) -> None:
    with Captures(db.conn) as captures:
        step = PageStep(db.conn, captures, _Refusing(db.conn, error))
        with step.transaction():
            bad = step.settle(Parsed(page(replace(THREAD, title="坏页"))), capture_id)
        assert rows(db, "outcome, message", "captures") == [("failed", bad.fault)]
        assert type(error).__name__ in bad.fault
        assert rows(db, "id", "threads") == []
        assert rows(db, "id", "users") == []
        with step.transaction():
            good = step.settle(Parsed(page(THREAD)), capture_id)
        assert good.saved.new == 2


@pytest.mark.parametrize("statement", ["PRAGMA max_page_count = 1", "full disk"])
def test_a_fault_of_the_machine_is_raised(
    db: Database, capture_id: int, statement: str
) -> None:
    full: Exception = OSError(28, "No space left on device")
    if statement != "full disk":
        db.execute(statement)
        with pytest.raises(sqlite3.OperationalError) as caught, transaction(db.conn):
            db.execute("CREATE TABLE big AS SELECT zeroblob(10000000)")
        full = caught.value
        assert is_machine_fault(full)
    with Captures(db.conn) as captures:
        step = PageStep(db.conn, captures, _Refusing(db.conn, full))
        with pytest.raises(type(full)), step.transaction():
            step.settle(Parsed(page(replace(THREAD, title="坏页"))), capture_id)


THREAD_URL = "https://town.example/forum.php?mod=viewthread&tid={}"


def api_page(tid: int, **odd: object) -> bytes:
    """A thread as the JSON interface (`api/mobile`, version 4) gives it."""
    post = {
        "pid": str(tid * 10),
        "tid": str(tid),
        "first": "1",
        "author": "甲",
        "authorid": "1",
        "dbdateline": "1700000000",
        "message": "话",
        "number": "1",
    }
    thread = {"tid": str(tid), "fid": "2", "subject": "题", "replies": "0"}
    return json.dumps(
        {
            "Version": "4",
            "Charset": "UTF-8",
            "Variables": {
                "thread": thread,
                "fid": "2",
                "postlist": [post | odd],
                "ppp": "10",
            },
        }
    ).encode()


@pytest.mark.parametrize(
    "odd",
    [
        {"message": "\ud83d"},
        {"message": "a\0b"},
        {"authorid": str(HUGE)},
        {"number": str(HUGE)},
        {"dbdateline": str(HUGE)},
        {"dbdateline": "-99999999999"},
        {"author": "\udc80"},
        {"dbdateline": "9" * 5000},
        {"author": ["甲"]},
    ],
    ids=lambda odd: next(iter(odd)),
)
def test_pages_behind_a_bad_one_are_read(db: Database, odd: dict[str, object]) -> None:
    """As `ingest` and then `reparse` do, twice: the run always comes to its end."""
    captures_of = [
        InputRecord("in.warc", Capture(url(tid), AT, body, 200, JSON))
        for tid, body in ((1, api_page(1, **odd)), (2, api_page(2)))
    ]
    for _ in range(2):
        with Captures(db.conn) as captures:
            ingest = Ingest(db.conn, captures, Store(db.conn))
            first = list(ingest.run(captures_of))
            again = list(ingest.again())
        assert len(first) == len(again) == 2
        assert {result.result for result in first} <= {"stored", "known", "failed"}
    assert (20,) in rows(db, "pid")


JSON = (("Content-Type", "application/json"),)


def url(tid: int) -> str:
    return f"https://town.example/api/mobile/index.php?module=viewthread&version=4&tid={tid}"


@pytest.mark.parametrize(
    "capture",
    [
        Capture("https://town.example/\udcff", AT, b"<html>Discuz!", 200),
        Capture(THREAD_URL.format(1), AT, b"<html>", HUGE),
        Capture(THREAD_URL.format(1), AT, b"<html>", -1),
        Capture(THREAD_URL.format(1), FIRST_YEAR, b"<html>", 200),
        Capture(THREAD_URL.format(1), LAST_MOMENT, b"<html>", 200),
        Capture(THREAD_URL.format(1), AT, b"<html>", 200, (("X", "\ud800\0\r\n"),)),
        Capture("https://[town.example/thread-1-1-1.html", AT, b"<html>", 200),
        Capture("https://town.example:99999999/thread-1-1-1.html", AT, b"", 200),
        Capture("", AT, b"<html>", 200),
    ],
    ids=[
        "address with half a character",
        "huge status",
        "negative status",
        "year 1",
        "year 9999",
        "header",
        "broken host",
        "port",
        "no address",
    ],
)
def test_captures_that_cannot_be_kept_are_named(db: Database, capture: Capture) -> None:
    good = Capture(url(2), AT, api_page(2), 200, JSON)
    for _ in range(2):
        with Captures(db.conn) as captures:
            ingest = Ingest(db.conn, captures, Store(db.conn))
            items = [InputRecord("in.warc", capture), InputRecord("in.warc", good)]
            first = list(ingest.run(items))
            list(ingest.again())
        assert first[-1].result in ("stored", "known")
        assert len(first) == 2
        assert first[0].result != "stored"
    assert rows(db, "pid") == [(20,)]


def town_page(tid: int) -> bytes:
    return (
        '<html><head><meta charset="utf-8"><meta name="generator" content="Discuz! X3.5">'
        f'<base href="https://town.example/"></head><body id="nv_forum" class="pg_viewthread">'
        f'<h1 class="ts"><span id="thread_subject">题{tid}</span></h1><div id="postlist">'
        f'<div id="post_{tid}"><table id="pid{tid}"><tr><td class="pls"><div class="authi">'
        '<a href="home.php?mod=space&amp;uid=3" class="xw1">张甲</a></div></td><td class="plc">'
        f'<div class="pi"><strong><a id="postnum{tid}"><em>1</em></a></strong><div class="authi">'
        f'<em id="authorposton{tid}">发表于 2024-1-2 03:04:05</em></div></div><div class="pct">'
        f'<table><tr><td class="t_f" id="postmessage_{tid}">正文</td></tr></table></div>'
        "</td></tr></table></div></div></body></html>"
    ).encode()


@pytest.mark.skipif(sys.platform == "win32", reason="names there are Unicode")
def test_files_with_names_in_another_encoding_are_read(tmp_path: Path) -> None:
    """Archives unpacked from a Chinese Windows have names in GBK."""
    folder = tmp_path / "in"
    folder.mkdir()
    for tid, name in ((1, "帖子一.html"), (2, "b.html")):
        (folder / os.fsdecode(name.encode("gbk"))).write_bytes(town_page(tid))
    words = [sys.executable, "-m", "archive", "ingest", tmp_path / "a.db", folder]
    ran = subprocess.run(words, capture_output=True, cwd=ROOT, check=False)
    assert ran.returncode == 0, ran.stderr
    conn = sqlite3.connect(tmp_path / "a.db")
    assert conn.execute("SELECT pid FROM posts ORDER BY 1").fetchall() == [(1,), (2,)]
    conn.close()


def test_the_case_of_an_oversized_attachment(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = shared / "cases" / "intake" / "oversized_size"
    address = "https://bbs.example.org/forum.php?mod=viewthread&tid=7"

    def call(*words: object) -> int:
        return run(lambda: cli.main([*map(str, words)], standalone_mode=False))

    files = (case / "a_bad.html", case / "b_good.html")
    assert call("ingest", tmp_path / "x.db", *files, "--url", address) == 0
    assert call("reparse", tmp_path / "x.db") == 0
    conn = sqlite3.connect(tmp_path / "x.db")
    assert conn.execute("SELECT count(*) FROM posts").fetchone() == (2,)
    conn.close()


def warc_record(
    headers: bytes = b"", http: bytes = b"HTTP/1.1 200 OK", tid: int = 1
) -> bytes:
    """A record of a WARC file of others, plain; odd headers take the place of the usual ones."""
    block = http + b"\r\nContent-Type: text/html\r\n\r\n" + town_page(tid)
    usual = {
        b"WARC-Type": b"response",
        b"WARC-Record-ID": b"<urn:uuid:00000000-0000-0000-0000-000000000001>",
        b"WARC-Date": b"2024-06-01T00:00:00Z",
        b"WARC-Target-URI": b"https://town.example/forum.php?mod=viewthread&tid=%d"
        % tid,
        b"Content-Type": b"application/http; msgtype=response",
        b"Content-Length": b"%d" % len(block),
    }
    lines = [
        name + b": " + value
        for name, value in usual.items()
        if name + b":" not in headers
    ]
    head = b"\r\n".join([b"WARC/1.0", *lines, *filter(None, [headers])])
    return head + b"\r\n\r\n" + block + b"\r\n\r\n"


@pytest.mark.parametrize(
    "odd",
    [
        warc_record(b"WARC-Date: 0001-01-01T00:00:00+14:00"),
        warc_record(b"WARC-Date: 9999-12-31T23:59:59-14:00"),
        warc_record(b"WARC-Date: 99999-12-31T23:59:59Z"),
        warc_record(b"WARC-Date: \xff"),
        warc_record(b"WARC-Target-URI: https://town.example/\xff\xfe"),
        warc_record(b"WARC-Target-URI: \xed\xa0\x80"),
        warc_record(b"WARC-Target-URI: https://[town.example/thread-1-1-1.html"),
        warc_record(b"Content-Type: \xff\xff"),
        warc_record(http=b"HTTP/1.1 99999999999999999999999 OK"),
        warc_record(http=b"HTTP/1.1 -7 \xff"),
        warc_record(http=b"HTTP/1.1 200 OK\r\n\xff: \xfe\r\nX: \0"),
        warc_record(http=b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip"),
        warc_record(http=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked"),
        warc_record(http=b"\0\0\0"),
    ],
)
def test_a_record_behind_an_odd_one_is_read(
    db: Database, tmp_path: Path, odd: bytes
) -> None:
    path = tmp_path / "others.warc"
    path.write_bytes(odd + warc_record(tid=2))
    for _ in range(2):
        with Captures(db.conn) as captures:
            ingest = Ingest(db.conn, captures, Store(db.conn))
            assert len(list(ingest.run(read_inputs([path])))) == 2
            list(ingest.again())
    assert (2,) in rows(db, "pid")


@pytest.mark.parametrize("body", [b"<p>" * 3_000_000, "话".encode() * 8_000_001])
def test_what_cannot_be_read_is_not_held_by_its_error(body: bytes) -> None:
    url = "https://town.example/thread-1-1-1.html"
    task = ParseTask(Capture(url, AT, body), Site("https://town.example/"))
    error = parse(task).page
    assert isinstance(error, PageError)
    held = (error.__traceback__, error.__cause__, error.__context__)
    assert held == (None, None, None)
