"""Bytes to text: which encoding a page is in, judged by its bytes first and by what it declares second.

Never raises, never falls back to Latin-1: bytes that mean nothing become U+FFFD, one for each broken character, and
never take a following ASCII byte with them, so markup survives (WHATWG Encoding Standard, gb18030 and Big5 decoders).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

Encoding: TypeAlias = Literal["utf-8", "gb18030", "big5-hkscs", "utf-16"]

_HEAD_BYTES: Final = 4096
_SAMPLE_BYTES: Final = 1 << 16
_ASCII: Final = bytes(range(0x80))
_LONG_UTF8 = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_DECLARED = re.compile(rb"""(?:charset|encoding)["']?\s*[=:]\s*["']?([\w:.-]+)""", re.IGNORECASE)
_PAIRS = re.compile(rb"(?:[\x81-\xfe][\x40-\xfe])+")
_LABELS: Final[dict[str, Encoding]] = {
    "utf-8": "utf-8", "utf8": "utf-8",
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "cp936": "gb18030", "x-gbk": "gb18030",
    "gb_2312-80": "gb18030", "euc-cn": "gb18030", "hz-gb-2312": "gb18030", "windows-936": "gb18030",
    "big5": "big5-hkscs", "big5-hkscs": "big5-hkscs", "big5hkscs": "big5-hkscs", "cp950": "big5-hkscs",
    "x-x-big5": "big5-hkscs", "cn-big5": "big5-hkscs", "big5-eten": "big5-hkscs", "windows-950": "big5-hkscs",
}  # fmt: skip
_CODECS: Final[dict[Encoding, str]] = {
    "utf-8": "utf-8", "gb18030": "gb18030", "big5-hkscs": "big5hkscs", "utf-16": "utf-16",
}  # fmt: skip
_COMMON = re.compile(
    "[的一是不了在人有我他这這个個上们們来來到时時大地为為子中你说說生国國年着著就那和要她出也得里裡后後自以会會家可下"
    "而过過天去能对對小多然于於心学學么麼之都好看起发發当當没沒成只如事把还還用第样樣道想作种種开開"
    "主页頁回复復帖版块塊论論坛壇登录錄注册冊查表题題会员員区區本新用户戶名密码碼搜索关關站点點最前日期]"
)
# The characters that CPython's big5hkscs lacks and that the WHATWG Big5 index has.
_BIG5_EXTRA: Final[dict[bytes, str]] = {
    b"\xa3\xe1": "€", b"\xc6\xcf": "廴", b"\xc6\xd3": "无", b"\xc6\xd5": "癶", b"\xc6\xd7": "隶",
    b"\xc6\xde": "〃", b"\xc6\xdf": "仝",
}  # fmt: skip


def decode(body: bytes, content_type: str = "") -> tuple[str, Encoding]:
    """The text of a body and the encoding it was read as; `content_type` is the HTTP header, empty where none."""
    encoding = judge(body, content_type)
    text = body.decode(_CODECS[encoding], "discuz-archive")
    if b"\0" in body:
        text = text.replace("\0", "")
    if encoding == "gb18030" and "\ue5e5" in text:
        text = text.replace("\ue5e5", "\u3000")
    return text.removeprefix("\ufeff"), encoding


def judge(body: bytes, content_type: str = "") -> Encoding:
    """Which encoding a body is in. Valid UTF-8 with Chinese characters is UTF-8 whatever it declares."""
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if body[:3] == codecs.BOM_UTF8:
        return "utf-8"
    declared = _declared(body, content_type)
    if body.isascii():
        return declared[0] if declared else "utf-8"
    if _is_utf8(body, declared):
        return "utf-8"
    legacy = [name for name in declared if name != "utf-8"]
    if len(set(legacy)) == 1 and len(legacy) == len(declared):
        return legacy[0]
    return _gb_or_big5(body, legacy)


def _declared(body: bytes, content_type: str) -> list[Encoding]:
    """The encodings that header and head name, in this order."""
    found = _DECLARED.findall(content_type.encode("ascii", "ignore")) + _DECLARED.findall(body[:_HEAD_BYTES])
    labels = (_LABELS.get(label.decode("ascii").lower()) for label in found)
    return [label for label in labels if label]


def _is_utf8(body: bytes, declared: list[Encoding]) -> bool:
    """Whether nearly all bytes above 0x7F stand in UTF-8 sequences of three or four, as Chinese ones do."""
    high = body[:_SAMPLE_BYTES].translate(None, _ASCII) or body.translate(None, _ASCII)
    kept = len(high.decode("utf-8", "ignore").encode())
    if not _LONG_UTF8.search(high):
        return kept == len(high) and "utf-8" in (declared or ["utf-8"])
    return kept >= len(high) * (0.5 if "utf-8" in declared else 0.8)


def _gb_or_big5(body: bytes, legacy: Sequence[Encoding]) -> Encoding:
    """The one in which the body has more of the commonest characters; on a draw what is declared, else GB18030."""
    sample = b" ".join(_PAIRS.findall(body[:_SAMPLE_BYTES]))
    gb = len(_COMMON.findall(sample.decode("gb18030", "ignore")))
    big5 = len(_COMMON.findall(sample.decode("big5hkscs", "ignore")))
    if gb == big5:
        return legacy[0] if legacy else "gb18030"
    return "gb18030" if gb > big5 else "big5-hkscs"


def _repair(error: UnicodeError) -> tuple[str, int]:
    """An error handler: U+FFFD for a broken character, going on right after it and never past an ASCII byte."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    start, body = error.start, error.object
    if error.encoding in ("utf-8", "utf-16", "utf-16-le", "utf-16-be"):
        return "\ufffd", error.end
    if body[start] == 0x80 and error.encoding == "gb18030":
        return "€", start + 1
    pair = body[start : start + 2]
    if len(pair) < 2 or pair[0] in (0x80, 0xFF) or pair[1] < 0x80:
        return "\ufffd", start + 1
    return _BIG5_EXTRA.get(pair, "\ufffd"), start + 2


codecs.register_error("discuz-archive", _repair)
