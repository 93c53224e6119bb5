"""Markup that would unfold into minutes or gigabytes is refused by name, and ordinary
sloppiness is read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper.core.errors import PageError
from scraper.core.records import Capture
from scraper.markup.excess import refuse_excess
from scraper.parsing import parse_capture
from tests.scraper.markup_attacks import ATTACKS

FORMATS = "b big code em font i nobr s small strike strong tt u"
HEAD = '<html><body id="nv_forum" class="pg_viewthread"><div id="postlist"><div class="plc">'


@pytest.mark.parametrize("name", ATTACKS)
def test_markup_beyond_reason_is_refused_by_name(name: str) -> None:
    markup = ATTACKS[name](2_000)
    with pytest.raises(PageError, match=r"markup|an element of more than"):
        refuse_excess(markup.encode())


@pytest.mark.parametrize("name", ATTACKS)
def test_the_same_a_little_is_read(name: str) -> None:
    refuse_excess(ATTACKS[name](100).encode())


@pytest.mark.parametrize("kind", FORMATS.split())
@pytest.mark.parametrize("attribute", [" id={n}", "/{n}", "\n{n}", ' title=">{n}"'])
def test_every_formatting_element_left_open_is_refused(
    kind: str, attribute: str
) -> None:
    opened = [f"<{kind}{attribute.format(n=number)}>" for number in range(1_000)]
    markup = "".join(opened) + "<p>字" * 2_000
    for spelled in (markup, markup.upper()):
        with pytest.raises(PageError, match="unfolds beyond reason"):
            refuse_excess(spelled.encode())


@pytest.mark.parametrize(("elements", "each"), [(2, 15_000), (6, 10_000), (400, 1_000)])
@pytest.mark.parametrize("separator", [" ", "/", "\n"])
def test_many_elements_of_many_attributes_are_refused(
    elements: int, each: int, separator: str
) -> None:
    attributes = separator.join(f"a{number}" for number in range(each))
    tag = f"<p {attributes}>字"
    with pytest.raises(PageError, match="attributes"):
        refuse_excess((tag * elements).encode())


def test_some_elements_of_many_attributes_are_read() -> None:
    attributes = " ".join(f"data-a{number}='1'" for number in range(300))
    refuse_excess((f"<p {attributes}>字" * 500).encode())


def test_posts_within_each_other_in_a_template_of_its_own_are_refused() -> None:
    posts = [f'<div id="pid{number}"><div class="locked">' for number in range(500)]
    body = f"<body>{''.join(posts)}Powered by Discuz!</body>".encode()
    capture = Capture(
        "https://bbs.example.net/thread-1-1-1.html",
        datetime(2026, 1, 2, tzinfo=UTC),
        body,
    )
    with pytest.raises(PageError, match="within it"):
        parse_capture(capture)


def test_formatting_elements_that_are_all_the_same_are_read() -> None:
    opened = '<font color="red" size=4>' * 1_000
    refuse_excess((opened + "<p>字" * 2_000).encode())


@pytest.mark.parametrize(
    "post",
    [
        "<font color=red><font size=4>字</font></font><br>" * 10,
        "<font color=red><div align=center>字</div></font>",
        "<em id=authorposton{n}>发表于 <span title='昨天'>昨天</span></em>",
        "<b><i>字</b></i><p>",
        "<a href=thread-{n}-1-1.html><b>字</b></a>",
        "<strong class=x><p>字",
        "<script>if (a<b) document.write('<b>')</script>",
    ],
)
def test_sloppy_posts_in_a_long_thread_are_read(post: str) -> None:
    posts = [
        f"<div id=post_{number}><table><tr><td>{post.format(n=number)}</td></tr></table></div>"
        for number in range(500)
    ]
    refuse_excess("".join(posts).encode())


def test_a_refused_page_is_named() -> None:
    body = HEAD + ATTACKS["b in paragraphs"](2_000)
    capture = Capture(
        "https://bbs.example.net/thread-1-1-1.html",
        datetime(2026, 1, 2, tzinfo=UTC),
        body.encode(),
    )
    with pytest.raises(PageError, match="unfolds beyond reason"):
        parse_capture(capture)


def _case(shared: Path, case: str) -> Capture:
    body = (shared / "cases" / "hostile" / case / "page.html").read_bytes()
    return Capture(
        "https://bbs.example.net/thread-1-1-1.html",
        datetime(2026, 1, 2, tzinfo=UTC),
        body,
    )


def test_the_case_of_formatting_elements_is_refused(shared: Path) -> None:
    capture = _case(shared, "formatting-bomb")
    with pytest.raises(PageError, match="unfolds beyond reason"):
        parse_capture(capture)


def test_the_case_of_a_long_name_is_read(shared: Path) -> None:
    capture = _case(shared, "regex-tag-name")
    assert parse_capture(capture).content.kind == "thread"
