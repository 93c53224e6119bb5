"""How we name ourselves: honestly, without the words for which Discuz! serves another page."""

from __future__ import annotations

from typing import Final

from scraper.core.errors import InputError

# The words by which Discuz! picks another page (function_core.php, checkrobot and
# checkmobile; as substrings).
_OTHER_PAGE_WORDS: Final = (
    "bot",
    "crawl",
    "spider",
    "slurp",
    "sohu-search",
    "lycos",
    "robozilla",
    "iphone",
    "android",
    "phone",
    "mobile",
    "wap",
    "netfront",
    "java",
    "ucweb",
    "symbian",
    "series",
    "webos",
    "sony",
    "blackberry",
    "dopod",
    "nokia",
    "samsung",
    "palmsource",
    "xda",
    "pieplus",
    "meizu",
    "midp",
    "cldc",
    "motorola",
    "foma",
    "docomo",
    "up.browser",
    "up.link",
    "blazer",
    "helio",
    "hosin",
    "huawei",
    "novarra",
    "coolpad",
    "techfaith",
    "alcatel",
    "amoi",
    "ktouch",
    "nexian",
    "ericsson",
    "philips",
    "sagem",
    "wellcom",
    "bunjalloo",
    "maui",
    "spice",
    "bird",
    "zte",
    "longcos",
    "pantech",
    "gionee",
    "portalmmm",
    "hiptop",
    "benq",
    "haier",
    "^lct",
    "320x320",
    "240x320",
    "176x220",
    "cect",
    "compal",
    "ctl",
    "lg",
    "nec",
    "tcl",
    "daxian",
    "dbtel",
    "eastcom",
    "konka",
    "kejian",
    "lenovo",
    "mot",
    "soutec",
    "sgh",
    "sed",
    "capitel",
    "panasonic",
    "sharp",
    "panda",
    "ipad",
    "gt-p1000",
    "opera mobi",
    "opera mini",
    "windows ce",
    "jig browser",
)


def user_agent(version: str, contact: str = "") -> str:
    """The User-Agent header, such as `discuz-archive/1.2 (+https://example.org/)`.

    InputError for a contact with a word that Discuz! looks for, or one that no header can
    carry.
    """
    if not contact:
        return f"discuz-archive/{version}"

    is_plain = contact.isascii() and contact.isprintable()
    if not is_plain or "(" in contact or ")" in contact:
        raise InputError(
            f"contact {contact!r}: an address or link in plain ASCII, "
            "without brackets, is wanted"
        )

    word = _other_page_word(contact)
    if word:
        raise InputError(
            f"contact {contact!r} contains {word!r}, for which Discuz! shows its pages "
            "for phones or search engines; give another address or link"
        )
    return f"discuz-archive/{version} (+{contact})"


def check_user_agent(text: str) -> None:
    """InputError for a browser's User-Agent that no header can carry, or that Discuz! takes
    for a phone's or a search engine's."""
    if not text.isascii() or not text.isprintable():
        raise InputError(
            f"user agent {text!r}: plain ASCII is wanted, as the browser sends it"
        )
    word = _other_page_word(text)
    if word:
        raise InputError(
            f"user agent {text!r} contains {word!r}, for which Discuz! shows its pages for "
            "phones or search engines; log in with a desktop browser, and give the "
            "cookies and the User-Agent of that one"
        )


def _other_page_word(text: str) -> str:
    """The word of a text for which Discuz! shows another page; empty for none."""
    lowered = text.lower()
    for word in _OTHER_PAGE_WORDS:
        if word in lowered:
            return word
    return ""
