"""Tokens made beside the parser are those of the index, and are taken where they are there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from archive.index import made_tokens, row_words
from archive.index.verify import check
from archive.index.writer import row_tokens
from archive.intake.page_parser import ParseTask, parse
from archive.intake.page_step import PageStep
from archive.schema import open_archive
from archive.store.save import Store
from archive.warc.captures import Captures
from scraper.core.records import Capture, ThreadPage
from scraper.core.site import Site

TEXT = "今天的天气怎么样，下午会不会下雨？出门要不要带伞，要看看再说吧。C++17"
MADE = {TEXT: "made beside"}
PAGE = (
    "<html><head><title>天气 - 小镇论坛 - Powered by Discuz!</title></head><body>"
    "<h1>小镇论坛</h1><b>标题: </b>天气 "
    '<b><a href="###" onclick="window.print()">[打印本页]</a></b><br />\n'
    '<hr noshade size="2" width="100%" color="#808080">\n'
    "<b>作者: </b>张三&nbsp; &nbsp; <b>时间: </b>2024-5-14 08:01<br />\n"
    f"<b>标题: </b>天气<br />{TEXT}"
    '<hr noshade size="2" width="100%" color="#808080">\n'
    "<table><tr><td>欢迎光临 小镇论坛 (https://town.example/)</td><td>Powered by "
    "Discuz! X3.4</td></tr></table></body></html>"
)
CAPTURE = Capture(
    "https://town.example/forum.php?mod=viewthread&action=printable&tid=1",
    datetime(2024, 6, 1, tzinfo=UTC),
    PAGE.encode(),
    200,
    (("Content-Type", "text/html; charset=utf-8"),),
)


def body(text: str) -> str:
    """What the index is to hold of a post's words."""
    return row_tokens(text, "", None)[0]


def test_they_are_taken_within_their_block_alone() -> None:
    with made_tokens.taken(MADE):
        assert body(TEXT) == "made beside"
        assert body(TEXT + "。") == row_words.row_tokens(TEXT + "。")
    assert body(TEXT) == row_words.row_tokens(TEXT)


def test_those_of_several_pages_are_kept_until_they_are_indexed() -> None:
    with made_tokens.gathered():
        with made_tokens.taken(MADE):
            pass
        with made_tokens.taken({"another": "made as well"}):
            pass
        assert body(TEXT) == "made beside"
        assert body("another") == "made as well"
    assert body(TEXT) == row_words.row_tokens(TEXT)


def test_the_parser_makes_what_the_index_would() -> None:
    site = Site("https://town.example/")
    known = parse(ParseTask(CAPTURE, site))
    assert not known.tokens
    parsed = parse(ParseTask(CAPTURE, site, "response"))
    assert not isinstance(parsed.page, Exception)
    assert isinstance(parsed.page.content, ThreadPage)
    (post,) = parsed.page.content.posts
    assert post.text in parsed.tokens
    assert all(
        made == row_words.row_tokens(text) for text, made in parsed.tokens.items()
    )


def test_a_step_indexes_what_was_made(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "town.db")
    with Captures(archive.conn) as captures:
        step = PageStep(archive.conn, captures, Store(archive.conn))
        parsed = parse(ParseTask(CAPTURE, Site("https://town.example/"), "response"))
        with step.batch():
            kept = captures.keep(CAPTURE)
            wrong = {text: f"{made} 机器" for text, made in parsed.tokens.items()}
            step.settle(replace(parsed, tokens=wrong), kept.id)
    problems = check(archive.conn, full=True).problems
    assert any("posts" in problem for problem in problems)
    archive.close()
