"""Posts as they stand in a page: messages made safe, links and pictures resolved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from markupsafe import Markup

from archive.reading.forums import Forum
from archive.reading.pictures import pictures_of
from archive.reading.posts import Attachment, ThreadPost
from archive.store.shown_files import file_name
from archive.web import paths
from archive.web.message import MessageContext, as_text, render_message
from archive.web.strings import text
from archive.web.values import PageRequest
from scraper.addresses.urls import absolute
from scraper.markup.smilies import smiley_addresses

FACE_COLOURS = 8
MOST_CHARS: Final = 800_000
"""Of all messages of a page, as markup; what is longer than what is left of it is shown in
part. A second and a half of the processor's time, as an attacker would spend it."""
PART_CHARS: Final = 10_000


Link: TypeAlias = Callable[[str], str]
"""An address in a message → what to link to."""


@dataclass(frozen=True, slots=True)
class Face:
    """What stands for an author's picture: the first character of the name, and the number
    of a colour."""

    letter: str
    colour: int


@dataclass(frozen=True, slots=True)
class ShownFile:
    """An attachment with where it can be had: `here` in the archive, empty where it is not,
    and its `address` on the forum. `page`: that of a picture, empty where it has none."""

    file: Attachment
    here: str
    address: str
    page: str


@dataclass(frozen=True, slots=True)
class ShownPost:
    """A post with its message as it stands in the page; `whole`: where all of it is, of one
    that is too long for the page."""

    post: ThreadPost
    face: Face
    message: Markup
    whole: str
    files: tuple[ShownFile, ...]


@dataclass(frozen=True, slots=True)
class _ForumContext:
    """What the posts of a page share: where a link of theirs leads, which pictures and files are
    in the archive (name → address), the reader's word for one that is not, and whether each
    picture has a page of its own."""

    database: str
    forum: Forum
    link: Link
    kept: Mapping[str, str]
    missing: str
    has_viewer: bool


def shown_posts(
    request: PageRequest,
    forum: Forum,
    posts: Sequence[ThreadPost],
    link: Link | None = None,
) -> list[ShownPost]:
    """The posts of a page. `link`: what an address in a message is turned into, where not
    into one of our own pages; smilies are shown by their meaning there."""
    names = _media_names(forum, posts)
    if link is None:
        names |= _smiley_names(forum, posts)
    context = _ForumContext(
        database=request.database,
        forum=forum,
        link=link or _link_to_pages(request, forum, posts),
        kept=request.source.kept_media(forum.id, names) if names else {},
        missing=text("picture_away", request.language),
        has_viewer=link is None and bool(request.database),
    )
    shown = []
    left_chars = MOST_CHARS
    for post in posts:
        chars = len(post.html or post.text)
        is_too_long = chars > left_chars
        if not is_too_long:
            left_chars -= chars
        shown.append(_shown_post(context, post, is_too_long))
    return shown


def _link_to_pages(
    request: PageRequest, forum: Forum, posts: Sequence[ThreadPost]
) -> Link:
    """Leads to our own pages, and to the posts of the same page at once."""
    on_page = {}
    for post in posts:
        if post.pid is not None:
            on_page[post.pid] = post.id
    links = request.source.links(forum, on_page)
    return links.resolve


def _media_names(forum: Forum, posts: Sequence[ThreadPost]) -> set[str]:
    """The names, as in `media`, of all pictures and files of these posts."""
    names = set()
    for post in posts:
        for url in post.images:
            address = absolute(forum.base_url, url)
            names.add(address)
        for file in post.attachments:
            address = absolute(forum.base_url, file.url)
            name = file_name(file.aid, address)
            names.add(name)
    return names


def _smiley_names(forum: Forum, posts: Sequence[ThreadPost]) -> set[str]:
    """The same of their smilies."""
    names = set()
    for post in posts:
        for url in smiley_addresses(post.html):
            names.add(absolute(forum.base_url, url))
    return names


def _shown_post(
    context: _ForumContext, post: ThreadPost, is_too_long: bool
) -> ShownPost:
    whole = ""
    pages = _picture_pages(post) if context.has_viewer else {}
    if is_too_long:
        message = as_text(post.text[:PART_CHARS])
        whole = paths.row(context.database, "posts", post.id)
    elif post.html:
        around = _message_context(context, post, pages)
        message = render_message(post.html, around)
    else:
        message = as_text(post.text)
    files = [_shown_file(context, file, pages) for file in post.attachments]
    return ShownPost(
        post=post,
        face=_face(post),
        message=message,
        whole=whole,
        files=tuple(files),
    )


def _picture_pages(post: ThreadPost) -> dict[str, str]:
    """The pages of its pictures, by their addresses as the post has them."""
    pages = {}
    for number, url in enumerate(pictures_of(post), 1):
        pages[url] = paths.picture(post.site_id, post.pid, post.id, number)
    return pages


def _message_context(
    context: _ForumContext, post: ThreadPost, pages: Mapping[str, str]
) -> MessageContext:
    def picture(source: str) -> tuple[str, str]:
        address = absolute(context.forum.base_url, source)
        if address in context.kept:
            return context.kept[address], address
        aid = _aid_of(post, source)
        name = file_name(aid, address)
        return context.kept.get(name, ""), address

    def smiley(source: str) -> str:
        address = absolute(context.forum.base_url, source)
        return context.kept.get(address, "")

    return MessageContext(
        link=context.link,
        picture=picture,
        smiley=smiley,
        missing=context.missing,
        page=lambda source: pages.get(source, ""),
    )


def _aid_of(post: ThreadPost, source: str) -> int | None:
    """The number of the attachment that a picture is; None for one that is none."""
    for file in post.attachments:
        if file.url == source:
            return file.aid
    return None


def _shown_file(
    context: _ForumContext, file: Attachment, pages: Mapping[str, str]
) -> ShownFile:
    address = ""
    if file.url:
        address = absolute(context.forum.base_url, file.url)
    name = file_name(file.aid, address)
    return ShownFile(
        file=file,
        here=context.kept.get(name, ""),
        address=address,
        page=pages.get(file.url, "") if file.image else "",
    )


def _face(post: ThreadPost) -> Face:
    letter = post.author[:1].upper()
    seed = post.uid
    if seed is None:
        seed = sum(map(ord, post.author))
    return Face(
        letter=letter or "?",
        colour=seed % FACE_COLOURS,
    )
