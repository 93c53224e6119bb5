"""Reading again what was just read changes no row, whatever the order, the viewer and the second
of its captures; and the order in which captures come does not matter where the rules promise it."""

from __future__ import annotations

import itertools
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from command_line import Run
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database
from store_pages import AT, FIRST, THREAD, page

from archive.schema import open_archive
from archive.store.save import Store
from archive.warc.captures import Captures, Verdict
from scraper.core.records import Capture, Field, Page, ProfilePage, ThreadPage

QUICK = (
    "pages/d60-gbk.warc.gz",
    "pages/d72-gbk.warc.gz",
    "pages/x2-gbk.warc.gz",
    "cases/pages",
    "cases/search",
)
"""Sets in which pages of one second contradict each other."""


def dump(db: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table; the index has a check of its own."""
    tables = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%fts%'"
    )
    with closing(sqlite3.connect(db)) as conn:
        names = [name for (name,) in conn.execute(tables)]
        return {
            name: conn.execute(f'SELECT * FROM "{name}"').fetchall() for name in names
        }


def check_reparse(call: Run, db: Path) -> None:
    """`reparse` says and does that nothing changes."""
    before = dump(db)
    _, out = call("reparse", db)
    assert "new or changed" not in out
    assert " changed, " not in out or "0 new, 0 changed, " in out
    after = dump(db)
    for table, rows in before.items():
        assert after[table] == rows, table


def inputs(folder: Path) -> list[Path]:
    """All that there is to be read of the shared sets and cases."""
    found = [*folder.glob("pages/*.warc.gz"), *folder.glob("sites/*.warc.gz")]
    found += folder.glob("cases/intake/*")
    # many of one second, and of the same numbers, that contradict each other
    found += [folder / "cases" / "pages", folder / "cases" / "search"]
    found += folder.glob("cases/hostile/*/*.warc.gz")
    return sorted(found)


@pytest.mark.parametrize("name", QUICK)
def test_the_sets_that_changed_before(
    call: Run, shared: Path, tmp_path: Path, name: str
) -> None:
    db = tmp_path / "forum.db"
    call("ingest", db, shared / name)
    check_reparse(call, db)


@pytest.mark.slow
def test_all_that_is_shared(call: Run, shared: Path, tmp_path: Path) -> None:
    for number, path in enumerate(inputs(shared)):
        db = tmp_path / f"{number}.db"
        call("ingest", db, path)
        check_reparse(call, db)


def keep_and_save(db: Database, pages: list[Page]) -> list[int]:
    """Save pages as `ingest` does, each with a capture of its own; their numbers."""
    numbers = []
    store = Store(db.conn)
    with Captures(db.conn) as captures:
        for number, each in enumerate(pages):
            body = str(number).encode()
            capture = Capture(f"{each.url}&n={number}", each.captured_at, body)
            kept = captures.keep(capture)
            store.save(each, kept.id)
            captures.settle(kept.id, Verdict(outcome="stored", theme=each.theme))
            numbers.append(kept.id)
    return numbers


def changes_again(db: Database, pages: list[Page], numbers: list[int]) -> list[Page]:
    """The pages that change anything when all are read again, as often as one likes."""
    store = Store(db.conn)
    changing = []
    for each, number in [*zip(pages, numbers, strict=True)] * 2:
        before = list(db.conn.iterdump())
        saved = store.save(each, number)
        if saved.anything or list(db.conn.iterdump()) != before:
            changing.append(each)
    return changing


def thread(at: datetime, theme: str = "x", **of_post: Any) -> Page:
    post = replace(FIRST, **of_post)
    return replace(page(replace(THREAD, posts=(post,)), at=at), theme=theme)


def titled(title: str, at: datetime, **of_post: Any) -> Page:
    """A page of one post, its title and the thread's."""
    post = replace(FIRST, subject=title, **of_post)
    return page(replace(THREAD, posts=(post,), title=title or THREAD.title), at=at)


def in_thread(tid: int, at: datetime, **of_post: Any) -> Page:
    """The page of a thread whose number may be another than that of the post's first."""
    post = replace(FIRST, **of_post)
    content = replace(THREAD, tid=tid, posts=(post,))
    return replace(
        page(content, at=at),
        url=f"https://a.example/forum.php?mod=viewthread&tid={tid}",
    )


def with_fields(value: str, at: datetime, theme: str = "x") -> Page:
    fields = (Field(name="价格", value=value),)
    content = replace(THREAD, fields=fields)
    return replace(page(content, at=at), theme=theme)


HIDDEN: dict[str, Any] = {
    "text": "",
    "html": "",
    "withheld": "提示: 该帖被管理员或版主屏蔽",
    "withheld_reason": "blocked",
}
LOCKED: dict[str, Any] = {
    "text": "",
    "withheld": "本帖隐藏的内容",
    "withheld_reason": "other",
}
LATER = AT + timedelta(days=1)
_BOX = "<div class=notice>本帖隐藏的内容需要回复才可以浏览</div>"
IN_PART: dict[str, Any] = {
    "text": "公开部分",
    "html": f"{_BOX}公开部分",
    "hidden": ("本帖隐藏的内容需要回复才可以浏览",),
}
IN_WHOLE: dict[str, Any] = {
    "text": "藏起来的话\n\n公开部分",
    "html": f"{_BOX}藏起来的话<br>公开部分",
    "hidden": ("本帖隐藏的内容需要回复才可以浏览",),
}

CONTRADICTING = {
    "two viewers of one second": [thread(AT), thread(AT, **HIDDEN)],
    "the other way round": [thread(AT, **HIDDEN), thread(AT)],
    "hidden from guests and members": [
        thread(AT, html="<div>游客，请回复</div>", **LOCKED),
        thread(LATER, html="<div>某某，请回复</div>", **LOCKED),
    ],
    "the same in one second": [
        thread(AT, html="<div>游客，请回复</div>", **LOCKED),
        thread(AT, html="<div>某某，请回复</div>", **LOCKED),
    ],
    "words that came back": [
        thread(AT + timedelta(days=day), text=text, html=text)
        for day, text in enumerate(["早先的话", "后来的话", "早先的话"])
    ],
    "words that came back twice": [
        thread(AT + timedelta(days=day), text=text, html=text)
        for day, text in enumerate(["早先", "后来", "早先", "后来", "早先"])
    ],
    "words that came back after two others": [
        thread(AT + timedelta(days=day), text=text, html=text)
        for day, text in enumerate(["早先", "后来", "最后", "早先"])
    ],
    "three wordings of one second": [
        thread(AT, text=text, html=text) for text in ("早先", "后来", "最后")
    ],
    "words that came back within a second": [
        thread(AT, text=text, html=text) for text in ("早先", "后来", "早先")
    ],
    "words that came back within a second under another title": [
        titled(title, AT, text=text, html=text)
        for text, title in (("早先", "旧题"), ("后来", "旧题"), ("早先", "新题"))
    ],
    **{
        f"words that a {theme} page had before": [
            thread(AT + timedelta(days=day), layout, text=text, html=text)
            for day, (text, layout) in enumerate(
                [
                    ("字 &#9829;", "x"),
                    ("字 ♥", theme),
                    ("字 &#9829;", "x"),
                    ("字 ♥", "x"),
                ]
            )
        ]
        for theme in ("print_page", "archiver", "touch")
    },
    "a poorer page of other words between": [
        thread(AT + timedelta(days=day), layout, text=text, html=text)
        for day, (text, layout) in enumerate(
            [
                ("早先", "x"),
                ("后来的话", "archiver"),
                ("早先", "x"),
                ("后来的话", "x"),
            ]
        )
    ],
    "a guest between two members": [
        thread(AT, **IN_PART),
        thread(AT + timedelta(seconds=1), **IN_WHOLE),
        thread(AT + timedelta(seconds=2), **IN_PART),
        thread(AT + timedelta(seconds=3), **IN_WHOLE),
    ],
    "a guest between two members of one second": [
        thread(AT, **shown) for shown in (IN_PART, IN_WHOLE, IN_PART, IN_WHOLE)
    ],
    "a post in two threads of one second": [in_thread(tid, AT) for tid in (5, 6, 5)],
    "a post in two threads, with other words": [
        in_thread(tid, AT, text=text, html=text, subject="")
        for tid, text in ((5, "早先"), (6, "后来"), (5, "最后"), (6, "后来"))
    ],
    "words without a title, and the same under two": [
        titled(title, AT, text=text, html=text)
        for text, title in (("早先", ""), ("后来", "旧题"), ("最后", "新题"))
    ],
    "other times of the post, in one second": [
        thread(AT, text=text, html=text, posted_at=AT - timedelta(hours=hours))
        for text, hours in (("早先", 5), ("后来", 4), ("最后", 3))
    ],
    "an empty post that was hidden": [
        thread(AT, text="", html="<br>"),
        thread(LATER, **LOCKED),
        thread(LATER, text="", html="<br>"),
    ],
    "fields of two layouts": [
        with_fields("30元", AT),
        with_fields("30 元", LATER, "touch"),
    ],
    "an older page of other fields, later": [
        with_fields("30", LATER),
        with_fields("20", AT),
    ],
    "fields of one second": [with_fields("30", AT), with_fields("20", AT)],
    "views of one second": [
        page(replace(THREAD, views=count), at=AT) for count in (12, 11, 13)
    ],
    "a renamed member": [
        thread(AT, author="旧名"),
        thread(LATER, author="新名"),
    ],
    "a member renamed and back": [
        thread(AT + timedelta(days=day), author=name)
        for day, name in enumerate(["甲", "乙", "甲"])
    ],
    "profiles of one second": [
        page(
            ProfilePage(uid=3, name="甲", fields=(Field(name="积分", value=count),)),
            at=AT,
        )
        for count in ("10", "12")
    ],
}


@pytest.mark.parametrize("pages", CONTRADICTING.values(), ids=CONTRADICTING)
def test_contradicting_pages_are_settled_once(db: Database, pages: list[Page]) -> None:
    numbers = keep_and_save(db, pages)
    assert changes_again(db, pages, numbers) == []


@pytest.mark.parametrize("pages", CONTRADICTING.values(), ids=CONTRADICTING)
def test_in_any_order_of_reading_again(db: Database, pages: list[Page]) -> None:
    numbers = keep_and_save(db, pages)
    for order in itertools.permutations(range(len(pages))):
        ordered = [pages[at] for at in order]
        assert changes_again(db, ordered, [numbers[at] for at in order]) == []


@pytest.mark.parametrize(
    "texts", [["早先", "后来", "早先"], ["早先", "后来", "最后", "早先", "后来"]]
)
def test_words_that_came_back_are_kept_as_a_version(
    db: Database, texts: list[str]
) -> None:
    pages = [
        thread(AT + timedelta(days=day), text=text, html=text)
        for day, text in enumerate(texts)
    ]
    numbers = keep_and_save(db, pages)
    older = set(texts[:-1])
    for order in itertools.permutations(range(len(pages))):
        changes_again(db, [pages[at] for at in order], [numbers[at] for at in order])
        rows = db.execute("SELECT text FROM post_versions").fetchall()
        assert {text for (text,) in rows} == older


def what_is_said(db: Database) -> list[object]:
    """What an archive says of the forum, without the numbers that go by order."""
    queries = (
        "SELECT title, views, replies, first_seen_at, last_seen_at FROM threads",
        "SELECT name, value FROM thread_fields",
        "SELECT text, author, floor, location, withheld, last_seen_at FROM posts",
        "SELECT uid, name FROM users ORDER BY uid",
    )
    return [db.execute(query).fetchall() for query in queries]


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Page], list[int]]:
    """Pages of one thread in one layout, each of a time of its own, and another order."""
    pages = []
    for day in range(draw(st.integers(2, 5))):
        post = replace(
            FIRST,
            text=draw(st.sampled_from(["早先的话", "后来的话", "最后的话"])),
            location=draw(st.sampled_from(["广东", "北京"])),
        )
        content: ThreadPage = replace(
            THREAD,
            posts=(post,),
            title=draw(st.sampled_from(["旧题", "新题"])),
            views=draw(st.integers(1, 99)),
            fields=(Field(name="价格", value=draw(st.sampled_from(["20", "30"]))),),
        )
        pages.append(page(content, at=AT + timedelta(days=day)))
    return pages, draw(st.permutations(range(len(pages))))


@settings(max_examples=40)
@given(history=histories())
def test_the_order_of_captures_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, history: tuple[list[Page], list[int]]
) -> None:
    pages, order = history
    folder = tmp_path_factory.mktemp("orders")
    with open_archive(folder / "one.db") as one, open_archive(folder / "two.db") as two:
        keep_and_save(one, pages)
        keep_and_save(two, [pages[at] for at in order])
        assert what_is_said(two) == what_is_said(one)
