"""The files of a post in JSON (`attachments`), and what they add to those of its message."""

from __future__ import annotations

from scraper.core.records import Attachment
from scraper.markup.attachments import size_bytes
from scraper.pages.api.values import (
    JsonMap,
)

_IS_PICTURE = (1, -1)  # without and with a thumbnail


def read_attachments(row: JsonMap) -> tuple[Attachment, ...]:
    """The files of a post that the reader may see, in the order of the answer."""
    found = []
    for file in row.rows("attachments"):
        aid = file.ident("aid")
        if aid is not None:
            found.append(_attachment(aid, file))
    return tuple(found)


def _attachment(aid: int, file: JsonMap) -> Attachment:
    folder = file.string("url")
    path = file.string("attachment")
    return Attachment(
        aid=aid,
        name=file.words("filename"),
        url=folder + path,
        size_bytes=_size_bytes(file),
        image=_is_picture(file),
        downloads=file.count("downloads"),
        price=file.ident("price"),
        description=file.words("description"),
    )


def _size_bytes(file: JsonMap) -> int | None:
    """The exact size; else the rounded one that pages print."""
    exact = file.count("filesize")
    if exact is not None:
        return exact
    printed = file.string("attachsize")
    return size_bytes(printed)


def _is_picture(file: JsonMap) -> bool:
    if file.flag("attachimg"):
        return True
    return file.number("isimage") in _IS_PICTURE


def merged(
    in_message: tuple[Attachment, ...], listed: tuple[Attachment, ...]
) -> tuple[Attachment, ...]:
    """Those in the message and those listed, each once: the list says more."""
    if not listed:
        return in_message
    listed_aids = {file.aid for file in listed}
    others = [file for file in in_message if file.aid not in listed_aids]
    return (*listed, *others)


def with_pictures(
    in_message: tuple[str, ...], listed: tuple[Attachment, ...]
) -> tuple[str, ...]:
    """The addresses of the pictures in the message and in the list, each once."""
    if not listed:
        return in_message
    pictures = dict.fromkeys(in_message)
    for file in listed:
        if file.image and file.url:
            pictures[file.url] = None
    return tuple(pictures)
