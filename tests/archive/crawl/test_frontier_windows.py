"""What the frontier keeps of the windows of posts (ratings, comments), and pages put back by
the reason for which they were given up."""

from __future__ import annotations

from frontiers import NOW, page, pages, taken, visit

from archive.crawl.frontier import Frontier
from scraper.policy.plan import ANYTHING, Key

RATINGS = Key("ratings", 501)
COMMENTS = Key("comments", 501, 2)


def test_a_window_is_asked_for_with_the_thread_of_its_post(frontier: Frontier) -> None:
    frontier.add([page(RATINGS, tid=5), page(Key("thread", 5))], NOW)
    threads = {each.key: each.tid for each in frontier.take(9, NOW, ANYTHING)}
    assert threads == {RATINGS: 5, Key("thread", 5): None}


def test_what_a_thread_said_of_its_windows_is_known_by_window(
    frontier: Frontier,
) -> None:
    others = [Key("ratings", 502), Key("thread", 501)]
    frontier.add([page(RATINGS, listing_fingerprint="7 ratings")], NOW)
    frontier.add([page(COMMENTS, listing_fingerprint="3 pages")], NOW)
    frontier.add(pages(*others, listing_fingerprint="of another"), NOW)
    known = frontier.window_fingerprints([RATINGS, COMMENTS])
    assert known == {RATINGS: "7 ratings", COMMENTS: "3 pages"}
    assert frontier.window_fingerprints([Key("ratings", 503)]) == {}
    assert frontier.window_fingerprints([]) == {}


def test_pages_are_put_back_by_the_reason_they_were_given_up_for(
    frontier: Frontier,
) -> None:
    slow, forbidden, refused = (Key("thread", tid) for tid in (1, 2, 3))
    frontier.add(pages(slow, forbidden, refused), NOW)
    frontier.failed(slow, None, "timeout", "")
    frontier.failed(forbidden, None, "robots", "")
    visit(frontier, refused, outcome="refused")
    assert frontier.retry(NOW, reason="robots") == 1
    assert taken(frontier) == [forbidden]
    assert frontier.retry(NOW, reason="robots", refused=True) == 0
    assert frontier.retry(NOW, reason="timeout") == 1


def test_nothing_is_taken_where_nothing_is_asked_for(frontier: Frontier) -> None:
    frontier.add(pages(RATINGS), NOW)
    assert taken(frontier, count=0) == []
