"""Pages of forums whose owners made up their addresses: what a page's own numbers prove is
used for all of its links, and for those of other pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from fake_forum import OWNERS, OwnAddresses, Skin, qingshi
from fake_forum import Site as FakeSite

from scraper.addresses.form_learning import learn
from scraper.core.errors import PageError
from scraper.core.records import BoardPage, Capture, IndexPage, Page, ThreadPage
from scraper.core.site import AddressPair, Site
from scraper.parsing import parse_capture

BASE = "https://bbs.example.net/bbs/"
AT = datetime(2024, 5, 20, 4, tzinfo=UTC)
OWN = pytest.mark.parametrize("own", OWNERS.values(), ids=list(OWNERS))
BOARD = "forum.php?mod=forumdisplay&fid=2"
THREAD = "forum.php?mod=viewthread&tid=110"

MISREAD = replace(
    OWNERS["short"],
    # Discuz!'s own form has the numbers the other way round, and means a thread by `t`
    thread="thread-{page}-{id}.html",
    board="t-{id}-{page}",
)


def read(
    own: OwnAddresses | None,
    path: str,
    pairs: tuple[AddressPair, ...] = (),
    *,
    version: str = "X3.5",
    at_own_address: bool = False,
) -> Page:
    """A page of the invented forum as this owner has it."""
    site = FakeSite(qingshi(), Skin(BASE, version), own=own)
    answer = site.respond(f"/{path}", {})
    url = BASE + path
    if own is not None and at_own_address:
        url = own.link(url, BASE)
    capture = Capture(url, AT, answer.body)
    return parse_capture(capture, Site(pairs=pairs))


@OWN
@pytest.mark.parametrize("version", ["X3.5", "X3.4"])
def test_a_board_by_itself(own: OwnAddresses, version: str) -> None:
    usual = read(None, BOARD, version=version).content
    page = read(own, BOARD, version=version)
    assert isinstance(usual, BoardPage)
    assert isinstance(page.content, BoardPage)
    assert page.content == usual
    assert [row.moved_to for row in page.content.threads if row.moved_to] == [160]
    assert all(row.uid for row in page.content.threads if row.author)
    assert page.warnings == ()


@OWN
def test_an_index_by_itself(own: OwnAddresses) -> None:
    usual = read(None, "forum.php").content
    page = read(own, "forum.php").content
    assert isinstance(usual, IndexPage)
    assert isinstance(page, IndexPage)
    assert [(row.fid, row.name) for row in page.boards] == [
        (row.fid, row.name) for row in usual.boards
    ]


@OWN
def test_a_thread_by_itself(own: OwnAddresses) -> None:
    usual = read(None, THREAD).content
    page = read(own, THREAD).content
    assert isinstance(usual, ThreadPage)
    assert isinstance(page, ThreadPage)
    assert (page.tid, page.fid, page.board) == (110, 6, usual.board)
    for told, expected in zip(page.posts, usual.posts, strict=True):
        assert (told.author, told.uid, told.pid) == (
            expected.author,
            expected.uid,
            expected.pid,
        )
        assert told.quotes == expected.quotes
        assert told.text == expected.text
    assert any(quote.pid for post in page.posts for quote in post.quotes)


@OWN
def test_what_one_page_proves_serves_another(own: OwnAddresses) -> None:
    index = read(own, "forum.php")
    board = read(own, BOARD, index.pairs)
    known = index.pairs + board.pairs
    further = f"{BOARD}&page=2"
    for path in (BOARD, further, "forum.php?mod=viewthread&tid=150&page=2"):
        page = read(own, path, known, at_own_address=True)
        usual = read(None, path)
        assert page.site_url == BASE
        if isinstance(page.content, BoardPage):
            assert page.content == usual.content
            continue
        assert isinstance(page.content, ThreadPage)
        assert isinstance(usual.content, ThreadPage)
        assert (page.content.tid, page.content.page) == (150, 2)
        assert page.content.fid == usual.content.fid
        assert page.content.board == usual.content.board


@OWN
def test_nothing_more_is_learned_from_the_same_page(own: OwnAddresses) -> None:
    first = read(own, BOARD)
    assert first.pairs
    assert read(own, BOARD, first.pairs).pairs == ()


@pytest.mark.parametrize("path", ["forum.php", BOARD, THREAD])
@pytest.mark.parametrize("rewritten", [False, True])
def test_nothing_is_learned_where_the_addresses_are_discuzs_own(
    path: str, rewritten: bool
) -> None:
    site = FakeSite(qingshi(), Skin(BASE, rewritten=rewritten))
    answer = site.respond(f"/{path}", {})
    assert parse_capture(Capture(BASE + path, AT, answer.body)).pairs == ()


def test_forms_that_look_like_others_of_discuz() -> None:
    page = read(MISREAD, BOARD).content
    usual = read(None, BOARD).content
    assert isinstance(page, BoardPage)
    assert isinstance(usual, BoardPage)
    assert [row.moved_to for row in page.threads] == [
        row.moved_to for row in usual.threads
    ]


def test_a_page_at_an_address_of_no_form_tells_its_forum() -> None:
    page = read(OWNERS["folders"], THREAD, at_own_address=True)
    assert page.url == f"{BASE}topic/110/page/1"
    assert page.site_url == BASE


NAMED = replace(OWNERS["short"], user="people-of-{id}")


def words_for_numbers(body: bytes) -> bytes:
    """The same page with members' addresses that hold no number."""
    for digit, letter in zip(b"0123456789", b"abcdefghij", strict=True):
        for _ in range(3):
            body = body.replace(
                b"people-of-" + bytes([digit]), b"people-of-" + bytes([letter])
            )
    return body


