"""Pictures and files of posts: fetched after the pages, once, with a referer; refusals
named, resumable."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from crawling import Runner
from fake_forum.server import Running, serve
from fake_forum.story import qingshi

from archive.crawl.consent import count_kept_out
from archive.crawl.loop import Crawl
from archive.crawl.values import CrawlResult
from archive.schema import open_archive
from archive.warc.captures import Captures
from scraper.fetch.fetcher import FetchSettings

CONSENTING = FetchSettings(delay_s=0.5, owner_consents=True)


@pytest.fixture
def site() -> Iterator[Running]:
    with serve(qingshi(), guests_see_files=True) as running:
        yield running


def pictures(site: Running) -> list[str]:
    return [path for path in site.paths() if path.startswith("/data/attachment/")]


def test_pictures_that_posts_show_come_once_and_with_a_referer(
    site: Running, runner: Runner
) -> None:
    ran = runner.run(site.url, media=True)
    shown = pictures(site)
    assert len(shown) >= 2
    assert len(shown) == len(set(shown))
    assert all(
        "viewthread" in request.referer for request in site.log if request.path in shown
    )
    assert ran.totals.files >= len(shown)
    site.clear()
    runner.run(site.url, media=True)
    assert pictures(site) == []


def test_what_came_is_in_the_warc_file_and_known_by_its_digest(
    site: Running, runner: Runner
) -> None:
    runner.run(site.url, media=True)
    conn = open_archive(runner.path).conn
    query = "SELECT capture_id, digest, content_type, size_bytes FROM media WHERE state = 'done'"
    rows = conn.execute(query).fetchall()
    assert rows
    captures = Captures(conn)
    for capture_id, digest, content_type, size_bytes in rows:
        body = captures.read(capture_id).body
        assert (len(body), len(digest)) == (size_bytes, 32)
        assert content_type
    conn.close()


def test_attachments_come_with_the_owners_consent_and_are_counted_without(
    site: Running, runner: Runner
) -> None:
    """Discuz!'s own robots.txt forbids them, and sends them with `Content-Encoding: none`."""
    kept = "SELECT count(*) FROM media WHERE state = 'done' AND name LIKE 'aid:%'"
    attachments = [path for path in site.paths() if "mod=attachment" in path]
    runner.run(site.url, media=True)
    assert attachments == []
    assert runner.rows(kept) == [(0,)]
    conn = open_archive(runner.path).conn
    kept_out = count_kept_out(conn, 1, site.url)
    conn.close()
    assert kept_out >= 1
    assert runner.rows("SELECT owner_consents_at FROM crawls") == [("",)]

    site.site.guests_get_files = True
    runner.clock.skip(hours=1)
    runner.run(site.url, media=True, settings=CONSENTING)
    assert runner.rows(kept) == [(kept_out,)]
    conn = open_archive(runner.path).conn
    assert count_kept_out(conn, 1, site.url) == 0
    conn.close()
    ((at,),) = runner.rows("SELECT owner_consents_at FROM crawls")
    assert at.startswith("2024-06-01T")


def test_pages_that_robots_kept_from_us_come_with_the_owners_consent(
    site: Running, runner: Runner
) -> None:
    site.site.robots = b"User-agent: *\nDisallow: /*tid=150"
    runner.run(site.url)
    refused = (
        "SELECT count(*) FROM frontier WHERE state = 'given_up' AND outcome = 'robots'"
    )
    assert runner.rows(refused) != [(0,)]
    pids = runner.pids()
    runner.clock.skip(hours=1)
    runner.run(site.url, settings=CONSENTING)
    assert runner.rows(refused) == [(0,)]
    assert runner.pids() > pids


def test_what_other_hosts_forbid_is_not_the_owners_to_allow(
    site: Running, runner: Runner
) -> None:
    runner.run(site.url, media=True)
    other = (
        "UPDATE media SET state = 'given_up', message = 'robots: no', "
        "url = 'http://pictures.invalid/' || name"
    )
    conn = open_archive(runner.path).conn
    conn.execute(other)
    assert count_kept_out(conn, 1, site.url) == 0
    conn.close()
    runner.run(site.url, settings=CONSENTING)
    assert runner.rows("SELECT count(*) FROM media WHERE state = 'due'") == [(0,)]


def test_what_does_not_come_is_given_up_by_name(site: Running, runner: Runner) -> None:
    runner.run(site.url, media=True)
    given_up = runner.rows("SELECT name, message FROM media WHERE state = 'given_up'")
    assert given_up  # pictures on hosts that do not exist, files that robots.txt keeps
    assert all(message for _, message in given_up)


def test_media_asked_for_later_is_that_of_all_posts(
    site: Running, runner: Runner
) -> None:
    runner.run(site.url)
    assert pictures(site) == []
    site.clear()
    runner.run(site.url, media=True)
    assert len(pictures(site)) >= 2


def test_a_run_stopped_among_the_pictures_says_how_many_are_left_and_is_gone_on_with(
    site: Running, runner: Runner
) -> None:
    left = list[int]()

    def stop(crawl: Crawl, visit: CrawlResult) -> None:
        if visit.key.kind == "media" and visit.outcome == "page" and not left:
            crawl.stop()
            left.append(crawl.forums[0].files_left())

    runner.run(site.url, media=True, each=stop)
    assert left[0] >= 1
    first = pictures(site)
    site.clear()
    runner.run(site.url, media=True)
    assert not set(first) & set(pictures(site))
    assert runner.rows(
        "SELECT count(*) FROM media WHERE state = 'due' AND tries = 0"
    ) == [(0,)]
