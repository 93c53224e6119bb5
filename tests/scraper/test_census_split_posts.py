"""A page that shows one part of a post split by `[page]` says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from corpus import FIXTURES

from scraper.core.census import POST_SPLIT
from scraper.core.records import ThreadPage
from scraper.parsing import parse

THREAD = "https://bbs.example.net/forum.php?mod=viewthread&tid=150"
INDEX = '<div id="threadindex">{}</div>'
CALL = """<div id="threadpage"></div><script type="text/javascript" reload="1">
show_threadpage(1105, {}, {}, 0, '');</script>"""
RENDERED = """<div id="threadpage"><div class="cm pg"><strong>1</strong>
<a href="forum.php?mod=viewthread&amp;tid=150&amp;cp=2">2</a>
<a href="forum.php?mod=viewthread&amp;tid=150&amp;cp=3">3</a>
<a href="forum.php?mod=viewthread&amp;tid=150&amp;cp=all">全文</a></div></div>"""

Details = Callable[..., list[str]]


@pytest.fixture
def details() -> Details:
    """What is said of a split post on a page with something more in it."""
    path = FIXTURES / "x3" / "thread-closed.html"
    html = path.read_text("utf-8")

    def details(more: str, url: str = THREAD) -> list[str]:
        at = html.index("</table>", html.index('id="postmessage_'))
        body = html[:at] + "</table>" + more + html[at + len("</table>") :]
        page = parse(body.encode(), url)
        assert isinstance(page.content, ThreadPage)
        return [each.detail for each in page.warnings if each.kind == POST_SPLIT]

    return details


def index_of(parts: int) -> str:
    links = (f'<a page="{part}" sub="">第{part}章</a>' for part in range(1, parts + 1))
    return INDEX.format("".join(links))


@pytest.mark.parametrize(
    ("more", "total"),
    [
        (CALL.format(1, 2), 2),
        (CALL.format(1, 12), 12),
        (index_of(2), 2),
        (index_of(30), 30),
        (RENDERED, 3),
        (index_of(2) + CALL.format(1, 3), 3),
        (INDEX.format('<li><a href="forum.php?tid=150&amp;cp=4">丁</a></li>'), 4),
    ],
)
def test_the_first_part_is_named_as_one_of_so_many(
    details: Details, more: str, total: int
) -> None:
    expected = f"part 1 of {total} of the opening post, all are at cp=all"
    assert details(more) == [expected]


def test_a_further_part_is_named_by_its_number(details: Details) -> None:
    url = f"{THREAD}&cp=2"
    expected = ["part 2 of 3 of the opening post, all are at cp=all"]
    assert details(CALL.format(2, 3), url) == expected
    assert details(index_of(3), url) == expected


@pytest.mark.parametrize("url", [f"{THREAD}&cp=all", f"{THREAD}&amp;cp=all&page=1"])
def test_the_page_with_all_parts_is_whole(details: Details, url: str) -> None:
    assert details(index_of(3), url) == []


@pytest.mark.parametrize(
    "more",
    [
        "",
        index_of(1),
        CALL.format(1, 1),
        '<div id="threadpage"></div>',
        "<p>&lt;div id=&quot;threadpage&quot;&gt; show_threadpage(1, 1, 3)</p>",
        '<a href="forum.php?mod=viewthread&amp;tid=9&amp;cp=2">别处</a>',
    ],
)
def test_a_post_in_one_piece_is_not_said_to_be_split(
    details: Details, more: str
) -> None:
    assert details(more) == []
