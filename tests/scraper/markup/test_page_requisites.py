"""What pages and style sheets of all generations name that they need."""

from __future__ import annotations

import pytest

from scraper.core.requisites import Requisite
from scraper.markup.html import tree_of
from scraper.markup.requisites import page_requisites, sheet_requisites
from scraper.markup.smilies import smiley_addresses

PAGE = "http://bbs.example.com/forum.php?mod=viewthread&tid=5"
SHEET = "http://bbs.example.com/data/cache/style_1_common.css?q1"
ICON = '<link rel="icon" href="/i.ico">'


def of_page(markup: str, url: str = PAGE) -> list[tuple[str, str]]:
    """Kind and address of each; an icon is named, so that the usual one is not added."""
    found = page_requisites(tree_of(ICON + markup), url)
    return [(each.kind, each.url) for each in found if not each.url.endswith("/i.ico")]


def of_sheet(sheet: str) -> list[tuple[str, str]]:
    """The same of a style sheet."""
    return [(each.kind, each.url) for each in sheet_requisites(sheet, SHEET)]


@pytest.mark.parametrize(
    ("markup", "kind", "url"),
    [
        # 6.0
        (
            '<link rel="stylesheet" type="text/css" href="forumdata/cache/style_1.css">',
            "style",
            "http://bbs.example.com/forumdata/cache/style_1.css",
        ),
        (
            '<script type="text/javascript" src="include/javascript/common.js"></script>',
            "script",
            "http://bbs.example.com/include/javascript/common.js",
        ),
        # X: a base, quotes of both kinds, none, entities
        (
            "<base href='http://bbs.example.com/bbs/'><link rel=stylesheet href=a.css?1>",
            "style",
            "http://bbs.example.com/bbs/a.css?1",
        ),
        (
            '<link rel="alternate stylesheet" href="t/a.css?a=1&amp;b=2">',
            "style",
            "http://bbs.example.com/t/a.css?a=1&b=2",
        ),
        (
            '<LINK REL="Shortcut Icon" HREF="favicon.png">',
            "picture",
            "http://bbs.example.com/favicon.png",
        ),
        (
            '<link rel="apple-touch-icon" href="//cdn.example.net/touch.png">',
            "picture",
            "http://cdn.example.net/touch.png",
        ),
        (
            '<link rel="preload" as="font" href="static/f.woff2">',
            "font",
            "http://bbs.example.com/static/f.woff2",
        ),
        (
            '<table background="images/default/bg.gif"></table>',
            "picture",
            "http://bbs.example.com/images/default/bg.gif",
        ),
        (
            "<div style='background:url(static/image/common/x.png) no-repeat'>",
            "picture",
            "http://bbs.example.com/static/image/common/x.png",
        ),
        (
            "<style>@import 'more.css';</style>",
            "style",
            "http://bbs.example.com/more.css",
        ),
        (
            '<input type="image" src="static/go.png">',
            "picture",
            "http://bbs.example.com/static/go.png",
        ),
    ],
)
def test_what_an_element_names(markup: str, kind: str, url: str) -> None:
    assert of_page(markup) == [(kind, url)]


@pytest.mark.parametrize(
    "markup",
    [
        '<link rel="alternate" type="application/rss+xml" href="forum.php?mod=rss">',
        '<link rel="canonical" href="thread-5-1-1.html">',
        '<link rel="archives" href="archiver/">',
        '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
        '<img src="javascript:;">',
        '<script src="about:blank"></script>',
        '<img src="">',
        '<img src="http://[broken/x.gif">',
        "<script>var x = 'static/js/never.js';</script>",
        "<!-- <script src='static/js/old.js'></script> -->",
        '<script src="ftp://bbs.example.com/x.js"></script>',
    ],
)
def test_what_is_no_requisite(markup: str) -> None:
    assert of_page(markup) == []


