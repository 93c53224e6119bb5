"""Files attached to a post of a hand-held page: an entry that leads to the thread's album
(a picture), or a link with name and size."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from selectolax.lexbor import LexborNode

from scraper.core.records import Attachment
from scraper.markup.attachments import image_address, read_attachment, size_bytes
from scraper.markup.html import attr, words

_ALBUM_PICTURE = 'a[href*="from=album"] > img[id^="aimg_"]'
_MOST_DIGITS = 18  # what an SQLite integer surely holds


def read_file(node: LexborNode) -> Attachment | None:
    """A file's entry. X3.5 has name, day and size in the link (`span.link`)."""
    picture = node.css_first(_ALBUM_PICTURE)
    if picture is not None:
        return _picture(picture)

    found = read_attachment(node)
    title = node.css_first("span.link")
    if found is None or title is None:
        return found

    name = words(title)
    without_name = words(node).replace(name, " ", 1)
    return replace(found, name=name, size_bytes=size_bytes(without_name))


def read_pictures(root: LexborNode) -> tuple[Attachment, ...]:
    """The attached pictures that stand among the words of a message."""
    found = [_picture(img) for img in root.css(_ALBUM_PICTURE)]
    return tuple(picture for picture in found if picture)


def _picture(img: LexborNode) -> Attachment | None:
    number = attr(img, "id").removeprefix("aimg_")
    if not number.isascii() or not number.isdecimal() or len(number) > _MOST_DIGITS:
        return None
    return Attachment(aid=int(number), url=image_address(img), image=True)


def with_listed(
    among_words: Iterable[Attachment], entries: Iterable[LexborNode]
) -> tuple[Attachment, ...]:
    """The files in a message and those listed below it, each once; of two records of one
    file the one with a name."""
    found = {file.aid or file.url: file for file in among_words}
    for entry in entries:
        listed = read_file(entry)
        if listed is None:
            continue
        key = listed.aid or listed.url
        known = found.get(key)
        if known is None or not known.name:
            found[key] = listed
    return tuple(found.values())
