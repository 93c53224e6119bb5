"""Print pages (`action=printable`, viewthread_printable of 4.1 to X3.5): `作者: … 时间: …`
blocks divided by `<hr>`.

The template's own markup divides the posts, never its words: so translated pages read the
same, and a message that looks like a head stays a message, for `<hr noshade …>` and `<b>…:
</b>` together are nothing that BBCode makes. No pid, no floor, no page list; at most the
first 100 posts. Messages are cut from the source, not from a tree: one with broken markup
spoils only itself.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from dataclasses import dataclass, replace
from typing import Final

from scraper.addresses.urls import Target, parse_url
from scraper.core.errors import PageError
from scraper.core.records import Post, ThreadPage
from scraper.markup.flat import plain, source_of
from scraper.markup.snapshot import Snapshot
from scraper.markup.text import Message
from scraper.markup.withheld import is_anonymous, withheld_reason
from scraper.pages import layouts
from scraper.pages.heads import time_in, with_ends
from scraper.pages.print_messages import read_messages, withheld_words
from scraper.pages.printed import site_of_print
from scraper.themes import SURE, Theme

_RULE = r"<hr\b[^<>]{0,200}\bno[sS]hade\b[^<>]{0,200}>"
_HEAD = re.compile(
    _RULE + r"\s*<b>[^<]{1,40}</b>(?P<author>[^<]{0,200})<b>[^<]{1,40}</b>"
    r"(?P<time>[^<]{0,80}(?:<span[^<>]{0,200}>[^<]{0,80}</span>[^<]{0,80})?)"
    r"(?:<b>[^<]{1,40}</b>(?P<beside>[^<]{0,500}))?<br ?/?>(?P<blank>\s{0,40}<br ?/?>)?"
)
_SUBJECT = re.compile(
    r"\s{0,40}<b>[^<]{1,40}[:：]\s{0,4}</b>(?P<subject>[^<]{1,500})<br ?/?>"
)
_END = re.compile(_RULE + r"\s{0,40}<table\b")
_TITLE = re.compile(
    r"<b>[^<]{1,40}</b>"
    r"(?P<title>[^<]{0,500}(?:<a\b[^<>]{0,300}>[^<]{0,100}</a>[^<]{0,500})?)"
    r"<b>\s*<a\b[^<>]{0,600}window\.print"
)
_TYPE = re.compile(
    r"""^\s*+<a\b[^<>]{0,200}?\bhref="?([^"<>\s]*+)[^<>]*+>\s*+\[?([^<]*+)</a>"""
)
_REPORT_URL = re.compile(r"REPORTURL = '([\w+/=]{8,1000})'")
_FIRST_CHARS: Final = 20_000
"""How much of a body is looked through for what stands above its first post."""
_BREAKS_BEFORE_END: Final = 4


@dataclass(frozen=True, slots=True)
class _Source:
    """A post as served: its head, its own subject, the markup of its message."""

    head: re.Match[str]
    subject: str
    markup: str


def _recognise(page: Snapshot) -> int:
    end = page.head_end + _FIRST_CHARS
    has_button = page.text.find("window.print()", page.head_end, end) >= 0
    if not has_button and not _is_asked_for(page):
        return 0
    text = source_of(page.text)
    if _TITLE.search(text, 0, end):
        return SURE
    return SURE if _HEAD.search(text) else 0


def _is_asked_for(page: Snapshot) -> bool:
    target = page.target
    return target is not None and target.view == "print"


def _read(page: Snapshot) -> ThreadPage:
    text = source_of(page.text)
    heads = list(_HEAD.finditer(text))
    if not heads:
        return _empty(page, text)

    above_posts = text[: heads[0].start()]
    title, type_name, fid = _title(above_posts)
    posts = _posts(page, text, heads)
    first = posts[0]
    if first.subject == title:
        posts[0] = replace(first, subject="")
    return ThreadPage(
        tid=_tid(page),
        fid=fid,
        title=title,
        type=type_name,
        posts=tuple(posts),
    )


def _posts(page: Snapshot, text: str, heads: list[re.Match[str]]) -> list[Post]:
    end = _end(text, heads[-1].end())
    sources = []
    for head, stop in with_ends(heads, end):
        source = _source(text, head, stop)
        sources.append(source)

    markup = [source.markup for source in sources]
    messages = read_messages(markup, page)
    posts = []
    for source, message in zip(sources, messages, strict=True):
        post = _post(source, message, page)
        posts.append(post)
    return posts


def _empty(page: Snapshot, text: str) -> ThreadPage:
    """What a moved thread leaves behind prints as a whole page with its title and no post."""
    title, _, _ = _title(text)
    if not title or not _END.search(text):
        raise PageError("a print page without a single post that could be read")
    return ThreadPage(tid=_tid(page), title=title)


def _end(text: str, start: int) -> int:
    """Where the last message ends: before the rule and the table of the closing line."""
    found = _END.search(text, start)
    stop = found.start() if found else len(text)
    message = text[start:stop].rstrip()
    for _ in range(_BREAKS_BEFORE_END):
        message = message.removesuffix("<br />")
        message = message.removesuffix("<br>")
        message = message.rstrip()
    return start + len(message)


def _title(text: str) -> tuple[str, str, int | None]:
    """Title, thread type without its brackets (6.0 and 7.x print it), and the board that
    the type's link names."""
    found = _TITLE.search(text)
    line = found["title"] if found else ""
    linked_type = _TYPE.match(line)
    if linked_type is None:
        return plain(line), "", None

    href, type_name = linked_type.groups()
    title = line[linked_type.end() :]
    board = parse_url(html.unescape(href))
    fid = None
    if board is not None and board.kind == "board":
        fid = board.id
    type_name = plain(type_name).removesuffix("]").rstrip()
    return plain(title), type_name, fid


def _tid(page: Snapshot) -> int | None:
    """The thread's number: by the page's address, else by the one that X3.4 and X3.5 keep
    in a script."""
    target = page.target
    if target is None or target.kind != "thread":
        target = _reported_target(page)
    if target is None or target.kind != "thread":
        return None
    return target.id


def _reported_target(page: Snapshot) -> Target | None:
    """The page by the address that its script gives to moderators."""
    found = _REPORT_URL.search(page.text, 0, page.head_end + _FIRST_CHARS)
    if found is None:
        return None
    try:
        address = base64.b64decode(found[1], validate=True)
    except (binascii.Error, ValueError):
        return None
    return parse_url(address.decode("utf-8", "replace"))


def _source(text: str, head: re.Match[str], stop: int) -> _Source:
    """X3 prints the subject below the time, those before beside it."""
    start = head.end()
    subject = head["beside"]
    if subject is None and not head["blank"]:
        below = _SUBJECT.match(text, start, stop)
        if below:
            subject = below["subject"]
            start = below.end()
    return _Source(
        head=head,
        subject=plain(subject or ""),
        markup=text[start:stop],
    )


def _post(source: _Source, message: Message, page: Snapshot) -> Post:
    head = source.head
    markup = source.markup.strip()
    author = plain(head["author"])
    anonymous = is_anonymous(author)
    withheld = withheld_words(markup)
    if withheld:
        message = Message()
    return Post(
        author="" if anonymous else author,
        anonymous=anonymous,
        posted_at=time_in(head["time"], page.clock),
        subject=source.subject,
        html=markup,
        text=message.text,
        withheld=withheld,
        withheld_reason=withheld_reason(withheld),
        quotes=message.quotes,
        attachments=message.attachments,
        images=message.images,
        links=message.links,
        edited_by=message.edited_by,
        edited_at=message.edited_at,
    )


THEME = Theme("print_page", _recognise, _read, site=site_of_print, prints=layouts.PRINT)
