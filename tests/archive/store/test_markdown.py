"""Messages as Markdown: structure kept, the forum's own words left out, nothing that breaks
the converter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.store.markdown import to_markdown


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("只有字", "只有字"),
        ("一<br />二", "一  \n二"),
        ("一<br>\n二 &amp;&nbsp;三", "一  \n二 & 三"),
        ("<strong>粗</strong> <i>斜</i>", "**粗** *斜*"),
        ('<a href="http://example.com/">链接</a>', "[链接](http://example.com/)"),
        (
            '<img src="static/image/common/none.gif" file="data/1.png" class="zoom">',
            "![](data/1.png)",
        ),
        (
            '<div class="quote"><blockquote>引用的话</blockquote></div>我说',
            "> 引用的话\n\n我说",
        ),
        (
            '甲<font class="jammer">z9;</font><span style="display:none">k q</span>乙',
            "甲乙",
        ),
        ('<i class="pstatus"> 本帖最后由 甲 于 2012-1-2 编辑 </i>正文', "正文"),
        (
            '<div class="blockcode"><div id="code_x"><ol><li>def f():<br />'
            "<li>    return 1</ol></div>"
            "<em onclick=\"copycode($('code_x'));\">复制代码</em></div>",
            "```\ndef f():\n    return 1\n```",
        ),
        (  # as X prints it: a break at the end of each item, spaces that do not break
            '<div class="blockcode"><div id="code_y"><ol><li>def f():<br />\n</li>'
            "<li><br />\n</li><li>&nbsp; &nbsp; return 1&nbsp; # 一</li></ol></div>"
            "<em onclick=\"copycode($('code_y'));\">复制代码</em></div>",
            "```\ndef f():\n\n    return 1  # 一\n```",
        ),
        ("<ul><li>一</li><li>二</li></ul>", "- 一\n- 二"),
    ],
)
def test_markdown(html: str, markdown: str) -> None:
    assert to_markdown(html) == markdown


@pytest.mark.parametrize(
    "tag", ["<div>", "<blockquote>", "<ul><li>", "<table><tr><td>"]
)
def test_deep_nesting_costs_nothing_but_its_own_words(tag: str) -> None:
    assert isinstance(to_markdown(tag * 10_000 + "x"), str)


@given(st.text(alphabet=st.sampled_from("<>&;\"'=/ abc#123中文\n"), max_size=200))
def test_any_markup_gives_a_text(html: str) -> None:
    assert isinstance(to_markdown(html), str)
