"""The JSON interface: values of any type, both dialects of messages, notices by name;
broken answers are page errors.

What whole answers say stands in `fixtures/api/`.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import corpus
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outcomes import outcome
from selectolax.lexbor import LexborHTMLParser

from scraper.core.errors import PageError
from scraper.core.records import (
    BoardPage,
    Capture,
    IndexPage,
    Notice,
    Other,
    Page,
    Post,
    ThreadPage,
    Unknown,
    as_json,
)
from scraper.core.site import DEFAULT_SITE
from scraper.markup.dates import Clock
from scraper.markup.text import read_message
from scraper.pages.api import messages, values
from scraper.pages.api.messages import Dialect
from scraper.parsing import parse_capture

AT = datetime(2024, 5, 20, 13, 30, tzinfo=UTC)
CLOCK = Clock(AT, DEFAULT_SITE.zone)
BASE = "https://bbs.example.net/api/mobile/index.php?version=4&module="
FIXTURES = sorted((corpus.FIXTURES / "api").glob("*.txt"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)


def answer(variables: Any, module: str = "viewthread&tid=7", **more: Any) -> Page:
    """An answer of the interface, parsed."""
    body = json.dumps(
        {"Version": "4", "Charset": "UTF-8", "Variables": variables, **more}
    )
    return parse_capture(Capture(BASE + module, AT, body.encode()))


def thread(*rows: dict[str, Any], **more: Any) -> ThreadPage:
    """A thread with these posts."""
    content = answer(
        {"thread": {"tid": "7", "subject": "题"}, "postlist": rows, **more}
    ).content
    assert isinstance(content, ThreadPage)
    return content


def post(**row: Any) -> Post:
    """The one post of a thread."""
    return thread({"pid": "9", "message": "话", **row}).posts[0]


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("12", 12),
        (12, 12),
        (12.0, 12),
        ("-3", -3),
        (" 4 ", 4),
        (None, None),
        ("", None),
        ("x", None),
        (True, None),
        ("9" * 30, None),
        (10**30, None),
        (float("inf"), None),
        (float("nan"), None),
        ("１２", None),
        ([], None),
    ],
)
def test_numbers_of_any_type(value: object, number: int | None) -> None:
    assert values.number(value) == number


@pytest.mark.parametrize(
    ("value", "truth"),
    [("0", False), ("", False), (None, False), ([], False), ("1", True)],
)
def test_php_truth(value: object, truth: bool) -> None:
    assert values.flag(value) is truth


def test_an_empty_list_is_an_empty_map_and_a_map_of_numbers_is_a_list() -> None:
    said = answer(
        {
            "thread": {"tid": 7, "replies": 0},
            "ppp": 10,
            "comments": [],
            "special_poll": [],
            "threadsortshow": [],
            "postlist": {
                "9": {
                    "pid": 9,
                    "message": "话",
                    "attachments": [],
                    "number": 1,
                    "anonymous": 0,
                }
            },
        }
    ).content
    assert isinstance(said, ThreadPage)
    assert [(p.pid, p.floor, p.text) for p in said.posts] == [(9, 1, "话")]


def test_half_a_character_becomes_a_replacement() -> None:
    body = rb'{"Variables":{"postlist":[{"pid":1,"message":"a\ud83d b\u0000"}]}}'
    page = parse_capture(Capture(BASE + "viewthread", AT, body))
    assert isinstance(page.content, ThreadPage)
    assert page.content.posts[0].text.startswith("a� b")
    json.dumps(as_json(page), ensure_ascii=False).encode()


def test_a_callback_and_a_trailing_script_are_left_out() -> None:
    body = 'cb({"Version":"1","Charset":"UTF-8","Variables":{"forumlist":[{"fid":"2","name":"a"}]}})<script>x</script>'
    page = parse_capture(Capture("https://bbs.example.net/x.js", AT, body.encode()))
    assert isinstance(page.content, IndexPage)
    assert page.theme == "api"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a &amp;amp;lt;b&amp;amp;gt; c", "a &lt;b&gt; c"),
        ("1 &amp;lt; 2<br />\r\n3", "1 < 2\n3"),
        ('<div class="reply_wrap">旧话</div>新话', "新话"),
        (" 本帖最后由 甲 于 2024-5-18 20:31 编辑 <br />\n正文", "正文"),
        (
            "我说：最后由 甲 于 2024-5-18 20:31 编辑 的",
            "我说：最后由 甲 于 2024-5-18 20:31 编辑 的",
        ),
        (
            '笑 <img src="http://x.example/static/image/smiley/default/lol.gif" />',
            "笑 :lol",
        ),
    ],
)
def test_messages_of_the_hook(source: str, text: str) -> None:
    assert messages.read(source, CLOCK, Dialect(hooked=True)).text == text


def test_the_dialect_is_the_versions_unless_a_message_shows_otherwise() -> None:
    assert messages.dialect_of(4, "UTF-8", ["a &amp;lt; b"]) == Dialect(hooked=True)
    assert messages.dialect_of(5, "GBK", []) == Dialect(hooked=True, unescape=True)
    assert messages.dialect_of(4, "UTF-8", ["a &lt; b", "c"]) == Dialect()
    assert messages.dialect_of(1, "UTF-8", ["a"]) == Dialect()
    assert messages.dialect_of(None, "", []) == Dialect()


@given(
    st.lists(
        st.sampled_from(
            [
                "字",
                " ",
                "  ",
                "\n",
                "\r\n",
                "\t",
                "<br />",
                "<br />\n",
                "&nbsp;",
                "&lt;br /&gt;",
                "&amp;",
                "&amp;#9829;",
                "&#9829;",
                "&Tab;",
                "&quot;",
                "\xa0",
                "\u3000",
                "&",
                "#10;",
                "a",
                '<img src="static/image/smiley/default/lol.gif" smilieid="1" />',
            ]
        )
    )
)
def test_messages_without_markup_read_as_those_with_a_tree(parts: list[str]) -> None:
    source = "字" + "".join(parts)
    body = LexborHTMLParser(source).body
    assert body is not None
    assert (
        messages.read(source, CLOCK, Dialect()).text == read_message(body, CLOCK).text
    )


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            "提示: <em>作者被禁止或删除 内容自动屏蔽</em>",
            "提示: 作者被禁止或删除 内容自动屏蔽",
        ),
        ("本帖为密码帖", "本帖为密码帖"),
        ("該帖僅作者可見", "該帖僅作者可見"),
        ("付费主题, 价格 15 金钱", "付费主题, 价格 15 金钱"),
        ("他说：本帖为密码帖", ""),
        ("<em>重点</em>：提示在后面" + "很长" * 50, ""),
        ("", ""),
    ],
)
def test_words_in_place_of_a_message(source: str, words: str) -> None:
    assert messages.withheld_words(source) == words


def test_a_withheld_post_has_no_words_of_its_own() -> None:
    said = post(message="提示: <em>该帖被管理员或版主屏蔽</em>", status="1")
    assert (said.text, said.html, said.withheld_reason) == ("", "", "blocked")


@pytest.mark.parametrize(
    ("row", "who"),
    [
        ({"author": "甲", "authorid": "5"}, ("甲", 5, False)),
        ({"author": "null", "authorid": "5"}, ("null", 5, False)),
        ({"author": "匿名", "authorid": "0", "anonymous": "1"}, ("", None, True)),
        ({"author": "", "authorid": 0, "anonymous": 1}, ("", None, True)),
        ({"author": "老友", "authorid": "88", "username": None}, ("老友", 88, False)),
        ({"authorid": "0"}, ("", None, False)),
    ],
)
def test_authors(row: dict[str, Any], who: tuple[str, int | None, bool]) -> None:
    said = post(**row)
    assert (said.author, said.uid, said.anonymous) == who


def test_times_floors_and_sizes_by_what_is_printed() -> None:
    said = post(
        dateline="2024-5-18 20:10:05",
        position="8",
        attachments={
            "1": {
                "aid": "1",
                "filename": "a&amp;b.zip",
                "attachsize": "1.5 KB",
                "isimage": "0",
            },
            "2": {"filename": "x"},
        },
    )
    assert said.posted_at == datetime(2024, 5, 18, 12, 10, 5, tzinfo=UTC)
    assert said.floor == 8
    assert [
        (file.aid, file.name, file.size_bytes, file.image) for file in said.attachments
    ] == [(1, "a&b.zip", 1536, False)]


@pytest.mark.parametrize(
    ("row", "location"),
    [
        ({"ipLocation": "广东"}, "广东"),
        ({"iplocation": "IP归属地:广东省深圳市 电信"}, "广东省深圳市"),
        ({"ip_location": "来自 台灣"}, "台灣"),
        ({"location": "美国 加利福尼亚州"}, "美国 加利福尼亚州"),
        ({"ipLocation": "", "location": "海南"}, "海南"),
        ({"ipLocation": "United States"}, "United States"),
        ({"ipLocation": "北京&nbsp;"}, "北京"),
        ({"ipLocation": "来自手机"}, ""),
        ({"ipLocation": "203.0.113.7"}, ""),
        ({"ipLocation": "未知"}, ""),
        ({"ipLocation": ["广东"]}, ""),
        ({"useip": "203.0.113.7"}, ""),
        ({"message": "来自 北京"}, ""),
        ({"author": "来自 北京", "authorid": "3"}, ""),
    ],
)
def test_locations_under_the_names_that_plugins_give_them(
    row: dict[str, Any], location: str
) -> None:
    assert post(**row).location == location


@pytest.mark.parametrize(("asked", "here"), [("", 1), ("&page=2", 2), ("&page=99", 3)])
def test_a_page_past_the_end_is_the_last(asked: str, here: int) -> None:
    said = answer(
        {
            "thread": {"tid": "7", "replies": "24"},
            "ppp": "10",
            "postlist": [{"pid": "9"}],
        },
        f"viewthread&tid=7{asked}",
    ).content
    assert isinstance(said, ThreadPage)
    assert (said.page, said.pages) == (here, 3)


def test_a_recommended_reply_has_the_floor_of_its_own_place() -> None:
    content = thread(
        {"pid": "8", "message": "话", "number": "-1"},
        {"pid": "7", "message": "话", "number": "1"},
        {"pid": "8", "message": "话", "number": "5"},
    )
    assert [(one.pid, one.floor) for one in content.posts] == [(8, 5), (7, 1)]


def test_some_posts_only_are_not_the_thread() -> None:
    rows = {"thread": {"tid": "7"}, "postlist": [{"pid": "9"}]}
    for asked in ("viewpid=9", "authorid=3"):
        said = answer(rows, f"viewthread&tid=7&{asked}").content
        assert isinstance(said, ThreadPage)
        assert said.filtered


def test_a_board_counts_its_own_threads() -> None:
    said = answer(
        {
            "forumlist": [
                {
                    "fid": "1",
                    "threads": "84",
                    "posts": "9",
                    "sublist": [{"fid": "2", "threads": "24", "posts": "10"}],
                }
            ]
        },
        "forumindex",
    ).content
    assert isinstance(said, IndexPage)
    counts = [(row.fid, row.parent_fid, row.threads, row.posts) for row in said.boards]
    assert counts == [(1, None, 60, 9), (2, 1, 24, 10)]


def test_the_day_of_a_thread_is_the_printed_one() -> None:
    rows = [
        {"tid": "1", "dateline": "2024-5-19", "dbdateline": "1716048000"},
        {"tid": "2", "dbdateline": "1716048000"},
    ]
    said = answer(
        {"forum": {"fid": 3}, "forum_threadlist": rows}, "forumdisplay&fid=3"
    ).content
    assert isinstance(said, BoardPage)
    assert [str(row.created_on) for row in said.threads] == ["2024-05-19", "2024-05-19"]


@pytest.mark.parametrize(
    ("key", "said", "reason"),
    [
        ("thread_nonexistence", "mobile:thread_nonexistence", "not_found"),
        ("viewperm_none_nopermission//1", "抱歉，您没有权限访问该版块", "forbidden"),
        ("viewperm_login_nopermission//1", "抱歉，您尚未登录", "login"),
        ("forum_passwd", "本版块需要密码", "password"),
        ("board_closed", "论坛关闭", "closed"),
        ("something_new", "抱歉，指定的主题不存在或已被删除", "not_found"),
        ("something_new", "mobile:something_new", "other"),
    ],
)
def test_notices(key: str, said: str, reason: str) -> None:
    content = answer(
        {"postlist": []}, Message={"messageval": key, "messagestr": said}
    ).content
    assert isinstance(content, Notice)
    assert content.reason == reason
    assert content.message == (said if not said.startswith("mobile:") else key)


def test_what_was_done_is_no_notice() -> None:
    content = answer(
        {}, Message={"messageval": "login_succeed", "messagestr": "欢迎您回来"}
    ).content
    assert isinstance(content, Other)


@pytest.mark.parametrize(
    "body", ['{"a": 1}', '{"error": "no"}', '{"Variables": {}}', "{}", "{ color: red }"]
)
def test_json_of_others_is_not_ours(body: str) -> None:
    page = parse_capture(Capture("https://example.net/data.json", AT, body.encode()))
    assert isinstance(page.content, Unknown)


def test_posts_that_quote_a_footer_name_no_software() -> None:
    page = answer(
        {
            "thread": {"tid": "7"},
            "postlist": [{"pid": "9", "message": "Powered by Discuz! X3.2"}],
        }
    )
    assert page.software == ""
    check = parse_capture(
        Capture(
            "https://bbs.example.net/api/mobile/index.php?check=check",
            AT,
            '{"discuzversion":"X3.5","charset":"utf-8","sitename":"青石巷"}'.encode(),
        )
    )
    assert (check.software, check.site_name) == ("Discuz! X3.5", "青石巷")


@pytest.mark.parametrize(
    "body",
    [
        '{"Version":"4"',
        '{"Variables":' + '{"a":[' * 20_000,
        '{"Variables":' + "[" * 500 + "]" * 500 + "}",
        '{"Variables":{"postlist":[]}}',
        '{"Variables":{"forumlist":7}}',
        '{"Variables":{"space":{}}}',
        '{"Variables":{"comments":[]}}',
        '{"n":' + "9" * 9_000 + "}",
        '{"Variables":{"forumlist":['
        + '{"fid":1,"sublist":[' * 200
        + "]}" * 200
        + "]}}",
    ],
)
def test_broken_answers_are_page_errors(body: str) -> None:
    said = outcome(Capture(BASE + "viewthread&tid=7", AT, body.encode()))
    assert isinstance(said, PageError) or isinstance(said.content, Other | IndexPage)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_value_of_any_type_anywhere_is_read_or_a_page_error(
    data: st.DataObject,
) -> None:
    source = json.loads(data.draw(st.sampled_from(FIXTURES)).read_text("utf-8"))
    places = list(_places(source))
    for _ in range(data.draw(st.integers(1, 4))):
        holder, key = data.draw(st.sampled_from(places))
        holder[key] = data.draw(JSON)
    body = json.dumps(source)
    cut = data.draw(st.sampled_from([body, body[: len(body) // 2]]))
    outcome(Capture(BASE + "viewthread&tid=7", AT, cut.encode("utf-8", "replace")))


def _places(value: Any) -> Any:
    pairs = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, inner in pairs:
        yield value, key
        yield from _places(inner)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_answers_hold_no_token(path: Path) -> None:
    assert not re.search(rb'"(?:saltkey|formhash)":"(?!0+")', path.read_bytes())
