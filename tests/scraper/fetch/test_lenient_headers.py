"""Headers that browsers take: each answer byte by byte, over a kept connection and over one
that closes."""

from __future__ import annotations

import gzip
import re

import pytest
from raw_server import Raw

from scraper.fetch.fetcher import Answer, Failure, Fetcher

PAGE = (
    b"<html><head><title>\xe8\xae\xba - Powered by Discuz!</title></head><body>"
    + b"x" * 3_000
    + b"</body></html>"
)


def served(*lines: str, body: bytes = PAGE, length: bool = True) -> list[bytes]:
    """An answer whose connection stays open for longer than anybody waits."""
    head = ["HTTP/1.1 200 OK", *lines]
    if length:
        head.append(f"Content-Length: {len(body)}")
    text = "\r\n".join([*head, "", ""])
    return [text.encode("latin-1") + body, *[b""] * 6]


LENGTH = len(PAGE)
LINES = {
    "a blank before the colon": ("X-Powered-By : PHP/5.2.17",),
    "a tab before the colon": ("X-Powered-By\t: PHP/5.2.17",),
    "a slash in a name": ("x-cache-result/forum.php: not support",),
    "brackets in a name": ("X-Cache[0]: HIT (a)",),
    "a blank in a name": ("X Powered By: PHP",),
    "bytes in a name": ("X-\xd6\xf1\xd3\xb0: 1",),
    "no name": (": nothing",),
    "an empty value": ("Server: ", "X-Empty:"),
    "bytes in a value": ("X-Forum: \xd6\xf1\xd3\xb0\xc2\xdb\xcc\xb3",),
    "a control character in a value": ("X-A: b\x01c",),
    "a folded value": ("X-A: b", "  c"),
    "a thousand headers": tuple(f"X-{number}: 1" for number in range(1_000)),
    "a long value": (f"X-A: {'a' * 60_000}",),
    "its length twice": (f"Content-Length: {LENGTH}",),
    "no coding": ("Content-Encoding: none",),
    "a charset for a coding": ("Content-Encoding: UTF-8",),
    "another charset for a coding": ("Content-Encoding: gbk",),
    "a word for a coding": ("Content-Encoding: binary",),
    "identity for a coding": ("Content-Encoding: identity",),
    "an empty coding": ("Content-Encoding: ",),
    "no coding, twice": ("Content-Encoding: none", "Content-Encoding: utf-8"),
    "identity for a transfer coding": ("Transfer-Encoding: identity",),
    "identity in capitals": ("Transfer-Encoding: Identity",),
    "an empty transfer coding": ("Transfer-Encoding: identity", "X-A: 1"),
}


@pytest.mark.parametrize("name", LINES)
def test_a_page_comes_whatever_else_its_head_says(
    raw: Raw, fetcher: Fetcher, name: str
) -> None:
    raw.answers["/"] = served("Content-Type: text/html", *LINES[name])
    outcome = fetcher.get(raw.url)
    assert isinstance(outcome, Answer), outcome
    assert outcome.capture.body == PAGE
    assert outcome.capture.header("content-type") == "text/html"


FRAMED = {
    "a length behind a blank": served(f"Content-Length : {LENGTH}", length=False),
    "a length behind a tab": served(f"Content-Length\t:{LENGTH}", length=False),
    "identity before the length": served("Transfer-Encoding: identity"),
    "identity behind the length": served(
        f"Content-Length: {LENGTH}", "Transfer-Encoding : identity", length=False
    ),
    "a type behind a blank": served("Content-Type : text/html"),
    "lines that end in a line feed": [
        f"HTTP/1.1 200 OK\nContent-Length: {LENGTH}\n\n".encode() + PAGE
    ],
    "no reason": [f"HTTP/1.1 200\r\nContent-Length: {LENGTH}\r\n\r\n".encode() + PAGE],
    "small letters": [
        f"http/1.1 200 ok\r\nContent-Length: {LENGTH}\r\n\r\n".encode() + PAGE
    ],
    "an answer before the answer": [
        b"HTTP/1.1 103 Early Hints\r\nX-A: 1\r\n\r\n"
        + served("Content-Type: text/html")[0]
    ],
    "identity and the end of the connection": [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nConnection: close\r\n\r\n"
        + PAGE
    ],
    "chunks in capitals": [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n%x \r\n%s\r\n0\r\n\r\n"
        % (LENGTH, PAGE)
    ],
    "gzip and no coding": served(
        "Content-Encoding: gzip, none", body=gzip.compress(PAGE)
    ),
}


