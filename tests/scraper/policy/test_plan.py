"""What a page leads to: pages, with their priorities, and which known ones are asked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from board_rows import NEW_BOARD, board_page, known, row

from scraper.core.census import POST_SPLIT, PageWarning
from scraper.core.records import (
    BoardPage,
    BoardRow,
    IndexPage,
    Reason,
    ThreadPage,
    ThreadRow,
)
from scraper.policy import plan
from scraper.policy.listing import WALK
from scraper.policy.paging import BOARD_AHEAD, MANY, THREAD_AHEAD
from scraper.policy.plan import (
    ANYTHING,
    BOARD,
    INDEX,
    THREAD,
    THREAD_PAGE,
    USER,
    DiscoveredPage,
    Key,
    KnownBoard,
    Scope,
    all_parts,
    from_board,
    from_index,
    from_member,
    from_thread,
    instead,
    listing_fingerprint,
    seeds,
    thread_links,
)


def further_board_page(number: int, fid: int = 2) -> DiscoveredPage:
    return DiscoveredPage(
        key=Key("board", fid, number), priority=BOARD, again=True, fid=fid
    )


def walked_page(number: int) -> DiscoveredPage:
    """A page of a board whose pages are all asked for."""
    return replace(further_board_page(number), listing_fingerprint=WALK)


def found(
    page: BoardPage, board: KnownBoard, scope: Scope = ANYTHING, number: int = 1
) -> list[DiscoveredPage]:
    return list(from_board(page, Key("board", 2, number), board, scope))


def found_of(page: BoardPage, number: int) -> list[DiscoveredPage]:
    """What a page leads to of a board whose pages are all asked for."""
    return found(page, KnownBoard("all", {}, is_walk=True), number=number)


def keys(
    page: BoardPage, board: KnownBoard, scope: Scope = ANYTHING, number: int = 1
) -> list[Key]:
    return [one.key for one in found(page, board, scope, number)]


def test_priorities_are_stored_and_keep_their_numbers() -> None:
    stored = {
        "INDEX": 0,
        "BOARD": 2,
        "THREAD_PAGE": 3,
        "THREAD": 4,
        "USER": 5,
        "SWEEP": 6,
        "REVISIT": 7,
    }
    assert {name: getattr(plan, name) for name in stored} == stored


# Where a run begins.


def test_a_run_about_everything_begins_with_the_index_and_the_known_boards() -> None:
    assert list(seeds(ANYTHING, [7, 3])) == [
        DiscoveredPage(key=Key("index"), priority=INDEX, again=True),
        further_board_page(1, fid=3),
        further_board_page(1, fid=7),
    ]


def test_a_run_begins_with_what_its_scope_names_and_nothing_else() -> None:
    scope = Scope(
        boards=frozenset({9, 2}),
        threads=frozenset({6, 5}),
        users=frozenset({4, 3}),
    )
    assert list(seeds(scope, [7])) == [
        replace(further_board_page(1, fid=2), even_refused=True, named=True),
        replace(further_board_page(1, fid=9), even_refused=True, named=True),
        *(
            DiscoveredPage(
                key=Key("thread", tid),
                priority=THREAD,
                again=True,
                even_refused=True,
                named=True,
                last=True,
            )
            for tid in (5, 6)
        ),
        *(
            DiscoveredPage(
                key=Key("user", uid),
                priority=USER,
                again=True,
                even_refused=True,
                named=True,
            )
            for uid in (3, 4)
        ),
    ]


def test_known_boards_are_no_part_of_a_run_about_a_thread() -> None:
    scope = Scope(threads=frozenset({5}))
    assert [one.key for one in seeds(scope, [7])] == [Key("thread", 5)]


# An index page.


def test_an_index_leads_to_boards_that_were_not_visited() -> None:
    index = IndexPage(boards=(BoardRow(fid=1), BoardRow(), BoardRow(fid=2)))
    assert list(from_index(index, ANYTHING)) == [
        DiscoveredPage(key=Key("board", fid), priority=BOARD, fid=fid) for fid in (1, 2)
    ]


@pytest.mark.parametrize(
    ("scope", "fids"),
    [
        (Scope(boards=frozenset({2})), [2]),
        (Scope(boards=frozenset({9})), []),
        (Scope(threads=frozenset({5})), []),
        (Scope(users=frozenset({5})), []),
    ],
)
def test_an_index_leads_to_the_boards_of_the_scope(
    scope: Scope, fids: list[int]
) -> None:
    index = IndexPage(boards=(BoardRow(fid=1), BoardRow(fid=2)))
    assert [one.key.item for one in from_index(index, scope)] == fids


# A board page.


def test_a_board_seen_first_leads_to_its_sub_boards_threads_and_all_its_pages() -> None:
    page = BoardPage(
        fid=2,
        pages=3,
        threads=(row(5), row(6)),
        boards=(BoardRow(fid=9), BoardRow()),
    )
    assert found(page, NEW_BOARD) == [
        DiscoveredPage(key=Key("board", 9), priority=BOARD, fid=9),
        *(
            DiscoveredPage(
                key=Key("thread", tid),
                priority=THREAD,
                fid=2,
                listing_fingerprint=listing_fingerprint(row(tid)),
            )
            for tid in (5, 6)
        ),
        walked_page(2),
        walked_page(3),
    ]


def test_only_the_first_page_of_a_new_board_leads_to_all_of_them() -> None:
    """The others would name them again and again."""
    page = board_page(row(5), page=2, pages=9)
    assert keys(page, NEW_BOARD, number=2) == [Key("thread", 5), Key("board", 2, 3)]


def test_a_complete_run_visits_all_pages_of_a_board_that_was_walked_through() -> None:
    page = board_page(row(5))
    assert found(page, known(row(5)), Scope(complete=True)) == [
        walked_page(2),
        walked_page(3),
    ]


def test_all_pages_of_a_board_are_asked_for_a_range_at_a_time() -> None:
    """A claim of a thousand million pages costs what a few do."""
    page = board_page(row(5), pages=999_999_999)
    numbers = [one.page for one in keys(page, NEW_BOARD) if one.kind == "board"]
    assert numbers == list(range(2, 2 + BOARD_AHEAD))

    on_its_way = KnownBoard("all", {5: listing_fingerprint(row(5))}, is_walk=True)
    page = board_page(row(5), page=9, pages=999_999_999)
    assert found(page, on_its_way, number=9) == [
        walked_page(number) for number in range(10, 10 + BOARD_AHEAD)
    ]
    last = board_page(row(5), page=9, pages=9)
    assert found(last, on_its_way, number=9) == []


def test_a_row_with_the_number_of_no_thread_leads_nowhere() -> None:
    assert keys(board_page(row(0), pages=1), NEW_BOARD) == []


def test_a_board_of_one_page_has_no_further_ones() -> None:
    page = board_page(row(5), pages=1)
    assert keys(page, NEW_BOARD) == [Key("thread", 5)]
    assert keys(page, known()) == [Key("thread", 5)]
    assert keys(page, known(), Scope(complete=True)) == [Key("thread", 5)]


def test_the_last_page_of_a_board_leads_no_further() -> None:
    news = board_page(row(5), page=3)
    assert keys(news, known(), number=3) == [Key("thread", 5)]
    last_but_one = board_page(row(5), page=2)
    assert keys(last_but_one, known(), number=2)[-1] == Key("board", 2, 3)


def test_an_unchanged_page_leads_nowhere() -> None:
    rows = (row(1, 900, sticky=True), row(5), row(6, 2))
    assert found(board_page(*rows), known(*rows)) == []


def test_a_changed_sticky_thread_is_read_and_says_nothing_of_the_next_page() -> None:
    old = (row(1, 900, sticky=True), row(5), row(6, 2))
    page = board_page(row(1, 0, sticky=True), *old[1:])
    assert keys(page, known(*old)) == [Key("thread", 1)]


@pytest.mark.parametrize(
    ("before", "now", "last", "all_pages"),
    [
        (row(5, 9), row(5, 1, replies=4), True, False),
        (row(5, 9), row(5, 1, replies=3), True, False),
        (row(5, 9), row(5, 9, replies=2), False, True),
        (row(5, 9, replies=0), row(5, 1, replies=None), True, False),
        (row(5, 9, replies=None), row(5, 1, replies=7), False, True),
        (row(5, 9, replies=9), row(5, 9, replies=10), True, False),
    ],
    ids=[
        "a reply more",
        "another last reply",
        "a reply less",
        "no longer told",
        "told for the first time",
        "compared as numbers",
    ],
)
def test_a_changed_thread_is_read_from_its_last_page_and_whole_where_replies_went(
    before: ThreadRow, now: ThreadRow, last: bool, all_pages: bool
) -> None:
    assert found(board_page(now, pages=1), known(before)) == [
        DiscoveredPage(
            key=Key("thread", 5),
            priority=THREAD,
            again=True,
            even_refused=True,
            last=last,
            all=all_pages,
            fid=2,
            listing_fingerprint=listing_fingerprint(now),
        )
    ]


def test_a_pointer_leads_to_the_thread_that_moved_and_to_no_board() -> None:
    page = board_page(row(5, moved_to=77), row(78, moved_to=78), pages=1)
    assert found(page, known()) == [
        DiscoveredPage(key=Key("thread", tid), priority=THREAD) for tid in (77, 78)
    ]


def test_a_pointer_is_followed_however_old_it_is() -> None:
    page = board_page(row(5, 9_000, moved_to=77), pages=1)
    assert keys(page, known(), Scope(since=date(2024, 5, 31))) == [Key("thread", 77)]


def test_a_page_past_the_end_leads_no_further() -> None:
    page = board_page(row(5))
    assert keys(page, NEW_BOARD, number=9) == [Key("thread", 5)]
    assert keys(page, known(), number=9) == [Key("thread", 5)]


def test_sub_boards_of_a_named_board_are_part_of_the_run() -> None:
    scope = Scope(boards=frozenset({2}))
    page = BoardPage(fid=2, boards=(BoardRow(fid=9),))
    assert keys(page, NEW_BOARD, scope) == [Key("board", 9)]
    elsewhere = Key("board", 3)
    assert not list(from_board(page, elsewhere, NEW_BOARD, scope))


@pytest.mark.parametrize(
    ("walked", "scope", "further"),
    [
        ("", Scope(since=date(2024, 5, 31)), True),
        ("2024-05-31", Scope(since=date(2024, 6, 1)), False),
        ("2024-05-31", Scope(since=date(2024, 5, 31)), False),
        ("2024-05-31", Scope(since=date(2024, 5, 30)), True),
        ("2024-05-31", ANYTHING, True),
        ("all", ANYTHING, False),
        ("all", Scope(since=date(2004, 5, 31)), False),
    ],
)
def test_a_board_is_walked_on_where_earlier_runs_did_not_go_as_far(
    walked: str, scope: Scope, further: bool
) -> None:
    old = row(5, 60)
    page = board_page(old, pages=2)
    assert (
        Key("board", 2, 2) in keys(page, known(old, walked=walked), scope)
    ) is further


def test_threads_older_than_the_run_are_not_read() -> None:
    scope = Scope(since=date(2024, 6, 1))
    page = board_page(row(5, 1), row(6, 48), row(7, last_post_at=None), pages=1)
    assert keys(page, NEW_BOARD, scope) == [Key("thread", 5), Key("thread", 7)]


def test_since_is_the_day_of_the_forums_own_clock() -> None:
    five_in_the_morning = datetime(2023, 12, 31, 21, tzinfo=UTC)
    page = board_page(row(9, last_post_at=five_in_the_morning), pages=5)
    assert keys(page, known(), Scope(since=date(2024, 1, 1))) == [
        Key("thread", 9),
        Key("board", 2, 2),
    ]
    greenwich = Scope(since=date(2024, 1, 1), utc_offset_minutes=0)
    assert keys(page, known(), greenwich) == []


def test_a_thread_that_moved_on_before_the_run_begins_is_not_read() -> None:
    before, now = row(5, 9_000), row(5, 8_999)
    scope = Scope(since=date(2024, 6, 1))
    assert keys(board_page(now, pages=2), known(before), scope) == []


# A thread page.


def test_a_thread_leads_to_its_further_pages_before_other_threads() -> None:
    page = ThreadPage(tid=5, fid=2, page=1, pages=3)
    assert list(from_thread(page, Key("thread", 5), 7)) == [
        DiscoveredPage(key=Key("thread", 5, number), priority=THREAD_PAGE, fid=2)
        for number in (2, 3)
    ]
    assert THREAD_PAGE < THREAD


def test_pages_of_a_thread_are_asked_for_a_range_at_a_time() -> None:
    page = ThreadPage(tid=5, page=1, pages=999_999_999)
    for kind in ("thread", "archiver"):
        found = from_thread(page, Key(kind, 5), 2)
        numbers = [one.key.page for one in found]
        assert numbers == list(range(2, 2 + THREAD_AHEAD))


def test_what_lies_behind_many_pages_keeps_no_run_from_the_rest() -> None:
    page = ThreadPage(tid=5, page=MANY - 1, pages=999_999_999)
    found = from_thread(page, Key("thread", 5, MANY - 1), 2)
    priorities = {one.key.page: one.priority for one in found}
    assert priorities[MANY] == THREAD_PAGE
    assert priorities[MANY + 1] > THREAD

    board = board_page(row(5), page=MANY, pages=999_999_999)
    far = [one for one in found_of(board, MANY) if one.key.kind == "board"]
    assert all(one.priority > THREAD for one in far)


def test_a_thread_that_names_no_board_is_of_the_one_that_led_there() -> None:
    page = ThreadPage(tid=5, page=2, pages=3)
    (further,) = from_thread(page, Key("thread", 5, 2), 7)
    assert (further.key, further.fid) == (Key("thread", 5, 3), 7)


def test_the_last_page_of_a_thread_leads_nowhere() -> None:
    page = ThreadPage(tid=5, page=3, pages=3)
    assert not list(from_thread(page, Key("thread", 5, 3), None))


def test_further_archiver_pages_are_no_more_urgent_than_threads() -> None:
    page = ThreadPage(page=1, pages=2)
    assert list(from_thread(page, Key("archiver", 5), 2)) == [
        DiscoveredPage(key=Key("archiver", 5, 2), priority=THREAD, fid=2)
    ]


@pytest.mark.parametrize(("names", "led", "fid"), [(3, 2, 3), (None, 2, 2)])
def test_another_thread_that_answers_is_visited_by_its_own_number(
    names: int | None, led: int, fid: int
) -> None:
    page = ThreadPage(tid=5, fid=names, page=1, pages=3)
    assert list(from_thread(page, Key("thread", 4), led)) == [
        DiscoveredPage(key=Key("thread", 5), priority=THREAD, fid=fid)
    ]


# A page of a member's threads.

MEMBER_PAGE = """
<a href="forum.php?mod=viewthread&amp;tid=8">a</a> <a href='thread-9-1-1.html'>b</a>
<a href="forum.php?mod=viewthread&amp;tid=8&amp;page=2">a, its second page</a>
<a href="archiver/?tid-7.html">archiver</a> <a href="forum.php?mod=viewthread">none</a>
<a href="forum.php?mod=forumdisplay&amp;fid=2">board</a> <a href="ftp://x/">else</a>
"""


def test_a_members_page_leads_to_the_threads_that_it_links_to_each_once() -> None:
    assert thread_links(MEMBER_PAGE) == [8, 9]
    assert list(from_member(MEMBER_PAGE, Key("user", 3))) == [
        DiscoveredPage(key=Key("thread", tid), priority=THREAD, again=True, last=True)
        for tid in (8, 9)
    ]


@pytest.mark.parametrize(
    ("link", "follows"),
    [
        ("home.php?mod=space&amp;uid=3&amp;do=thread&amp;page=3", True),
        ("home.php?do=thread&page=3&uid=3", True),
        ("home.php?page=3&do=thread", True),
        ("home.php?do=thread&page=30", False),
        ("home.php?do=thread&page=2", False),
        ("home.php?do=thread&subpage=3", False),
        ("home.php?do=friend&page=3", False),
    ],
)
def test_a_members_page_leads_to_the_next_one_where_it_links_to_that(
    link: str, follows: bool
) -> None:
    html = f'<a href="home.php?do=thread">1</a> <a href="{link}">next</a>'
    further = DiscoveredPage(key=Key("user", 3, 3), priority=USER, again=True)
    expected = [further] if follows else []
    assert list(from_member(html, Key("user", 3, 2))) == expected


# A page that is refused.


@pytest.mark.parametrize("reason", ["forbidden", "login"])
def test_the_archiver_is_asked_where_the_page_is_refused(reason: Reason) -> None:
    assert list(instead(Key("thread", 5), reason, 2)) == [
        DiscoveredPage(
            key=Key("archiver", 5), priority=THREAD, again=True, last=True, fid=2
        )
    ]


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        (Key("thread", 5), "not_found"),
        (Key("thread", 5), "closed"),
        (Key("thread", 5), "password"),
        (Key("thread", 5, 2), "login"),
        (Key("archiver", 5), "login"),
        (Key("board", 5), "login"),
    ],
)
def test_the_archiver_is_asked_nowhere_else(key: Key, reason: Reason) -> None:
    assert not list(instead(key, reason, 2))


SPLIT = PageWarning(kind=POST_SPLIT, detail="part 1 of 3 of the opening post")
CUT = PageWarning(kind="page-cut", detail="the page breaks off before its end")


@pytest.mark.parametrize("page", [1, 2])
def test_a_split_post_leads_to_the_page_with_all_its_parts(page: int) -> None:
    (found,) = all_parts(Key("thread", 7, page), (CUT, SPLIT), 3)
    assert found.key == Key("all_parts", 7, page)
    assert (found.fid, found.again) == (3, True)


@pytest.mark.parametrize(
    ("key", "warnings"),
    [
        (Key("thread", 7), ()),
        (Key("thread", 7), (CUT,)),
        (Key("all_parts", 7), (SPLIT,)),
        (Key("archiver", 7), (SPLIT,)),
    ],
)
def test_nothing_else_leads_there(key: Key, warnings: tuple[PageWarning, ...]) -> None:
    assert list(all_parts(key, warnings, 3)) == []
