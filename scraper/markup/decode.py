"""Bytes to text: which encoding a page is in, judged by its bytes first and by what it
declares second.

Never raises, never falls back to Latin-1: bytes that mean nothing become U+FFFD, one for
each broken character, and never take a following ASCII byte with them, so markup survives
(WHATWG Encoding Standard, gb18030 and Big5 decoders).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple, TypeAlias

Encoding: TypeAlias = Literal["utf-8", "gb18030", "big5-hkscs", "utf-16"]

_HANDLER: Final = "discuz-archive"
_HEAD_BYTES: Final = 4096
_SHORT_BYTES: Final = 48
_SAMPLE_BYTES: Final = 1 << 14
# Some two thousand characters are enough to tell; each broken byte of them costs a call.
_HIGH_SAMPLE_BYTES: Final = 6 * 1024
_BROKEN_MAX: Final = _SAMPLE_BYTES // 16
_ASCII: Final = bytes(range(0x80))
_UTF16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HIGH = re.compile(rb"[\x80-\xff]")
# A few characters of GBK may be valid UTF-8 by accident (`一` is `һ`); so many of three
# bytes cannot.
_SURE_UTF8 = re.compile(rb"[\xe0-\xf4](?:[^\xe0-\xf4]*[\xe0-\xf4]){7}")
_CHINESE = re.compile("[\u3000-\u9fff\uff00-\uffef\U00020000-\U0003ffff]")
_CHARSET_WORD: Final = b"charset"
_CHARSET = re.compile(rb"""charset["']?\s*[=:]\s*["']?([\w:.-]+)""")
_XML_ENCODING = re.compile(rb"""<\?xml[^<>]*?encoding\s*+=\s*+["']([\w:.-]+)""")
_LABELS: Final[dict[bytes, Encoding]] = {
    b"utf-8": "utf-8",
    b"utf8": "utf-8",
    b"gb2312": "gb18030",
    b"gbk": "gb18030",
    b"gb18030": "gb18030",
    b"cp936": "gb18030",
    b"x-gbk": "gb18030",
    b"gb_2312-80": "gb18030",
    b"euc-cn": "gb18030",
    b"windows-936": "gb18030",
    b"big5": "big5-hkscs",
    b"big5-hkscs": "big5-hkscs",
    b"big5hkscs": "big5-hkscs",
    b"cp950": "big5-hkscs",
    b"x-x-big5": "big5-hkscs",
    b"cn-big5": "big5-hkscs",
    b"windows-950": "big5-hkscs",
}
_CODECS: Final[dict[Encoding, str]] = {
    "utf-8": "utf-8",
    "gb18030": "gb18030",
    "big5-hkscs": "big5hkscs",
    "utf-16": "utf-16",
}
_COMMONEST: Final = "有不在人大是的一我了"
"""As often as they stand on pages: those of the template first."""
_ENOUGH: Final = 3
_COMMON: Final = _COMMONEST + (
    "这這个個上们們来來到时時地为為子中你说說生国國年就那和要她出也得里裡会會家可下过過天"
    "能对對多没沒发發主页頁回复復覆"
    "帖论論坛壇登录錄入注册冊查看题題员員区區本新用户戶名密码碼搜索前日期分享關关站表全部標标示提"
)
# Characters that CPython's big5hkscs lacks and the WHATWG index of Big5 has.
_BIG5_EXTRA: Final[dict[bytes, str]] = {
    b"\xa3\xe1": "€",
    b"\xc6\xcf": "廴",
    b"\xc6\xd3": "无",
    b"\xc6\xd5": "癶",
    b"\xc6\xd7": "隶",
    b"\xc6\xde": "〃",
    b"\xc6\xdf": "仝",
}


class Decoded(NamedTuple):
    """The text of a body and the encoding it was read as. `is_verbatim`: the text in that
    encoding is the body itself; told of UTF-8 only."""

    text: str
    encoding: Encoding
    is_verbatim: bool = False


def decode(body: bytes, content_type: str = "") -> tuple[str, Encoding]:
    """The text of a body and the encoding it was read as; `content_type` is the HTTP
    header, empty where none.

    Valid UTF-8 with Chinese characters is UTF-8 whatever it declares. A byte order mark and
    null bytes are left out.
    """
    decoded = read_body(body, content_type)
    return decoded.text, decoded.encoding


def read_body(body: bytes, content_type: str = "") -> Decoded:
    """As `decode`, and whether anything was left out or mended."""
    if body.startswith(_UTF16_MARKS):
        text = _read(body, "utf-16")
        return Decoded(text.replace("\0", ""), "utf-16")

    rest = body.removeprefix(codecs.BOM_UTF8)
    valid = _valid_utf8(rest)
    if valid is None:
        text, encoding = _decode_other(rest, content_type)
    else:
        text, encoding = _decode_valid(valid, rest, content_type)
    has_nulls = b"\0" in rest
    if has_nulls:
        text = text.replace("\0", "")
    is_whole = len(rest) == len(body) and not has_nulls
    return Decoded(
        text,
        encoding,
        is_verbatim=is_whole and encoding == "utf-8" and valid is not None,
    )


def _valid_utf8(body: bytes) -> str | None:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _decode_other(body: bytes, content_type: str) -> tuple[str, Encoding]:
    """A body that is no valid UTF-8: in an older encoding, or damaged."""
    declared = _declared(body, content_type)
    sound = _sound_legacy(body, declared)
    if sound is not None and _looks_chinese(sound[0]):
        return sound
    if _is_utf8(body, declared, damaged=True):
        return _read(body, "utf-8"), "utf-8"
    return _decode_legacy(body, declared, sound)


def _decode_valid(text: str, body: bytes, content_type: str) -> tuple[str, Encoding]:
    """A body that is valid UTF-8, perhaps by accident; `text`: as UTF-8."""
    if body.isascii():
        declared = _declared(body, content_type)
        return text, declared[0] if declared else "utf-8"
    if _SURE_UTF8.search(body):
        return text, "utf-8"
    declared = _declared(body, content_type)
    if not declared or _is_utf8(body, declared):
        return text, "utf-8"
    return _decode_legacy(body, declared)


def _declared(body: bytes, content_type: str) -> list[Encoding]:
    """The encodings that the header, then the head of the page name; unknown names are skipped."""
    header = content_type.encode("ascii", "ignore")
    head = body[:_HEAD_BYTES].lower()
    header = header.lower()
    labels = list(_charsets(header))
    labels += _charsets(head)
    declaration = _XML_ENCODING.match(head)
    if declaration:
        labels.append(declaration[1])
    return [_LABELS[label] for label in labels if label in _LABELS]


def _charsets(head: bytes) -> Iterator[bytes]:
    """The names that stand after `charset`: the word alone is found far sooner than by the
    pattern."""
    at = head.find(_CHARSET_WORD)
    while at >= 0:
        after = at + 1
        found = _CHARSET.match(head, at)
        if found is not None:
            yield found[1]
            after = found.end()
        at = head.find(_CHARSET_WORD, after)


def _is_utf8(body: bytes, declared: list[Encoding], damaged: bool = False) -> bool:
    """Whether the bytes above 0x7F mostly stand in UTF-8 sequences, as few do in GBK or Big5.

    Where UTF-8 is not declared, most of these must be Chinese characters too; and where
    another encoding is, a damaged text must be long enough that this is no accident.
    """
    sample = body[: _SAMPLE_BYTES * 4]
    high = sample.translate(None, _ASCII)
    if not high:
        high = body.translate(None, _ASCII)
    high = high[:_HIGH_SAMPLE_BYTES]
    text = high.decode("utf-8", "ignore")
    kept = text.encode("utf-8")
    share_kept = len(kept) / len(high)
    if "utf-8" in declared:
        return share_kept >= 0.5
    if damaged and declared and len(high) < _SHORT_BYTES:
        return False
    if share_kept < 0.8:
        return False
    chinese = _CHINESE.findall(text)
    return len(chinese) * 2 >= len(text)


def _sound_legacy(body: bytes, declared: list[Encoding]) -> tuple[str, Encoding] | None:
    """A body in the one encoding before UTF-8 that it declares; None where it declares none
    or several, or has a fault in it.

    Damaged UTF-8 has faults there, too: characters of three bytes leave half a pair before
    a tag.
    """
    legacy = set(declared) - {"utf-8"}
    if len(legacy) != 1:
        return None
    encoding = legacy.pop()
    try:
        text = body.decode(_CODECS[encoding])
    except UnicodeDecodeError:
        return None
    return _with_wide_spaces(text, encoding), encoding


def _decode_legacy(
    body: bytes,
    declared: list[Encoding],
    sound: tuple[str, Encoding] | None = None,
) -> tuple[str, Encoding]:
    """A body in GB18030 or Big5: as declared, where the text then has the characters that
    every Chinese text has. `sound`: a text without fault that has too few of them."""
    if sound is not None:
        text, first = sound
    else:
        legacy = [name for name in declared if name != "utf-8"]
        first = legacy[0] if legacy else "gb18030"
        text = _read(body, first)
        declares_one = len(set(legacy)) == 1
        if declares_one and _looks_chinese(text):
            return text, first

    sample = _first_high_bytes(body)
    second: Encoding = "big5-hkscs" if first == "gb18030" else "gb18030"
    likeness_to_first = _commonness(sample, first)
    likeness_to_second = _commonness(sample, second)
    if likeness_to_second > 2 * likeness_to_first:
        return _read(body, second), second
    return text, first


def _looks_chinese(text: str) -> bool:
    """Whether a text has some of the characters that every Chinese text has."""
    present = 0
    for char in _COMMONEST:
        present += char in text
        if present == _ENOUGH:  # those left may take a look through the whole text
            return True
    return False


def _first_high_bytes(body: bytes) -> bytes:
    """A sample of a body from its first byte above 0x7F on."""
    found = _HIGH.search(body)
    start = found.start() if found else 0
    return body[start : start + _SAMPLE_BYTES]


def _commonness(sample: bytes, encoding: Encoding) -> int:
    """How many of the commonest characters a sample has in an encoding."""
    text = sample.decode(_CODECS[encoding], "ignore")
    return sum(map(text.count, _COMMON))


def _read(body: bytes, encoding: Encoding) -> str:
    codec = _CODECS[encoding]
    try:
        text = body.decode(codec)
    except UnicodeDecodeError as error:
        # What is broken through and through is no text: CPython's handler is quick about
        # it, ours is exact.
        sample = body[error.start : error.start + _SAMPLE_BYTES]
        replaced = sample.decode(codec, "replace")
        is_text = replaced.count("\ufffd") <= _BROKEN_MAX
        handler = _HANDLER if is_text else "replace"
        text = body.decode(codec, handler)

    return _with_wide_spaces(text, encoding)


def _with_wide_spaces(text: str, encoding: Encoding) -> str:
    """Old editors wrote the ideographic space as A3A0, which GB18030 leaves to private use."""
    if encoding != "gb18030":
        return text
    return text.replace("\ue5e5", "\u3000")


def _repair(error: UnicodeError) -> tuple[str, int]:
    """An error handler: U+FFFD for a broken character, going on right after it and never
    past an ASCII byte.

    CPython's own "replace" takes one byte of an unassigned Big5 pair, and reads the rest of
    the line out of step; at the end of the input its gb18030 swallows the ASCII after a
    lead byte.
    """
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if error.encoding.startswith("utf"):
        return "\ufffd", error.end

    start = error.start
    pair = error.object[start : start + 2]
    lead = pair[0]
    if lead == 0x80 and error.encoding == "gb18030":
        return "€", start + 1
    is_lead = lead not in (0x80, 0xFF)
    is_pair = len(pair) == 2 and pair[1] >= 0x80
    if not is_lead or not is_pair:
        return "\ufffd", start + 1
    return _BIG5_EXTRA.get(pair, "\ufffd"), start + 2


codecs.register_error(_HANDLER, _repair)
