"""`datasette a.db b.db`: both have their reading pages, and links stay within each."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest

pytest.importorskip("datasette")
from browser import chromium, free_port, serious_faults

from archive.web.paths import prefix_of
from tests.archive_of_posts import Row, make_archive
from tests.web_client import pages_of

NAMES = ("老 槐树", "100% #a?b", "plain")
WORDS = ("鸡蛋", "鸭蛋", "鹅蛋")
"""What only one of the archives has."""
SHARED = ("/-/forum/", "/?home=1", "/search", "/-/static")
HREF = re.compile(r'(?:href|src|action)="([^"]*)"')


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Datasette itself, given three archives."""
    folder = tmp_path_factory.mktemp("several")
    files = []
    for name, word in zip(NAMES, WORDS, strict=True):
        files.append(folder / f"{name}.db")
        make(files[-1], word)
    address = f"http://127.0.0.1:{(port := free_port())}"
    command = [sys.executable, "-m", "datasette", *map(str, files), "--port", str(port)]
    server = subprocess.Popen(
        [*command, "--setting", "sql_time_limit_ms", "20000"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with httpx.Client(base_url=address, trust_env=False, timeout=60) as found:
        for _ in range(600):
            assert server.poll() is None, "the server ended"
            try:
                found.get("/-/versions.json")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield found
    server.terminate()
    server.wait(30)


def make(path: Path, word: str) -> None:
    """A forum with a thread (tid 1) that all have, and one (tid 2) that is only in the last
    archive."""
    rows = [Row(text=f"今天买了{word}", floor=1, opening=True, author=f"卖{word}的")]
    if word == WORDS[-1]:
        rows.append(Row(text="第二个主题", thread="又一个", floor=1, opening=True))
    conn = make_archive(path, rows)
    conn.execute("UPDATE sites SET name = ?", (f"{word}论坛",))
    conn.execute("UPDATE threads SET created_at = '2024-05-01T00:00:00Z'")
    link = '<a href="forum.php?mod=viewthread&amp;tid=1">看这里</a>'
    conn.execute(
        "UPDATE posts SET html = ? || text || ?",
        (link, '<img src="data/attachment/forum/1.png">'),
    )
    conn.commit()
    conn.close()


def homes(client: httpx.Client) -> list[str]:
    """Where the pages of each archive begin, in order."""
    page = client.get("/?home=1").text
    links = [unescape(link) for link in HREF.findall(page)]
    return [link for link in links if link.endswith("/-/?home=1")]


def pages_from(client: httpx.Client, start: str) -> dict[str, str]:
    """All reading pages that links lead to from a page."""
    prefix = start.partition("/-/")[0] + "/-/"
    found: dict[str, str] = {}
    left = [start]
    while left and len(found) < 60:
        address = left.pop()
        if address in found:
            continue
        answer = client.get(address, follow_redirects=True)
        assert answer.status_code == 200, address
        if "html" not in answer.headers["content-type"]:
            continue
        found[address] = answer.text
        for link in map(unescape, HREF.findall(answer.text)):
            plain = link.partition("#")[0]
            if plain.startswith(prefix):
                left.append(plain)
    return found


def test_the_front_page_lists_the_archives_with_their_forums(
    client: httpx.Client,
) -> None:
    page = client.get("/").text
    assert len(homes(client)) == len(NAMES)
    for name, word in zip(NAMES, WORDS, strict=True):
        assert name in unescape(page)
        assert f"{word}论坛" in page


@pytest.mark.parametrize("place", range(len(NAMES)), ids=ascii)
def test_links_stay_within_an_archive(client: httpx.Client, place: int) -> None:
    home = homes(client)[place]
    prefix = home.removesuffix("/?home=1")
    data = prefix.removesuffix("/-")
    pages = pages_from(client, home)
    within = [address.removeprefix(prefix) for address in pages]
    kinds = {re.sub(r"\d+|\?.*", "", address) for address in within}
    assert {"/f/", "/f//board/", "/f//thread/", "/pictures", "/health"} <= kinds
    others = [word for word in WORDS if word != WORDS[place]]
    for address, text in pages.items():
        assert not any(word in text for word in others), address
        for link in map(unescape, HREF.findall(text)):
            if not link.startswith("/") or link.startswith(SHARED):
                continue
            path = urlsplit(link).path
            assert path.startswith((f"{prefix}/", f"{data}/", f"{data}.")) or (
                path == data
            ), f"{address}: {link}"


@pytest.mark.parametrize("place", range(len(NAMES)), ids=ascii)
def test_each_archive_is_searched_by_itself(client: httpx.Client, place: int) -> None:
    prefix = homes(client)[place].removesuffix("/?home=1")
    form = re.search(
        r'role="search" action="([^"]+)"', client.get(f"{prefix}/f/1").text
    )
    assert form
    assert unescape(form[1]) == f"{prefix}/search"
    found = client.get(f"{prefix}/search", params={"q": WORDS[place]}).text
    assert f"<mark>{WORDS[place]}</mark>" in found
    assert f'href="{prefix}/f/1/post/' in unescape(found)
    other = client.get(f"{prefix}/search", params={"q": WORDS[place - 1]}).text
    assert "<mark>" not in other
    feed = client.get(f"{prefix}/search.atom", params={"q": WORDS[place]}).text
    assert f"{prefix}/f/1/post/" in feed


def test_an_address_that_several_know_offers_them(client: httpx.Client) -> None:
    for address in ("/thread-1-1-1.html", "/f/1/thread/1", "/?tid-1.html"):
        answer = client.get(address)
        assert answer.status_code == 300, address
        offered = re.findall(r'<li><a href="([^"]+)">', answer.text)
        assert len(offered) == len(NAMES)
        for link, word in zip(offered, WORDS, strict=True):
            thread = client.get(unescape(link), follow_redirects=True)
            assert thread.status_code == 200
            assert word in thread.text


def test_an_address_that_one_knows_leads_there(client: httpx.Client) -> None:
    prefix = homes(client)[-1].removesuffix("/?home=1")
    for address in ("/thread-2-1-1.html", "/f/1/thread/2", "/viewthread.php?tid=2"):
        answer = client.get(address, follow_redirects=True)
        assert answer.status_code == 200
        assert answer.url.path == f"{prefix}/f/1/thread/2"
        assert "第二个主题" in answer.text


def test_an_address_that_none_knows_is_missing(client: httpx.Client) -> None:
    for address in ("/thread-99-1-1.html", "/f/1/thread/99", "/f/9", "/f/1/nonsense"):
        assert client.get(address).status_code == 404, address


def test_pages_of_all_archives_offer_each(client: httpx.Client) -> None:
    for address in (f"/search?q={quote('鸡蛋')}", "/pictures", "/health"):
        answer = client.get(address)
        assert answer.status_code == 300, address
        assert answer.text.count("<li><a href=") == len(NAMES)


@pytest.mark.parametrize("place", range(len(NAMES)), ids=ascii)
def test_data_pages_lead_back_to_their_archive(
    client: httpx.Client, place: int
) -> None:
    prefix = homes(client)[place].removesuffix("/?home=1")
    data = prefix.removesuffix("/-")
    table = unescape(client.get(f"{data}/posts?_search={WORDS[place]}").text)
    assert f'href="{prefix}/search"' in table
    assert WORDS[place] in table
    query = unescape(client.get(f"{data}/silent_threads").text)
    assert f'href="{prefix}/f/1/thread/1"' in query


def test_a_language_is_chosen_from_any_archive(client: httpx.Client) -> None:
    page = f"{homes(client)[0].removesuffix('/?home=1')}/f/1"
    links = re.findall(r'href="(/-/forum/language[^"]+)"', client.get(page).text)
    answer = client.get(unescape(links[-1]), follow_redirects=True)
    assert answer.url.raw_path.decode() == page
    assert 'lang="en"' in answer.text
    client.cookies.clear()


def test_a_single_archive_knows_its_addresses_among_others(tmp_path: Path) -> None:
    make(tmp_path / "老 槐树.db", WORDS[0])
    pages = pages_of(tmp_path / "老 槐树.db")
    prefix = prefix_of("老 槐树")
    assert WORDS[0] in pages.get(f"{prefix}/f/1/thread/1").text
    assert WORDS[0] in pages.get("/f/1/thread/1").text
    assert prefix not in pages.get("/f/1/thread/1").text


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_keeps_people_from_choosing(
    client: httpx.Client, width: int, scheme: str
) -> None:
    address = str(client.base_url).rstrip("/")
    with chromium() as browser:
        page = browser.new_page(
            viewport={"width": width, "height": 900}, color_scheme=scheme
        )
        for path in ("/", "/search?q=a", "/f/1/thread/1", "/f/1/thread/99"):
            page.goto(address + path)
            assert serious_faults(page) == []
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, path
