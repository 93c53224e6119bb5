"""Files attached to a post of a hand-held page: an entry that leads to the thread's album
(a picture), or a link with name and size."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from selectolax.lexbor import LexborNode

from scraper.core.records import Attachment
from scraper.markup.attachments import image_address, read_attachment, size_bytes
from scraper.markup.html import attr, words

_ALBUM_PICTURE = 'a[href*="from=album"] > img[id^="aimg_"]'
_PICTURE_ID = re.compile(r"aimg_(\d{1,18})", re.ASCII)


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
    day_and_size = words(node).replace(name, " ", 1)
    return replace(
        found,
        name=name,
        size_bytes=size_bytes(day_and_size),
    )


def read_pictures(root: LexborNode) -> tuple[Attachment, ...]:
    """The attached pictures that stand among the words of a message."""
    pictures = []
    for img in root.css(_ALBUM_PICTURE):
        picture = _picture(img)
        if picture is not None:
            pictures.append(picture)
    return tuple(pictures)


def _picture(img: LexborNode) -> Attachment | None:
    numbered = _PICTURE_ID.fullmatch(attr(img, "id"))
    if numbered is None:
        return None
    return Attachment(
        aid=int(numbered[1]),
        url=image_address(img),
        image=True,
    )


def with_listed(
    among_words: Iterable[Attachment], entries: Iterable[LexborNode]
) -> tuple[Attachment, ...]:
    """The files in a message and those listed below it, each once; of two records of one
    file the one with a name."""
    found: dict[int | str, Attachment] = {}
    for file in among_words:
        found[file.aid or file.url] = file

    for entry in entries:
        listed = read_file(entry)
        if listed is None:
            continue
        key = listed.aid or listed.url
        known = found.get(key)
        if known is None or not known.name:
            found[key] = listed
    return tuple(found.values())
