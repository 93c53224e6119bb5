"""Smilies back to codes: as forums serve them, and as programs that save pages leave them."""

from __future__ import annotations

import pytest
from desktop_markup import X, only, thread, words, x_post

from scraper.markup.smilies import numbered_smilies, smiley_code

INLINED = (
    "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("static/image/smiley/default/lol.gif", ":lol"),
        ("http://cdn.example/static/image/smiley/default/lol.gif", ":lol"),
        ("static/image/smiley/own/hi.gif", ":hi:"),
        ("images/smilies/coolmonkey/01.gif", "{:2_12:}"),
        # as saved
        ("./茶摊_files/lol.gif", ":lol"),
        ("茶摊_files/lol(2).gif", ":lol"),
        ("tea.files/lol.gif", ":lol"),
        ("lol.gif", ":lol"),
        ("./%E8%8C%B6_files/hi.png", ":hi:"),
        (INLINED, ":12:"),
        ("data:image/png;base64,AA/lol.gif", ":12:"),
        ("cid:frame-4D@mhtml.blink", ":12:"),
        ("", ":12:"),
        # another folder than usual
        ("http://bbs.example.com/face/hi.gif?v=2", ":hi:"),
    ],
)
def test_the_code_of_a_numbered_smiley(address: str, code: str) -> None:
    assert smiley_code({"src": address, "smilieid": "12", "alt": ""}) == code
    served = f'话<img src="{address}" smilieid="12" border="0" alt="" />话'
    assert numbered_smilies(served) == [("12", code)]


@pytest.mark.parametrize(
    "address", ["static/image/smiley/own/hi.gif", INLINED, "a.gif"]
)
def test_the_label_comes_first(address: str) -> None:
    assert smiley_code({"src": address, "smilieid": "12", "alt": " :D "}) == ":D"


@pytest.mark.parametrize("address", ["http://a.example/lol.gif", INLINED, "lol.gif"])
def test_a_picture_without_a_number_is_no_smiley(address: str) -> None:
    assert smiley_code({"src": address}) is None
    assert numbered_smilies(f'<img src="{address}">') == []


def test_smilies_in_order() -> None:
    served = (
        "<img smilieid='7' src='x/tongue.gif' alt='&gt;:'>话"
        f'<img alt="" smilieid="12" src="{INLINED * 30}"><img src="a.png">'
        "<img src=sad.gif smilieid=2 alt=>"
    )
    assert numbered_smilies(served) == [("7", ">:"), ("12", ":12:"), ("2", ":(")]


@pytest.mark.parametrize(
    "markup",
    [
        f'<img src="{INLINED}">',
        f'<img src="{INLINED}" file="{INLINED}">',
        f'<img class="zoom" id="aimg_x" zoomfile="{INLINED}">',
        '<img src="cid:abc@mhtml.blink">',
        '<img src="blob:http://a.example/1">',
        f'<a href="{INLINED}">图</a>',
        f'<embed src="{INLINED}">',
        f'<video src="{INLINED}"></video>',
        '<a href="data:application/attachment;aid=4">件.zip</a>',
    ],
)
def test_what_stands_in_the_page_itself_has_no_address(markup: str) -> None:
    post = only(thread(f"{X}{x_post(1, words(1, f'话{markup}'))}"))
    assert post.images == ()
    assert post.links == ()
    assert post.attachments == ()


@pytest.mark.parametrize("lazy", ["file", "zoomfile", "data-original"])
def test_a_picture_that_loads_late_has_the_address_that_it_loads(lazy: str) -> None:
    markup = f'<img src="{INLINED}" {lazy}="http://a.example/a.png">'
    post = only(thread(f"{X}{x_post(1, words(1, f'话{markup}'))}"))
    assert post.images == ("http://a.example/a.png",)
