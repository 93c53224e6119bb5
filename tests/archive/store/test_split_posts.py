"""An opening post that its author split by `[page]`: one part is never taken for the whole,
nor for what the post said before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from desktop_markup import X, words, x_post
from sqlite_utils import Database
from store_pages import AT, FIRST, SECOND, THREAD, URL, rows, save

from archive.intake.ingest import Ingest
from archive.intake.inputs import InputRecord
from archive.store.save import Store
from archive.warc.captures import Captures
from scraper.core.census import POST_SPLIT
from scraper.core.records import Capture, PageWarning, Post

SPLIT = (PageWarning(kind=POST_SPLIT, detail="part 1 of 3"),)
PARTS = ("第一章\n起头的话", "第二章\n中间的话", "第三章\n收尾的话")
WHOLE = "\n".join(PARTS)
HTML = (("Content-Type", "text/html; charset=utf-8"),)
HEAD = (
    "<head><title>淘宝开店 - Powered by Discuz!</title></head>"
    f"<script>var discuz_uid = '0';</script>{X}"
)
PAGER = """<div id="threadpage"></div><script type="text/javascript" reload="1">
show_threadpage(7, {}, 3, 0, '');</script>"""


def post(text: str, **changes: object) -> Post:
    html = text.replace("\n", "<br>")
    return replace(FIRST, text=text, html=html, **changes)  # type: ignore[arg-type]


def look(
    db: Database, shown: Post, part: str = "", hours: int = 0, **told: object
) -> int:
    """Save a page of one opening post; `part` as in the address, 1 where it names none."""
    url = f"{URL}&cp={part}" if part else URL
    at = AT + timedelta(hours=hours)
    warnings = () if part == "all" else SPLIT
    content = replace(THREAD, posts=(shown, SECOND))
    options = {"warnings": warnings, **told}
    return save(db, content, url=url, at=at, **options).changed


def versions(db: Database) -> list[tuple[object, ...]]:
    return rows(db, "text", "post_versions")


def opening(db: Database) -> str:
    ((text,),) = db.execute("SELECT text FROM posts WHERE opening = 1").fetchall()
    return str(text)


@pytest.mark.parametrize("part", ["", "1", "2", "3"])
@pytest.mark.parametrize("reader_uid", [None, 0, 8])
@pytest.mark.parametrize("whole_is_older", [False, True])
def test_the_whole_takes_the_place_of_a_part_without_an_edit(
    db: Database, part: str, reader_uid: int | None, whole_is_older: bool
) -> None:
    text = PARTS[int(part or 1) - 1]
    hours = -1 if whole_is_older else 1
    look(db, post(text), part, reader_uid=reader_uid)
    look(db, post(WHOLE), "all", hours, reader_uid=reader_uid)
    assert (opening(db), versions(db)) == (WHOLE, [])


@pytest.mark.parametrize("part", ["", "1", "2", "3"])
@pytest.mark.parametrize("reader_uid", [None, 0, 8])
@pytest.mark.parametrize("hours", [-1, 1])
def test_a_part_never_takes_the_whole_away(
    db: Database, part: str, reader_uid: int | None, hours: int
) -> None:
    picture = post(WHOLE, images=("http://a.example/b.png",))
    look(db, picture, "all", reader_uid=reader_uid)
    shown = post(PARTS[int(part or 1) - 1])
    look(db, shown, part, hours, reader_uid=reader_uid)
    assert (opening(db), versions(db)) == (WHOLE, [])
    assert rows(db, "url", "images") == [("http://a.example/b.png",)]


def test_an_archive_that_did_not_note_parts_learns_the_whole(db: Database) -> None:
    look(db, post(PARTS[0]))
    db.execute("UPDATE posts SET view = ''")
    look(db, post(WHOLE), "all", 1)
    assert (opening(db), versions(db)) == (WHOLE, [])


def test_a_page_for_phones_with_all_parts_is_the_whole(db: Database) -> None:
    look(db, post(PARTS[0]), reader_uid=0)
    look(db, post(WHOLE), hours=1, theme="touch", warnings=(), reader_uid=0)
    assert (opening(db), versions(db)) == (WHOLE, [])
    look(db, post(PARTS[0]), hours=2, reader_uid=0)
    assert (opening(db), versions(db)) == (WHOLE, [])


@pytest.mark.parametrize("marked", [True, False])
def test_an_edit_of_the_whole_is_one(db: Database, marked: bool) -> None:
    look(db, post(PARTS[0]), reader_uid=0)
    look(db, post(WHOLE), "all", 1, reader_uid=0)
    edited_at = AT + timedelta(hours=2) if marked else None
    edited = post(WHOLE.replace("起头", "开头"), edited_at=edited_at)
    assert look(db, edited, "all", 3, reader_uid=0) == 1
    assert (opening(db), versions(db)) == (edited.text, [(WHOLE,)])


def test_words_put_after_the_whole_are_an_edit(db: Database) -> None:
    look(db, post(WHOLE), "all", reader_uid=0)
    more = post(f"{WHOLE}\n后记")
    look(db, more, "all", 1, reader_uid=0)
    assert (opening(db), versions(db)) == (more.text, [(WHOLE,)])


def test_the_part_that_is_here_may_be_edited(db: Database) -> None:
    look(db, post("第一章\n起头的话，很长的一段"), reader_uid=0)
    edited = post("第一章\n开头的话，很长的一段")
    assert look(db, edited, hours=1, reader_uid=0) == 1
    assert opening(db) == edited.text
    assert versions(db) == [("第一章\n起头的话，很长的一段",)]


def test_replies_on_the_page_of_a_part_are_whole(db: Database) -> None:
    look(db, post(WHOLE), "all", reader_uid=0)
    content = replace(THREAD, posts=(post(PARTS[0]), replace(SECOND, text="改了")))
    at = AT + timedelta(hours=1)
    save(db, content, at=at, warnings=SPLIT, reader_uid=0)
    assert rows(db, "pid, text") == [(101, WHOLE), (102, "改了")]
    assert versions(db) == [("学习下",)]


def captured(part: str, minutes: int) -> InputRecord:
    """A page of the forum as a server sends it."""
    text = WHOLE if part == "all" else PARTS[int(part) - 1]
    body = text.replace("\n", "<br />")
    pager = "" if part == "all" else PAGER.format(part)
    markup = f"<html>{HEAD}{x_post(101, words(101, body) + pager)}</body></html>"
    url = URL if part == "1" else f"{URL}&cp={part}"
    at = AT + timedelta(minutes=minutes)
    capture = Capture(url, at, markup.encode(), status=200, headers=HTML)
    return InputRecord(url, capture)


@pytest.mark.parametrize("order", list(permutations(["1", "2", "3", "all"])))
def test_in_whatever_order_parts_and_whole_are_captured(
    db: Database, order: tuple[str, ...]
) -> None:
    records = [captured(part, minutes) for minutes, part in enumerate(order)]
    with Captures(db.conn) as captures:
        ingest = Ingest(db.conn, captures, Store(db.conn))
        for _ in ingest.run(records):
            pass
        assert "".join(opening(db).split()) == "".join(WHOLE.split())
        for _ in ingest.again():
            pass
    assert "".join(opening(db).split()) == "".join(WHOLE.split())
    assert versions(db) == []