@pytest.mark.parametrize("name", FRAMED)
def test_the_end_of_a_body_is_found(raw: Raw, fetcher: Fetcher, name: str) -> None:
    raw.answers["/"] = FRAMED[name]
    outcome = fetcher.get(raw.url)
    assert isinstance(outcome, Answer), outcome
    assert outcome.capture.body == PAGE


@pytest.mark.parametrize(
    "line", [f"Content-Length : {LENGTH}", f"Content-Length\t: {LENGTH}"]
)
def test_a_body_shorter_than_a_length_behind_a_blank_is_cut(
    raw: Raw, fetcher: Fetcher, line: str
) -> None:
    whole = served(line, length=False)[0]
    raw.answers["/"] = [whole[:-500]]
    outcome = fetcher.get(raw.url)
    assert isinstance(outcome, Failure)
    assert outcome.reason == "truncated"


@pytest.mark.parametrize("rest", [b"\n", b"<!-- appended -->"])
def test_more_than_a_length_behind_a_blank_is_no_fault(
    raw: Raw, fetcher: Fetcher, rest: bytes
) -> None:
    (first, *silence) = served(f"Content-Length : {LENGTH}", length=False)
    raw.answers["/"] = [first + rest, *silence]
    outcome = fetcher.get(raw.url)
    assert isinstance(outcome, Answer), outcome
    assert outcome.capture.body.startswith(PAGE)


def test_a_redirect_without_a_body_whose_length_stands_behind_a_blank(
    raw: Raw, fetcher: Fetcher
) -> None:
    head = b"HTTP/1.1 302 Found\r\nLocation: /forum.php\r\nContent-Length : 0\r\n\r\n"
    raw.answers["/"] = [head, *[b""] * 6]
    raw.answers["/forum.php"] = served("Content-Type: text/html")
    outcome = fetcher.get(raw.url)
    assert isinstance(outcome, Answer), outcome
    assert [hop.status for hop in outcome.redirects] == [302]


@pytest.mark.parametrize("coding", ["none", "UTF-8", "attachment"])
def test_an_attachment_is_kept_whatever_word_stands_for_its_coding(
    raw: Raw, fetcher: Fetcher, coding: str
) -> None:
    body = b"PK\x03\x04" + b"x" * 96
    raw.answers["/forum.php?mod=attachment&aid=1"] = served(
        "Content-Type: application/octet-stream",
        f"Content-Encoding: {coding}",
        'Content-Disposition: attachment; filename="\xb2\xcb\xb5\xa5.zip"',
        body=body,
    )
    outcome = fetcher.get_media(raw.url + "forum.php?mod=attachment&aid=1")
    assert isinstance(outcome, Answer), outcome
    assert outcome.capture.body == body


def test_headers_are_kept_as_they_came(raw: Raw, fetcher: Fetcher) -> None:
    raw.answers["/"] = served(
        "X-Powered-By : PHP/5.2.17", "x-a/b.php: \xd6\xf1", "Server: ", "X-A: b", "\tc"
    )
    outcome = fetcher.get(raw.url)
    assert isinstance(outcome, Answer)
    assert outcome.capture.headers[:4] == (
        ("X-Powered-By", "PHP/5.2.17"),
        ("x-a/b.php", "\xd6\xf1"),
        ("Server", ""),
        ("X-A", "b c"),
    )


@pytest.mark.parametrize("name", ["Set-Cookie", "Set-Cookie ", "set-cookie"])
def test_cookies_of_every_spelling_come_back(
    raw: Raw, fetcher: Fetcher, name: str
) -> None:
    raw.answers["/"] = served(
        "Content-Type: text/html",
        "Connection: close",
        f"{name}: a_name=\xd6\xf1\xd3\xb0; path=/",
        f"{name}: a_sid=7; path=/",
    )
    fetcher.get(raw.url)
    fetcher.get(raw.url)
    assert re.search(r"(?i)^cookie: a_sid=7\r?$", raw.asked[-1], re.M)
