"""Pages longer than any forum prints are refused by name, whatever they are written in; pages made
long by the pictures in them are read."""

from __future__ import annotations

import base64
import re

import pytest

from scraper import parse
from scraper.core.errors import PageError
from scraper.markup.length import MOST_CHARS

URL = "https://bbs.example.net/thread-1-1-1.html"
HEAD = (
    '<html><head><title>题 - 坛 - Powered by Discuz!</title></head><body id="nv_forum" '
    'class="pg_viewthread"><div id="postlist"><div id="post_1"><table id="pid1"><tr>'
    '<td class="plc"><em id="authorposton1">发表于 2024-5-20 10:00</em>'
    '<table><tr><td class="t_f" id="postmessage_1">第一句'
)
API = '{"Version":"4","Charset":"UTF-8","Variables":{"thread":{"tid":"1"},"postlist":[{"message":"'
PICTURE = base64.b64encode(bytes(range(256)) * 16_000).decode()


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5"])
@pytest.mark.parametrize("filling", ["字", "a ", "<br>", "&amp;"])
@pytest.mark.parametrize("head", [HEAD, API, ""])
def test_pages_too_long_are_named(head: str, filling: str, encoding: str) -> None:
    text = head + filling * (MOST_CHARS // len(filling) + 1)
    body = text.encode(encoding, "replace")
    with pytest.raises(PageError, match=re.escape("more than 8,000,000 characters")):
        parse(body, URL, content_type=f"text/html; charset={encoding}")


@pytest.mark.parametrize(
    "kind", ["image/png", "IMAGE/jpeg", "application/octet-stream"]
)
def test_pictures_in_the_page_do_not_count(kind: str) -> None:
    picture = f'<img src="data:{kind};base64,{PICTURE}">'
    page = parse(f"{HEAD}{picture * 2}".encode(), URL)
    assert page.content.kind == "thread"
    assert "第一句" in page.content.posts[0].text


def test_a_long_page_is_read() -> None:
    text = HEAD + "字" * (MOST_CHARS // 2)
    page = parse(text.encode(), URL)
    assert page.content.kind == "thread"
    assert len(page.content.posts[0].text) > MOST_CHARS // 2
