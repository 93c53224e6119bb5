"""The package's door for programmers: `scraper.parse`, and the names that it offers."""

from __future__ import annotations

import ast
import doctest
import subprocess
import sys
import typing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

import scraper
from scraper.core import records
from scraper.core.errors import PageError
from scraper.core.records import Capture, ThreadPage, Unknown
from scraper.parsing import parse_capture

AT = datetime(2024, 5, 20, 13, 30, tzinfo=UTC)
URL = "https://bbs.qingshixiang.example/forum.php?mod=viewthread&tid=111"
ROOT = Path(scraper.__file__).parent.parent


def fresh_python(source: str) -> str:
    """What a program prints in an interpreter that has imported nothing of ours yet."""
    done = subprocess.run(
        [sys.executable, "-c", source],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_the_example_in_the_docstring_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    outcome = doctest.testmod(scraper)
    assert outcome.failed == 0
    assert outcome.attempted >= 6


def test_bytes_are_parsed_as_their_capture_is(fixtures: Path) -> None:
    body = (fixtures / "x3" / "thread-closed.html").read_bytes()
    header = "text/html; charset=utf-8"
    page = scraper.parse(body, URL, fetched_at=AT, content_type=header)
    capture = Capture(URL, AT, body, headers=(("Content-Type", header),))
    assert page == parse_capture(capture)
    assert isinstance(page.content, ThreadPage)


def test_the_header_tells_an_encoding_that_the_bytes_do_not() -> None:
    body = "<title>茶</title>".encode("big5")
    named = scraper.parse(
        body, URL, fetched_at=AT, content_type="text/html; charset=big5"
    )
    assert named.encoding == "big5-hkscs"
    assert scraper.parse(body, URL, fetched_at=AT).encoding == "gb18030"


def test_a_capture_time_of_another_zone_is_made_utc() -> None:
    china = timezone(timedelta(hours=8))
    page = scraper.parse(b"", URL, fetched_at=AT.astimezone(china))
    assert page.captured_at == AT
    assert page.captured_at.tzinfo is UTC


def test_a_capture_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        scraper.parse(b"", URL, fetched_at=datetime(2024, 5, 20))  # noqa: DTZ001


def test_without_a_time_the_page_is_of_now() -> None:
    before = datetime.now(UTC)
    page = scraper.parse(b"", URL)
    assert before <= page.captured_at <= datetime.now(UTC)


def test_what_is_no_forum_is_unknown_and_what_cannot_be_read_is_an_error() -> None:
    assert isinstance(scraper.parse(b"<p>hello", URL).content, Unknown)
    deep = b'<div id="postlist">' + b"<div>" * 100_000
    with pytest.raises(PageError):
        scraper.parse(b'<body id="nv_forum" class="pg_viewthread">' + deep, URL)


def test_every_public_name_is_there_and_is_typed() -> None:
    """`__all__`, what type checkers see, and what an interpreter gives are the same names."""
    tree = ast.parse(Path(scraper.__file__).read_text(encoding="utf-8"))
    seen_by_checkers = [
        alias.name
        for block in tree.body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]
    assert sorted(scraper.__all__) == sorted(seen_by_checkers)
    for name in scraper.__all__:
        assert getattr(scraper, name) is not None
        assert name in dir(scraper)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        scraper.nonsense  # type: ignore[attr-defined]  # noqa: B018


def test_every_record_is_public() -> None:
    """A record that is added to what a page may hold is one that programmers can name."""
    kinds = {kind.__name__ for kind in typing.get_args(records.Content)}
    values = {
        name
        for name, value in vars(records).items()
        if hasattr(value, "__dataclass_fields__")
    }
    assert kinds <= values <= set(scraper.__all__)


def test_the_package_imports_lazily() -> None:
    loaded = fresh_python(
        "import sys, scraper.core.errors\n"
        "print([name for name in sys.modules if name.startswith(('scraper', 'selectolax'))])"
    )
    assert ast.literal_eval(loaded) == [
        "scraper",
        "scraper.core",
        "scraper.core.errors",
    ]
    assert fresh_python("from scraper import parse; print(parse.__module__)") == (
        "scraper.parsing"
    )
