"""What saved pages and their places tell: address, time, how many pages a file holds; each
form in the words of the program that saved it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from ingesting import ingested

import scraper
from archive.intake.documents import documents_in
from archive.intake.inputs import Hints, InputRecord
from archive.intake.saved import saved_date_in
from archive.intake.saved_address import address_in
from archive.intake.saved_place import host_of_folder, own_name
from archive.intake.sources import read_inputs

PAGE = b"<html><head><title>x</title></head><body>y</body></html>"
CANONICAL = (
    b'<html><head><link rel="canonical" href="https://bbs.town.example/thread-11-1-1.html" />'
    b"</head><body>y</body></html>"
)


def addresses(path: Path, url: str = "") -> list[str]:
    found = read_inputs([path], Hints(url))
    return [item.capture.url for item in found if isinstance(item, InputRecord)]


@pytest.mark.parametrize(
    ("place", "page", "address"),
    [
        (
            "bbs.town.example/forum.php?mod=viewthread&tid=11&page=2",
            PAGE,
            "http://bbs.town.example/forum.php?mod=viewthread&tid=11&page=2",
        ),
        (
            "bbs.town.example/forum.php?mod=viewthread&tid=11.html",
            PAGE,
            "http://bbs.town.example/forum.php?mod=viewthread&tid=11",
        ),
        (
            "bbs.town.example/forum.php?mod=viewthread&tid=11.1",
            PAGE,
            "http://bbs.town.example/forum.php?mod=viewthread&tid=11",
        ),
        (
            "websites/bbs.town.example/viewthread.php%3ftid=11&extra=page%3D1",
            PAGE,
            "http://bbs.town.example/viewthread.php?tid=11&extra=page=1",
        ),
        (
            "bbs.town.example+8080/bbs/forum.php@mod=forumdisplay&fid=2.html",
            PAGE,
            "http://bbs.town.example:8080/bbs/forum.php?mod=forumdisplay&fid=2",
        ),
        (
            "bbs.town.example/thread-11-2-1.html",
            CANONICAL,
            "https://bbs.town.example/thread-11-2-1.html",
        ),
        (
            "bbs.town.example/thread-11-2-1.html.2",
            PAGE,
            "http://bbs.town.example/thread-11-2-1.html",
        ),
        ("bbs.town.example/index.html", PAGE, "http://bbs.town.example/"),
        (
            "other.example/thread-12-1-1.html",
            CANONICAL,
            "https://bbs.town.example/thread-11-1-1.html",
        ),
        ("pages/thread-11-1-1.html", PAGE, "file:///thread-11-1-1.html"),
    ],
)
def test_address_by_place(
    place: str, page: bytes, address: str, tmp_path: Path
) -> None:
    path = tmp_path / "copy" / place
    path.parent.mkdir(parents=True)
    path.write_bytes(page)
    assert addresses(tmp_path / "copy") == [address]
    assert addresses(path) == [address]


def test_url_of_a_folder(tmp_path: Path) -> None:
    """It is that of the folder itself; what a page tells of itself comes first."""
    (tmp_path / "bbs").mkdir()
    (tmp_path / "bbs" / "forum.php?mod=viewthread&tid=5").write_bytes(PAGE)
    (tmp_path / "thread-7-1-1.html").write_bytes(PAGE)
    (tmp_path / "thread-8-1-1.html").write_bytes(CANONICAL)
    assert addresses(tmp_path, "http://old.town.example/") == [
        "http://old.town.example/bbs/forum.php?mod=viewthread&tid=5",
        "http://old.town.example/thread-7-1-1.html",
        "https://bbs.town.example/thread-11-1-1.html",
    ]


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("bbs.example.com", "bbs.example.com"),
        ("BBS.Example.com", "bbs.example.com"),
        ("xn--fiq228c.com", "xn--fiq228c.com"),
        ("192.168.1.5", "192.168.1.5"),
        ("127.0.0.1_8000", "127.0.0.1:8000"),
        ("localhost:80", "localhost:80"),
        ("茶摊_files", ""),
        ("page.files", ""),
        ("2024.05", ""),
        ("backup", ""),
        ("a.zip", ""),
    ],
)
def test_folders_named_after_hosts(name: str, host: str) -> None:
    assert host_of_folder(name) == host


@pytest.mark.parametrize(
    ("file_name", "name"),
    [
        ("thread-11-1-1.html", "thread-11-1-1.html"),
        ("forum.php", "forum.php"),
        ("a.html.12", "a.html"),
        ("viewthread.php?tid=11&page=3", "viewthread.php?tid=11&page=3"),
        ("show.aspx?id=1", "show.aspx?id=1"),
        ("v1.2", "v1.2"),
    ],
)
def test_names_that_addresses_end_with(file_name: str, name: str) -> None:
    assert own_name(file_name) == name


MIRRORED = (
    b"<!-- Mirrored from bbs.town.example/viewthread.php?tid=11&extra=page%3D1 by HTTrack "
    b"Website Copier/3.x [XR&CO'2014], Sat, 02 Mar 2024 10:00:00 GMT -->"
)


def test_httrack_tells_address_and_time() -> None:
    page = b"<html><head></head>" + MIRRORED + b"<body></body></html>"
    address = "http://bbs.town.example/viewthread.php?tid=11&extra=page%3D1"
    assert address_in(page) == address
    secure = page + b'<a href="https://bbs.town.example/">'
    assert address_in(secure) == address.replace("http:", "https:")
    assert saved_date_in(page) == datetime(2024, 3, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("date", "at"),
    [
        (
            "Sat Mar 02 2024 18:00:00 GMT+0800 (China Standard Time)",
            datetime(2024, 3, 2, 10, tzinfo=UTC),
        ),
        (
            "Fri Dec 01 2023 23:30:05 GMT-0330 (GMT-03:30)",
            datetime(2023, 12, 2, 3, 0, 5, tzinfo=UTC),
        ),
        ("Sat Mar 32 2024 18:00:00 GMT+0800", None),
        ("yesterday", None),
    ],
)
def test_singlefile_tells_its_time(date: str, at: datetime | None) -> None:
    head = "<!--\n Page saved with SingleFile \n url: https://a.example/ \n"
    page = f"{head} saved date: {date}\n-->"
    assert saved_date_in(page.encode()) == at


def test_singlefile_leaves_out_end_tags(fixtures: Path) -> None:
    """Which says nothing of a page that breaks off; without them any other does."""
    body = (fixtures / "x3" / "thread-closed.html").read_bytes()
    short = body.replace(b"</body>", b"").replace(b"</html>", b"")
    address = "https://bbs.town.example/thread-110-1-1.html"
    mark = b"<html><!--\n Page saved with SingleFile \n url: https://a.example/ \n-->"
    for page, kinds in (
        (body, []),
        (short, ["page-cut"]),
        (short.replace(b"<html>", mark, 1), []),
    ):
        warnings = scraper.parse(page, address).warnings
        assert [one.kind for one in warnings if one.kind == "page-cut"] == kinds


DOCTYPE = b"<!DOCTYPE html>\n"
FRAMED = PAGE.replace(
    b"y<",
    b'<iframe srcdoc="<!DOCTYPE html> <html><head></head>inner</html>"></iframe><',
)


@pytest.mark.parametrize(
    ("body", "count"),
    [
        (PAGE, 1),
        (PAGE + PAGE, 2),
        (PAGE + b"\n" + PAGE, 2),
        (DOCTYPE + PAGE + b"\r\n\r\n" + DOCTYPE + PAGE, 2),
        (DOCTYPE + PAGE.upper() + b"<!-- cached -->\n" + PAGE + b"\n" + PAGE, 3),
        (PAGE[:40] + b"\n" + PAGE, 2),
        (FRAMED, 1),
        (FRAMED + FRAMED, 2),
        (b"<html><body><pre>&lt;html&gt;&lt;head&gt;</pre></body></html>", 1),
        (b"", 1),
        ("<html><head>字</head></html>".encode("utf-16"), 1),
    ],
)
def test_documents_of_a_file(body: bytes, count: int) -> None:
    documents = documents_in(body)
    assert len(documents) == count
    assert b"".join(documents) == body


def test_joined_pages_cannot_have_one_address(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(PAGE + PAGE)
    (item,) = read_inputs([tmp_path / "a.html"], Hints("https://a.example/"))
    assert "2 pages in one file" in getattr(item, "reason", "")


TWO_THREADS = [(11, 2), (12, 2)]


@pytest.mark.parametrize(
    "case",
    [
        "arc-is-many-pages/two-threads.arc",
        "arc-is-many-pages/two-threads.html",
        "har-wacz-zip/two-threads.har",
        "har-wacz-zip/pages.zip",
        "wget-mirror-names/mirror",
    ],
)
def test_two_threads_of_two_posts(
    case: str,
    shared: Path,
    tmp_path: Path,
    ask: Callable[[str], list[tuple[object, ...]]],
) -> None:
    ingested(tmp_path / "a.db", shared / "cases" / "intake" / case)
    counts = ask(
        "SELECT t.tid, count(*) FROM posts p JOIN threads t ON t.id = p.thread_id GROUP BY 1"
    )
    assert counts == TWO_THREADS


def test_saved_copies_are_no_edits_in_either_order(
    shared: Path, tmp_path: Path
) -> None:
    """Not with the times that the copies tell, either."""
    folder = shared / "cases" / "intake" / "saved-copy-is-no-edit"
    for number, saved in enumerate(
        ("2-saved-complete.html", "3-saved-singlefile.html")
    ):
        pair = [folder / "1-as-served.html", folder / saved]
        for order, inputs in enumerate((pair, pair[::-1])):
            db = tmp_path / f"{number}{order}.db"
            ingested(db, *inputs)
            conn = sqlite3.connect(db)
            texts = conn.execute("SELECT text FROM posts WHERE pid = 101").fetchall()
            versions = conn.execute("SELECT count(*) FROM post_versions").fetchone()
            conn.close()
            assert versions == (0,)
            assert texts == [("早市的茶摊换了新棚子 :lol",)]


@pytest.mark.parametrize(
    ("above", "host"),
    [
        ("bbs.example.com", "bbs.example.com"),
        ("127.0.0.1_8080", "127.0.0.1:8080"),
        ("bbs.town.cn", "bbs.town.cn"),
        ("tmp.fVGODBOhyH", ""),
        ("john.doe", ""),
        ("forum.bak", ""),
        ("v1.beta", ""),
    ],
)
def test_a_folder_above_the_copy_is_a_host_only_if_it_looks_like_one(
    tmp_path: Path, above: str, host: str
) -> None:
    folder = tmp_path / above / "saved"
    folder.mkdir(parents=True)
    page = folder / "thread-1-1-1.html"
    page.write_bytes(PAGE)
    address = "file:///thread-1-1-1.html"
    if host:
        address = f"http://{host}/saved/thread-1-1-1.html"
    assert addresses(page) == [address]
    assert addresses(folder) == [address]
