"""What smilies mean that are shown without their pictures: those of Discuz!'s own set, by the
code that the poster typed."""

from __future__ import annotations

from typing import Final

_MEANINGS: Final = {
    ":)": "🙂",
    ":(": "🙁",
    ":D": "😃",
    ":'(": "😢",
    ":@": "😠",
    ":o": "😮",
    ":P": "😛",
    ":$": "😳",
    ";P": "😜",
    ":L": "😅",
    ":Q": "😡",
    ":lol": "😂",
    ":loveliness:": "😊",
    ":funk:": "😱",
    ":curse:": "🤬",
    ":dizzy:": "😵",
    ":shutup:": "🤐",
    ":sleepy:": "😴",
    ":hug:": "🤗",
    ":victory:": "✌️",
    ":time:": "⏰",
    ":kiss:": "💋",
    ":handshake": "🤝",
    ":call:": "📞",
}


def meaning_of(code: str) -> str:
    """What a smiley says; its code where the set is the forum's own."""
    return _MEANINGS.get(code, code)
