"""The fake forum's server: what it logs, what goes wrong when it is told to, how it behaves
as Discuz! does."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from fake_forum import Fault, Faults, Running, Words, laohuai, qingshi, serve
from fake_forum.story import QING, YU

THREAD = "forum.php?mod=viewthread&tid=150"


@pytest.fixture
def site() -> Iterator[Running]:
    with serve(qingshi()) as running:
        yield running


@pytest.fixture
def client(site: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.url, timeout=5) as client:
        yield client


def test_pages_are_served_and_logged(site: Running, client: httpx.Client) -> None:
    answer = client.get(THREAD, headers={"User-Agent": "reader/1", "Referer": "x"})
    assert (answer.status_code, answer.charset_encoding) == (200, "utf-8")
    assert "今天吃了什么" in answer.text
    assert [(r.path, r.status, r.user_agent, r.referer) for r in site.log] == [
        (f"/{THREAD}", 200, "reader/1", "x")
    ]
    assert site.most_at_once == 1


def test_gbk_in_a_folder_with_rewritten_addresses() -> None:
    with serve(
        laohuai(), "/bbs/", version="X3.4", charset="gbk", rewritten=True
    ) as site:
        answer = httpx.get(f"{site.url}thread-1-1-1.html")
        assert "黑方：將5进1" in answer.content.decode("gbk")
        assert "&#128512;" in answer.content.decode("gbk")
        assert 'href="forum-10-1.html"' in answer.text
        assert "残局" in httpx.get(
            f"{site.url}forum.php?mod=viewthread&tid=1"
        ).content.decode("gbk")
        assert httpx.get(site.url.replace("/bbs/", "/")).status_code == 404
        assert httpx.get(site.url.replace("/bbs/", "/robots.txt")).status_code == 200


def test_robots_is_the_one_that_discuz_ships(client: httpx.Client) -> None:
    lines = client.get("robots.txt").text.splitlines()
    assert {
        "Disallow: /api/",
        "Disallow: /misc.php",
        "Disallow: /*?mod=attachment*",
    } <= set(lines)


@pytest.mark.parametrize(
    ("link", "status", "location"),
    [
        (
            "forum.php?mod=redirect&goto=findpost&ptid=150&pid=1112",
            301,
            "forum.php?mod=viewthread&tid=150&page=2#pid1112",
        ),
        (
            "forum.php?mod=redirect&goto=lastpost&tid=150",
            302,
            "forum.php?mod=viewthread&tid=150&page=3#lastpost",
        ),
        ("forum.php?mod=viewthread&tid=161", 302, "{}forum.php?mod=viewthread&tid=160"),
        ("forum.php?mod=viewthread&tid=123", 302, "{}forum.php?mod=forumdisplay&fid=8"),
        ("forum.php?mod=viewthread&tid=404", 404, ""),
        ("nosuch.php", 404, ""),
        ("misc.php?mod=tag", 200, ""),
    ],
)
def test_statuses_and_redirects(
    site: Running, client: httpx.Client, link: str, status: int, location: str
) -> None:
    answer = client.get(link)
    assert (answer.status_code, answer.headers.get("location", "")) == (
        status,
        location.format(site.url),
    )


def test_a_thread_with_deleted_posts_redirects_to_itself_once(
    site: Running, client: httpx.Client
) -> None:
    site.forum.delete_post(1105)
    assert [client.get(f"{THREAD}&page=2").status_code for _ in range(2)] == [302, 200]


def test_the_forum_changes_between_requests(
    site: Running, client: httpx.Client
) -> None:
    before = client.get(f"{THREAD}&page=3").text
    site.forum.advance(1)
    site.forum.reply(150, YU, Words("刚吃的：青菜年糕。"))
    after = client.get(f"{THREAD}&page=3").text
    assert "青菜年糕" not in before
    assert "青菜年糕" in after


def test_members_see_more_until_they_are_logged_out(
    site: Running, client: httpx.Client
) -> None:
    link = "forum.php?mod=forumdisplay&fid=9"
    assert "内院夜谈" not in client.get(link).text
    client.cookies.update(site.site.login(QING))
    assert "内院夜谈" in client.get(link).text
    assert "discuz_uid = '5'" in client.get(link).text
    site.site.logout()
    assert "discuz_uid = '0'" in client.get(link).text


def test_padlocks_show_to_clients_that_keep_cookies(site: Running) -> None:
    link = f"{site.url}forum.php?mod=forumdisplay&fid=5"
    with httpx.Client() as keeps:
        pages = [httpx.get(link), keeps.get(link), keeps.get(link)]
        assert ['class="lock"' in page.text for page in pages] == [False, False, True]


def test_pictures_differ_by_address(client: httpx.Client) -> None:
    first, second = (
        client.get(f"data/attachment/forum/{name}").content
        for name in ("a.png", "b.png")
    )
    assert first.startswith(b"\x89PNG")
    assert first != second


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        ("error", 500, "System Error"),
        ("empty", 200, ""),
        ("throttle", 429, "Too Many"),
        ("challenge", 403, "Just a moment"),
        ("proxy", 200, "guest network"),
        ("evasive", 200, "&#x9891;"),
        ("loop", 302, ""),
    ],
)
def test_planned_faults(
    site: Running, client: httpx.Client, fault: Fault, status: int, words: str
) -> None:
    site.faults.script[f"/{THREAD}"] = [fault]
    first, second = client.get(THREAD), client.get(THREAD)
    assert first.status_code == status
    assert words in first.text
    assert second.status_code == 200
    assert [request.fault for request in site.log] == [fault, None]


@pytest.mark.parametrize(
    "transfer",
    [{}, {"gzip": True}, {"chunked": True}, {"gzip": True, "chunked": True}],
    ids=str,
)
def test_cut_answers_and_resets(transfer: dict[str, bool]) -> None:
    with serve(qingshi(), faults=Faults(**transfer)) as site:
        site.faults.script[f"/{THREAD}"] = ["truncate", "reset"]
        for _ in range(2):
            with pytest.raises(httpx.RemoteProtocolError):
                httpx.get(site.url + THREAD)
        assert "今天吃了什么" in httpx.get(site.url + THREAD).text


def test_garbled_and_mislabelled_pages(site: Running, client: httpx.Client) -> None:
    good = client.get(THREAD).content
    site.faults.script[f"/{THREAD}"] = ["garble", "wrong_charset"]
    garbled, mislabelled = client.get(THREAD), client.get(THREAD)
    assert len(garbled.content) == len(good)
    assert garbled.content != good
    assert mislabelled.headers["content-type"] == "text/html; charset=gbk"
    assert mislabelled.content == good


def test_chances_repeat_with_the_seed() -> None:
    def faults_of(seed: int) -> list[str | None]:
        with (
            serve(qingshi(), faults=Faults(seed, error=0.3, reset=0.3)) as site,
            httpx.Client() as client,
        ):
            for _ in range(12):
                try:
                    client.get(site.url)
                except httpx.HTTPError:
                    continue
            return [request.fault for request in site.log]

    assert faults_of(3) == faults_of(3) != faults_of(4)
    assert {"error", "reset", None} == set(faults_of(3))


def test_throttle_and_anti_flood(site: Running, client: httpx.Client) -> None:
    site.faults.throttle_per_s = 2
    answers = [client.get("robots.txt") for _ in range(5)]
    assert [answer.status_code for answer in answers[:2]] == [200, 200]
    assert any(
        answer.status_code == 429 and answer.headers["retry-after"] == "1"
        for answer in answers
    )
    site.faults.throttle_per_s, site.faults.evasive_s = 0, 60
    assert "&#x9891;" in client.get(THREAD).text


def test_a_closed_forum(site: Running, client: httpx.Client) -> None:
    site.site.closed = True
    assert "论坛暂时关闭" in client.get(THREAD).text
