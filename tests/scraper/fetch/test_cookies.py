"""Cookie files in Netscape format: what is taken, what is left out, and whom a page shows
as logged in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.core.errors import InputError, LoginError
from scraper.fetch.cookies import fits, read_cookies
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
    ['[{"name": "auth"}]', "a b c d e f g", line("x", expiry="never"), "x=1; y=2"],
)
def test_files_of_another_format_name_the_line(text: str) -> None:
    with pytest.raises(InputError, match="line 2 has no"):
        read_cookies("# comment\n" + text, "bbs.example", NOW_S)


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
