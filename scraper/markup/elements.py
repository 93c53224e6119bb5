"""What the elements of a message say, tag by tag: quotes, code, attachments, smilies, links.

What is not the poster's (jammer text, attachment boilerplate, notices, scripts) is left out
where its element begins. Each handler takes what the element itself says, and returns
whether its children are the poster's words.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from scraper.addresses.urls import may_lead_to_post, parse_url
from scraper.core.records import Attachment, Quote
from scraper.markup.attachments import (
    INLINED,
    image_address,
    inline_aid,
    read_attachment,
)
from scraper.markup.code import EDGE, is_jammer, read_code
from scraper.markup.edit_mark import read_edit_mark
from scraper.markup.html import attr, next_element, words
from scraper.markup.media import addresses_in_script, media_address
from scraper.markup.quotes import is_free_part, make_quote
from scraper.markup.smilies import smiley_code
from scraper.markup.walk import Handler, MessageWalk
from scraper.markup.withheld import locked_words

_FLOOR = re.compile(r"\d{1,9} ?[#楼樓]$")
_HEAD_COLOR = "#999999"
_NOT_LINKS = ("javascript:", "#", "mailto:", *INLINED)
_FILES = frozenset({"t_attach", "t_attachlist", "tatt", "aimg_tip"})
_LOCKED = frozenset({"locked", "notice"})
_LEFT_OUT = frozenset({"attach_popup", "tip", "attach_nopermission", "attp", "a_pr"})
_LEFT_OUT_SPANS = frozenset({"headactions", "atips"})
# What X prints below a picture of which guests see a small one (`guestviewthumb`).
_GUEST_PICTURE_LABEL = re.compile(
    r"(?:登[录錄入]|注[册冊]|註[册冊]).{0,8}[后後].{0,3}看大[图圖]"
)
_LOGIN_LINKS = (
    "javascript:",
    "#",
    "member.php?mod=logging",
    "logging.php?action=login",
)


def _font(walk: MessageWalk, node: LexborNode) -> bool:
    at = node.attributes
    if walk.is_quote and at.get("color") == _HEAD_COLOR:
        walk.marked.append(words(node))
    return not is_jammer(at)


def _span(walk: MessageWalk, node: LexborNode) -> bool:
    at = node.attributes
    if is_jammer(at):
        return False
    ident = at.get("id") or ""
    kind = at.get("class") or ""
    if kind == "t_attach" or ident.startswith("attach_"):
        return _attachment(walk, node)
    return kind not in _LEFT_OUT_SPANS


def _italic(walk: MessageWalk, node: LexborNode) -> bool:
    mark = read_edit_mark(node, walk.clock, walk.wording)
    if mark is None:
        return True
    walk.edited_at = mark.at
    if mark.by:
        walk.edited_by = mark.by
    walk.drop_brackets(node.next)
    return False


def _div(walk: MessageWalk, node: LexborNode) -> bool:
    at = node.attributes
    names = at.get("class") or ""
    for name in names.split():
        if name == "quote":
            return _quote(walk, node)
        if name == "blockcode":
            return _code(walk, node)
        if name in _LOCKED:
            return _locked(walk, node)
        if name in _FILES:
            return _attachment(walk, node)
        if name in _LEFT_OUT:
            return False
        if name == "guestviewthumb":
            return _guest_picture(walk, node)
        if name == "media_tips":
            return _player_tip(walk, node)
    return not is_jammer(at)


def _guest_picture(walk: MessageWalk, node: LexborNode) -> bool:
    """A picture that guests see small, above the forum's invitation to log in; members see
    it among the words."""
    for image in node.css("img"):
        _image(walk, image)
    return False


def _player_tip(walk: MessageWalk, node: LexborNode) -> bool:
    """`如果无法播放，请点击此处`: the forum's words, linked to what is played."""
    for link in node.css("a[href]"):
        href = attr(link, "href")
        if not href.startswith(_NOT_LINKS):
            walk.links.append(href)
    walk.pieces.append(EDGE)
    return False


def _heading(walk: MessageWalk, node: LexborNode) -> bool:
    """A part that readers of a kind may see is headed by the forum's words
    (`div.showhide > h4`)."""
    above = node.parent
    return above is None or attr(above, "class") != "showhide"


def _locked(walk: MessageWalk, node: LexborNode) -> bool:
    """A hidden part. A `showhide` block is the same part as those see it who may read it."""
    walk.hidden.append(locked_words(node))
    walk.pieces.append(EDGE)
    return False


