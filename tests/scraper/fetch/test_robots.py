"""robots.txt as RFC 9309 has it, and the one that Discuz! ships."""

from __future__ import annotations

import pytest
from fake_forum.site import ROBOTS
from hypothesis import given
from hypothesis import strategies as st

from scraper.fetch.robots import Robots, read_robots

HOST = "https://bbs.example/"


@pytest.mark.parametrize(
    ("link", "allowed"),
    [
        ("", True),
        ("forum.php?mod=viewthread&tid=1", True),
        ("archiver/?tid-1.html", True),
        ("data/attachment/forum/202601/01/a.jpg", True),
        ("api/mobile/index.php?module=viewthread&tid=1", False),
        ("forum.php?mod=redirect&goto=findpost&pid=1", False),
        ("forum.php?mod=attachment&aid=1", False),
        ("misc.php?mod=tag", False),
        ("forum.php?mod=viewthread&tid=1&mobile=yes", False),
        ("robots.txt", True),
    ],
)
def test_what_discuz_ships(link: str, allowed: bool) -> None:
    assert read_robots(200, ROBOTS).allowed(HOST + link) is allowed


@pytest.mark.parametrize(
    ("status", "allowed", "reachable"),
    [
        (200, False, True),
        (404, True, True),
        (403, True, True),
        (401, True, True),
        (302, True, True),
        (429, False, False),
        (500, False, False),
        (503, False, False),
    ],
)
def test_statuses(status: int, allowed: bool, reachable: bool) -> None:
    robots = read_robots(status, b"User-agent: *\nDisallow: /")
    assert (robots.allowed(HOST), robots.reachable) == (allowed, reachable)


def test_the_group_of_our_name_counts_before_the_one_for_all() -> None:
    robots = read_robots(
        200,
        b"User-agent: *\nDisallow: /\n\nUser-Agent: Discuz-Archive\nAllow: /\nCrawl-delay: 7.5",
    )
    assert robots.allowed(HOST + "forum.php")
    assert robots.crawl_delay_s == 7.5


def test_the_longest_rule_wins_and_wildcards_work() -> None:
    robots = read_robots(
        200,
        b"User-agent: *\nDisallow: /*?\nAllow: /forum.php?mod=viewthread\nDisallow: /*.zip$",
    )
    assert robots.allowed(HOST + "forum.php?mod=viewthread&tid=1")
    assert not robots.allowed(HOST + "forum.php?mod=forumdisplay&fid=1")
    assert not robots.allowed(HOST + "a.zip")
    assert robots.allowed(HOST + "a.zip.html")


def test_a_page_in_place_of_the_file_forbids_nothing() -> None:
    robots = read_robots(
        200,
        "<html><head><title>论坛</title></head><body>Disallow: /</body></html>".encode(
            "gbk"
        ),
    )
    assert robots.allowed(HOST)
    assert robots.crawl_delay_s is None
    assert Robots().allowed(HOST)


def test_a_byte_order_mark_hides_nothing() -> None:
    assert not read_robots(200, b"\xef\xbb\xbfUser-agent: *\nDisallow: /").allowed(HOST)


@given(st.binary(max_size=300), st.text(max_size=40))
def test_nothing_breaks_it(body: bytes, path: str) -> None:
    robots = read_robots(200, body)
    robots.allowed(HOST + path)
    assert (robots.crawl_delay_s or 0) >= 0
