"""What pages need to look as they did: fetched once, from where pages, sheets and posts name
it; nothing that does something when it is asked for, and never without end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from crawling import Runner
from fake_forum.dressing import FONT, PICTURES, SCRIPTS, STYLES, dress, file_at
from fake_forum.server import Running, serve
from fake_forum.site import Answer
from fake_forum.story import qingshi

from archive.crawl.consent import count_kept_out
from archive.schema import open_archive
from archive.warc.captures import Captures
from scraper.fetch.fetcher import FetchSettings
from scraper.policy.requisites import MOST_OF_FORUM

OF_PAGES = "SELECT url, requisite, state FROM media WHERE requisite <> ''"


@pytest.fixture
def site() -> Iterator[Running]:
    with serve(qingshi(), guests_see_files=True) as running:
        dress(running.site)
        yield running


def asked(site: Running) -> list[str]:
    """Paths of what was asked for beside pages, without their queries."""
    found = []
    for path in site.paths():
        bare = urlsplit(path).path.lstrip("/")
        if bare.startswith(("data/", "static/", "favicon", "uc_server")):
            found.append(bare)
    return found


def states(runner: Runner) -> dict[str, tuple[str, str]]:
    """What is noted: path → for what, and its state."""
    rows = runner.rows(OF_PAGES)
    return {urlsplit(url).path.lstrip("/"): (kind, state) for url, kind, state in rows}


def test_what_pages_need_comes_once(site: Running, runner: Runner) -> None:
    runner.run(site.url, requisites=True)
    paths = asked(site)
    assert set(paths) >= {*STYLES, *SCRIPTS, *PICTURES, FONT}
    assert len(paths) == len(set(paths))
    assert any(path.startswith("static/image/smiley/") for path in paths)
    noted = states(runner)
    assert noted[STYLES[1]] == ("style", "done")
    assert noted[SCRIPTS[1]] == ("script", "done")
    assert noted[FONT] == ("font", "done")
    site.clear()
    runner.run(site.url, requisites=True)
    assert asked(site) == []


def test_nothing_is_asked_for_that_acts_or_is_the_posts_or_members_own(
    site: Running, runner: Runner
) -> None:
    runner.run(site.url, requisites=True)
    assert not [path for path in site.paths() if "sendmail" in path]
    assert not [path for path in asked(site) if "avatar" in path]
    assert not [path for path in asked(site) if path.startswith("data/attachment/")]
    names = "\n".join(states(runner))
    assert "commented_out" not in names
    assert "never.css" not in names
    assert ".htc" not in names


def test_without_being_asked_nothing_of_it_comes(site: Running, runner: Runner) -> None:
    runner.run(site.url, media=True)
    assert not [path for path in asked(site) if path in {*STYLES, *SCRIPTS}]


def test_they_are_captures_of_their_own(site: Running, runner: Runner) -> None:
    runner.run(site.url, requisites=True)
    conn = open_archive(runner.path).conn
    rows = conn.execute(
        "SELECT url, capture_id FROM media WHERE requisite = 'style' AND state = 'done'"
    ).fetchall()
    captures = Captures(conn)
    for url, capture_id in rows:
        path = urlsplit(url).path.lstrip("/")
        answer = file_at(path)
        assert answer
        assert captures.read(capture_id).body == answer.body
    conn.close()
    assert len(rows) == len(STYLES)


def test_what_is_still_named_after_half_a_year_is_looked_at_again(
    site: Running, runner: Runner
) -> None:
    runner.run(site.url, requisites=True)
    first = states(runner)
    runner.clock.skip(days=170)
    site.clear()
    runner.run(site.url, requisites=True)
    assert asked(site) == []

    runner.clock.skip(days=20)

    def without_sheet(path: str) -> Answer | None:
        return None if path == STYLES[0] else file_at(path)

    site.site.files = without_sheet
    runner.run(site.url, requisites=True)
    assert STYLES[0] in asked(site)
    assert states(runner) == first  # the sheet of half a year ago stays
    kept = "SELECT digest <> '', message FROM media WHERE url LIKE '%style_1_common%'"
    assert runner.rows(kept) == [(1, "status 404")]


def test_pages_kept_before_are_looked_through(site: Running, runner: Runner) -> None:
    """Where nothing is new no page comes that could name anything."""
    runner.run(site.url)
    site.clear()
    runner.run(site.url, requisites=True, seeds=False)
    paths = set(asked(site))
    assert paths >= {*STYLES, *SCRIPTS}
    assert [path for path in paths if path.startswith("static/image/smiley/")]
    assert not [path for path in paths if path.startswith("data/attachment/")]


def test_robots_txt_is_obeyed_and_what_it_costs_is_counted(
    site: Running, runner: Runner
) -> None:
    site.site.robots = b"User-agent: *\nDisallow: /data/"
    runner.run(site.url, requisites=True)
    assert not [path for path in asked(site) if path.startswith("data/")]
    noted = states(runner)
    assert noted[STYLES[0]] == ("style", "given_up")
    assert noted["static/image/common/logo.png"] == ("picture", "done")
    conn = open_archive(runner.path).conn
    # the imported sheet is not known of
    assert count_kept_out(conn, 1, site.url) == len({*STYLES, *SCRIPTS}) - 1
    conn.close()


def test_other_hosts_are_asked_as_a_guest(site: Running, runner: Runner) -> None:
    with serve(qingshi()) as other:
        dress(other.site)
        link = f'<link rel="stylesheet" href="{other.url}{STYLES[2]}" />'
        site.site.head += link
        runner.run(site.url, requisites=True)
        sheets = [each for each in other.log if each.path.endswith(".css")]
    assert [each.cookies for each in sheets] == [()]
    assert other.paths()[0] == "/robots.txt"


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        (STYLES[0], Answer(200, b"<!DOCTYPE html><html>gone</html>", "text/html")),
        (STYLES[0], Answer(200, b"\xef\xbb\xbf  <html>", "text/css")),
        (SCRIPTS[0], Answer(200, b"<html><body>login</body></html>", "text/html")),
        (SCRIPTS[0], Answer(200, b"GIF89a", "image/gif")),
        (PICTURES[0], Answer(200, b"<html>x</html>", "text/html")),
        (FONT, Answer(200, b"<html>x</html>", "text/html")),
    ],
)
def test_a_page_in_place_of_one_is_none(
    site: Running, runner: Runner, path: str, answer: Answer
) -> None:
    site.site.files = lambda at: answer if at == path else file_at(at)
    runner.run(site.url, requisites=True)
    assert states(runner)[path][1] == "given_up"
    ((message,),) = runner.rows(
        "SELECT message FROM media WHERE url LIKE '%' || ? || '%'", path
    )
    assert message.startswith("wrong_type")


def test_one_that_is_too_large_is_given_up(site: Running, runner: Runner) -> None:
    settings = FetchSettings(delay_s=0.5, requisite_limit_bytes=1_000)
    large = Answer(200, b"x{}" * 1_000, "text/css")
    site.site.files = lambda at: large if at == STYLES[2] else file_at(at)
    runner.run(site.url, requisites=True, settings=settings)
    assert states(runner)[STYLES[2]] == ("style", "given_up")


def test_there_is_an_end_to_what_pages_may_name(site: Running, runner: Runner) -> None:
    sheet = "".join(f"a{n}{{background:url(p{n}.png)}}" for n in range(5_000))
    answer = Answer(200, sheet.encode(), "text/css")
    site.site.files = lambda at: answer if at == STYLES[2] else file_at(at)
    runner.run(site.url, requisites=True)
    assert len(states(runner)) == MOST_OF_FORUM


def test_sheets_that_import_one_another_end(site: Running, runner: Runner) -> None:
    circle = Answer(200, b"@import 'style_1_common.css?q1';", "text/css")
    site.site.files = lambda at: circle if at == STYLES[1] else file_at(at)
    runner.run(site.url, requisites=True)
    paths = asked(site)
    assert paths.count(STYLES[0]) == 1


def test_small_forms_of_pictures_come_with_the_pictures(
    site: Running, runner: Runner
) -> None:
    """Where a page shows `x.jpg.thumb.jpg` and a click the whole."""
    forum = site.site

    respond = forum.respond

    def with_thumbs(target: str, cookies: dict[str, str]) -> Answer:
        answer = respond(target, cookies)
        if b'file="data/attachment/' not in answer.body:
            return answer
        body = answer.body.replace(
            b'.jpg" class="zoom"', b'.jpg.thumb.jpg" class="zoom"'
        )
        return replace(answer, body=body)

    forum.respond = with_thumbs  # type: ignore[method-assign]
    runner.run(site.url, requisites=True)
    assert not [path for path in asked(site) if path.endswith(".thumb.jpg")]
    runner.clock.skip(days=2)
    runner.run(site.url, requisites=True, media=True)
    thumbs = [path for path in asked(site) if path.endswith(".thumb.jpg")]
    assert thumbs
    posts = runner.rows("SELECT post_id FROM media WHERE requisite = 'thumb'")
    assert all(post_id is not None for (post_id,) in posts)
