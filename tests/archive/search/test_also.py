"""Words that are offered beside those of a query: of other regions, and by their sound."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import feedparser
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from archive.cli import cli
from archive.index.fold import normalise
from archive.search.also import also_search
from archive.search.api import search
from archive.search.hints import hints
from archive.search.pinyin import by_initial, readings, syllables
from archive.search.pinyin_words import words_by_sound
from archive.search.query import parse
from archive.search.regional import other_words, regional_words
from archive.search.stats import IndexStats
from tests.archive_of_posts import Row, make_archive

SAID = (
    "加我微信聊",
    "微信红包，微信支付",
    "微博和微信",
    "这个軟體很好用",
    "杀毒软件哪个好",
    "影片下載",
    "网路不通",
    "weixin.qq.com",
    "wx 是什么",
    "西安事变",
    "显示器坏了",
    "銀行卡",
    "音樂會",
    "绿茶",
    "我想去看看，我相信",
    "我先走了，我需要休息",
    "服务器宕机，重启服务器",
    "淘宝退货",
    "淘宝客服",
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("also") / "forum.db"
    make_archive(path, [Row(text=text) for text in SAID]).close()
    return path


@pytest.fixture(scope="module")
def conn(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path)


@pytest.mark.parametrize(
    ("letters", "first"),
    [
        ("weixin", "微信"),
        ("WeiXin", "微信"),
        ("wx", "微信"),
        ("xianshi", "显示"),
        ("xian", "西安"),
        ("xianshiqi", "显示器"),
        ("yinhang", "银行"),
        ("yinyue", "音乐"),
        ("lvcha", "绿茶"),
        ("fuwuqi", "服务器"),
        ("fwq", "服务器"),
        ("taobao", "淘宝"),
        ("tb", "淘宝"),
    ],
)
def test_letters_propose_words_of_the_archive_and_find_them(
    conn: sqlite3.Connection, letters: str, first: str
) -> None:
    word, *_ = words_by_sound(IndexStats(conn), letters)
    assert word == first
    assert search(conn, word).hits


@pytest.mark.parametrize(
    "letters",
    ["", "a", "xyz", "hello", "zzzz", "iphone", "weixinx", "ai", "zhuang" * 9],
)
def test_letters_that_are_no_word_propose_none(
    conn: sqlite3.Connection, letters: str
) -> None:
    assert words_by_sound(IndexStats(conn), letters) == ()


def test_pinyin_is_read_in_all_ways() -> None:
    assert set(readings("xianshi")) == {("xian", "shi"), ("xi", "an", "shi")}
    assert list(readings("wei")) == []
    assert list(readings("weixin2")) == []
    assert "微" in syllables()["wei"].common
    assert {"行", "航"} <= set(syllables()["hang"].common)
    assert "女" in syllables()["nv"].common
    assert "信" in by_initial()["x"]


@given(st.text("abcdefghijklmnopqrstuvwxyz", max_size=30))
def test_readings_are_the_letters(letters: str) -> None:
    for count, split in enumerate(readings(letters)):
        assert "".join(split) == letters
        assert count < 1_000


def test_what_is_in_no_post_is_proposed_and_what_is_in_some_is_offered(
    conn: sqlite3.Connection,
) -> None:
    (hint,) = hints(conn, parse("yinhang"))
    assert hint.meant == ("银行",)
    assert not also_search(conn, parse("yinhang"))
    (hint,) = hints(conn, parse("作者:张三 yinhang"))
    assert hint.meant == ("银行",)
    for letters in ("weixin", "wx"):
        first, *_ = also_search(conn, parse(letters))
        assert (first.word, first.other) == (letters, "微信")
        assert first.query == f"({letters} OR 微信)"
        assert search(conn, first.query).total == 4


def test_initials_that_many_posts_have_are_a_word_of_their_own() -> None:
    conn = make_archive(":memory:", [Row(text="wx 微信，微信")] * 30)
    assert not also_search(conn, parse("wx"))
    assert not also_search(conn, parse("微信"))


@pytest.mark.parametrize(
    ("query", "others"),
    [
        ("软件", ["软体"]),
        ("軟件", ["软体"]),
        ("軟體", ["软件"]),
        ("视频", ["影片"]),
        ("網絡", ["网路"]),
        ("網路", []),
        ("杀毒软体", ["杀毒软件"]),
        ("软件 OR 軟體", []),
        ("好用 -软件", []),
        ("软*", []),
        ("引用:软件", []),
        ("手机", []),
        ("作者:软件", []),
    ],
)
def test_words_of_other_regions_are_offered_where_posts_have_them(
    conn: sqlite3.Connection, query: str, others: list[str]
) -> None:
    assert [each.other for each in also_search(conn, parse(query))] == others


@pytest.mark.parametrize(
    ("query", "widened"),
    [
        ("软件 好用", "(软件 OR 软体) 好用"),
        ("好用软件 软件", "好用软件 (软件 OR 软体)"),
        ('"软件" 好用', '("软件" OR 软体) 好用'),
        ("标题:软件", "(标题:软件 OR 标题:软体)"),
        ("在:正文 软件", "在:正文 (软件 OR 软体)"),
        ("(软件 OR 手机) 好用", "((软件 OR 软体) OR 手机) 好用"),
    ],
)
def test_a_widened_query_asks_for_either(
    conn: sqlite3.Connection, query: str, widened: str
) -> None:
    offered = {each.query for each in also_search(conn, parse(query))}
    assert widened in offered
    mine = {hit.post_id for hit in search(conn, query, all_words=True).hits}
    theirs = {hit.post_id for hit in search(conn, widened, all_words=True).hits}
    assert mine <= theirs
    other = query.replace("软件", "软体")
    assert theirs == mine | {
        hit.post_id for hit in search(conn, other, all_words=True).hits
    }


def test_regional_words_are_folded_and_go_both_ways() -> None:
    words = regional_words()
    for word, others in words.items():
        assert normalise(word) == word
        assert all(word in words[other] for other in others)
    assert set(other_words("网络视频")) == {"网路视频", "网络影片", "网络视讯"}
    assert list(other_words("")) == []


@given(st.text("软件体网络路视频影片讯abc ，", max_size=20))
def test_other_words_are_others(text: str) -> None:
    others = list(other_words(text))
    assert normalise(text) not in others
    assert len(others) == len(set(others))


def test_the_doors_offer_them(path: Path) -> None:
    said = CliRunner().invoke(cli, ["search", str(path), "软件"], standalone_mode=False)
    assert "“软件” is also “软体”: search for (软件 OR 软体)" in said.stderr
    assert "软体" not in said.stdout
    said = CliRunner().invoke(
        cli, ["search", str(path), "yinhang"], standalone_mode=False
    )
    assert "did you mean “银行”?" in said.stderr

    pytest.importorskip("datasette")
    from tests.web_client import pages_of

    pages = pages_of(path)
    page = pages.get("/search", {"q": "软件"}, accept_language="zh-CN").text
    assert "也搜：" in page
    widened = "%28%E8%BD%AF%E4%BB%B6+OR+%E8%BD%AF%E4%BD%93%29"
    assert f"q={widened}&amp;" in page.replace("%20", "+")
    assert "也搜：" not in pages.get("/search", {"q": "好用"}).text
    feed = feedparser.parse(pages.get("/search.atom", {"q": "软件"}).text)
    related = [link for link in feed.feed.links if link.rel == "related"]
    assert [link.title for link in related] == ["软体"]
    assert widened in related[0].href.replace("%20", "+")
    table = pages.get("/forum/posts", {"_search": "软件"}).text
    assert "也搜 (软件 OR 软体)" in table
    assert "也搜" not in pages.get("/forum/posts", {"_search": "好用"}).text
    page = pages.get("/search", {"q": "wx"}, accept_language="en").text
    assert "Also search for:" in page
    assert ">微信</a>" in page
    page = pages.get("/search", {"q": "yinhang"}, accept_language="zh-CN").text
    assert "是不是想找：" in page
    assert ">银行</a>" in page
