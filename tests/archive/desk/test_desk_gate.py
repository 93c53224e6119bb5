"""Who cannot use the pages: pages of other sites, other programs, whoever has the address a
second time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from desk_client import Desk, Visitor, running, visiting


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with running(tmp_path_factory.mktemp("desk")) as found:
        yield found


@pytest.fixture(scope="module")
def visitor(desk: Desk) -> Iterator[Visitor]:
    with visiting(desk) as found:
        yield found


@pytest.fixture
def stranger(desk: Desk, visitor: Visitor) -> Iterator[httpx.Client]:
    """A program without the cookie, after the address was used."""
    with httpx.Client(trust_env=False) as client:
        yield client


def save(
    visitor: Visitor, fields: dict[str, str] | None = None, **headers: str
) -> httpx.Response:
    """A form that would begin a crawl, sent with headers of an attacker's choice."""
    sent = {"address": "http://127.0.0.1:9/", "key": visitor.key()}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return visitor.client.post(
        f"{visitor.desk.place}save",
        data={**sent, **(fields or {})},
        headers=named,
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"origin": "http://localhost.evil.example"},
        {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate"},
        {"sec_fetch_site": "same-site", "sec_fetch_mode": "navigate"},
        {
            "sec_fetch_site": "cross-site",
            "sec_fetch_mode": "navigate",
            "sec_fetch_dest": "document",
        },
        {"host": "evil.example"},
        {"host": "127.0.0.1.evil.example"},
        {"host": "192.168.1.1"},
        {"host": "0.0.0.0"},
        {"host": ""},
    ],
    ids=str,
)
def test_a_page_of_another_site_can_do_nothing(
    visitor: Visitor, headers: dict[str, str]
) -> None:
    """With the cookie and the form's key, which it does not know."""
    assert save(visitor, **headers).status_code in (400, 403)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    read = visitor.client.get(visitor.desk.place, headers=named)
    assert read.status_code in (400, 403)
    assert "Save a forum" not in read.text
    nothing = visitor.client.get(f"{visitor.desk.place}job")
    assert nothing.status_code == 303, "no command was begun"


@pytest.mark.parametrize("key", ["", "x", "\N{PILE OF POO}", "a" * 43])
def test_a_form_without_the_key_does_nothing(visitor: Visitor, key: str) -> None:
    for name in ("save", "export", "stop", "repeat", "read", "quit"):
        assert visitor.press(name, key=key).status_code == 403
    assert visitor.desk.process.poll() is None


def test_a_form_of_no_key_at_all_does_nothing(visitor: Visitor) -> None:
    answer = visitor.client.post(f"{visitor.desk.place}quit", data={"a": "b"})
    assert answer.status_code == 403


@pytest.mark.parametrize("name", ["save", "export", "stop", "repeat", "read", "quit"])
def test_an_address_alone_presses_no_button(visitor: Visitor, name: str) -> None:
    answer = visitor.client.get(
        f"{visitor.desk.place}{name}", params={"key": visitor.key()}
    )
    assert answer.status_code == 405


def test_the_address_opens_the_page_once(
    desk: Desk, visitor: Visitor, stranger: httpx.Client
) -> None:
    again = stranger.get(desk.entrance)
    assert again.status_code == 403
    assert "set-cookie" not in again.headers
    assert "used already" in again.text
    theirs = visitor.client.get(desk.entrance)
    assert theirs.status_code == 303, "whoever has come in is let in again"
    assert "set-cookie" not in theirs.headers


def test_of_many_at_once_one_gets_in(tmp_path: Path) -> None:
    codes: list[int] = []

    def enter(address: str) -> None:
        codes.append(httpx.get(address, trust_env=False).status_code)

    with running(tmp_path) as desk:
        looked = httpx.head(desk.entrance, trust_env=False)
        assert looked.status_code == 200, "a look at it does not use it up"
        threads = [
            threading.Thread(target=enter, args=(desk.entrance,)) for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(codes) == [303, *[403] * 7]


@pytest.mark.parametrize("token", ["", "x", "\N{SNOWMAN}", "0" * 43])
def test_a_wrong_token_is_none(desk: Desk, stranger: httpx.Client, token: str) -> None:
    address = f"{desk.place}enter"
    assert stranger.get(address, params={"token": token}).status_code == 403
    assert stranger.get(address).status_code == 403


@pytest.mark.parametrize("path", ["", "job", "style.css", "nothing", "../", "enter/"])
def test_a_program_without_the_cookie_sees_nothing(
    desk: Desk, stranger: httpx.Client, path: str
) -> None:
    for cookie in ("", "discuz_archive_desk=x", "discuz_archive_desk="):
        answer = stranger.get(desk.place + path, headers={"Cookie": cookie})
        assert answer.status_code == 403
    assert stranger.get(f"http://{urlsplit(desk.place).netloc}/").status_code == 403


def test_the_cookie_is_for_these_pages_alone(tmp_path: Path) -> None:
    with running(tmp_path) as desk:
        answer = httpx.get(desk.entrance, trust_env=False)
    said = answer.headers["set-cookie"].lower()
    path = urlsplit(desk.place).path.lower()
    assert len(path) > 12, "nobody guesses it"
    assert f"path={path};" in said
    assert "httponly" in said
    assert "samesite=strict" in said


def test_no_page_of_another_site_may_hold_or_read_it(visitor: Visitor) -> None:
    answer = visitor.client.get(visitor.desk.place)
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in answer.headers


def test_a_form_that_is_too_long_is_not_read(visitor: Visitor) -> None:
    answer = save(visitor, {"cookies": "a" * 3_000_000})
    assert answer.status_code == 413

    def pieces() -> Iterator[bytes]:
        yield b"key=x"

    unsaid = visitor.client.post(f"{visitor.desk.place}save", content=pieces())
    assert unsaid.status_code == 413, "nor one that does not say how long it is"


def test_other_methods_have_no_answer(visitor: Visitor) -> None:
    for method in ("PUT", "DELETE", "OPTIONS", "TRACE"):
        answer = visitor.client.request(method, visitor.desk.place)
        assert answer.status_code in (403, 405, 413)


def test_it_listens_on_this_machine_alone(desk: Desk) -> None:
    port = urlsplit(desk.place).port
    table = Path("/proc/net/tcp")
    if not table.exists():
        pytest.skip("no /proc here")
    listening = [
        line.split()[1]
        for line in table.read_text().splitlines()[1:]
        if line.split()[3] == "0A"
    ]
    assert [each for each in listening if each.endswith(f":{port:04X}")] == [
        f"0100007F:{port:04X}"
    ]
