"""Which machines an address leads to, and whether two are of one host."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fetch.hosts import (
    PublicHostGuard,
    host_of,
    is_public,
    is_web_address,
    origin_of,
)
from scraper.fetch.redirects import same_host


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
        "ff02::1",
        "",
        "bbs.example",
    ],
)
def test_private_addresses(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "1.2.4.8",
        "8.8.8.8",
        "2400:3200::1",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2002:808:808::",
        "2001:0:4136:e378:8000:63bf:f7f7:f7f7",
    ],
)
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://bbs.example/a", "https://www.bbs.example/bbs/", True),
        ("http://bbs.example:80/", "https://bbs.example", True),
        ("http://bbs.example:8080/", "http://bbs.example/", False),
        ("http://bbs.example/", "http://example/", False),
        ("http://[", "http://[", False),
        ("", "", False),
        ("http://a:99999/", "http://a/", False),
    ],
)
def test_hosts(one: str, other: str, same: bool) -> None:
    assert same_host(one, other) is same


@pytest.mark.parametrize(
    "url",
    [
        "http://a/",
        "HTTPS://A",
        "http://bbs.example.:8080/forum.php?x=1#top",
        "http://user:pass@bbs.example/",
        "http://[::1]:80/",
        "http://1.2.4.8/",
        "http://a_b.example/",
        "http://论坛.example/",
    ],
)
def test_web_addresses(url: str) -> None:
    assert is_web_address(url)


@pytest.mark.parametrize(
    ("url", "host", "origin"),
    [
        ("HTTP://BBS.example:80/A", "bbs.example:80", "http://bbs.example:80"),
        ("https://me:pw@bbs.example", "bbs.example", "https://bbs.example"),
        ("http://[::1]/", "[::1]", "http://[::1]"),
        ("http://[", "", "http://"),
        ("", "", "://"),
    ],
)
def test_the_pace_is_of_a_host_and_robots_of_an_origin(
    url: str, host: str, origin: str
) -> None:
    assert host_of(url) == host
    assert origin_of(url) == origin


@given(st.text(max_size=40), st.sampled_from(["", "http://", "https://[", "http://a:"]))
def test_any_text_may_be_asked_about(text: str, start: str) -> None:
    url = start + text
    is_web_address(url)
    origin_of(url)
    if host_of(url) == "":
        assert not is_web_address(url)


def test_a_host_is_looked_up_once_whatever_its_spelling(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def addresses(host: str) -> list[str]:
        asked.append(host)
        return {"a.example": ["8.8.8.8", "10.0.0.1"], "b.example": ["8.8.8.8"]}[host]

    monkeypatch.setattr("scraper.fetch.hosts._addresses", addresses)
    guard = PublicHostGuard()
    for url in ("http://a.example/x", "https://A.example.:8080/", "http://a.example"):
        assert guard.public(url) is False
        assert guard.public("http://b.example/") is True
    assert asked == ["a.example", "b.example"]


def test_a_host_that_cannot_be_found_counts_as_public() -> None:
    assert PublicHostGuard().public("http://bbs.invalid/")
