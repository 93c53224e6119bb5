"""Fetching from a real server: manners, faults by name, redirects, logins; time is a fake
that passes at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.cookiejar import CookieJar

import pytest
from fake_forum import Fault, Faults, Running, qingshi, serve
from fake_forum.story import QING

from scraper.core.errors import InputError
from scraper.core.records import ThreadPage
from scraper.fetch.cookies import read_cookies
from scraper.fetch.fetcher import (
    Answer,
    Failure,
    Fetcher,
    FetchSettings,
    Tools,
    Validators,
)
from scraper.parsing import parse_capture

THREAD = "forum.php?mod=viewthread&tid=150"
QUICK = FetchSettings(delay_s=0)


@dataclass
class Time:
    """A clock on which waiting takes no time."""

    slept: list[float] = field(default_factory=list)

    def now_s(self) -> float:
        return time.monotonic() + sum(self.slept)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    @property
    def tools(self) -> Tools:
        return Tools(now_s=self.now_s, sleep=self.sleep)


@pytest.fixture
def site() -> Iterator[Running]:
    with serve(qingshi()) as running:
        yield running


Make = Callable[..., Fetcher]


@pytest.fixture
def make(site: Running) -> Iterator[Make]:
    made: list[Fetcher] = []

    def fetcher(settings: FetchSettings = QUICK, tools: Tools | None = None) -> Fetcher:
        made.append(Fetcher(site.url, settings, tools or Time().tools))
        return made[-1]

    yield fetcher
    for one in made:
        one.close()


def good(outcome: Answer | Failure) -> Answer:
    assert isinstance(outcome, Answer), outcome
    return outcome


def bad(outcome: Answer | Failure) -> Failure:
    assert isinstance(outcome, Failure), outcome
    return outcome


def test_robots_first_then_the_front_page_then_cookies_come_back(
    site: Running, make: Make
) -> None:
    fetcher = make()
    assert good(fetcher.start()).uid == 0
    answer = good(fetcher.get(site.url + THREAD, referer=site.url + "#top"))
    assert site.paths() == ["/robots.txt", "/", f"/{THREAD}"]
    assert fetcher.requests == 3
    assert {request.user_agent.partition("/")[0] for request in site.log} == {
        "discuz-archive"
    }
    assert site.log[2].referer == site.url
    assert {"Qsx1_2132_lastvisit", "Qsx1_2132_lastrequest"} <= set(site.log[2].cookies)
    assert answer.capture.url == site.url + THREAD
    assert answer.capture.header("content-type") == "text/html; charset=utf-8"
    assert "cookie" not in {name.lower() for name, _ in answer.capture.asked}
    assert isinstance(parse_capture(answer.capture).content, ThreadPage)


def test_a_bad_moment_does_not_spoil_the_start(site: Running, make: Make) -> None:
    site.faults.script["/"] = ["reset", "error", "truncate"]
    good(make().start())
    site.faults.script["/"] = ["reset"] * 9
    assert bad(make().start()).reason == "reset"


def test_dates_have_no_fractions(site: Running, make: Make) -> None:
    assert good(make().get(site.url)).capture.fetched_at.microsecond == 0


@pytest.mark.parametrize(
    ("fault", "reason", "transient"),
    [
        ("truncate", "truncated", True),
        ("reset", "reset", True),
        ("empty", "empty", True),
        ("throttle", "throttled", True),
        ("challenge", "challenge", False),
        ("proxy", "foreign", True),
    ],
)
def test_faults_have_names_and_pass(
    site: Running, make: Make, fault: Fault, reason: str, transient: bool
) -> None:
    fetcher = make()
    # a kept connection that is cut before an answer is replaced by a new one
    site.faults.script[f"/{THREAD}"] = [fault] * (2 if fault == "reset" else 1)
    failure = bad(fetcher.get(site.url + THREAD))
    assert (failure.reason, failure.transient) == (reason, transient)
    assert failure.message
    assert (failure.capture is None) == (fault in ("truncate", "reset"))
    good(fetcher.get(site.url + THREAD))


def test_server_errors_are_named_and_those_with_retry_after_say_how_long(
    site: Running, make: Make
) -> None:
    fetcher = make()
    site.faults.script[f"/{THREAD}"] = ["error", "error"]
    failures = [bad(fetcher.get(site.url + THREAD)) for _ in range(2)]
    assert {(one.reason, one.retry_after_s) for one in failures} == {
        ("server_error", None),
        ("throttled", 1.0),
    }
    assert fetcher.pace.too_fast_s == 0


@pytest.mark.parametrize(
    "transfer",
    [{"gzip": True}, {"chunked": True}, {"gzip": True, "chunked": True}],
    ids=str,
)
def test_codings_are_undone_and_cuts_noticed(transfer: dict[str, bool]) -> None:
    with (
        serve(qingshi(), faults=Faults(**transfer)) as site,
        Fetcher(site.url, QUICK, Time().tools) as fetcher,
    ):
        site.faults.script[f"/{THREAD}"] = ["truncate"]
        assert bad(fetcher.get(site.url + THREAD)).reason == "truncated"
        assert b"</html>" in good(fetcher.get(site.url + THREAD)).capture.body


def test_a_garbled_page_is_looked_at_again(site: Running, make: Make) -> None:
    whole = good(make().get(site.url + THREAD)).capture.body
    site.faults.script[f"/{THREAD}"] = ["garble"]
    assert len(good(make().get(site.url + THREAD)).capture.body) == len(whole)
    assert [request.fault for request in site.log if "tid=150" in request.path] == [
        None,
        "garble",
        None,
    ]
    site.faults.script[f"/{THREAD}"] = ["garble", "garble", "garble"]
    good(make().get(site.url + THREAD))
    assert site.faults.script[f"/{THREAD}"] == []


def test_the_anti_flood_page_is_waited_out(site: Running, make: Make) -> None:
    clock = Time()
    fetcher = make(tools=clock.tools)
    site.faults.script[f"/{THREAD}"] = ["evasive"]
    good(fetcher.get(site.url + THREAD))
    assert sum(clock.slept) >= 1
    assert fetcher.pace.floor_s >= fetcher.pace.too_fast_s
    site.faults.always = "evasive"
    failure = bad(fetcher.get(site.url + THREAD))
    assert (failure.reason, failure.transient) == ("throttled", True)
    assert "attackevasive" in failure.message


def test_retry_after_is_obeyed_and_the_pause_grows(site: Running, make: Make) -> None:
    clock = Time()
    fetcher = make(FetchSettings(delay_s=0.25), clock.tools)
    good(fetcher.start())
    site.faults.script[f"/{THREAD}"] = ["throttle"]
    assert bad(fetcher.get(site.url + THREAD)).retry_after_s == 1
    clock.slept.clear()
    good(fetcher.get(site.url + THREAD))
    assert sum(clock.slept) >= 0.99
    assert fetcher.pace.too_fast_s == 0.25


def test_pauses_lie_between_requests_and_only_one_is_under_way(
    site: Running, make: Make
) -> None:
    clock = Time()
    fetcher = make(FetchSettings(), clock.tools)
    site.faults.slow_s = 0.002
    links = [
        site.url + f"forum.php?mod=viewthread&tid={tid}" for tid in (110, 120, 150, 160)
    ]
    with ThreadPoolExecutor(4) as pool:
        assert all(
            isinstance(outcome, Answer) for outcome in pool.map(fetcher.get, links)
        )
    assert site.most_at_once == 1
    assert (
        sum(clock.slept) >= 4 * 1.9
    )  # a pause of two seconds from the end of one to the next


def test_more_at_once_where_it_is_wanted(site: Running, make: Make) -> None:
    fetcher = make(FetchSettings(delay_s=0, concurrency=3))
    good(fetcher.start())
    site.faults.slow_s = 0.03
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(fetcher.get, [site.url + THREAD] * 12))
    assert site.most_at_once == 3


def test_stop_ends_the_pauses(site: Running) -> None:
    with Fetcher(site.url, FetchSettings(delay_s=300)) as fetcher:
        done: list[Answer | Failure] = []
        waiting = threading.Thread(
            target=lambda: done.append(fetcher.get(site.url + THREAD))
        )
        waiting.start()
        fetcher.stop()
        waiting.join(10)
        assert bad(done[0]).reason == "stopped"
        assert bad(fetcher.get(site.url)).reason == "stopped"


def test_a_self_redirect_is_asked_again_and_the_hop_kept(
    site: Running, make: Make
) -> None:
    site.forum.delete_post(1105)
    answer = good(make().get(f"{site.url}{THREAD}&page=2"))
    assert answer.capture.url.endswith("&page=2")
    assert [(hop.status, hop.url) for hop in answer.redirects] == [
        (302, answer.capture.url)
    ]
    content = parse_capture(answer.capture).content
    assert isinstance(content, ThreadPage)
    assert content.page == 2


def test_a_self_redirect_of_the_first_page(site: Running, make: Make) -> None:
    site.forum.delete_post(1105)
    assert good(make().get(site.url + THREAD)).capture.status == 200


def test_moved_threads_are_followed_or_not(site: Running, make: Make) -> None:
    fetcher, link = make(), site.url + "forum.php?mod=viewthread&tid=161"
    answer = good(fetcher.get(link))
    assert (answer.capture.url, len(answer.redirects)) == (
        site.url + "forum.php?mod=viewthread&tid=160",
        1,
    )
    assert good(fetcher.get(link, follow=False)).capture.status == 302


def test_a_thread_that_is_not_there_answers_with_a_redirect_that_is_not_followed(
    site: Running, make: Make
) -> None:
    site.faults.script[f"/{THREAD}"] = ["no_thread"]
    answer = good(make().get(site.url + THREAD))
    assert (answer.capture.url, answer.capture.status) == (site.url + THREAD, 302)
    assert answer.redirects == ()


def test_redirects_in_circles_are_named(site: Running, make: Make) -> None:
    fetcher = make()
    site.faults.script[f"/{THREAD}"] = ["loop"] * 20
    assert bad(fetcher.get(site.url + THREAD)).reason == "redirect_loop"
    assert len(site.faults.script[f"/{THREAD}"]) == 18


def test_missing_pages_are_answers(site: Running, make: Make) -> None:
    assert (
        good(make().get(site.url + "forum.php?mod=viewthread&tid=404")).capture.status
        == 404
    )


def test_a_closed_forum(site: Running, make: Make) -> None:
    site.site.closed = True
    failure = bad(make().start())
    assert failure.reason == "closed"
    assert "正在搬家" in failure.message


@pytest.mark.parametrize(
    "url",
    [
        "ftp://bbs.example/",
        "https://elsewhere.example/forum.php",
        "forum.php",
        "",
        "http://",
    ],
)
def test_addresses_outside_the_forum_are_not_asked_for(
    site: Running, make: Make, url: str
) -> None:
    assert bad(make().get(url)).reason == "bad_address"
    assert site.log == []


@pytest.mark.parametrize("url", ["bbs.example", "ftp://bbs.example/", "", "http:///x"])
def test_a_forum_has_a_web_address(url: str) -> None:
    with pytest.raises(InputError):
        Fetcher(url)


def login(site: Running) -> CookieJar:
    lines = [
        f"127.0.0.1\tFALSE\t/\tFALSE\t0\t{name}\t{value}"
        for name, value in site.site.login(QING).items()
    ]
    return read_cookies("\n".join(lines), "127.0.0.1", 0)


def test_a_login_is_checked_and_its_end_noticed(site: Running, make: Make) -> None:
    fetcher = make(FetchSettings(delay_s=0, cookies=login(site), login=True))
    assert good(fetcher.start()).uid == QING.uid == fetcher.uid
    board = site.url + "forum.php?mod=forumdisplay&fid=9"
    assert "内院夜谈".encode() in good(fetcher.get(board)).capture.body
    site.site.logout()
    failure = bad(fetcher.get(board))
    assert (failure.reason, failure.transient) == ("login_lost", False)
    assert "nobody" in failure.message


def test_cookies_that_do_not_log_in_are_noticed_at_the_start(
    site: Running, make: Make
) -> None:
    cookies = login(site)
    site.site.logout()
    assert (
        bad(make(FetchSettings(delay_s=0, cookies=cookies, login=True)).start()).reason
        == "login_lost"
    )


def test_the_users_cookies_are_left_as_they_were(site: Running, make: Make) -> None:
    cookies = login(site)
    good(make(FetchSettings(delay_s=0, cookies=cookies, login=True)).start())
    assert len(cookies) == 2


def test_media_have_types_and_limits(site: Running, make: Make) -> None:
    fetcher = make(FetchSettings(delay_s=0, media_limit_bytes=5_000))
    picture = good(
        fetcher.get_media(
            site.url + "data/attachment/forum/a.png", referer=site.url + THREAD
        )
    )
    assert picture.capture.body.startswith(b"\x89PNG")
    assert site.log[-1].referer == site.url + THREAD
    assert bad(fetcher.get_media(site.url + THREAD)).reason == "too_large"
    assert bad(fetcher.get_media(site.url + "misc.php?mod=tag")).reason == "robots"
    assert bad(fetcher.get_media("data:image/png;base64,AA")).reason == "bad_address"
    assert bad(make().get_media(site.url + THREAD)).reason == "wrong_type"


def test_validators_come_from_a_capture(site: Running, make: Make) -> None:
    capture = good(make().get(site.url)).capture
    assert Validators.of(capture) == Validators()


def test_an_owner_who_consents_lets_us_take_what_robots_forbid(
    site: Running, make: Make
) -> None:
    file = "forum.php?mod=attachment&aid=9"
    assert bad(make().get_media(site.url + file)).reason == "robots"

    fetcher = make(FetchSettings(delay_s=0, owner_consents=True))
    assert bad(fetcher.get_media(site.url + file)).reason != "robots"
    assert fetcher.allowed(site.url + file)
    with serve(qingshi()) as other:
        other.site.robots = b"User-agent: *\nDisallow: /"
        refused = fetcher.get_media(f"{other.url}data/attachment/forum/a.png")
        assert bad(refused).reason == "robots"
        assert other.paths() == ["/robots.txt"]


@pytest.mark.parametrize(
    ("robots", "slept_s"),
    [(b"User-agent: *\nDisallow: /\nCrawl-delay: 7", 7.0), (b"Disallow: /", 0.0)],
)
def test_an_owner_who_consents_is_still_asked_at_the_pace_of_robots(
    site: Running, make: Make, robots: bytes, slept_s: float
) -> None:
    site.site.robots = robots
    time_ = Time()
    settings = FetchSettings(delay_s=0, owner_consents=True)
    fetcher = make(settings, time_.tools)
    good(fetcher.get(site.url))
    good(fetcher.get(site.url + THREAD))
    assert sum(time_.slept) >= slept_s


def test_an_owner_who_consents_is_asked_where_robots_cannot_be_read(
    site: Running, make: Make
) -> None:
    site.faults.script["/robots.txt"] = ["error"] * 4
    assert bad(make().get(site.url)).reason == "robots"
    site.faults.script["/robots.txt"] = ["error"] * 4
    good(make(FetchSettings(delay_s=0, owner_consents=True)).get(site.url))
