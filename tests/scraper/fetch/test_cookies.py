"""Cookie files of every format: what is taken, what is left out, and whom a page shows as
logged in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.core.errors import InputError, LoginError
from scraper.fetch.cookies import fits, passed_over, read_cookies
from scraper.markup.signals import shown_uid

NOW_S = 1_800_000_000
HEAD = "# Netscape HTTP Cookie File\n# https://curl.se/docs/http-cookies.html\n\n"


def line(
    name: str,
    value: str = "v",
    domain: str = "bbs.example",
    subdomains: str = "FALSE",
    path: str = "/",
    expiry: str = "0",
    http_only: bool = False,
) -> str:
    return f"{'#HttpOnly_' if http_only else ''}{domain}\t{subdomains}\t{path}\tFALSE\t{expiry}\t{name}\t{value}\n"


def test_sessions_http_only_and_dated_cookies_of_the_forum_are_taken() -> None:
    text = (
        HEAD
        + line("Ab_2132_auth", "secret", http_only=True)
        + line("Ab_2132_sid")
        + line("Ab_2132_saltkey", expiry=str(NOW_S + 9))
        + line("x", domain=".example", subdomains="TRUE")
    )
    jar = {cookie.name: cookie for cookie in read_cookies(text, "bbs.example", NOW_S)}
    assert set(jar) == {"Ab_2132_auth", "Ab_2132_sid", "Ab_2132_saltkey", "x"}
    assert jar["Ab_2132_auth"].value == "secret"
    assert jar["Ab_2132_auth"].discard
    assert jar["Ab_2132_saltkey"].expires == NOW_S + 9


def test_other_hosts_cookies_and_expired_ones_are_left_out() -> None:
    text = (
        line("Ab_auth")
        + line("Ab_old", expiry="5")
        + line("SID", domain=".mail.example", subdomains="TRUE")
    )
    assert [cookie.name for cookie in read_cookies(text, "bbs.example", NOW_S)] == [
        "Ab_auth"
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            line("Ab_auth", domain="other.example"),
            "no cookie for bbs.example .it has: other.example",
        ),
        ("", "it has: nothing"),
        (line("Ab_sid"), "is missing"),
        (line("Ab_auth", expiry="5"), "has expired"),
    ],
)
def test_files_that_log_nobody_in(text: str, words: str) -> None:
    with pytest.raises(LoginError, match=words):
        read_cookies(text, "bbs.example", NOW_S)


@pytest.mark.parametrize(
    "text",
    ['{"name": "auth"', "a b c d e f g", line("x", expiry="never"), "x=1; y=2"],
)
def test_files_of_another_format_name_the_line(text: str) -> None:
    with pytest.raises(InputError, match="line 2 has no"):
        read_cookies("# comment\n" + text, "bbs.example", NOW_S)


def taken(text: str, host: str = "bbs.example") -> dict[str, str | None]:
    return {cookie.name: cookie.value for cookie in read_cookies(text, host, NOW_S)}


@pytest.mark.parametrize(
    "odd",
    [
        "other.example\tFALSE\t/\tFALSE\t1999999999\tblank\n",
        "other.example\tFALSE\t/\tFALSE\t1999999999\todd\ta\tb\n",
        "bbs.example\tFALSE\t/\tFALSE\tnever\todd\ta\n",
        "bbs.example FALSE / FALSE 1999999999 blank x\n",
    ],
    ids=["no value", "a tab in a value", "no time", "blanks for tabs"],
)
def test_an_odd_line_is_passed_over_and_named(odd: str) -> None:
    text = HEAD + odd + line("a_auth", "abc")
    assert taken(text) == {"a_auth": "abc"}
    (words,) = passed_over(text)
    assert words.startswith("line 4 has no 7 fields")
    with pytest.raises(LoginError, match="passed over: line 4"):
        read_cookies(HEAD + odd + line("a_sid"), "bbs.example", NOW_S)


ENTRY = {
    "domain": "bbs.example",
    "expirationDate": 1999999999,
    "hostOnly": True,
    "httpOnly": True,
    "name": "a_auth",
    "path": "/",
    "secure": False,
    "session": False,
    "value": "abc",
}
OF_PLAYWRIGHT = {
    "name": "a_auth",
    "value": "abc",
    "domain": ".example",
    "path": "/",
    "expires": 1999999999.5,
    "httpOnly": True,
    "secure": False,
    "sameSite": "Lax",
}


@pytest.mark.parametrize(
    "data",
    [
        [ENTRY],
        [{**ENTRY, "sameSite": "unspecified", "storeId": "0", "id": 1}],
        [{**ENTRY, "expirationDate": None, "session": True}],
        [{**ENTRY, "domain": ".example", "hostOnly": False}],
        {"cookies": [OF_PLAYWRIGHT], "origins": []},
        {"cookies": [{**OF_PLAYWRIGHT, "expires": -1}]},
        {"url": "http://bbs.example", "cookies": [ENTRY]},
        {"cookies": [{"name": "a_auth", "value": "abc", "domain": "bbs.example"}]},
    ],
    ids=range(8),
)
def test_the_json_of_browser_extensions(data: Any) -> None:
    assert taken(json.dumps(data, indent=2)) == {"a_auth": "abc"}
    assert passed_over(json.dumps(data)) == ()


@pytest.mark.parametrize(
    "odd",
    [
        {},
        None,
        "a_auth=abc",
        {"name": "", "domain": "bbs.example"},
        {"name": "x", "domain": 7},
        {"name": ["x"], "domain": "bbs.example"},
    ],
    ids=str,
)
def test_an_odd_entry_is_passed_over_and_named(odd: object) -> None:
    text = json.dumps([odd, ENTRY])
    assert taken(text) == {"a_auth": "abc"}
    (words,) = passed_over(text)
    assert words.startswith("entry 1")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("value", 7),
        ("path", None),
        ("secure", "no"),
        ("expirationDate", 10**400),
        ("expirationDate", "soon"),
        ("expirationDate", float("inf")),
        ("expirationDate", float("nan")),
    ],
    ids=str,
)
def test_odd_fields_of_an_entry_are_borne(key: str, value: object) -> None:
    assert list(taken(json.dumps([{**ENTRY, key: value}]))) == ["a_auth"]


def test_what_an_entry_says_of_its_cookie() -> None:
    text = json.dumps([{**ENTRY, "secure": True, "path": "/bbs"}])
    (cookie,) = read_cookies(text, "bbs.example", NOW_S)
    assert (cookie.secure, cookie.path, cookie.expires) == (True, "/bbs", 1999999999)
    with pytest.raises(LoginError, match="has expired"):
        read_cookies(json.dumps([{**ENTRY, "expirationDate": 5}]), "bbs.example", NOW_S)
    with pytest.raises(LoginError, match=r"no cookie for bbs\.other"):
        read_cookies(json.dumps([ENTRY]), "bbs.other", NOW_S)


@pytest.mark.parametrize(
    "text",
    [
        "a_saltkey=qw; a_auth=abc",
        "Cookie: a_saltkey=qw; a_auth=abc",
        "cookie:a_saltkey=qw;a_auth=abc;\r\n",
        "\ufeff a_saltkey = qw ;  a_auth = abc ; \n",
        "GET / HTTP/1.1\nHost: bbs.example\nCookie: a_saltkey=qw; a_auth=abc\nDNT: 1\n",
    ],
)
def test_a_cookie_header_as_copied(text: str) -> None:
    assert taken(text) == {"a_saltkey": "qw", "a_auth": "abc"}
    (one, _) = read_cookies(text, "bbs.example", NOW_S)
    assert (one.domain, one.path, one.domain_initial_dot) == ("bbs.example", "/", False)


def test_a_value_with_signs_in_a_header() -> None:
    text = "a_auth=b2d/x%2B=; a_visited=a,b|c; _ga=GA1.2.3"
    assert taken(text) == {
        "a_auth": "b2d/x%2B=",
        "a_visited": "a,b|c",
        "_ga": "GA1.2.3",
    }


def test_an_odd_part_of_a_header_is_named_without_its_value() -> None:
    text = 'Cookie: se cret=1; a_auth=abc; "x"'
    assert taken(text) == {"a_auth": "abc"}
    assert passed_over(text) == (
        "a part of the Cookie header: 'se cret'",
        "a part of the Cookie header: '\"x\"'",
    )


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "{}", "[1]", '{"cookies": 7}', "[", "x"]
)
def test_what_is_no_cookie_file_is_refused_with_advice(text: str) -> None:
    with pytest.raises(InputError, match="Netscape format, the JSON"):
        read_cookies(text, "bbs.example", NOW_S)


def test_the_forms_that_people_have(shared: Path) -> None:
    folder = shared / "cases" / "crawl" / "cookies-one-odd-line"
    for path in [*sorted(folder.glob("cookies*")), folder / "header.txt"]:
        found = taken(path.read_text("utf-8"), "bbs.example.com")
        assert found["a_auth"] == "abc", path


def test_windows_ends_a_byte_order_mark_and_fractions_are_borne() -> None:
    text = (
        "\ufeff"
        + HEAD.replace("\n", "\r\n")
        + line("Ab_auth", expiry=f"{NOW_S + 9}.5").replace("\n", "\r\n")
    )
    assert [cookie.value for cookie in read_cookies(text, "bbs.example", NOW_S)] == [
        "v"
    ]


@pytest.mark.parametrize(
    ("expiry", "expires"),
    [
        ("", None),
        ("0", None),
        ("-1", None),
        ("-" + "9" * 400, None),
        ("253402300799", 253_402_300_799),
        ("9" * 400, 253_402_300_799),
        ("9" * 5_000 + ".5", 253_402_300_799),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_cookie_expires_when_a_calendar_can_say_or_with_its_session(
    expiry: str, expires: int | None
) -> None:
    (cookie,) = read_cookies(line("Ab_auth", expiry=expiry), "bbs.example", NOW_S)
    assert (cookie.expires, cookie.discard) == (expires, expires is None)


@pytest.mark.parametrize(
    ("domain", "host", "fit"),
    [
        ("bbs.example.com", "bbs.example.com", True),
        (".example.com", "bbs.example.com", True),
        (".example.com", "example.com", True),
        ("example.com", "bbs.example.com", False),
        (".example.com", "badexample.com", False),
        ("BBS.Example.com", "bbs.example.COM", True),
    ],
)
def test_domains(domain: str, host: str, fit: bool) -> None:
    assert fits(domain, host) is fit


@pytest.mark.parametrize(
    ("page", "uid"),
    [
        ("var STYLEID = '1', discuz_uid = '123', cookiepre = 'x'", 123),
        ("discuz_uid = '0'", 0),
        ("var discuz_uid = 45;", 45),
        ("discuz_uid = parseInt('6')", 6),
        ("<html>no script</html>", None),
        ("", None),
    ],
)
def test_whom_a_page_shows(page: str, uid: int | None) -> None:
    assert shown_uid(page) == uid


@given(st.text(alphabet="ab.#\t\n\r =0", max_size=80))
def test_any_text_without_a_login_is_refused_by_name(text: str) -> None:
    with pytest.raises((InputError, LoginError), match="cookie"):
        read_cookies(text, "b.a", NOW_S)
