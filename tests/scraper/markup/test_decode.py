"""Encodings: what the bytes say outweighs what the page declares, and markup survives
whatever is broken."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from hypothesis import given
from hypothesis import strategies as st

from scraper.markup.decode import decode

CODECS = {"utf-8": "utf-8", "gb18030": "gb18030", "big5-hkscs": "big5hkscs"}
SIMPLIFIED = "的一是不有人了我在大这个上们来到时地为子中你说生国发表于帖子主题论坛回复淘宝卖家极速退款"
TRADITIONAL = "的一是不有人了我在大這個上們來到時地為子中你說生國發表於帖子主題論壇回覆會員註冊登錄搜尋"
simplified = st.text(alphabet=SIMPLIFIED, min_size=1, max_size=200)
traditional = st.text(alphabet=TRADITIONAL, min_size=1, max_size=200)
markup = st.sampled_from(["<p>", "</a>", " ", "<br />", "abc", "12"])


def page(text: str, charset: str = "") -> str:
    meta = (
        f'<meta http-equiv="Content-Type" content="text/html; charset={charset}" />'
        if charset
        else ""
    )
    return f"<html><head>{meta}<title>{text}</title></head></html>"


@pytest.mark.parametrize("declared", ["", "gbk", "big5", "utf-8", "iso-8859-1"])
@given(text=simplified)
def test_valid_utf8_is_utf8_whatever_is_declared(declared: str, text: str) -> None:
    assert decode(page(text, declared).encode()) == (page(text, declared), "utf-8")
    assert decode(page(text).encode(), f"text/html; charset={declared}") == (
        page(text),
        "utf-8",
    )


@pytest.mark.parametrize("label", ["gbk", "GB2312", "gb18030", '"GBK"'])
@given(text=simplified)
def test_declared_gbk_is_read_as_gb18030(label: str, text: str) -> None:
    assert decode(page(text).encode("gbk"), f"text/html; charset={label}") == (
        page(text),
        "gb18030",
    )


@given(text=traditional)
def test_declared_big5_is_read_as_hkscs(text: str) -> None:
    assert decode(page(text, "big5").encode("big5")) == (
        page(text, "big5"),
        "big5-hkscs",
    )


@pytest.mark.parametrize("declared", ["", "utf-8", "big5"])
def test_gbk_under_another_declaration(declared: str) -> None:
    text = page(SIMPLIFIED * 3, declared)
    assert decode(text.encode("gbk")) == (text, "gb18030")


@pytest.mark.parametrize("declared", ["", "utf-8", "gbk"])
def test_big5_under_another_declaration(declared: str) -> None:
    text = page(TRADITIONAL * 3, declared)
    assert decode(text.encode("big5")) == (text, "big5-hkscs")


def test_gbk_that_happens_to_be_valid_utf8() -> None:
    body = "<title>校园</title>".encode("gbk")
    assert body.decode("utf-8") != "<title>校园</title>"
    assert decode(body, "text/html; charset=gbk") == ("<title>校园</title>", "gb18030")
    assert decode("<title>校园</title>".encode(), "text/html; charset=gbk") == (
        "<title>校园</title>",
        "utf-8",
    )


@pytest.mark.parametrize(
    ("body", "header", "encoding"),
    [
        (b"", "", "utf-8"),
        (b"<p>plain</p>", "text/html; charset=gbk", "gb18030"),
        (b'{"Version":"4","Charset":"GBK","Variables":{}}', "", "gb18030"),
        (b'<?xml version="1.0" encoding="gbk"?><rss/>', "", "gb18030"),
        (b'<meta charset="big5">', "text/html; charset=", "big5-hkscs"),
        (b"<p>plain</p>", "text/html; charset=iso-8859-1", "utf-8"),
    ],
)
def test_ascii_is_named_as_declared(body: bytes, header: str, encoding: str) -> None:
    assert decode(body, header) == (body.decode("ascii"), encoding)


def test_header_comes_before_meta() -> None:
    assert (
        decode(b'<meta charset="gbk">\xd6', "text/html; charset=big5")[1]
        == "big5-hkscs"
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_mark_decides_and_is_left_out(encoding: str) -> None:
    assert decode("<p>中文".encode(encoding), "text/html; charset=gbk")[0] == "<p>中文"


def test_null_bytes_are_left_out() -> None:
    assert decode("中\0文".encode())[0] == "中文"
    assert decode(b"\xd6\xd0\0<p>", "charset=gbk")[0] == "中<p>"


@pytest.mark.parametrize(
    "broken", [b"\xff", b"\xe4\xb8</a>", b"\x80", b"\xc0\xaf", b"\xe4"]
)
@pytest.mark.parametrize("header", ["", "text/html; charset=gbk"])
def test_damaged_utf8_stays_utf8(broken: bytes, header: str) -> None:
    body = (
        page(SIMPLIFIED).encode()
        + broken
        + page(SIMPLIFIED).encode()[:-8]
        + "中".encode()[:2]
    )
    text, encoding = decode(body, header)
    assert encoding == "utf-8"
    assert text.count(SIMPLIFIED) == 2
    assert text.count("<") == body.count(b"<")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"\xd6\xd0\xcc</a>", "中\ufffd</a>"),
        (b"\xd6\xd0\xcc1</a>", "中\ufffd1</a>"),
        (b"\xd6\xd0\xcc1", "中\ufffd1"),
        (b"\xd6\xd0\xcc1\xd6<b>", "中\ufffd1\ufffd<b>"),
        (b"\xd6\xd0\xcc", "中\ufffd"),
        (b"\xd6\xd0\xff\xd6\xd0", "中\ufffd中"),
        (b"\x80 \xa3\xa0.", "€ \u3000."),
    ],
)
def test_broken_gbk(body: bytes, text: str) -> None:
    assert decode(body, "text/html; charset=gbk") == (text, "gb18030")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"\xa4\xa4\xcc</a>", "中\ufffd</a>"),
        (b"\xa4\xa4\x82\xa4\xa4\xa4<b>", "中\ufffd中<b>"),
        (b"\xa4\xa4\xa3\xe1\xc6\xde\xc6\xe7\xf9\xd6", "中€〃ぁ碁"),
        (b"\xa4\xa4\xa5\\<p>", "中功<p>"),
    ],
)
def test_broken_and_rare_big5(body: bytes, text: str) -> None:
    assert decode(body, "text/html; charset=big5") == (text, "big5-hkscs")


@given(
    body=st.binary(max_size=300),
    charset=st.sampled_from(["", "gbk", "big5", "utf-8", "utf-7", "nonsense"]),
)
def test_any_bytes_keep_their_markup(body: bytes, charset: str) -> None:
    body = body.lstrip(b"\xff\xfe")
    text, encoding = decode(body, f"text/html; charset={charset}")
    assert encoding in CODECS
    for mark in "<>&\"'=/ \n":
        assert text.count(mark) == body.count(mark.encode())


@given(parts=st.lists(st.tuples(simplified, markup, st.booleans()), min_size=1))
def test_gbk_with_cut_characters_goes_on_at_the_next_tag(
    parts: list[tuple[str, str, bool]],
) -> None:
    body, want = b"", ""
    for text, tag, cut in parts:
        tag = "</a>" if cut else tag
        body += text.encode("gbk") + (b"\xcc" if cut else b"") + tag.encode()
        want += text + ("\ufffd" if cut else "") + tag
    assert decode(body, "text/html; charset=gbk") == (want, "gb18030")


def test_the_shared_pages(shared: Path) -> None:
    """A GBK or Big5 page read without its declaration is what it declares; only cut
    subjects are broken."""
    for path in sorted(shared.glob("pages/*.warc.gz")):
        with path.open("rb") as stream:
            for record in ArchiveIterator(
                stream, record_types=WarcRecordType.response, parse_http=True
            ):
                body = record.reader.read()
                header = (
                    record.http_headers.get("Content-Type") or ""
                    if record.http_headers
                    else ""
                )
                text, encoding = decode(body, header)
                assert text.count("\ufffd") <= 5
                if not body.isascii():
                    assert (
                        decode(re.sub(b"(?i)charset|encoding", b"-", body))[1]
                        == encoding
                    ), record.headers
                    assert (
                        encoding == "utf-8"
                        or encoding[:2]
                        == path.name.removesuffix(".warc.gz")[-4:].strip("-")[:2]
                    )
