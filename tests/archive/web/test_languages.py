"""In which language a reader is answered: as the browser asks, or as the reader chose."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from corpus import ROOT

pytest.importorskip("datasette")

from archive.commands._chinese import TRADITIONAL
from archive.desk import strings as desk_strings
from archive.search.query import parse
from archive.web import strings
from archive.web.language import LANGUAGES, language_of
from archive.web.strings_search import SEARCH
from archive.web.traditional import FILE, traditional
from tests.archive_of_posts import Row, make_archive
from tests.web_client import Pages, pages_of

PLACE = re.compile(r"\{\w+\}")


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    make_archive(tmp_path / "forum.db", [Row(text="收音机")]).close()
    return pages_of(tmp_path / "forum.db")


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("zh-TW,zh;q=0.9,en;q=0.5", "zh-hant"),
        ("zh-HK", "zh-hant"),
        ("zh-Hant-MO", "zh-hant"),
        ("zh-Hans-HK", "zh"),
        ("zh-CN,zh-TW;q=0.8", "zh"),
        ("en-GB,zh-TW;q=0.8", "en"),
        ("fr-FR", "en"),
        ("zha", "en"),
        ("", "zh"),
        ("*", "zh"),
    ],
)
def test_as_the_browser_asks(accepted: str, language: str) -> None:
    assert language_of(accepted) == language


def test_a_page_in_traditional_characters(pages: Pages) -> None:
    page = pages.get("/f/1/thread/1", accept_language="zh-TW").text
    assert '<html lang="zh-Hant">' in page
    assert "倒序瀏覽" in page
    assert "收音机" in page, "posts stay as they were written"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_choice_is_kept_and_leads_back(pages: Pages, language: str) -> None:
    page = pages.get("/search?q=%E6%94%B6&list=thread", accept_language="fr").text
    links = re.findall(r'href="(/-/forum/language[^"]+)"', page)
    link = next(each for each in links if f"to={language}&" in each)
    answer = pages.get(link.replace("&amp;", "&"))
    assert answer.headers["location"] == "/search?q=%E6%94%B6&list=thread"
    assert "SameSite=lax" in answer.headers["set-cookie"]
    cookie = answer.headers["set-cookie"].partition(";")[0]
    again = pages.get("/", cookie=cookie, accept_language="fr")
    tag = {"zh": "zh-CN", "zh-hant": "zh-Hant", "en": "en"}[language]
    assert f'<html lang="{tag}">' in again.text
    assert "Cookie" in again.headers["vary"]


@pytest.mark.parametrize(
    "back",
    [
        "//evil.example/",
        "/\\evil.example/",
        "https://evil.example/",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: x=1",
        "",
    ],
)
def test_nobody_is_led_elsewhere(pages: Pages, back: str) -> None:
    answer = pages.get("/-/forum/language", params={"to": "en", "back": back})
    assert answer.headers["location"] == "/"
    assert "x=1" not in str(answer.headers)


def test_another_language_is_not_kept(pages: Pages) -> None:
    answer = pages.get("/-/forum/language", params={"to": "xx; Path=/"})
    assert "set-cookie" not in answer.headers


def test_every_sentence_keeps_its_places() -> None:
    for sentence in strings.chinese_sentences() | desk_strings.chinese_sentences():
        turned = traditional(sentence)
        assert sorted(PLACE.findall(turned)) == sorted(PLACE.findall(sentence))


def test_filters_in_traditional_characters_are_filters() -> None:
    chinese, _ = SEARCH["query_filters"]
    for each in traditional(chinese).split():
        root = parse(each).root
        assert root is not None
        assert type(root).__name__ != "Word", each


def test_the_catalogue_is_what_opencc_says() -> None:
    pytest.importorskip("opencc")
    sys.path.insert(0, str(ROOT / "tests" / "tools"))
    from make_traditional import of_the_commands, of_the_pages  # by the path above

    assert of_the_commands() == TRADITIONAL.read_text("utf-8")
    assert of_the_pages() == FILE.read_text("utf-8"), (
        "run: python tests/tools/make_traditional.py"
    )


@pytest.mark.parametrize(
    "query", ["在:標題 收音機", "在:引用 收音機", "有:圖", "IS:ＯＰ"]
)
def test_values_of_filters_are_read_in_any_characters(query: str) -> None:
    assert parse(query).root
