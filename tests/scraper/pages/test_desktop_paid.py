"""Posts for sale, as those see them who have paid: the free part is the poster's own."""

from __future__ import annotations

import pytest
from desktop_markup import SEVEN, X, only, thread, words, x_post

PRICE = (
    '<div class="locked"><em class="y"><a href="forum.php?mod=misc&amp;'
    'action=viewpayments&amp;tid=1">记录</a></em>付费主题, 价格: <strong>20 金钱 </strong></div>'
)
PRICE_ALONE = '<div class="locked">付費主題, 價格: <strong>20 金錢 </strong></div>'
PRICE_OF_SEVEN = (
    '<div class="locked"><em class="right"><a href="misc.php?action=viewpayments&amp;'
    'tid=1">记录</a></em>付费主题, 价格: 20 金钱</div>'
)
FREE = '<div class="quote"><blockquote>免费的话<br />两行</blockquote></div>付费的话'
HEAD = (
    '<a href="forum.php?mod=redirect&amp;goto=findpost&amp;pid=7&amp;ptid=1">'
    '<font color="#999999">乙 发表于 2012-3-1 05:06</font></a>'
)


@pytest.mark.parametrize("price", [PRICE, PRICE_ALONE])
def test_the_free_part_of_a_post_for_sale_is_the_poster_s_own(price: str) -> None:
    post = only(thread(X + x_post(9, price + words(9, FREE))))
    assert post.text == "免费的话\n两行\n\n付费的话"
    assert post.quotes == ()


def test_the_free_part_in_the_markup_of_7() -> None:
    post = only(
        thread(
            SEVEN + '<div id="post_9"><table id="pid9"><tr><td class="postauthor"></td>'
            f'<td class="postcontent"><div class="postmessage">{PRICE_OF_SEVEN}'
            f'<div class="t_msgfont" id="postmessage_9">{FREE}</div></div></td></tr>'
            "</table></div>"
        )
    )
    assert post.text == "免费的话\n两行\n\n付费的话"
    assert post.quotes == ()


def test_several_free_parts_stand_where_they_were_written() -> None:
    parts = "".join(
        f'<div class="quote"><blockquote>免{number}</blockquote></div>付{number}'
        for number in (1, 2)
    )
    post = only(thread(X + x_post(9, PRICE + words(9, parts))))
    assert post.text.split() == ["免1", "付1", "免2", "付2"]


@pytest.mark.parametrize(
    "quoted",
    [
        f"{HEAD}<br />乙的话",
        "乙 发表于 2012-3-1 05:06<br />乙的话",
        "<p>引用:</p>乙的话",
    ],
)
def test_a_quote_in_a_post_for_sale_stays_one(quoted: str) -> None:
    body = f'<div class="quote"><blockquote>{quoted}</blockquote></div>甲的话'
    post = only(thread(X + x_post(9, PRICE + words(9, body))))
    assert post.text == "甲的话"
    assert [quote.text for quote in post.quotes] == ["乙的话"]


@pytest.mark.parametrize(
    "box", ["", '<div class="locked">游客，如果您要查看本帖隐藏内容请回复</div>']
)
def test_a_quote_without_a_head_stays_one_where_nothing_is_sold(box: str) -> None:
    post = only(thread(X + x_post(9, box + words(9, FREE))))
    assert post.text == "付费的话"
    assert [quote.text for quote in post.quotes] == ["免费的话\n两行"]
