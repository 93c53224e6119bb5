"""What parsers read from the fake forum's pages must be what its model says, whatever the
layout, skin and encoding."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeVar

import pytest
from fake_forum import Post, Quoted, Site, Skin, Thread, generated, laohuai, qingshi
from fake_forum.generate import LOCATIONS
from fake_forum.model import Code, Smiley
from fake_forum.story import QING, TAN
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.core import records
from scraper.core.records import (
    BoardPage,
    Capture,
    Content,
    IndexPage,
    Notice,
    ThreadPage,
    ThreadRow,
)
from scraper.core.site import Site as SiteSettings
from scraper.parsing import parse_capture

C = TypeVar("C", bound=Content)
PLAIN = Skin("https://bbs.example/")
SKINS = {
    "x35": PLAIN,
    "x35-rewritten": replace(PLAIN, rewritten=True, relative_dates=False),
    "x34": replace(PLAIN, version="X3.4", guests_see_files=True, seconds=False),
    "x34-gbk": replace(
        PLAIN,
        base="http://bbs.example/bbs/",
        version="X3.4",
        charset="gbk",
        rewritten=True,
    ),
}


@dataclass
class Reader:
    """Asks a site for pages, parses them, and fails where they are not of the kind that was
    asked for."""

    site: Site
    cookies: dict[str, str]

    def read(self, link: str, kind: type[C]) -> C:
        answer = self.site.respond("/" + link, self.cookies)
        now, headers = (
            self.site.forum.now.astimezone(UTC),
            (("Content-Type", answer.content_type),),
        )
        capture = Capture(
            self.site.skin.base + link, now, answer.body, answer.status, headers
        )
        content = parse_capture(capture, SiteSettings(self.site.skin.base)).content
        assert isinstance(content, kind), (link, content)
        return content

    def thread(
        self, tid: int, layout: str = "forum.php?mod=viewthread&tid={}&page={}"
    ) -> Iterator[records.Post]:
        first = self.read(layout.format(tid, 1), ThreadPage)
        yield from first.posts
        for page in range(2, first.pages + 1):
            yield from self.read(layout.format(tid, page), ThreadPage).posts


@pytest.fixture(params=SKINS)
def reader(request: pytest.FixtureRequest) -> Reader:
    skin = SKINS[request.param]
    return Reader(
        Site(laohuai() if skin.charset == "gbk" else qingshi(), skin),
        {f"{skin.prefix}lastvisit": "1"},
    )


def readable(site: Site) -> list[Thread]:
    return [
        one
        for one in site.forum.threads.values()
        if site.forum.readable(one) and not one.moved_to
    ]


def test_every_post_of_every_thread(reader: Reader) -> None:
    for thread in readable(reader.site):
        posts = list(reader.thread(thread.tid))
        assert [post.pid for post in posts] == [post.pid for post in thread.posts]
        assert [post.floor for post in posts] == list(range(1, len(posts) + 1))
        for said, meant in zip(posts, thread.posts, strict=True):
            check_head(said, meant, seconds=reader.site.skin.seconds)
            check_message(said, meant)
            check_extras(said, meant)


def check_head(said: records.Post, meant: Post, seconds: bool = True) -> None:
    exact = meant.posted_at.astimezone(UTC)
    assert said.posted_at == (exact if seconds else exact.replace(second=0))
    assert said.anonymous == meant.anonymous
    if not meant.anonymous:
        assert said.author == meant.author.name
        assert said.uid in (None, meant.author.uid)
    assert said.location == meant.location


def check_message(said: records.Post, meant: Post) -> None:
    assert bool(said.withheld) == bool(meant.notice)
    if meant.notice:
        assert not said.text
        return
    text = squeezed(said.text)
    if not any(isinstance(part, Smiley) for part in meant.parts):
        assert text == squeezed("".join(meant.own_words))
    place = 0
    for words in meant.own_words:
        place = text.index(squeezed(words), place)
    assert not [words for words in meant.foreign_words if squeezed(words) in text]
    quotes = [part for part in meant.parts if isinstance(part, Quoted)]
    assert [(q.author, squeezed(q.text)) for q in said.quotes] == [
        (q.author, squeezed(q.text)) for q in quotes
    ]
    assert [q.posted_at for q in said.quotes] == [
        q.posted_at.astimezone(UTC) for q in quotes
    ]


def check_extras(said: records.Post, meant: Post) -> None:
    assert said.edited_by == (meant.edited_by if not meant.notice else "")
    assert said.edited_at == utc(meant.edited_at)
    assert sorted(
        (r.author, r.score, r.reason, r.credit) for r in said.ratings
    ) == sorted((r.user.name, r.score, r.reason, r.credit) for r in meant.ratings)
    assert [(c.author, c.text, c.posted_at) for c in said.comments] == [
        (c.user.name, c.text, utc(c.posted_at)) for c in meant.comments
    ]


def utc(at: datetime | None) -> datetime | None:
    return at and at.astimezone(UTC)


def squeezed(text: str) -> str:
    """White space does not count."""
    return re.sub(r"\s", "", text)


def test_code_is_kept_as_it_was_typed() -> None:
    site = Site(qingshi(), PLAIN)
    said = {post.pid: post for post in Reader(site, {}).thread(110)}[1012]
    assert [
        part.text
        for part in site.forum.find(1012)[1].parts
        if isinstance(part, Code) and part.text in said.text
    ]


def test_attachments_are_for_those_who_may_see_them() -> None:
    site = Site(qingshi(), PLAIN)
    guest, member = Reader(site, {}), Reader(site, site.login(QING))
    assert not next(guest.thread(110)).attachments
    meant = site.forum.threads[110].first.files
    said = next(member.thread(110)).attachments
    assert [(a.aid, a.name, a.downloads, a.image, a.price or 0) for a in said] == [
        (f.aid, f.name, f.downloads, f.image, f.price) for f in meant
    ]
    sizes = (120.56 * 1024, 1.44 * 2**20, 2.24 * 2**20)
    assert [a.size_bytes for a in said] == [
        pytest.approx(size, rel=0.01) for size in sizes
    ]


def test_thread_heads(reader: Reader) -> None:
    for thread in readable(reader.site):
        said = reader.read(f"forum.php?mod=viewthread&tid={thread.tid}", ThreadPage)
        board = reader.site.forum.board(thread.fid)
        assert board
        assert (said.tid, said.fid, said.board, said.title) == (
            thread.tid,
            thread.fid,
            board.name,
            thread.title,
        )
        assert (said.views, said.replies, said.closed) == (
            thread.views,
            len(thread.posts) - 1,
            thread.closed,
        )
        assert (said.type, said.tags) == (thread.type, thread.tags)
        poll = said.posts[0].poll
        assert bool(poll) == bool(thread.poll)
        if poll and (meant := thread.poll):
            assert [(option.text, option.votes) for option in poll.options] == list(
                meant.options
            )
            assert (poll.voters, poll.multiple, poll.ended) == (
                meant.voters,
                meant.max_choices > 1,
                meant.ended,
            )


def test_board_rows(reader: Reader) -> None:
    forum = reader.site.forum
    for board in (board for board in forum.boards if board.access == "open"):
        link = f"forum.php?mod=forumdisplay&fid={board.fid}&page="
        first = reader.read(f"{link}1", BoardPage)
        pages = [
            first,
            *(reader.read(f"{link}{n}", BoardPage) for n in range(2, first.pages + 1)),
        ]
        assert {page.name for page in pages} == {board.name}
        rows = {row.tid: row for page in pages for row in page.threads}
        assert set(rows) == {thread.tid for thread in forum.in_board(board.fid)}
        for thread in forum.in_board(board.fid):
            check_row(rows[thread.tid], thread)
        assert [b.fid for b in first.boards] == [
            sub.fid for sub in forum.boards if sub.parent == board.fid
        ]


def check_row(said: ThreadRow, meant: Thread) -> None:
    assert (said.title, said.created_on) == (meant.title, meant.created_on)
    last = meant.last.posted_at.astimezone(UTC).replace(second=0)
    assert (said.last_post_at, said.moved_to or 0) == (last, meant.moved_to)
    if not meant.moved_to:
        assert (said.replies, said.views) == (len(meant.posts) - 1, meant.views)
        assert (said.sticky, said.digest) == (meant.sticky > 0, meant.digest > 0)
        if (
            not meant.sticky
        ):  # one icon a row: the pin hides the ballot, the ballot hides the padlock
            assert (said.special == "poll") == bool(meant.poll)
            assert said.closed == meant.closed or meant.poll


def test_index_lists_the_boards(reader: Reader) -> None:
    forum = reader.site.forum
    said = {board.fid: board for board in reader.read("forum.php", IndexPage).boards}
    for board in (board for board in forum.boards if not board.parent):
        row = said[board.fid]
        assert (row.name, row.description, row.moderators) == (
            board.name,
            board.description,
            board.moderators,
        )
        assert (row.threads, row.posts) == forum.counts(board)


@pytest.mark.parametrize(
    "layout",
    [
        "forum.php?mod=viewthread&action=printable&tid={}",
        "archiver/?tid-{}.html&page={}",
    ],
)
def test_plain_layouts_say_the_same(reader: Reader, layout: str) -> None:
    for thread in readable(reader.site):
        archiver = layout.startswith("archiver")
        meant = [
            post
            for post in thread.posts
            if archiver or post.withheld != "此帖仅作者可见"
        ]
        said = list(reader.thread(thread.tid, layout))
        assert len(said) == len(meant)
        for one, model in zip(said, meant, strict=True):
            check_head(one, model, seconds=archiver)
            assert one.pid is None
            if (
                not model.notice and not archiver
            ):  # the archiver strips marks: whose words they are cannot be told
                check_message(one, model)


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ("forum.php?mod=viewthread&tid=404", "not_found"),
        ("forum.php?mod=forumdisplay&fid=9", "login"),
        ("forum.php?mod=forumdisplay&fid=8", "password"),
        ("forum.php?mod=viewthread&tid=122", "forbidden"),
        ("forum.php?mod=viewthread&tid=121", "forbidden"),
        ("home.php?mod=space&uid=2", "login"),
    ],
)
def test_notices_tell_why(link: str, reason: str) -> None:
    assert Reader(Site(qingshi(), PLAIN), {}).read(link, Notice).reason == reason


def test_a_closed_forum_says_so() -> None:
    assert (
        Reader(Site(qingshi(), PLAIN, closed=True), {}).read("forum.php", Notice).reason
        == "closed"
    )


def test_past_the_end() -> None:
    reader = Reader(Site(qingshi(), PLAIN), {})
    thread = reader.read("forum.php?mod=viewthread&tid=150&page=999", ThreadPage)
    board = reader.read("forum.php?mod=forumdisplay&fid=2&page=999", BoardPage)
    assert (thread.page, thread.pages) == (3, 3)
    assert (board.page, board.pages) == (1, 3)


def test_one_author_only() -> None:
    said = Reader(Site(qingshi(), PLAIN), {}).read(
        "forum.php?mod=viewthread&tid=150&authorid=3", ThreadPage
    )
    assert {post.author for post in said.posts} == {"小雨点"}
    assert said.filtered


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), skin=st.sampled_from(sorted(SKINS)))
def test_any_generated_forum_reads_back(seed: int, skin: str) -> None:
    forum = generated(seed, boards=1, threads=3, replies=12)
    forum.advance(48, activity=8, seed=seed)
    forum.stale.clear()
    reader = Reader(Site(forum, SKINS[skin]), {})
    for thread in readable(reader.site):
        said = list(reader.thread(thread.tid))
        assert [post.pid for post in said] == [post.pid for post in thread.posts]
        assert [squeezed(post.text) for post in said] == [
            squeezed("".join(post.own_words)) for post in thread.posts
        ]


def test_time_and_changes_are_the_same_for_the_same_seed() -> None:
    first, second = qingshi(), qingshi()
    assert first.advance(24, activity=30, seed=5) == second.advance(
        24, activity=30, seed=5
    )
    assert first.threads == second.threads
    assert {change.what for change in first.history} > {
        "post_new",
        "thread_new",
        "post_edited",
    }


def test_a_moved_thread_leaves_a_pointer() -> None:
    site = Site(qingshi(), PLAIN)
    site.forum.move(130, 5)
    rows = Reader(site, {}).read("forum.php?mod=forumdisplay&fid=2", BoardPage).threads
    assert [row.moved_to for row in rows if row.title == "端午去哪儿？"] == [130]
    assert site.forum.threads[130].fid == 5
    assert TAN in site.forum.users


@pytest.mark.parametrize("label", ["", "IP归属地:", "来自: ", "IP属地："])
@pytest.mark.parametrize("skin", ["x35", "x34", "x34-gbk"])
def test_locations_are_read_wherever_they_are_printed(skin: str, label: str) -> None:
    forum = generated(boards=1, threads=3, replies=12, locations=True)
    site = Site(forum, replace(SKINS[skin], location_label=label))
    reader = Reader(site, {})
    found = []
    for thread in readable(site):
        posts = list(reader.thread(thread.tid))
        printed = [post.location for post in posts]
        assert printed == [post.location for post in thread.posts]
        assert all(post.author and post.posted_at for post in posts)
        found += printed
    assert set(found) == set(LOCATIONS)
