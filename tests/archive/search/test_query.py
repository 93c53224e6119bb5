"""What users type, and what is made of it."""

from __future__ import annotations

from datetime import date

import pytest
from archive_of_posts import refusal
from hypothesis import given
from hypothesis import strategies as st

from archive.search.filters import Filter
from archive.search.query import parse
from archive.search.quoting import filter_text, quoted
from archive.search.tree import And, Node, Not, Or, Words
from scraper.core.errors import QueryError

W = Words


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("淘宝", W("淘宝")),
        ("淘宝　开店", And((W("淘宝"), W("开店")))),
        ("淘宝 -广告", And((W("淘宝"), Not(W("广告"))))),
        ("淘宝 NOT 广告", And((W("淘宝"), Not(W("广告"))))),
        ("a OR b c", Or((W("a"), And((W("b"), W("c")))))),
        ("a | b", Or((W("a"), W("b")))),
        ("（苹果 OR 华为） 手机", And((Or((W("苹果"), W("华为"))), W("手机")))),
        (
            "(苹果 作者:张三) (手机 好)",
            And((W("苹果"), Filter("author", "张三"), W("手机"), W("好"))),
        ),
        ("a OR (b OR c)", Or((W("a"), W("b"), W("c")))),
        ("“极速 退”", W("极速 退")),
        ("「极速 退", W("极速 退")),
        ("iph*", W("iph", is_prefix=True)),
        ("标题:退货", W("退货", scope="title")),
        ('title："退 货"', W("退 货", scope="title")),
        ("引用:退货", W("退货", scope="quotes")),
        ("作者:张三", Filter("author", "张三")),
        ("-作者：ＡＢＣ", Not(Filter("author", "ＡＢＣ"))),
        ('版块:"数码 产品"', Filter("board", "数码 产品")),
        ("有:图", Filter("has", "image")),
        ("is:主楼", Filter("is", "op")),
        ("楼层:2..10", Filter("floor", "2..10", 2, 10)),
        ("floor:3", Filter("floor", "3", 3, 3)),
        ("http://a.com/b?c=d", W("http://a.com/b?c=d")),
        ("3:1", W("3:1")),
        ("或", W("或")),
    ],
)
def test_parse(text: str, root: Node) -> None:
    assert parse(text).root == root


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        '"',
        "-",
        "OR",
        "((((",
        "))",
        "。。，",
        "NOT",
        "- -",
        "*",
        "()",
        "“”",
    ],
)
def test_nothing_to_look_for(text: str) -> None:
    assert parse(text).root is None


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("date:2024", date(2024, 1, 1), date(2025, 1, 1)),
        ("日期:2024-05", date(2024, 5, 1), date(2024, 6, 1)),
        ("日期:2024年12月", date(2024, 12, 1), date(2025, 1, 1)),
        ("date:2024-05-17", date(2024, 5, 17), date(2024, 5, 18)),
        ("date:2024-05..2024-07", date(2024, 5, 1), date(2024, 8, 1)),
        ("date:..2024", None, date(2025, 1, 1)),
        ("date:２０２４..", date(2024, 1, 1), None),
        ("before:2024-05", None, date(2024, 5, 1)),
        ("after:2024-05", date(2024, 6, 1), None),
        ("since:2024-05", date(2024, 5, 1), None),
    ],
)
def test_dates(text: str, low: date | None, high: date | None) -> None:
    root = parse(text).root
    assert isinstance(root, Filter)
    assert (root.low, root.high) == (low, high)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("auther:张三", "author:"),
        ("date:昨儿", "date:昨儿"),
        ("日期:2024-13", "日期:2024-13"),
        ("date:9999", "date:9999"),
        ("floor:顶楼", "floor:顶楼"),
        ("is:foo", "is:foo"),
        ("有:什么", "有:什么"),
        ("author: ", "author:"),
        ("作者： 日期：2024", "作者:"),
        ("标题: -退货", "标题:"),
        ("标题: OR 退货", "标题:"),
        ("版块:(数码)", "版块:"),
        ("标题:！", "标题:！"),
        ('引用:""', "引用:"),
        ("在:", "在:"),
        ("title:\n退货", "title:"),
        ("时间：周六下午3点", '"时间:…"'),
    ],
)
def test_a_filter_that_means_nothing_is_named(text: str, names: str) -> None:
    with pytest.raises(QueryError, match=names):
        parse(text)


def test_long_queries_are_cut_and_say_so() -> None:
    assert parse("字" * 5_000).was_cut
    query = parse(" ".join(f"词语{number}" for number in range(100)))
    assert query.was_cut
    assert len(query.words()) == 60


def test_words_behind_a_not_are_not_asked_for() -> None:
    assert parse("a -b (c OR NOT d) -(e f)").words() == (W("a"), W("c"))


@given(
    st.text() | st.text(st.sampled_from('淘宝a1*-"“”()（） OR|NOT:：+.作者日期\ud800'))
)
def test_any_text_is_a_query_or_a_named_error(text: str) -> None:
    assert ":" in refusal(lambda: parse(text))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("标题: 退货", "标题:退货"),
        ("标题：　退货", "标题:退货"),
        ("-标题： 退货 手机", "-标题:退货 手机"),
        ('引用: "不 退"', '引用:"不 退"'),
        ("在: 标题 退货", "在:标题 退货"),
        ("作者： 张三 手机", "作者:张三 手机"),
        ("版块: 数码*", "版块:数码*"),
        ("站点:  bbs", "站点:bbs"),
        ("来自： 广东", "来自:广东"),
        ("日期: 2024-05", "日期:2024-05"),
        ("楼层：　2..10", "楼层:2..10"),
        ("有: 图", "有:图"),
        ("是： 主楼", "是:主楼"),
    ],
)
def test_a_blank_behind_the_colon_changes_nothing(typed: str, meant: str) -> None:
    assert parse(typed).root == parse(meant).root


@pytest.mark.parametrize(
    "name",
    [
        "张三",
        "a b",
        'a"b',
        "a“b”「c」",
        "(x)",
        "star*",
        "-minus",
        "《书》",
        "a:b",
        "OR",
        "半个“",
        "x\u3000y",
    ],
)
def test_any_name_can_be_typed_as_a_filter(name: str) -> None:
    for text in (filter_text("author", name), f"author:{quoted(name)}"):
        root = parse(f"手机 {text} 猫").root
        assert isinstance(root, And)
        assert root.parts[1] == Filter("author", name), text


def test_a_name_with_all_quotation_marks_is_asked_for_by_its_beginning() -> None:
    text = filter_text("author", '张三"“「『＂四')
    assert parse(text).root == Filter("author", '张三"“「『', is_prefix=True)