def test_what_cannot_be_learned_is_said() -> None:
    site = FakeSite(qingshi(), Skin(BASE), own=NAMED)
    body = words_for_numbers(site.respond(f"/{BOARD}", {}).body)
    page = parse_capture(Capture(BASE + BOARD, AT, body))
    (warning,) = [each for each in page.warnings if each.kind == "own-addresses"]
    assert "members" in warning.detail
    assert "people-of-" in warning.detail


def test_a_page_made_to_have_many_forms_is_taken_for_a_few() -> None:
    rows = "".join(
        f'<tbody id="normalthread_{tid}"><tr><th><a class="xst" href="{"x" * (tid % 180)}{tid}">'
        "题目</a></th></tr></tbody>"
        for tid in range(1, 2000)
    )
    body = f'<body id="nv_forum" class="pg_forumdisplay"><table>{rows}</table></body>'
    page = parse_capture(Capture(BASE + BOARD, AT, body.encode()))
    assert isinstance(page.content, BoardPage)
    assert len(page.content.threads) == 1999
    assert 0 < len(page.pairs) <= 400
    assert len(learn(page.pairs).forms) <= 24


def test_an_index_whose_boards_have_words_for_numbers_says_so() -> None:
    site = FakeSite(qingshi(), Skin(BASE), own=replace(NAMED, board="people-of-{id}"))
    body = words_for_numbers(site.respond("/forum.php", {}).body)
    with pytest.raises(PageError, match=r"6 boards could not be learned: people-of-"):
        parse_capture(Capture(f"{BASE}forum.php", AT, body))


CLASSIC_ROW = """<tbody id="normalthread_{tid}"><tr><td class="folder"></td><td class="icon"></td>
<th class="common"><span id="thread_{tid}"><a href="{thread}">题目{tid}</a></span>
<span class="threadpages"> &nbsp;...<a href="{second}">2</a><a href="{third}">3</a></span></th>
<td class="author"><cite><a href="{user}">成员{uid}</a></cite><em>2009-3-1</em></td>
<td class="nums"><strong>25</strong>/<em>99</em></td>
<td class="lastpost"><em><a href="{last}">2009-3-2 10:00</a></em><cite>by
<a href="space.php?username=x">x</a></cite></td></tr></tbody>"""


@OWN
def test_a_board_in_the_markup_of_7x(own: OwnAddresses) -> None:
    rows = ""
    for tid, uid in ((5, 9), (17, 31), (230, 44)):
        further = own.further or own.thread
        rows += CLASSIC_ROW.format(
            tid=tid,
            uid=uid,
            thread=own.thread.format(id=tid, page=1),
            second=further.format(id=tid, page=2),
            third=further.format(id=tid, page=3),
            user=own.user.format(id=uid),
            last=own.last.format(id=tid),
        )
    body = f"""<html><head><title>版块 - 论坛 - Powered by Discuz!</title></head>
<body><div id="nav"><a href="index.php">论坛</a> &raquo; 版块</div>
<div id="forumheader"><h1>版块</h1></div>
<div class="mainbox threadlist"><table id="forum_7" summary="forum_7">{rows}</table></div>
<p>Powered by <strong><a href="http://www.discuz.net">Discuz!</a></strong> <em>7.2</em></p>
</body></html>"""
    url = "http://bbs.example.net/forumdisplay.php?fid=7"
    page = parse_capture(Capture(url, AT, body.encode()))
    assert isinstance(page.content, BoardPage)
    assert [(row.tid, row.uid) for row in page.content.threads] == [
        (5, 9),
        (17, 31),
        (230, 44),
    ]
    kinds = {pair.kind for pair in page.pairs}
    assert {"thread", "user", "last"} <= kinds
