"""What every page says besides its content: forum, software, redirects."""

from __future__ import annotations

import gc
import weakref
from datetime import UTC, datetime

import pytest
from corpus import FIXTURES

import scraper.themes as package
from scraper.core.errors import PageError
from scraper.core.records import Capture, Notice, Redirect, as_json
from scraper.markup.snapshot import Snapshot, take_snapshot
from scraper.parsing import parse_capture, parse_snapshot, site_name, software
from scraper.themes import SURE, Theme

AT = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("location", "ids"),
    [
        (
            "https://bbs.example.net/forum.php?mod=viewthread&tid=7&page=2#pid9",
            {"tid": 7},
        ),
        ("forum.php?mod=redirect&goto=findpost&ptid=7&pid=9", {"tid": 7, "pid": 9}),
        ("forum-36-1.html", {"fid": 36}),
        ("https://elsewhere.example/x.pdf", {}),
    ],
)
def test_a_redirect_tells_the_ids_of_its_target(
    location: str, ids: dict[str, int]
) -> None:
    page = parse_capture(
        Capture(
            "https://bbs.example.net/x.php", AT, b"", 302, (("Location", location),)
        )
    )
    assert isinstance(page.content, Redirect)
    said = as_json(page)
    assert said["location"] == location
    assert {key: said[key] for key in ("tid", "fid", "pid") if key in said} == ids


@pytest.mark.parametrize(
    "path",
    [
        "forum.php?mod=viewthread&tid=7",
        "forum.php?mod=viewthread&tid=7&page=3",
        "forum.php?mod=viewthread&action=printable&tid=7",
        "thread-7-1-1.html",
        "archiver/?tid-7.html",
    ],
)
@pytest.mark.parametrize(
    "location",
    [
        "home.php?mod=follow",
        "/bbs/home.php?mod=follow&view=other",
        "https://bbs.example.net/bbs/home.php?mod=follow#x",
    ],
)
def test_a_thread_that_is_sent_to_the_broadcasts_is_not_there(
    path: str, location: str
) -> None:
    url = f"https://bbs.example.net/bbs/{path}"
    headers = (("Location", location),)
    page = parse_capture(Capture(url, AT, b"", 302, headers))
    assert isinstance(page.content, Notice)
    assert page.content.reason == "not_found"
    assert location in page.content.message


@pytest.mark.parametrize(
    "location",
    [
        "member.php?mod=logging&action=login&referer=forum.php",
        "https://bbs.example.net/member.php?mod=logging&action=login",
        "logging.php?action=login",
    ],
)
def test_a_redirect_to_the_login_form_is_a_notice_to_guests(location: str) -> None:
    url = "https://bbs.example.net/forum.php?mod=viewthread&tid=7"
    page = parse_capture(Capture(url, AT, b"", 302, (("Location", location),)))
    assert isinstance(page.content, Notice)
    assert page.content.reason == "login"


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("forum.php?mod=viewthread&tid=7", "home.php?mod=space&uid=7"),
        ("forum.php?mod=viewthread&tid=7", "home.php"),
        ("forum.php?mod=viewthread&tid=7", "forum.php?mod=viewthread&tid=8"),
        ("forum.php?mod=viewthread&tid=7", "member.php?mod=register"),
        ("forum.php?mod=forumdisplay&fid=7", "home.php?mod=follow"),
        ("forum.php", "home.php?mod=follow"),
    ],
)
def test_any_other_redirect_says_nothing_of_a_thread(path: str, location: str) -> None:
    url = f"https://bbs.example.net/{path}"
    page = parse_capture(Capture(url, AT, b"", 302, (("Location", location),)))
    assert isinstance(page.content, Redirect)


@pytest.mark.parametrize(
    ("html", "name"),
    [
        ('<meta name="generator" content="Discuz! X3.4" />', "Discuz! X3.4"),
        (
            '<p>Powered by <strong><a href="https://www.discuz.net">Discuz!</a></strong> <em>X2.5</em></p>',
            "Discuz! X2.5",
        ),
        ("欢迎光临 甲 (https://a.example/)\nPowered by Discuz! X3.3", "Discuz! X3.3"),
        ("<p>Powered by phpBB</p>", ""),
    ],
)
def test_software(html: str, name: str) -> None:
    assert software(html) == name


@pytest.mark.parametrize(
    ("html", "name"),
    [
        ("<title>标题 - 版块 - 甲乙论坛 - Powered by Discuz!</title>", "甲乙论坛"),
        ("<title> 甲 &amp; 乙  - Powered by Discuz!</title>", "甲 & 乙"),
        (
            '<title>被站长改过</title><div id="pt"><a href="./" class="nvhm" title="首页">甲乙论坛</a></div>',
            "甲乙论坛",
        ),
        ("<title>被站长改过</title>", ""),
    ],
)
def test_site_name(html: str, name: str) -> None:
    assert site_name(html) == name


def test_a_fault_of_a_reader_is_a_page_error_that_names_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(page: Snapshot) -> Redirect:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(
        package, "themes", lambda: (Theme("broken", lambda page: SURE, broken),)
    )
    with pytest.raises(
        PageError, match=r"broken reader .*ZeroDivisionError: a fault of ours"
    ) as caught:
        parse_capture(
            Capture("https://bbs.example.net/thread-1-1-1.html", AT, b"<html>")
        )
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_a_page_that_was_read_is_let_go_at_once() -> None:
    """In a circle its tree would stay until the garbage collector came by."""
    path = FIXTURES / "x3" / "thread-jammer.html"
    gc.disable()
    try:
        snapshot = take_snapshot(
            Capture("https://bbs.example.net/thread-7-1-1.html", AT, path.read_bytes())
        )
        parse_snapshot(snapshot)
        kept = weakref.ref(snapshot)
        del snapshot
        assert kept() is None
    finally:
        gc.enable()
