"""Is it Discuz!? Several signs are scored, for none is enough alone: skins replace any of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scraper.markup.flat import search_from
from scraper.markup.snapshot import Snapshot

_SHOWN_UID = re.compile(
    r"""discuz_uid(?<!\wdiscuz_uid)\s*=\s*(?:parseInt\()?['"]?(\d{1,10})\b"""
)


@dataclass(frozen=True, slots=True)
class Signal:
    """One sign of Discuz!: what it is, and how much it says (4 is enough by itself)."""

    name: str
    weight: int
    pattern: re.Pattern[str]


_SIGNALS = (
    Signal(
        "generator meta",
        4,
        re.compile(r"""name=["']?generator["']?\s+content=["']Discuz!""", re.I),
    ),
    Signal(
        "Powered by Discuz!",
        3,
        re.compile(r"Powered by\s*(?:<[^<>]{0,300}>\s*){0,9}Discuz!", re.I),
    ),
    Signal("Comsenz in the footer", 2, re.compile(r"Comsenz Inc|comsenz\.com", re.I)),
    Signal(
        "script variables",
        3,
        re.compile(r"\bSTYLEID\s*=\s*'|\bcookiepre\s*=\s*'|\bdiscuz_uid\s*=\s*'?\d"),
    ),
    Signal("body id", 2, re.compile(r"""<body\b[^<>]*\bid=["']?nv_\w+""")),
    Signal(
        "post list",
        2,
        re.compile(r"""id=["']?(?:postlist|threadlisttableid|threadlist)\b"""),
    ),
    Signal("post tables", 2, re.compile(r"""<(?:table|div)\b[^<>]*\bid=["']?pid\d+""")),
    Signal("post times", 2, re.compile(r"""id=["']?authorposton\d+""")),
    Signal("messages", 1, re.compile(r"""id=["']?postmessage_\d+""")),
    Signal(
        "thread rows", 2, re.compile(r"""id=["']?(?:normalthread|stickthread)_\d+""")
    ),
    Signal(
        "forum addresses",
        1,
        re.compile(r"forum\.php\?mod=|viewthread\.php\?tid=|forumdisplay\.php\?fid="),
    ),
    Signal(
        "archiver", 2, re.compile(r"Discuz! Archiver|archiver/\?(?:tid|fid)-\d+", re.I)
    ),
)
_COOKIE = re.compile(r"\w{4}_(?:\w{4}_)?(?:saltkey|lastvisit|sid)=")
ENOUGH = 4


def signals(page: Snapshot) -> tuple[Signal, ...]:
    """The signs that a page shows, its cookies included."""
    text = page.text
    found = [signal for signal in _SIGNALS if signal.pattern.search(text)]
    if _sets_session_cookie(page):
        found.append(Signal("session cookies", 3, _COOKIE))
    return tuple(found)


def _sets_session_cookie(page: Snapshot) -> bool:
    for key, value in page.capture.headers:
        is_cookie = key.lower() == "set-cookie"
        if is_cookie and _COOKIE.match(value):
            return True
    return False


def is_discuz(page: Snapshot) -> bool:
    """Whether the signs are enough to be sure."""
    weights = [signal.weight for signal in signals(page)]
    return sum(weights) >= ENOUGH


def shown_uid(text: str) -> int | None:
    """The uid that a page's script names as its reader (`discuz_uid = '7'`): 0 for a guest;
    None where the page does not say."""
    found = search_from("discuz_uid", _SHOWN_UID, text)
    return int(found[1]) if found else None