def test_the_usual_icon_is_looked_for_where_none_is_named() -> None:
    (icon,) = page_requisites(tree_of("<p>x</p>"), PAGE)
    assert (icon.kind, icon.url) == ("picture", "http://bbs.example.com/favicon.ico")


@pytest.mark.parametrize("folder", ["static/js/", "data/cache/"])
def test_the_script_that_x_loads_late(folder: str) -> None:
    script = f"<script>var VERHASH = 'q1', JSPATH = '{folder}', x = 1;</script>"
    url = f"http://bbs.example.com/{folder}common_extra.js?q1"
    assert of_page(script) == [("script", url)]


@pytest.mark.parametrize(
    ("picture", "shown"),
    [
        ('src="none.gif" file="a.jpg.thumb.jpg" zoomfile="a.jpg"', "a.jpg.thumb.jpg"),
        ('src="a.jpg.thumb.jpg" zoomfile="a.jpg"', "a.jpg.thumb.jpg"),
        ('src="none.gif" file="a.jpg" zoomfile="a.jpg"', ""),
        ('src="a.jpg" zoomfile="a.jpg"', ""),
        ('src="static/none.gif" zoomfile="a.jpg"', ""),
        ('src="none.gif" file="a.jpg"', ""),
    ],
)
def test_the_small_form_of_a_posts_picture(picture: str, shown: str) -> None:
    found = page_requisites(tree_of(f"{ICON}<img {picture}>"), PAGE)
    thumbs = [each for each in found if each.kind == "thumb"]
    assert [each.stated for each in thumbs] == [shown] * bool(shown)
    assert {each.whole for each in thumbs} <= {"a.jpg"}


@pytest.mark.parametrize(
    ("sheet", "found"),
    [
        ('@import "a.css";', [("style", "data/cache/a.css")]),
        ("@import url(a.css) screen;", [("style", "data/cache/a.css")]),
        ("@IMPORT URL( 'a.css' );", [("style", "data/cache/a.css")]),
        ("a{background:url(../../static/x.gif)}", [("picture", "static/x.gif")]),
        ('a{background:URL( "/x.png" )}', [("picture", "x.png")]),
        ("@font-face{src:url(f.eot?#iefix)}", [("font", "data/cache/f.eot")]),
        ("/* url(x.gif) */ a{}", []),
        ("a{} /* url(x.gif)", []),
        ("a{behavior:url(pie.htc)}", []),
        ("a{background:url(data:image/png;base64,AAAA)}", []),
        ("a{background:url(#default#VML)}", []),
        ("a{b:url()}", []),
        ("a{background:url(\ufffd.gif)}", []),
    ],
)
def test_what_a_sheet_names(sheet: str, found: list[tuple[str, str]]) -> None:
    expected = [(kind, f"http://bbs.example.com/{path}") for kind, path in found]
    assert of_sheet(sheet) == expected


def test_each_is_named_once() -> None:
    markup = '<img src="a.gif"><img src="a.gif#x"><img src="./a.gif">'
    assert of_page(markup) == [("picture", "http://bbs.example.com/a.gif")]


def test_smilies_are_told_apart() -> None:
    source = "static/image/smiley/default/lol.gif"
    markup = f'{ICON}<img src="{source}" smilieid="12" alt=""><img src="x.gif">'
    found = page_requisites(tree_of(markup), PAGE)[1:]
    smiley = Requisite(
        "picture", f"http://bbs.example.com/{source}", source, is_smiley=True
    )
    assert found[0] == smiley
    assert [each.is_smiley for each in found] == [True, False]


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ('<img src="images/smilies/default/sad.gif" smilieid="2" />', True),
        ("<img alt='' src='static/image/smiley/coolmonkey/01.gif'>", True),
        ('<IMG SMILIEID="2" SRC="other/folder/smiled.gif">', False),
        ('<img src="a.gif" alt="smile">', False),
        ("smile", False),
    ],
)
def test_the_smilies_of_a_message(markup: str, found: bool) -> None:
    assert bool(smiley_addresses(markup)) == found
