"""The forum's words for hiding a post, and for authors it does not name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from selectolax.lexbor import LexborNode

from scraper.core.records import WithheldReason
from scraper.markup.html import fold, words

DELETED_AUTHOR = re.compile(
    r"\s{0,9}(?:该用户已被删除|該用戶已被刪除|该用户已被註銷|該用戶已被註銷)\s{0,9}"
)
# No member may be called 游客 or Guest: Discuz! refuses such names.
_ANONYMOUS = frozenset(
    {
        "匿名",
        "匿名者",
        "匿名网友",
        "匿名用户",
        "匿名用戶",
        "anonymous",
        "该用户匿名发帖",
        "該用戶匿名發帖",
        "游客",
        "遊客",
        "guest",
    }
)
_REASONS: tuple[tuple[WithheldReason, str], ...] = (
    (
        "banned",
        r"作者被禁止或|作者已被禁止|用户被禁止|被禁止或刪除|被禁止或删除|banned or deleted"
        r"|(?:author|user|member) (?:is|was|has been) banned",
    ),
    ("blocked", r"屏蔽|遮蔽|blocked"),
    (
        "author",
        r"仅作者可见|僅作者可見|作者可见|作者可見|仅楼主可见|僅樓主可見"
        r"|only (?:the )?author|(?:to|for) (?:the|its) author",
    ),
    ("password", r"密码|密碼|password"),
    ("paid", r"支付|付费|付費|购买|購買|出售|\b(?:pay|buy|purchase)"),
    ("reply", r"回复|回復|回覆|\breply"),
    ("login", r"登录|登錄|登入|log ?in"),
    ("deleted", r"删除|刪除|deleted"),
)
# The link to the list of buyers may stand before it.
_PRICE = re.compile(
    r"(?:记录|記錄|records?)?\s{0,8}(?:付费主题|付費主題|收费主题|收費主題|paid (?:thread|topic))"
    r"[,，:：\s]{0,3}(?:价格|價格|售价|售價|price)",
    re.I,
)
_PATTERNS = tuple((reason, re.compile(pattern, re.I)) for reason, pattern in _REASONS)


def withheld_reason(words: str) -> WithheldReason | None:
    """Why a post is hidden, by the forum's words; None where nothing is hidden."""
    if not words:
        return None
    for reason, pattern in _PATTERNS:
        if pattern.search(words):
            return reason
    return "other"


def locked_words(box: LexborNode) -> str:
    """The forum's words in a box of its own (`div.locked`), without buttons and the count
    of buyers beside them."""
    if box.css_first(".viewpay, button") is None:
        return words(box)

    left_out = {"button"}
    if box.css_first(".viewpay") is not None:
        left_out = {"a", "em", "button"}
    texts = []
    node = box.first_child
    while node is not None:
        if node.is_text_node:
            texts.append(node.text_content or "")
        elif node.tag not in left_out:
            texts.append(node.text())
        node = node.next
    return fold(" ".join(texts))


def tells_a_price(boxes: Iterable[LexborNode]) -> bool:
    """Whether the forum says above a message what it is sold for: the reader has paid."""
    for box in boxes:
        if box.css_first('a[href*="viewpayments"]') is not None:
            return True
        if is_price(words(box)):
            return True
    return False


def is_price(text: str) -> bool:
    """Whether the forum's words only tell what a message is sold for, and hide none of it."""
    return _PRICE.match(text) is not None


def is_anonymous(name: str) -> bool:
    """Whether a name stands for a member who hid it."""
    return name.strip().lower() in _ANONYMOUS
