"""Removes personal data from texts, and counts what was removed by kind: mail addresses, phone,
QQ, WeChat and identity numbers, and other long numbers."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""`１３８` and `＠` as `138` and `@`, character by character."""

_KINDS: Final[tuple[tuple[str, str, re.Pattern[str]], ...]] = (
    (
        "identity numbers",
        "［身份证号］",
        re.compile(
            r"(?<!\d)[1-9]\d{5}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
            r"\d{3}[\dXx](?![\dA-Za-z])"
        ),
    ),
    (
        "identity numbers",
        "［身份证号］",
        re.compile(
            r"(?<!\d)[1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)"
        ),
    ),
    (
        "mail addresses",
        "［邮箱］",
        re.compile(
            r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64} ?(?:@|\(at\)|\[at\]) ?"
            r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}",
            re.I,
        ),
    ),
    (
        "phone numbers",
        "［电话］",
        re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)"),
    ),
    (
        "phone numbers",
        "［电话］",
        re.compile(r"(?<!\d)(?:\(0\d{2,3}\)|0\d{2,3}) ?-? ?[1-9]\d{6,7}(?!\d)"),
    ),
    (
        "phone numbers",
        "［电话］",
        re.compile(r"(?<!\d)[48]00[- ]?\d{3,4}[- ]?\d{3,4}(?!\d)"),
    ),
    (
        "QQ numbers",
        "［QQ］",
        re.compile(
            r"(?:(?<![a-z])qq|扣扣|企鹅|加群|群号|(?<![a-z])q群|加q|(?<![a-z])q(?=[ :]))"
            r"[群号码是为: ]{0,6}([1-9]\d{4,10})(?!\d)",
            re.I,
        ),
    ),
    (
        "WeChat names",
        "［微信］",
        re.compile(
            r"(?:微信|(?<![a-z])wechat|(?<![a-z])weixin|(?<![a-z])vx|v信)"
            r"[号码是为: ]{0,6}([a-z][a-z0-9_-]{5,19})(?![a-z0-9_-])",
            re.I,
        ),
    ),
    (
        "other numbers of eight digits and more",
        "［数字］",
        re.compile(r"(?<!\d)\d{8,}"),
    ),
)
"""Kind, what stands in its place, and how it is found: the first group, or all."""


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Removes it from one text after the other. `removed` counts, by kind."""

    removed: Counter[str] = field(default_factory=Counter)

    def without(self, text: str) -> str:
        """A text without it."""
        for kind, mark, pattern in _KINDS:
            text = self._without_kind(text, kind, mark, pattern)
        return text

    def _without_kind(
        self, text: str, kind: str, mark: str, pattern: re.Pattern[str]
    ) -> str:
        narrow = text.translate(_FULL_WIDTH)  # as long, so that places are the same
        pieces = []
        end = 0
        for found in pattern.finditer(narrow):
            group = 1 if pattern.groups else 0
            start, stop = found.span(group)
            pieces += [text[end:start], mark]
            end = stop
            self.removed[kind] += 1
        pieces.append(text[end:])
        return "".join(pieces)
