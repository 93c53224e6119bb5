"""Who is answered: names that lead here from elsewhere, and pages of other origins, are not."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest

pytest.importorskip("datasette")
from browser import chromium, served
from raw_server import answer, serve_raw

from archive.web.visitors import HOSTS, is_our_name
from tests.archive_of_posts import Row, make_archive
from tests.web_client import pages_of

PATHS = ("/", "/f/1/thread/1", "/search?q=猫", "/u/posts.json", "/u.json?sql=select 1")
SUB_RESOURCES = (
    {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"},
    {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "script"},
    {"sec-fetch-mode": "cors", "sec-fetch-dest": "empty"},
    {"sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"},
    {},
)
ARRIVAL = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("visitors") / "u.db"
    make_archive(path, [Row(text="一只猫", floor=1, opening=True)]).close()
    return path


@pytest.fixture(scope="module")
def site(path: Path) -> Iterator[httpx.Client]:
    with (
        served(path, "--name", "archive.example") as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        yield client


@pytest.mark.parametrize("asked", PATHS)
@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8001",
        "127.0.0.1.evil.example",
        "localhost.evil.example:8001",
        "archive.example.evil.example",
        "192.168.1.5:8001",
        "0.0.0.0:8001",
        "[::ffff:203.0.113.1]",
        "localhost:8001@evil.example",
        "",
    ],
)
def test_a_name_that_leads_here_from_elsewhere_is_refused(
    site: httpx.Client, asked: str, host: str
) -> None:
    refused = site.get(asked, headers={"host": host})
    assert refused.status_code == 403
    assert "猫" not in refused.text


@pytest.mark.parametrize("asked", PATHS)
@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:8001",
        "127.0.0.1",
        "localhost:9000",
        "LOCALHOST.",
        "[::1]:8001",
        "archive.example",
        "Archive.Example:443",
    ],
)
def test_the_names_of_this_server_are_answered(
    site: httpx.Client, asked: str, host: str
) -> None:
    assert site.get(asked, headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    ("host", "address", "is_ours"),
    [
        ("192.168.1.5:8001", "192.168.1.5", True),
        ("203.0.113.7", "172.17.0.2", True),  # a forwarded port
        ("[fd00::5]:8001", "fd00::5", True),
        (f"{platform.node()}:8001", "192.168.1.5", True),
        ("evil.example", "192.168.1.5", False),
        ("192.168.1.5.evil.example", "192.168.1.5", False),
        ("0.0.0.0", "192.168.1.5", False),
        ("192.168.1.5", "127.0.0.1", False),
        ("[::1", "::1", False),
        ("127.0.0.1:evil", "127.0.0.1", False),
    ],
)
def test_in_a_network_numbers_are_answered_and_names_are_not(
    host: str, address: str, is_ours: bool
) -> None:
    assert is_our_name(host, address, further=()) == is_ours


def test_a_proxy_s_name_can_be_given_in_the_environment(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = pages_of(path)
    assert pages.get("/f/1", host="forum.example").status_code == 403
    monkeypatch.setenv(HOSTS, "other.example forum.example")
    assert pages.get("/f/1", host="forum.example").status_code == 200


@pytest.mark.parametrize(
    "asked", [*PATHS, "/-/versions.json", "/nothing", "/-/media/1"]
)
@pytest.mark.parametrize("kind", SUB_RESOURCES, ids=range(len(SUB_RESOURCES)))
@pytest.mark.parametrize("origin", ["cross-site", "same-site"])
def test_what_a_page_of_another_origin_loads_tells_it_nothing(
    site: httpx.Client, asked: str, kind: dict[str, str], origin: str
) -> None:
    refused = site.get(asked, headers={"sec-fetch-site": origin, **kind})
    missing = site.get("/f/9/thread/9", headers={"sec-fetch-site": origin, **kind})
    assert refused.status_code == missing.status_code == 403
    assert refused.content == missing.content
    assert refused.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:1"]
)
def test_browsers_that_say_the_origin_alone_are_heard(
    site: httpx.Client, origin: str
) -> None:
    assert site.get("/f/1", headers={"origin": origin}).status_code == 403
    own = str(site.base_url).rstrip("/")
    assert site.get("/f/1", headers={"origin": own}).status_code == 200


@pytest.mark.parametrize("origin", ["same-origin", "none"])
@pytest.mark.parametrize("asked", PATHS)
def test_own_pages_and_a_reader_s_hand_are_answered(
    site: httpx.Client, asked: str, origin: str
) -> None:
    headers = {"sec-fetch-site": origin, **ARRIVAL}
    assert site.get(asked, headers=headers).status_code == 200


def test_a_link_from_elsewhere_leads_to_pages_but_runs_no_sql(
    site: httpx.Client,
) -> None:
    headers = {"sec-fetch-site": "cross-site", **ARRIVAL}
    for path in ("/f/1/thread/1", "/search?q=猫", "/u/posts"):
        assert site.get(path, headers=headers).status_code == 200
    for path in ("/u?sql=select 1", "/u.csv?sql=select 1", "/u/posts?_where=1"):
        refused = site.get(path, headers=headers)
        assert refused.status_code == 403
        assert "address bar" in refused.text
    assert site.post("/f/1", headers=headers).status_code == 403


def test_a_page_of_another_origin_sees_no_difference_in_a_browser(
    site: httpx.Client,
) -> None:
    own = str(site.base_url).rstrip("/")
    there = (
        "/pictures/months.svg?site=1",
        "/-/static/app.css",
        "/f/1",
        "/u.json?sql=select+1",
    )
    missing = ("/-/media/7", "/nothing", "/f/1/thread/9", "/u.json?sql=select+nothing")
    body = b"<!DOCTYPE html><title>x</title>"
    with serve_raw() as other, chromium() as browser:
        other.answers["/"] = [*answer(body, "Content-Type: text/html")]
        page = browser.new_page()
        page.goto(other.url)
        seen = page.evaluate(_PROBE, [own + path for path in (*there, *missing)])
    assert seen == ["error error error"] * len(there + missing)


_PROBE = """addresses => Promise.all(addresses.map(async address => {
  const tried = kind => new Promise(tell => {
    const made = document.createElement(kind)
    made.onload = () => tell('load')
    made.onerror = () => tell('error')
    if (kind === 'link') { made.rel = 'stylesheet'; made.href = address }
    else made.src = address
    document.head.append(made)
  })
  const fetched = fetch(address, {mode: 'no-cors'}).then(() => 'load', () => 'error')
  return [await tried('img'), await tried('script'), await fetched].join(' ')
}))"""


@pytest.mark.parametrize(
    "asked",
    [
        "/-/media/../..",
        "/-/media/../../etc/passwd",
        "/-/media/1/../../..",
        "/-/media/%2e%2e/%2e%2e",
        "/-/media/..%2f..%2f",
        "/-/media/",
        "/-/media/1x",
        "/-/forum/../../style.css",
        "/f/1/../..",
        "/f/1/thread/%00",
        "/a/b/c/d/e/f",
        "/-/nothing/at/all/here",
    ],
)
def test_paths_that_lead_nowhere_are_no_pages(site: httpx.Client, asked: str) -> None:
    assert _status_of(site, asked) == 404


def _status_of(site: httpx.Client, path: str) -> int:
    """The status of a path that is sent as it is, behind its redirects."""
    connection = HTTPConnection("127.0.0.1", site.base_url.port, timeout=60)
    for _ in range(4):
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 302:
            break
        path = str(answer.headers["location"])
    connection.close()
    return answer.status
