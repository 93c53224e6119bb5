"""Windows of a post among saved pages: added to the post, whichever was saved first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fake_forum.generate import generated
from fake_forum.model import Rating, Words
from fake_forum.site import Site
from fake_forum.skin import Skin
from fake_forum.story import USERS

from archive.intake.ingest import Ingest
from archive.intake.page_step import PageOutcome, PageStep
from archive.schema import open_archive
from archive.store.save import Store
from archive.warc.captures import Captures
from scraper.core.records import Capture

BASE = "https://bbs.example.net/bbs/"
AT = datetime(2024, 6, 1, tzinfo=UTC)
PEOPLE = [user for user in USERS if not user.deleted and not user.banned]
SKINS = {
    "x35": Skin(BASE),
    "x34": Skin(BASE, version="X3.4", rewritten=True),
    "x34-gbk": Skin(BASE, version="X3.4", charset="gbk", relative_dates=False),
}
COUNTS = """SELECT (SELECT count(*) FROM comments), (SELECT count(*) FROM ratings),
  (SELECT count(*) FROM posts)"""


@pytest.fixture(params=SKINS)
def site(request: pytest.FixtureRequest) -> Site:
    """A forum of one thread, whose opening post has seven comments and three ratings."""
    forum = generated(boards=1, threads=1, replies=1)
    forum.reply(1, PEOPLE[0], Words("没人评的"))
    forum.ratings_shown = 1
    pid = forum.threads[1].first.pid
    for number in range(7):
        forum.now += timedelta(minutes=5)
        forum.comment(pid, PEOPLE[number % 2], f"第{number}句")
    for number, user in enumerate(PEOPLE[:3]):
        forum.now += timedelta(minutes=5)
        forum.rate(pid, Rating(user, number + 1, "好"))
    return Site(forum, SKINS[request.param])


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "forum.db"


def links(site: Site) -> tuple[str, list[str]]:
    """The addresses of the thread and of its windows."""
    pid = site.forum.threads[1].first.pid
    misc = f"forum.php?mod=misc&tid=1&pid={pid}&action="
    return "forum.php?mod=viewthread&tid=1", [
        f"{misc}viewratings",
        f"{misc}viewratings&inajax=1&infloat=yes&handlekey=viewratings",
        f"{misc}commentmore&page=1&inajax=1&ajaxtarget=comment_{pid}",
        f"{misc}commentmore&page=2&inajax=1&ajaxtarget=comment_{pid}",
    ]


def ingest(db: Path, site: Site, *addresses: str) -> list[PageOutcome]:
    """Take pages in, as they are saved."""
    conn = open_archive(db).conn
    outcomes = []
    with Captures(conn) as captures:
        step = PageStep(conn, captures, Store(conn))
        for minute, address in enumerate(addresses):
            answer = site.respond(f"/{address}", {})
            headers = (("Content-Type", answer.content_type),)
            at = AT + timedelta(minutes=minute)
            capture = Capture(BASE + address, at, answer.body, answer.status, headers)
            kept = captures.keep(capture)
            outcomes.append(step.take(capture, kept.id))
    conn.close()
    return outcomes


def counts(db: Path) -> tuple[int, int, int]:
    """How many comments, ratings and posts are here."""
    conn = open_archive(db).conn
    found: tuple[int, int, int] = conn.execute(COUNTS).fetchone()
    conn.close()
    return found


def read_again(db: Path) -> None:
    conn = open_archive(db).conn
    with Captures(conn) as captures:
        list(Ingest(conn, captures, Store(conn)).again())
    conn.close()


def test_windows_after_the_thread(db: Path, site: Site) -> None:
    thread, windows = links(site)
    ingest(db, site, thread)
    posts = len(site.forum.threads[1].posts)
    assert counts(db) == (5, 1, posts)
    outcomes = ingest(db, site, *windows)
    told = [outcome.verdict.outcome for outcome in outcomes]
    assert told == ["stored", "unchanged", "unchanged", "stored"]
    assert {outcome.verdict.kind for outcome in outcomes} == {"extras"}
    assert counts(db) == (7, 3, posts)
    ingest(db, site, thread, *windows)
    read_again(db)
    assert counts(db) == (7, 3, posts)


def test_windows_before_the_thread_are_added_when_all_is_read_again(
    db: Path, site: Site
) -> None:
    thread, windows = links(site)
    outcomes = ingest(db, site, *windows)
    assert {outcome.verdict.outcome for outcome in outcomes} == {"other"}
    assert all("reparse" in outcome.verdict.message for outcome in outcomes)
    ingest(db, site, thread)
    posts = len(site.forum.threads[1].posts)
    read_again(db)
    assert counts(db) == (7, 3, posts)


def test_notices_in_place_of_windows_add_nothing(db: Path, site: Site) -> None:
    thread, _ = links(site)
    pid = site.forum.threads[1].posts[-1].pid
    unrated = f"forum.php?mod=misc&action=viewratings&tid=1&pid={pid}"
    scriptless = f"forum.php?mod=misc&action=commentmore&tid=1&pid={pid}&page=2"
    ingest(db, site, thread)
    before = counts(db)
    outcomes = ingest(db, site, unrated, f"{unrated}&inajax=1", scriptless)
    assert {outcome.verdict.outcome for outcome in outcomes} == {"notice"}
    assert counts(db) == before