def _quote(walk: MessageWalk, node: LexborNode) -> bool:
    """A quote; one within another is not the quoted poster's own, and what looks like one
    in a post for sale may be its free part."""
    walk.pieces.append(EDGE)
    if walk.is_quote:
        return False
    inner = walk.of_quote()
    inner.through(node)
    text = inner.text()
    quote = make_quote(
        text,
        inner.all_links,
        walk.clock,
        marked=inner.marked,
        wording=walk.wording,
    )
    if walk.is_for_sale and is_free_part(quote, text):
        return True
    walk.quotes.append(quote)
    walk.images += inner.images
    return False


def _code(walk: MessageWalk, node: LexborNode) -> bool:
    walk.has_code = True
    code = read_code(node)
    walk.pieces += (EDGE, code, EDGE)
    return False


def _attachment(walk: MessageWalk, node: LexborNode) -> bool:
    """An attachment's block; the menu of a picture that stands in the text tells the rest
    of it."""
    found = read_attachment(node)
    if found is not None:
        walk.attach(found)
    walk.pieces.append(EDGE)
    return False


def _list(walk: MessageWalk, node: LexborNode) -> bool:
    """A `dl` is a file's entry, or a list of the poster's own."""
    kind = attr(node, "class")
    if "attach" in kind or "tattl" in kind:
        return _attachment(walk, node)
    return True


def _wrapper(walk: MessageWalk, node: LexborNode) -> bool:
    """`ignore_js_op` wraps an attachment, or a media player; where one lies in another, it
    wraps damage, and is not searched for attachments again at each level."""
    if walk.has_damaged_wrappers:
        return True
    if read_attachment(node) is None:
        nested = node.css_first("ignore_js_op ignore_js_op")
        walk.has_damaged_wrappers = nested is not None
        return True
    return _attachment(walk, node)


def _image(walk: MessageWalk, node: LexborNode) -> bool:
    at = node.attributes
    code = smiley_code(at)
    if code is not None:
        walk.pieces.append(code)
        return False

    address = image_address(node)
    if not address:
        return False
    aid = inline_aid(at)
    if aid is None:
        walk.images.append(address)
    else:
        walk.attach(Attachment(aid=aid, url=address, image=True))
    return False


def _link(walk: MessageWalk, node: LexborNode) -> bool:
    href = attr(node, "href")
    if href.startswith(_LOGIN_LINKS) and _GUEST_PICTURE_LABEL.match(words(node)):
        return False
    if not href or href.startswith(_NOT_LINKS):
        return True
    walk.all_links.append(href)
    if may_lead_to_post(href) and _names_a_post(walk, node):
        _answered(walk, node, href)
    elif "attachment" not in href or "aid=" not in href:
        walk.links.append(href)
    return True


def _names_a_post(walk: MessageWalk, node: LexborNode) -> bool:
    """Whether a link to a post names its floor; in a quote it may be the head line."""
    label = words(node)
    if walk.is_quote and label:
        walk.marked.append(label)
    return _FLOOR.match(label) is not None


def _answered(walk: MessageWalk, node: LexborNode, href: str) -> None:
    """`回复 3# 名字`: the post that is answered, none of its words."""
    if walk.is_quote:
        return
    target = parse_url(href)
    if target is None or target.kind != "post":
        return
    author = ""
    after = next_element(node)
    if after is not None and after.tag == "i":
        author = words(after)
    walk.quotes.append(Quote(pid=target.id, author=author))


def _emphasis(walk: MessageWalk, node: LexborNode) -> bool:
    return "copycode" not in attr(node, "onclick")


def _media(walk: MessageWalk, node: LexborNode) -> bool:
    address = media_address(node)
    if address and not address.startswith(_NOT_LINKS):
        walk.links.append(address)
    return False


def _script(walk: MessageWalk, node: LexborNode) -> bool:
    walk.links += addresses_in_script(node)
    return False


HANDLERS: dict[str, Handler] = {
    "font": _font,
    "span": _span,
    "i": _italic,
    "div": _div,
    "dl": _list,
    "ignore_js_op": _wrapper,
    "img": _image,
    "a": _link,
    "em": _emphasis,
    "iframe": _media,
    "audio": _media,
    "video": _media,
    "object": _media,
    "embed": _media,
    "script": _script,
    "h4": _heading,
}
