"""Posts as they stand in a page: messages made safe, links and pictures resolved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from archive.crawl.media import file_name
from archive.reading.forums import Forum
from archive.reading.posts import Attachment, ThreadPost
from archive.web.links import Links, links_of
from archive.web.media import kept_media
from archive.web.message import MessageContext, as_text, render_message
from archive.web.strings import text
from archive.web.values import PageRequest
from scraper.addresses.urls import absolute

FACE_COLOURS = 8


@dataclass(frozen=True, slots=True)
class Face:
    """What stands for an author's picture: the first character of the name, and the number
    of a colour."""

    letter: str
    colour: int


@dataclass(frozen=True, slots=True)
class ShownFile:
    """An attachment with where it can be had: `here` in the archive, empty where it is not,
    and its `address` on the forum."""

    file: Attachment
    here: str
    address: str


@dataclass(frozen=True, slots=True)
class ShownPost:
    """A post with its message as it stands in the page."""

    post: ThreadPost
    face: Face
    message: Markup
    files: tuple[ShownFile, ...]


def shown_posts(
    request: PageRequest, forum: Forum, posts: Sequence[ThreadPost]
) -> list[ShownPost]:
    """The posts of a page."""
    on_page = {post.pid: post.id for post in posts if post.pid is not None}
    links = links_of(request.conn, forum, on_page)
    names = _media_names(forum, posts)
    kept = kept_media(request.conn, forum.id, names) if names else {}
    missing = text("picture_away", request.language)
    return [_shown_post(forum, post, links, kept, missing) for post in posts]


def _media_names(forum: Forum, posts: Sequence[ThreadPost]) -> set[str]:
    """The names, as in `media`, of all pictures and files of these posts."""
    names = set()
    for post in posts:
        for url in post.images:
            names.add(absolute(forum.base_url, url))
        for file in post.attachments:
            address = absolute(forum.base_url, file.url)
            names.add(file_name(file.aid, address))
    return names


def _shown_post(
    forum: Forum,
    post: ThreadPost,
    links: Links,
    kept: Mapping[str, str],
    missing: str,
) -> ShownPost:
    def picture(source: str) -> tuple[str, str]:
        address = absolute(forum.base_url, source)
        if address in kept:
            return kept[address], address
        name = file_name(_aid_of(post, source), address)
        return kept.get(name, ""), address

    if post.html:
        context = MessageContext(links.resolve, picture, missing)
        message = render_message(post.html, context)
    else:
        message = as_text(post.text)
    files = [_shown_file(forum, file, kept) for file in post.attachments]
    return ShownPost(
        post=post,
        face=_face(post),
        message=message,
        files=tuple(files),
    )


def _aid_of(post: ThreadPost, source: str) -> int | None:
    """The number of the attachment that a picture is; None for one that is none."""
    for file in post.attachments:
        if file.url == source:
            return file.aid
    return None


def _shown_file(forum: Forum, file: Attachment, kept: Mapping[str, str]) -> ShownFile:
    address = absolute(forum.base_url, file.url) if file.url else ""
    name = file_name(file.aid, address)
    return ShownFile(
        file=file,
        here=kept.get(name, ""),
        address=address,
    )


def _face(post: ThreadPost) -> Face:
    seed = post.uid
    if seed is None:
        seed = sum(ord(character) for character in post.author)
    return Face(
        letter=post.author[:1].upper() or "?",
        colour=seed % FACE_COLOURS,
    )
