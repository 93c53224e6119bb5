"""Owners put styles, scripts and banners above everything: however long the head of a page
is, the page reads the same."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from corpus import FIXTURES
from rendered import PRINT, post_6, post_x3, printed
from rendered import read as read_printed

from scraper.core.records import BoardPage, Capture, Notice, ThreadPage, as_json
from scraper.parsing import parse_capture

STYLE = b"<style>" + b".owner { color: #369; }\n" * 5_000 + b"</style>"
BANNER = b'<div class="owner">' + b"<p>welcome</p>\n" * 8_000 + b"</div>"
PLACES = {
    "before the title": (re.compile(rb"<title|<card", re.I), STYLE),
    "before the body": (re.compile(rb"<body", re.I), STYLE),
    "above the page": (re.compile(rb"(?<=>)", re.I), BANNER),
}
PAGES = sorted(FIXTURES.glob("*/*.html"))
AT = datetime(2024, 5, 1, tzinfo=UTC)


def _captured(page: Path) -> Capture:
    known: dict[str, Any] = json.loads(page.with_suffix(".json").read_text("utf-8"))
    capture = known["capture"]
    return Capture(
        capture["url"],
        datetime.fromisoformat(capture["fetched_at"]),
        page.read_bytes(),
        capture.get("status", 200),
        (("Content-Type", capture["content_type"]),),
    )


def _with_filler(body: bytes, place: str) -> bytes:
    where, filler = PLACES[place]
    start = 0
    if place == "above the page":
        start = body.lower().find(b"<body")
    found = where.search(body, max(start, 0))  # cards have no body
    if found is None or start < 0:
        pytest.skip("has no such place")
    return body[: found.start()] + filler + body[found.start() :]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "page", PAGES, ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_a_page_reads_the_same_below_a_long_head(page: Path, place: str) -> None:
    capture = _captured(page)
    if b"<wml" not in capture.body and b"<body" not in capture.body.lower():
        pytest.skip("an answer without a page around it")
    longer = replace(capture, body=_with_filler(capture.body, place))
    expected = parse_capture(capture)
    if isinstance(expected.content, Notice) and place == "above the page":
        pytest.skip("the words of a notice are the page's")
    assert as_json(parse_capture(longer)) == as_json(expected)


def test_a_print_page_saved_as_text_below_a_long_preface() -> None:
    text = (
        "某站\n"
        + "一行公告\n" * 10_000
        + "\n标题: 茶\n\n作者: 甲    时间: 2024-5-14 21:46\n正文\n"
    )
    content = read_printed(text, kind="text/plain")
    assert isinstance(content, ThreadPage)
    assert [(post.author, post.text) for post in content.posts] == [("甲", "正文")]


@pytest.mark.parametrize("post", [post_x3("甲", "正文"), post_6("甲", "正文")])
def test_a_print_page_below_a_long_script(post: str) -> None:
    page = printed(post).replace(
        "</head>", "<script>" + "x = 1;\n" * 9_000 + "</script></head>"
    )
    content = read_printed(page, PRINT)
    assert isinstance(content, ThreadPage)
    assert [post.text for post in content.posts] == ["正文"]


@pytest.mark.parametrize(
    ("title", "reason"),
    [("频繁刷新限制", "throttled"), ("代理服务器访问限制", "forbidden")],
)
def test_an_anti_flood_page_with_a_long_style(title: str, reason: str) -> None:
    style = STYLE.decode()
    page = (
        f"<html><head><title>{title}</title>{style}</head><body>{title}</body></html>"
    )
    content = parse_capture(
        Capture("https://b.example/forum.php", AT, page.encode())
    ).content
    assert isinstance(content, Notice)
    assert content.reason == reason


def test_a_long_page_that_speaks_of_the_anti_flood_page_is_none() -> None:
    page = "<html><head><title>一篇文章</title></head><body>频繁刷新限制" + "字" * 9_000
    content = parse_capture(Capture("https://b.example/a", AT, page.encode())).content
    assert not isinstance(content, Notice)


LIST_6 = (
    '<table><tbody id="normalthread_8"><tr><td class="folder"></td><td class="icon"></td>'
    '<th class="new"><span id="thread_8"><a href="viewthread.php?tid=8">题</a></span></th>'
    '<td class="author"><cite><a href="space.php?uid=9">远山</a></cite><em>2012-8-2</em></td>'
    '<td class="nums"><strong>3</strong> / <em>55</em></td></tr></tbody></table>'
)


@pytest.mark.parametrize(
    "box",
    [
        '<div class="mainbox threadlist">',
        "<div class=mainbox><div class=threadlist>",
        '<div id="list" class="owner mainbox threadlist">',
        "<div class='box mainbox threadlist'>",
    ],
)
@pytest.mark.parametrize("filler", ["", "<!-- mainbox -->" * 9_000, "字" * 90_000])
def test_a_board_of_6_is_known_by_its_box_wherever_it_stands(
    box: str, filler: str
) -> None:
    page = (
        f'<html><head><title>版块</title></head><body onkeydown="x"><p>{filler}</p>'
        f"{box}<h1>版块</h1>{LIST_6}</div></body></html>"
    )
    capture = Capture("http://b.example/forumdisplay.php?fid=3", AT, page.encode())
    parsed = parse_capture(capture)
    assert (parsed.theme, parsed.content.kind) == ("classic6", "board")
    assert isinstance(parsed.content, BoardPage)
    assert [row.tid for row in parsed.content.threads] == [8]


def test_a_print_page_that_speaks_of_a_box_of_6_is_no_page_of_6() -> None:
    content = read_printed(printed(post_6("甲", "用 class=mainbox 即可")), PRINT)
    assert isinstance(content, ThreadPage)
